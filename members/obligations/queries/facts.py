"""What the duties of some nodes follow from, as rows of one shape: one statement however many nodes and meetings.

It is a UNION, because the workbench of a secretary pays for it too.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Left, Length, TruncDate

from members.codes import STUDENT_KINDS, PersonKind
from members.meetings.models import AgendaItem, MeetingPart, MeetingState
from portal.organizations.duties import Post
from portal.organizations.models import BRANCH_TYPES, Affiliation, Appointment, Organization, OrganizationType, Standing
from portal.organizations.queries import COMMITTEE_POSTS
from portal.rulesets.models import RuleSetting

from ..kinds import DUTIES, DutyKind
from ..models import LectureMark, Waiver
from .places import Place, Windows, midnight

LEADERS = (Post.SECRETARY, Post.DEPUTY_SECRETARY)
STUDENTS = sorted(STUDENT_KINDS - {PersonKind.IN_SERVICE})
COMING = (MeetingState.PLANNED, MeetingState.CONVENED, MeetingState.IN_SESSION)

MEMBERS, POSTS, PART, PLANNED, LEADER, MARK = "members", "posts", "part", "planned", "leader", "mark"
WAIVER, SETTING = "waiver", "setting"
_FACT = ("fact_tag", "fact_node", "fact_text", "fact_more", "fact_day", "fact_number", "fact_other", "fact_told")


def _fixed(tag: str | Case, **given: Any) -> dict[str, Any]:
    """Return the columns of a row of one shape; what is not given is empty."""
    none = Cast(Value(None), DateField())
    return {
        "fact_tag": Value(tag, CharField()) if isinstance(tag, str) else tag,
        "fact_node": Cast(given.get("node", Value(0)), BigIntegerField()),
        "fact_text": Cast(given.get("text", Value("")), CharField()),
        "fact_more": Cast(given.get("more", Value("")), CharField()),
        "fact_day": given.get("day", none),
        "fact_number": Cast(given.get("number", Value(0)), BigIntegerField()),
        "fact_other": Cast(given.get("other", Value(0)), BigIntegerField()),
        "fact_told": given.get("told", none),
    }


def facts_of(
    place: Place, windows: Windows, first: date, kinds: Collection[str], on: date
) -> QuerySet[Any, tuple[Any, ...]]:
    parts = _parts(place, windows, kinds, on)
    is_held = Q(meeting__state=MeetingState.ENDED)
    lectures = parts.filter(kind=DUTIES[DutyKind.LEADER_LECTURE].meeting)
    waivers = Waiver.objects.filter(place.condition("organization__"), revoked_on=None)
    settings = RuleSetting.objects.filter(organization__depth=1)
    rows = (
        _full_members(place, first),
        _committee_posts(place, first, on),
        parts.annotate(
            **_fixed(
                Case(When(is_held, then=Value(PART)), default=Value(PLANNED), output_field=CharField()),
                node=F("meeting__organization_id"),
                text=F("kind"),
                day=_day_of_sitting(),
                number=F("pk"),
                other=F("meeting_id"),
                told=TruncDate("meeting__convened_at"),
            )
        ),
        lectures.filter(_given_by_a_secretary()).annotate(**_fixed(LEADER, number=F("pk"))),
        LectureMark.objects.filter(part__in=lectures.values("pk")).annotate(
            **_fixed(MARK, text=F("kind"), number=F("part_id"))
        ),
        waivers.annotate(
            **_fixed(WAIVER, node=F("organization_id"), text=F("kind"), more=F("period"), number=F("pk"))
        ),
        settings.annotate(**_fixed(SETTING, text=F("edition"), more=F("code"), number=F("amount"))),
    )
    one, *others = (found.order_by().values_list(*_FACT) for found in rows)
    return one.union(*others, all=True)


def _parts(place: Place, windows: Windows, kinds: Collection[str], on: date) -> QuerySet[MeetingPart]:
    """Return the parts of the sittings that were held, or are still to come, and can meet a duty asked for."""
    spans: dict[tuple[date, date], set[str]] = defaultdict(set)
    for kind in kinds:
        if meeting := DUTIES[kind].meeting:
            spans[windows[DUTIES[kind].span]].add(meeting)
    meant = Q(pk__in=[])
    for (begins, ends), meetings in spans.items():
        first, after = midnight(begins), midnight(ends + timedelta(days=1))
        held = Q(meeting__started_at__gte=first, meeting__started_at__lt=after, meeting__state=MeetingState.ENDED)
        coming = Q(
            # What was planned for a day that has passed, and was not held, is no plan any more.
            meeting__planned_at__gte=max(first, midnight(on)),
            meeting__planned_at__lt=after,
            meeting__state__in=COMING,
        )
        meant |= Q(held | coming, kind__in=sorted(meetings))
    return MeetingPart.objects.filter(place.condition("meeting__organization__"), meant)


def _day_of_sitting() -> TruncDate:
    return TruncDate(Coalesce("meeting__started_at", "meeting__planned_at"))


def _given_by_a_secretary() -> Exists:
    """Return the condition that the agenda names somebody who was secretary or deputy, of any node, on that day."""
    leads = (
        Appointment.objects.filter(user=OuterRef("presenter"), post__in=LEADERS)
        .filter(since__lte=OuterRef("on_day"))
        .filter(Q(until=None) | Q(until__gte=OuterRef("on_day")))
    )
    items = AgendaItem.objects.filter(part=OuterRef("pk")).annotate(on_day=_day_of_sitting())
    return Exists(items.filter(Exists(leads)))


def _since(first: date) -> Case:
    """Return since when a row holds, no earlier than ``first``: so few different days are told apart as matter."""
    return Case(
        When(since__lt=first, then=Value(first, DateField())), default=F("since"), output_field=DateField()
    )


def _full_members(place: Place, first: date) -> QuerySet[Affiliation]:
    """Count full members and students by branch and since when; of a group they count for the branch above it."""
    above = Left("organization__path", Length("organization__path") - Organization.steplen)
    is_group = Q(organization__org_type=OrganizationType.GROUP)
    branch = Case(When(is_group, then=above), default=F("organization__path"), output_field=CharField())
    here = Affiliation.objects.filter(place.condition("organization__"), until=None, standing=Standing.FULL_MEMBER)
    here = here.filter(organization__org_type__in=[*sorted(BRANCH_TYPES), OrganizationType.GROUP]).order_by()
    return _counted(
        here,
        _fixed(MEMBERS, text=branch, day=_since(first)),
        Count("pk"),
        Count("pk", filter=Q(user__member__person_kind__in=STUDENTS)),
    )


def _committee_posts(place: Place, first: date, on: date) -> QuerySet[Appointment]:
    """Count who sits on the committee of a branch, by since when."""
    held = Appointment.objects.in_force(on).filter(place.condition("organization__"), post__in=sorted(COMMITTEE_POSTS))
    held = held.filter(organization__org_type__in=sorted(BRANCH_TYPES)).order_by()
    row = _fixed(POSTS, node=F("organization_id"), day=_since(first))
    return _counted(held, row, Count("user", distinct=True), Count("pk", filter=Q(pk__in=[])))


def _counted(rows: QuerySet[Any], fixed: dict[str, Any], number: Count, other: Count) -> QuerySet[Any]:
    """Group rows by all columns but the numbers, and count."""
    for name in ("fact_number", "fact_other"):
        del fixed[name]
    return rows.annotate(**fixed).values(*fixed).annotate(fact_number=number, fact_other=other)
