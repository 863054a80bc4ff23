"""What the page of a sitting shows: how many came, what is on, who is on the list, what was unusual."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from portal.accounts.models import User

from ..models import AgendaItem, Attendance, Capacity, CheckInNote, LeaveState, Meeting
from ..rules.day import votes_needed

# In the room: came in, and has not left.
HERE = Q(checked_in_at__isnull=False, left_at=None)
_DUE = Q(capacity=Capacity.DUE)
# Whom the base of a vote counts.
VOTERS = Q(may_vote=True, excluded_words="")


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of the hall: due and present people, and those of them who may vote."""

    due: int
    present: int
    may_vote: int
    present_voters: int
    observers: int

    @property
    def needed(self) -> int:
        """More than half of those who may vote, present or not."""
        return votes_needed(self.may_vote)

    @property
    def is_quorate(self) -> bool:
        return self.present_voters >= self.needed


def counts_of(meeting: Meeting) -> Counts:
    """Return the figures by one statement."""
    found = Attendance.objects.filter(meeting=meeting).aggregate(
        n_due=Count("pk", filter=_DUE),
        n_present=Count("pk", filter=_DUE & HERE),
        n_may_vote=Count("pk", filter=VOTERS),
        n_present_voters=Count("pk", filter=VOTERS & HERE),
        n_observers=Count("pk", filter=~_DUE & HERE),
    )
    return Counts(**{name.removeprefix("n_"): count for name, count in found.items()})


def agenda_of(meeting: Meeting) -> list[AgendaItem]:
    """Return the agenda in its order, with whoever presents each matter."""
    return list(meeting.agenda.select_related("presenter", "part").order_by("part__number", "number", "pk"))


def meeting_of_code(pk: int) -> Meeting | None:
    """Return the meeting somebody shows a code of; whoever calls asks the code before showing anything of it."""
    return Meeting.objects.select_related("organization").filter(pk=pk).first()


def attendance_of(meeting: Meeting, user: User) -> Attendance | None:
    return Attendance.objects.filter(meeting=meeting, user=user.pk).first()


def roll_of(meeting: Meeting, *, words: str = "", show: str = "") -> QuerySet[Attendance]:
    """Return the list by name; ``show`` is ``"missing"``, ``"here"`` or everybody."""
    rows = Attendance.objects.filter(meeting=meeting).select_related("user")
    if words:
        rows = rows.filter(Q(user__name__icontains=words) | Q(user__number__icontains=words))
    if show == "missing":
        rows = rows.exclude(HERE)
    elif show == "here":
        rows = rows.filter(HERE)
    return rows.order_by("user__name", "user__number")


def came_last(meeting: Meeting, count: int) -> list[str]:
    """Return the names of those who came in last, the latest first."""
    rows = Attendance.objects.filter(HERE, meeting=meeting).order_by("-checked_in_at", "-pk")
    return list(rows.values_list("user__name", flat=True)[:count])


def undecided_leave(meeting: Meeting) -> int:
    """Count those who asked for leave, have no answer, and have not come in."""
    return Attendance.objects.filter(meeting=meeting, leave_state=LeaveState.ASKED, checked_in_at=None).count()


def remarks_on(meeting: Meeting) -> QuerySet[CheckInNote]:
    """Return what was unusual, first what nobody has looked at; ``is_in`` says who has come in anyway."""
    there = Attendance.objects.filter(meeting=OuterRef("meeting"), user=OuterRef("user"), checked_in_at__isnull=False)
    return (
        CheckInNote.objects.filter(meeting=meeting)
        .select_related("user")
        .annotate(is_in=Exists(there))
        .order_by(F("seen_at").asc(nulls_first=True), "device", "-at", "pk")
    )


def unseen_remarks(meeting: Meeting) -> int:
    return CheckInNote.objects.filter(meeting=meeting, seen_at=None).count()
