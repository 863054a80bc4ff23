"""How far a run is, for the bar: the row itself says so, except while one great transaction hides it."""

from django.core.cache import cache

from .models import ImportRun, State, Take

_KEPT_SECONDS = 600


def _key(run: ImportRun) -> str:
    return f"imports:progress:{run.pk}:{run.claim}"


def tell(run: ImportRun) -> None:
    """Say outside the transaction how many rows are written in it."""
    if run.take == Take.ALL:
        cache.set(_key(run), run.progress_done, _KEPT_SECONDS)


def done(run: ImportRun) -> int:
    """Return how many rows are finished, or written by a worker that has not come to the end of all or none."""
    if run.state != State.APPLYING or run.take != Take.ALL:
        return run.progress_done
    return min(max(run.progress_done, cache.get(_key(run), 0)), run.progress_total)
