"""Plan a sitting, change it, convene it, call it off; each holds the meeting, asks the rules, writes, and tells."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.organizations.models import Organization
from portal.organizations.services import lock_open
from portal.search.services import touch
from portal.web.locking import held_row
from portal.web.refusals import RuleError

from .. import signals
from ..models import AgendaItem, Meeting, MeetingKind, MeetingPart, MeetingState, MeetingTemplate
from ..queries.circles import day_of, leaders_for, people_around
from ..rules.circles import Person, kinds_for, seats_of
from . import telling
from .seating import reseat

# Nobody knows a meeting further ahead, and nothing takes longer.
FURTHEST_DAYS = 400
LONGEST = timedelta(hours=12)
MATTERS_MAX = 60
# What a change of tells those who were convened.
TOLD = ("planned_at", "planned_until", "place", "online_url", "kinds")


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter of an agenda that is drafted: in which kind of the sitting, how long, presented by whom."""

    kind: str
    title: str
    minutes: int | None = None
    words: str = ""
    presenter: User | None = None


@transaction.atomic
def plan(
    organization: Organization,
    *,
    kinds: Sequence[str],
    title: str,
    planned_at: datetime,
    planned_until: datetime,
    chair: User,
    recorder: User,
    agenda: Iterable[Matter] = (),
    words: str = "",
    place: str = "",
    online_url: str = "",
    with_observers: bool = True,
    template: MeetingTemplate | None = None,
    template_on: date | None = None,
    by: User | None,
    at: datetime,
) -> Meeting:
    """Plan a sitting of ``organization``; nobody is told before ``convene``.

    Raises ``RuleError`` for one in the past or of nobody, for kinds that such an organization does not hold, and for a
    chair or recorder who does not belong to it; ``ValidationError`` by field for what does not fit its column.
    """
    organization = lock_open(organization, on=timezone.localdate(planned_at))
    meeting = Meeting(
        organization=organization,
        template=template,
        template_on=template_on,
        created_by=by,
        code_secret=secrets.token_bytes(32),
        title=title.strip(),
        words=words.strip(),
        planned_at=planned_at,
        planned_until=planned_until,
        place=place.strip(),
        online_url=online_url.strip(),
        chair=chair,
        recorder=recorder,
        with_observers=with_observers,
    )
    kinds = list(dict.fromkeys(kinds))
    refuse(meeting, kinds, at=at)
    meeting.save(force_insert=True)
    parts = MeetingPart.objects.bulk_create(
        MeetingPart(meeting=meeting, kind=kind, number=number) for number, kind in enumerate(kinds, start=1)
    )
    _draft_agenda(meeting, {part.kind: part for part in parts}, agenda)
    touch(meeting)
    audit.record("meetings.planned", meeting, by=by, changes={"planned_at": [None, planned_at], "kinds": [[], kinds]})
    return meeting


def _draft_agenda(meeting: Meeting, parts: dict[str, MeetingPart], agenda: Iterable[Matter]) -> None:
    rows = [
        AgendaItem(
            meeting=meeting,
            part=parts[matter.kind],
            number=number,
            title=matter.title.strip()[:160],
            words=matter.words.strip(),
            minutes=matter.minutes,
            presenter=matter.presenter,
        )
        for number, matter in enumerate(
            (matter for matter in agenda if matter.kind in parts and matter.title.strip()), start=1
        )
    ]
    if len(rows) > MATTERS_MAX:
        raise RuleError(_("An agenda has at most %(most)s matters.") % {"most": MATTERS_MAX})
    AgendaItem.objects.bulk_create(rows)


def refuse(meeting: Meeting, kinds: Sequence[str], *, at: datetime | None = None) -> None:
    """Raise ``RuleError`` with everything that speaks against the meeting as it stands in ``meeting``.

    One that is planned must lie ahead of ``at``; without it the meeting is one that was held.
    """
    meeting.full_clean(exclude=["code_secret", "created_by"])
    reasons = []
    if at is None:
        pass
    elif meeting.planned_at <= at:
        reasons.append(_("A meeting is planned ahead: this beginning has passed."))
    elif meeting.planned_at - at > timedelta(days=FURTHEST_DAYS):
        reasons.append(_("This is more than a year ahead."))
    if meeting.planned_until - meeting.planned_at > LONGEST:
        reasons.append(_("A meeting lasts at most twelve hours."))
    if not kinds:
        reasons.append(_("Choose at least one kind of meeting."))
    held = kinds_for(meeting.organization.org_type)
    for kind in kinds:
        if kind not in held:
            label = MeetingKind(kind).label if kind in MeetingKind.values else kind
            reasons.append(
                _("%(organization)s holds no “%(kind)s”.") % {"organization": meeting.organization, "kind": label}
            )
    if reasons:
        raise RuleError(reasons)
    day = day_of(meeting)
    people = people_around(meeting.organization, on=day)
    seats = seats_of(kinds, people, org_type=meeting.organization.org_type)
    if not any(seat.capacity == "due" for seat in seats.values()):
        reasons.append(_("Nobody would be due at this meeting: it has no members on that day."))
    wrong = _wrong_leaders(meeting, kinds, people)
    if wrong and reasons:
        raise RuleError([*reasons, *(words for lines in wrong.values() for words in lines)])
    if wrong:
        raise RuleError(wrong)
    if reasons:
        raise RuleError(reasons)


def _wrong_leaders(meeting: Meeting, kinds: Sequence[str], people: list[Person]) -> dict[str, list[str]]:
    """Return by field why those named in ``meeting`` cannot lead it."""
    node, day = meeting.organization, day_of(meeting)
    wrong: dict[str, list[str]] = {}
    if not leaders_for(node, kinds, on=day, people=people).filter(pk=meeting.chair_id).exists():
        wrong["chair"] = [_("%(name)s does not belong to this meeting and cannot chair it.")
                          % {"name": meeting.chair.name}]  # fmt: skip
    recorders = leaders_for(node, kinds, on=day, recording=True, people=people)
    if not recorders.filter(pk=meeting.recorder_id).exists():
        wrong["recorder"] = [_("%(name)s does not belong to this meeting and cannot record it.")
                             % {"name": meeting.recorder.name}]  # fmt: skip
    return wrong


def refuse_wrong_leaders(meeting: Meeting, kinds: Sequence[str]) -> None:
    """Raise ``RuleError`` by field when chair or recorder of ``meeting`` may not lead such a sitting."""
    people = people_around(meeting.organization, on=day_of(meeting), with_candidates=False)
    if wrong := _wrong_leaders(meeting, kinds, people):
        raise RuleError(wrong)


def held(meeting: Meeting) -> Meeting:
    """Return the meeting with its row held until the transaction ends."""
    return held_row(Meeting.objects.select_related("organization", "chair", "recorder"), meeting.pk, no_key=True)


def fingerprint(meeting: Meeting) -> str:
    """Return what an edit began from: another edit in between changes it."""
    kinds = [part.kind for part in meeting.parts.all()]
    facts = [
        str(meeting.state), meeting.title, meeting.words, meeting.planned_at.timestamp(),
        meeting.planned_until.timestamp(), meeting.place, meeting.online_url, meeting.chair_id, meeting.recorder_id,
        meeting.with_observers, *kinds,
    ]  # fmt: skip
    return blake2b(repr(facts).encode(), digest_size=8).hexdigest()


def refuse_unless_ahead(meeting: Meeting, *, at: datetime) -> None:
    """Raise ``RuleError`` when the meeting is called off, has begun, or should have begun by ``at``."""
    if meeting.state == MeetingState.CANCELLED:
        raise RuleError(_("This meeting has been called off."))
    if meeting.state not in (MeetingState.PLANNED, MeetingState.CONVENED):
        raise RuleError(_("This meeting has begun."))


@transaction.atomic
def edit(
    meeting: Meeting,
    *,
    kinds: Sequence[str],
    title: str,
    planned_at: datetime,
    planned_until: datetime,
    chair: User,
    recorder: User,
    words: str = "",
    place: str = "",
    online_url: str = "",
    with_observers: bool = True,
    seen: str | None = None,
    by: User | None,
    at: datetime,
) -> Meeting:
    """Change a meeting that has not begun; those who were convened are told when time, place or kinds change.

    Refuses as ``plan`` does, and with ``seen`` (``fingerprint``) when somebody else changed it since the page was
    opened. A moved meeting asks for answers anew: whoever agreed to one evening did not agree to another.
    """
    meeting = held(meeting)
    refuse_unless_ahead(meeting, at=at)
    if seen is not None and seen != fingerprint(meeting):
        raise RuleError(_("Somebody else has changed this meeting meanwhile. Look at it again, then change it."))
    kinds = list(dict.fromkeys(kinds))
    before = _facts(meeting)
    meeting.title, meeting.words = title.strip(), words.strip()
    meeting.planned_at, meeting.planned_until = planned_at, planned_until
    meeting.place, meeting.online_url = place.strip(), online_url.strip()
    meeting.chair, meeting.recorder, meeting.with_observers = chair, recorder, with_observers
    refuse(meeting, kinds, at=at)
    meeting.save(
        update_fields=["title", "words", "planned_at", "planned_until", "place", "online_url", "chair", "recorder",
                       "with_observers"]  # fmt: skip
    )
    _keep_parts(meeting, kinds)
    after = _facts(meeting)
    changes = {name: [before[name], after[name]] for name in after if after[name] != before[name]}
    if not changes:
        return meeting
    touch(meeting)
    audit.record("meetings.changed", meeting, by=by, changes=changes)
    if meeting.state == MeetingState.CONVENED:
        _follow(meeting, changes, led={before["chair_id"], before["recorder_id"]}, by=by)
    return meeting


def _follow(meeting: Meeting, changes: dict[str, Any], *, led: set[int], by: User | None) -> None:
    """Let the circle of a convened meeting follow what was changed, and tell it; ``led`` are who led it before."""
    if "planned_at" in changes:
        meeting.attendances.exclude(answer="").update(
            answer="", answered_at=None, leave_state="", leave_words="", leave_decided_by=None, leave_decided_at=None,
        )  # fmt: skip
    reseat(meeting)
    if any(name in changes for name in TOLD):
        telling.changed(meeting, fingerprint(meeting), by=by)
    telling.leading(meeting, {meeting.chair_id, meeting.recorder_id} - led, by=by)


def _facts(meeting: Meeting) -> dict[str, Any]:
    names = ("title", "words", "planned_at", "planned_until", "place", "online_url", "chair_id", "recorder_id",
             "with_observers")  # fmt: skip
    kinds = list(meeting.parts.order_by("number").values_list("kind", flat=True))
    return {name: getattr(meeting, name) for name in names} | {"kinds": kinds}


def _keep_parts(meeting: Meeting, kinds: Sequence[str]) -> None:
    """Make the parts those of ``kinds`` in order; matters of a kind that is gone move to the first."""
    known = {part.kind: part for part in meeting.parts.all()}
    if [part.kind for part in sorted(known.values(), key=lambda part: part.number)] == list(kinds):
        return
    # Out of the way first, for a number is taken once.
    for number, part in enumerate(known.values(), start=1):
        part.number = 1000 + number
    MeetingPart.objects.bulk_update(known.values(), ["number"])
    for number, kind in enumerate(kinds, start=1):
        if kind in known:
            known[kind].number = number
            known[kind].save(update_fields=["number"])
        else:
            known[kind] = MeetingPart.objects.create(meeting=meeting, kind=kind, number=number)
    gone = [part.pk for kind, part in known.items() if kind not in kinds]
    if gone:
        meeting.agenda.filter(part__in=gone).update(part=known[kinds[0]])
        meeting.parts.filter(pk__in=gone).delete()


@transaction.atomic
def convene(meeting: Meeting, *, by: User | None, at: datetime) -> Meeting:
    """Settle the circle as it stands on the day of the meeting and tell everybody in it.

    Raises ``RuleError`` for one that is convened already, is past, or would be of nobody.
    """
    lock_open(meeting.organization, on=day_of(meeting))
    meeting = held(meeting)
    if meeting.state != MeetingState.PLANNED:
        raise RuleError(_("This meeting is convened already.") if meeting.state == MeetingState.CONVENED
                        else _("This meeting is not planned any more."))  # fmt: skip
    refuse(meeting, list(meeting.parts.values_list("kind", flat=True)), at=at)
    meeting.state, meeting.convened_at = MeetingState.CONVENED, at
    meeting.save(update_fields=["state", "convened_at"])
    people = reseat(meeting)
    audit.record("meetings.convened", meeting, by=by, changes={"people": [0, people]})
    telling.convened(meeting, by=by)
    telling.leading(meeting, {meeting.chair_id, meeting.recorder_id}, by=by)
    signals.convened.send(Meeting, meeting=meeting, by=by)
    return meeting


@transaction.atomic
def cancel(meeting: Meeting, *, words: str, by: User | None, at: datetime) -> Meeting:
    """Call off a meeting that has not begun, with the reason; those who were convened are told."""
    meeting = held(meeting)
    if not words.strip():
        raise ValidationError({"words": _("Say why it is called off.")})
    refuse_unless_ahead(meeting, at=at)
    was = meeting.state
    meeting.state, meeting.cancelled_words = MeetingState.CANCELLED, words.strip()[:300]
    meeting.save(update_fields=["state", "cancelled_words"])
    audit.record("meetings.cancelled", meeting, by=by, reason=words, changes={"state": [was, meeting.state]})
    if was == MeetingState.CONVENED:
        telling.cancelled(meeting, by=by)
    return meeting
