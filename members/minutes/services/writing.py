"""What the recorder writes into minutes; every change withdraws a confirmation that was given before."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.files.models import StoredFile
from portal.files.services import attach, discard
from portal.notifications.services import post
from portal.web.locking import held_row
from portal.web.refusals import RuleError

from ..models import Disclosure, Minutes, MinutesState, Readers, Resolution
from .drafting import facts_now

SPEECHES_MAX = 60
GIST_MAX = 4000
FILES_MAX = 30
RESOLUTIONS_MAX = 40


class WrittenOver(RuleError):
    """Somebody else has changed the minutes since the page was opened; ``minutes`` are as they stand now."""

    def __init__(self, minutes: Minutes) -> None:
        at = date_format(timezone.localtime(minutes.changed_at or timezone.now()), "DATETIME_FORMAT")
        super().__init__(
            _(
                "%(name)s changed these minutes at %(at)s while you were writing. Your text is kept below. Compare it "
                "with what stands in the minutes now, then save again."
            )
            % {"name": minutes.changed_by or "–", "at": at},
            code="written_over",
        )
        self.minutes = minutes


def held(pk: int) -> Minutes:
    """Return the minutes with their row held; raise ``RuleError`` when they are sealed."""
    rows = Minutes.objects.select_related("part", "meeting", "organization", "chair", "recorder", "changed_by")
    minutes = held_row(rows, pk)
    if minutes.is_sealed:
        raise RuleError(_("These minutes are sealed. Correct them by an addendum."))
    return minutes


@transaction.atomic
def write(
    minutes: Minutes,
    *,
    version: int,
    speeches: Sequence[Mapping[str, str]],
    decisions: str,
    dissent: str,
    remarks: str,
    disclosure: str,
    by: User,
) -> Minutes:
    """Write down what was said and decided.

    ``version`` is the one the writer began from: raises ``WrittenOver`` when it is not the latest, and ``RuleError``
    for sealed minutes or a text too long.
    """
    minutes = held(minutes.pk)
    if minutes.version != version:
        raise WrittenOver(minutes)
    before = minutes.told()
    minutes.speeches = _cleaned(speeches)
    minutes.decisions, minutes.dissent, minutes.remarks = (
        _plain(text) for text in (decisions, dissent, remarks)
    )
    minutes.disclosure = Disclosure.NONE if minutes.readers == Readers.KEEPERS else disclosure
    minutes.clean_fields(exclude=[field.name for field in minutes._meta.fields if field.name not in before])
    after = minutes.told()
    if after == before:
        return minutes
    _changed(minutes, by, [*before])
    # What was said is no matter for the trail; that it was changed is.
    sizes = {name: [len(str(before[name])), len(str(after[name]))] for name in after if after[name] != before[name]}
    audit.record("minutes.changed", minutes, by=by, changes=sizes)
    return minutes


def _cleaned(speeches: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    rows = [
        {"person": _plain(row.get("person", ""))[:100], "gist": _plain(row.get("gist", ""))} for row in speeches
    ]
    rows = [row for row in rows if row["gist"] or row["person"]]
    if any(not row["gist"] or not row["person"] for row in rows):
        raise RuleError({"speeches": [_("Name the speaker and say in a few words what was said.")]})
    if len(rows) > SPEECHES_MAX:
        raise RuleError({"speeches": [_("Minutes hold at most %(most)s speeches.") % {"most": SPEECHES_MAX}]})
    if any(len(row["gist"]) > GIST_MAX for row in rows):
        raise RuleError({"speeches": [_("A speech is summed up in at most %(most)s signs.") % {"most": GIST_MAX}]})
    return rows


def _plain(text: str) -> str:
    """Return typed text without what a JSON column refuses, its line ends alike."""
    return str(text).replace("\0", "").replace("\r\n", "\n").strip()


def _changed(minutes: Minutes, by: User, fields: Iterable[str] = ()) -> None:
    """Note a change: what was confirmed before is no longer what stands there."""
    withdrawn = [pk for pk in (minutes.chair_confirmed_by_id, minutes.recorder_confirmed_by_id) if pk is not None]
    minutes.state = MinutesState.DRAFT
    minutes.chair_confirmed_by = minutes.recorder_confirmed_by = None
    minutes.chair_confirmed_at = minutes.recorder_confirmed_at = None
    minutes.version += 1
    minutes.changed_by, minutes.changed_at = by, timezone.now()
    minutes.facts = facts_now(minutes)
    minutes.save(
        update_fields=[
            *fields, "facts", "state", "version", "changed_by", "changed_at", "chair_confirmed_by",
            "chair_confirmed_at", "recorder_confirmed_by", "recorder_confirmed_at",
        ]
    )  # fmt: skip
    if withdrawn:
        audit.record("minutes.confirmation_withdrawn", minutes, by=by)
        post(
            "minutes_withdrawn",
            key=f"minutes-withdrawn:{minutes.pk}:{minutes.version}",
            recipients=[pk for pk in withdrawn if pk != by.pk],
            params={"title": minutes.title, "name": by.name, "day": minutes.held_on},
            url=minutes.get_absolute_url(),
        )


@transaction.atomic
def add_files(minutes: Minutes, files: Iterable[StoredFile], *, by: User) -> Minutes:
    """Put pictures and papers of the meeting to the minutes; their digests are sealed with them."""
    minutes = held(minutes.pk)
    files = list(files)
    if minutes.files.count() + len(files) > FILES_MAX:
        raise RuleError(_("At most %(most)s files belong to one record.") % {"most": FILES_MAX})
    for file in files:
        attach(file, minutes)
    if files:
        _changed(minutes, by)
        audit.record("minutes.files_added", minutes, by=by, changes={"files": [[], [file.name for file in files]]})
    return minutes


@transaction.atomic
def remove_file(minutes: Minutes, file: StoredFile, *, by: User) -> Minutes:
    """Take a file out of minutes that are not sealed."""
    minutes = held(minutes.pk)
    if not minutes.files.filter(pk=file.pk).exists():
        raise RuleError(_("This file does not belong to these minutes."))
    name = file.name
    discard(file)
    _changed(minutes, by)
    audit.record("minutes.file_removed", minutes, by=by, changes={"files": [[name], []]})
    return minutes


@transaction.atomic
def resolve(minutes: Minutes, *, words: str, owner: User, due_on: date, by: User) -> Resolution:
    """Note a resolution of the meeting with who sees to it and until when; part of the minutes when they are sealed."""
    minutes = held(minutes.pk)
    words = " ".join(_plain(words).split())
    if not words:
        raise RuleError({"words": [_("Say what was resolved.")]})
    if due_on < minutes.held_on:
        raise RuleError({"due_on": [_("It cannot be due before the meeting.")]})
    if not owner.is_active:
        raise RuleError({"owner": [_("This account is closed.")]})
    if minutes.resolutions.count() >= RESOLUTIONS_MAX:
        raise RuleError(_("Minutes hold at most %(most)s resolutions.") % {"most": RESOLUTIONS_MAX})
    row = Resolution(
        organization=minutes.organization, minutes=minutes, words=words, owner=owner, due_on=due_on, created_by=by
    )
    row.full_clean()
    row.save(force_insert=True)
    _changed(minutes, by)
    audit.record(
        "minutes.resolved", row, by=by, about=owner, changes={"words": ["", words], "due_on": [None, due_on]}
    )
    if owner.pk != by.pk:
        post(
            "resolution_given",
            key=f"resolution:{row.pk}",
            recipients=[owner.pk],
            params={"words": words, "day": due_on, "title": minutes.title},
            url=row.get_absolute_url(),
        )
    return row


@transaction.atomic
def strike(resolution: Resolution, *, by: User) -> Minutes:
    """Take a resolution out of minutes that are not sealed: it was noted by mistake."""
    minutes = held(resolution.minutes_id)
    audit.record("minutes.resolution_struck", resolution, by=by, changes={"words": [resolution.words, ""]})
    Resolution.objects.filter(pk=resolution.pk).delete()
    _changed(minutes, by)
    if resolution.owner_id != by.pk:
        # Its page is gone: the notice leads to what the person still has to see to.
        post(
            "resolution_struck",
            key=f"resolution-struck:{resolution.pk}",
            recipients=[resolution.owner_id],
            params={"words": resolution.words, "name": by.name, "title": minutes.title},
            url=f"{reverse('members:minutes:resolution-list')}?whose=mine&state=open",
        )
    return minutes
