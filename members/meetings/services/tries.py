"""How many wrong codes one person may give: six digits are found by nobody who has ten guesses in ten minutes."""

from django.core.cache import cache

WRONG_AT_MOST, FOR_SECONDS = 10, 600


def may_try(meeting_id: int, user_id: int) -> bool:
    """Say whether the person has guesses left; right codes use none up."""
    kept = [_key(meeting_id, user_id, number) for number in range(WRONG_AT_MOST)]
    return len(cache.get_many(kept)) < WRONG_AT_MOST


def note_wrong(meeting_id: int, user_id: int) -> None:
    """Use up one guess; each comes back by itself. A key is taken once, so that guesses at one moment count each."""
    for number in range(WRONG_AT_MOST):
        if cache.add(_key(meeting_id, user_id, number), 1, FOR_SECONDS):
            return


def _key(meeting_id: int, user_id: int, number: int) -> str:
    return f"meetings:wrong:{meeting_id}:{user_id}:{number}"
