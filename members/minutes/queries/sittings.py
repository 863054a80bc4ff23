"""What the portal knows of sittings that are over, for any number of them at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override

from members.meetings.models import AgendaItem, Attendance, Meeting, MeetingKind, MeetingPart
from members.meetings.queries.circles import circle_of_part
from portal.files.models import StoredFile

from ..models import Minutes, Resolution
from ..rules import Attender, Matter, Resolved, Sitting, VoteFact
from ..sources import vote_sources

# Kinds of which, within a sitting of several, only the committee is part.
OF_COMMITTEE = (MeetingKind.BRANCH_COMMITTEE, MeetingKind.DEMOCRATIC_LIFE_MEETING)


def sittings_of(parts: Iterable[MeetingPart]) -> dict[int, Sitting]:
    """Return what is known of each part, by its key.

    The number of statements does not grow with the parts, except for a committee that sits within a greater sitting:
    its circle is asked for each.
    """
    keys = [part.pk for part in parts]
    rows = list(
        MeetingPart.objects.filter(pk__in=keys)
        .select_related("meeting__organization", "meeting__chair", "meeting__recorder")
        .order_by("meeting_id", "number")
    )
    meetings = {row.meeting_id: row.meeting for row in rows}
    numbers = _first_parts(meetings)
    people = _people(meetings)
    agenda = _agenda(keys)
    votes = _votes(sorted(meetings), numbers)
    files, resolved = _of_minutes(keys)
    earlier = _earlier(meetings.values())
    found: dict[int, Sitting] = {}
    for part in rows:
        meeting = part.meeting
        there = people[meeting.pk]
        if part.kind in OF_COMMITTEE and len(numbers[meeting.pk]) > 1:
            circle = set(circle_of_part(part).values_list("user_id", flat=True))
            there = [person for person in there if person.user_id in circle]
        is_first = numbers[meeting.pk][0] == part.pk
        found[part.pk] = Sitting(
            organization=meeting.organization.name,
            title=meeting.title,
            kind=part.kind,
            planned_at=meeting.planned_at,
            started_at=meeting.started_at,
            ended_at=meeting.ended_at,
            place=meeting.place,
            online=bool(meeting.online_url),
            chair=meeting.chair.name,
            recorder=meeting.recorder.name,
            people=tuple(there),
            agenda=tuple(agenda[part.pk]),
            votes=tuple(votes[part.pk]),
            earlier=tuple(earlier[meeting.pk]) if is_first else (),
            resolved=tuple(resolved[part.pk]),
            files=tuple(files[part.pk]),
        )
    return found


def sitting_of(part: MeetingPart) -> Sitting:
    return sittings_of([part])[part.pk]


def _first_parts(meetings: dict[int, Meeting]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    rows = MeetingPart.objects.filter(meeting__in=list(meetings)).order_by("meeting_id", "number")
    for meeting_id, pk in rows.values_list("meeting_id", "pk"):
        found[meeting_id].append(pk)
    return found


def _people(meetings: dict[int, Meeting]) -> dict[int, list[Attender]]:
    rows = Attendance.objects.filter(meeting__in=list(meetings)).order_by(
        "meeting_id", "checked_in_at", "user__name", "pk"
    )
    found: dict[int, list[Attender]] = defaultdict(list)
    for (
        meeting_id, user_id, name, capacity, standing, state, leave_state, leave_words, granter, exempt, excluded,
        made_up, came_at,
    ) in rows.values_list(
        "meeting_id", "user_id", "user__name", "capacity", "standing", "state", "leave_state", "leave_words",
        "leave_decided_by__name", "exempt_words", "excluded_words", "made_up_words", "checked_in_at",
    ):  # fmt: skip
        has_leave = leave_state == "approved"
        reason = {"exempt": exempt, "made_up": made_up}.get(state, "") or (leave_words if has_leave else "")
        found[meeting_id].append(
            Attender(
                user_id=user_id,
                name=name,
                capacity=capacity,
                standing=standing,
                # Until the sitting ends nobody has a state: who came in is there.
                state=state or ("present" if came_at and meetings[meeting_id].ended_at is None else ""),
                reason=excluded or reason,
                granted_by=(granter or "") if has_leave else "",
                is_excluded=bool(excluded),
                came_at=came_at,
            )
        )
    return found


def _agenda(keys: Sequence[int]) -> dict[int, list[Matter]]:
    found: dict[int, list[Matter]] = defaultdict(list)
    for row in AgendaItem.objects.filter(part__in=keys).select_related("presenter").order_by("part_id", "number", "pk"):
        presenter = row.presenter.name if row.presenter else ""
        found[row.part_id].append(
            Matter(row.number, row.title, row.words, presenter, row.started_at, row.ended_at)
        )
    return found


def _votes(meeting_ids: Sequence[int], numbers: dict[int, list[int]]) -> dict[int, list[VoteFact]]:
    found: dict[int, list[VoteFact]] = defaultdict(list)
    # What is sealed is written in the language of the university, whoever's page asks for it: two who read it in two
    # languages confirm the same.
    with override("zh-hans"):
        facts = [fact for source in vote_sources for fact in source.results(meeting_ids)]
    for fact in facts:
        known = numbers.get(fact.meeting_id, [])
        if known:
            found[fact.part_id if fact.part_id in known else known[0]].append(fact)
    return found


def _of_minutes(keys: Sequence[int]) -> tuple[dict[int, list[tuple[str, str]]], dict[int, list[Resolved]]]:
    """Return the files and the resolutions of the minutes of each part."""
    files: dict[int, list[tuple[str, str]]] = defaultdict(list)
    resolved: dict[int, list[Resolved]] = defaultdict(list)
    parts = dict(Minutes.objects.filter(part__in=keys).values_list("pk", "part_id"))
    owner = ContentType.objects.get_for_model(Minutes)
    rows = StoredFile.objects.filter(content_type=owner, object_id__in=list(parts)).order_by("pk")
    for pk, name, sha256 in rows.values_list("object_id", "name", "sha256"):
        files[parts[pk or 0]].append((name, sha256))
    for row in Resolution.objects.filter(minutes__in=list(parts)).select_related("owner").order_by("pk"):
        resolved[parts[row.minutes_id]].append(Resolved(row.words, row.owner.name, row.due_on))
    return files, resolved


def _earlier(meetings: Iterable[Meeting]) -> dict[int, list[Resolved]]:
    """Return, for each meeting, the resolutions of its organization that were open when it began."""
    here = list(meetings)
    if not here:
        return defaultdict(list)
    rows = list(
        Resolution.objects.filter(organization__in={meeting.organization_id for meeting in here})
        .filter(Q(closed_on=None) | Q(closed_on__gte=min(_day(meeting) for meeting in here)))
        .select_related("owner", "minutes")
        .order_by("due_on", "pk")
    )
    found: dict[int, list[Resolved]] = defaultdict(list)
    for meeting in here:
        day = _day(meeting)
        for row in rows:
            was_open = row.closed_on is None or row.closed_on >= day
            if row.organization_id == meeting.organization_id and row.minutes.held_at < _began(meeting) and was_open:
                state = row.state if row.closed_on and row.closed_on == day else "open"
                found[meeting.pk].append(Resolved(row.words, row.owner.name, row.due_on, state))
    return found


def _began(meeting: Meeting) -> datetime:
    return meeting.started_at or meeting.planned_at


def _day(meeting: Meeting) -> date:
    return timezone.localdate(_began(meeting))
