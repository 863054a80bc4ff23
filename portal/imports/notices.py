"""What imports tell the person who brought the list: it may be long done when they look away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NoticeKind, kinds
from portal.notifications.services import post

from .models import ImportRun
from .workbooks import failure_words


def _in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    words = dict(params)
    if until := params.get("until"):
        words["until"] = date_format(timezone.localtime(datetime.fromisoformat(until)), "SHORT_DATETIME_FORMAT")
    if failure := params.get("failure"):
        words["failure"] = failure_words(failure)
    return words


_BROUGHT = _("You brought this list.")

IMPORTED = NoticeKind(
    code="imports.imported",
    label=_("my lists that were imported"),
    title=_("“%(file)s” was imported"),
    body=_("Rows imported: %(applied)s; left out: %(left)s. The import can be undone until %(until)s."),
    reason=_BROUGHT,
    words=_in_words,
)
UNDONE = NoticeKind(
    code="imports.undone",
    label=_("my imports that were undone"),
    title=_("The import of “%(file)s” was undone"),
    body=_("Rows kept because they were changed since: %(kept)s."),
    reason=_BROUGHT,
)
FAILED = NoticeKind(
    code="imports.failed",
    label=_("my lists that could not be finished"),
    title=_("“%(file)s” could not be finished"),
    body="%(failure)s",
    reason=_BROUGHT,
    words=_in_words,
)


def register() -> None:
    for kind in (IMPORTED, UNDONE, FAILED):
        kinds.register(kind)


def tell_imported(run: ImportRun) -> None:
    """Tell that ``run`` was written; it goes out when the caller's transaction does."""
    assert run.undo_until
    _tell(IMPORTED, run, applied=run.applied_count, left=run.left_count, until=run.undo_until.isoformat())


def tell_undone(run: ImportRun) -> None:
    _tell(UNDONE, run, kept=run.kept_count)


def tell_failed(run: ImportRun, failure: list[Any]) -> None:
    """Tell that ``run`` ended with ``failure``; each attempt of a person to get it done is told once."""
    _tell(FAILED, run, failure=failure)


def _tell(kind: NoticeKind, run: ImportRun, **params: Any) -> None:
    post(
        kind.code, key=f"{kind.code}:{run.pk}:{run.claim}", recipients=[run.by_id],
        params={"file": run.filename, **params}, url=reverse("imports:run", args=[run.pk]),
    )  # fmt: skip
