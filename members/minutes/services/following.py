"""See resolutions through: progress, end, and reminders of what is due."""

from datetime import date
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.access.policy import holders
from portal.accounts.models import User
from portal.audit import services as audit
from portal.notifications.posting import Posting, post_many
from portal.notifications.services import post
from portal.web.locking import held_row
from portal.web.refusals import RuleError

from ..models import Minutes, Resolution, ResolutionNote, ResolutionState
from ..queries.resolutions import keepers_of
from ..rules import LATE_DAYS, REMIND_DAYS, reminder

CHUNK = 500


def _held(resolution: Resolution) -> Resolution:
    row = held_row(Resolution.objects.select_related("organization", "owner", "minutes"), resolution.pk)
    if row.state != ResolutionState.OPEN:
        raise RuleError(_("This resolution is closed."))
    return row


@transaction.atomic
def note(resolution: Resolution, *, words: str, by: User) -> ResolutionNote:
    """Note how it goes on."""
    row = _held(resolution)
    words = words.replace("\0", "").strip()
    if not words:
        raise RuleError({"words": [_("Say how it goes on.")]})
    made = ResolutionNote(resolution=row, words=words, by=by, at=timezone.now())
    made.full_clean()
    made.save(force_insert=True)
    audit.record("minutes.resolution_noted", row, by=by, about=row.owner)
    return made


@transaction.atomic
def close(resolution: Resolution, *, state: str, words: str, by: User, on: date) -> Resolution:
    """Say that a resolution is done, or dropped with the reason."""
    row = _held(resolution)
    words = words.replace("\0", "").strip()
    if state not in (ResolutionState.DONE, ResolutionState.DROPPED):
        raise RuleError({"state": [_("Choose whether it is done or dropped.")]})
    if state == ResolutionState.DROPPED and not words:
        raise RuleError({"words": [_("Say why it is dropped.")]})
    if state == ResolutionState.DROPPED and by.pk == row.owner_id and not _keeps(row, by):
        raise RuleError(_("What a meeting resolved is dropped by those who keep its minutes, not by the owner alone."))
    row.state, row.closed_on, row.closed_by, row.closed_words = ResolutionState(state), on, by, words
    row.full_clean(exclude=["minutes", "organization", "owner", "created_by", "closed_by"])
    row.save(update_fields=["state", "closed_on", "closed_by", "closed_words"])
    audit.record(
        "minutes.resolution_closed", row, by=by, about=row.owner, reason=words, changes={"state": ["open", row.state]}
    )
    if row.owner_id != by.pk:
        post(
            "resolution_closed",
            key=f"resolution-closed:{row.pk}",
            recipients=[row.owner_id],
            params={"words": row.words, "state": row.state, "name": by.name, "reason": words},
            url=row.get_absolute_url(),
        )
    return row


@transaction.atomic
def change(resolution: Resolution, *, owner: User, due_on: date, words: str, by: User) -> Resolution:
    """Give an open resolution to somebody else, or more time; how it came about stays with it as a note.

    What the sealed minutes say of it stays as it was. Raises ``RuleError`` when nothing is changed, without a reason,
    for a day before the meeting or an account that is closed.
    """
    row = _held(resolution)
    words = words.replace("\0", "").strip()
    before = (row.owner, row.due_on)
    if (owner, due_on) == before:
        raise RuleError(_("Nothing is changed: choose somebody else, or another day."))
    if not words:
        raise RuleError({"words": [_("Say why it is changed.")]})
    if due_on < row.minutes.held_on:
        raise RuleError({"due_on": [_("It cannot be due before the meeting.")]})
    if not owner.is_active:
        raise RuleError({"owner": [_("This account is closed.")]})
    row.owner, row.due_on = owner, due_on
    row.full_clean(exclude=["minutes", "organization", "owner", "created_by", "closed_by"])
    row.save(update_fields=["owner", "due_on"])
    made = ResolutionNote(resolution=row, words=_told_of(before, row, words), by=by, at=timezone.now())
    made.full_clean()
    made.save(force_insert=True)
    audit.record(
        "minutes.resolution_changed", row, by=by, about=owner, reason=words,
        changes={"owner": [before[0].name, owner.name], "due_on": [before[1], due_on]},
    )  # fmt: skip
    post(
        "resolution_changed",
        key=f"resolution-changed:{made.pk}",
        recipients={before[0].pk, owner.pk} - {by.pk},
        params={"words": row.words, "name": by.name, "owner": owner.name, "day": due_on, "reason": words},
        url=row.get_absolute_url(),
    )
    return row


def _told_of(before: tuple[User, date], row: Resolution, words: str) -> str:
    """Return the change as its note says it, in the language of the university."""
    owner, due_on = before
    with override("zh-hans"):
        said = []
        if owner != row.owner:
            said.append(_("Handed from %(before)s to %(after)s.") % {"before": owner.name, "after": row.owner.name})
        if due_on != row.due_on:
            said.append(_("Due on %(after)s instead of %(before)s.") % {"before": due_on, "after": row.due_on})
    return "\n".join([*said, words])[:1000]


def _keeps(row: Resolution, by: User) -> bool:
    leads = Minutes.objects.filter(pk=row.minutes_id, chair=by.pk) | Minutes.objects.filter(
        pk=row.minutes_id, recorder=by.pk
    )
    return leads.exists() or holders("close", row).filter(pk=by.pk).exists()


def remind(on: date) -> int:
    """Remind owners of what is due soon and of what is late, the keepers too of the latter; return the new notices.

    Asks the data what is due, so that a day left out is made up, and a second run of a day tells nobody again.
    """
    last = date.fromordinal(on.toordinal() + max(REMIND_DAYS))
    rows = (
        Resolution.objects.filter(state=ResolutionState.OPEN, due_on__lte=last)
        .select_related("organization", "minutes")
        .order_by("pk")
    )
    told, start = 0, 0
    while chunk := list(islice(rows.filter(pk__gt=start), CHUNK)):
        told += _remind(chunk, on)
        start = chunk[-1].pk
    return told


def _remind(rows: list[Resolution], on: date) -> int:
    keepers = keepers_of({row.organization.path for row in rows if row.due_on < on})
    postings = []
    for row in rows:
        due = reminder(row.due_on, on)
        if due is None:
            continue
        params = {"words": row.words, "day": row.due_on, "title": row.minutes.title}
        key = f"resolution:{row.pk}:{row.due_on}:{due.mark}"
        kind = "resolution_late" if due.is_late else "resolution_soon"
        postings.append(Posting(kind, key, frozenset({row.owner_id}), params, row.get_absolute_url()))
        # Those who keep the minutes hear of it once at the beginning and once when it lasts.
        if due.is_late and due.mark in (f"late{LATE_DAYS[0]}", f"late{LATE_DAYS[-1]}"):
            people = frozenset(keepers.get(row.organization.path, ())) - {row.owner_id}
            postings.append(Posting("resolution_late_here", key, people, params, row.get_absolute_url()))
    return post_many(postings)
