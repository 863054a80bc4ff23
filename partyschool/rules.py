"""What counts as learned: pure functions, no clock and no database."""

BEAT_SECONDS = 10
# A heartbeat that comes late proves no more than this; the rest was a closed tab or a sleeping machine.
BEAT_PROVES_AT_MOST = 20
VIDEO_SHARE = 0.9


def proved_seconds(*, elapsed: float, moved: float) -> int:
    """Return the seconds of video that one heartbeat proves.

    ``elapsed`` is the server's time since the last heartbeat, ``moved`` how far the position has come meanwhile. A jump
    ahead proves nothing beyond the time that really passed; going back proves nothing.
    """
    if moved <= 0 or elapsed <= 0:
        return 0
    return int(min(elapsed, moved, BEAT_PROVES_AT_MOST))


def video_is_watched(*, watched: int, minutes: int) -> bool:
    """Say whether the seconds proved reach the share of the video's length that counts (domain.md 7.1)."""
    return watched >= minutes * 60 * VIDEO_SHARE


def percent(done: int, of: int) -> int:
    """Return the whole percent of lessons done; 100 only when all are."""
    return 0 if of == 0 else done * 100 // of
