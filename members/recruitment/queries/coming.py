"""What the schedule will tell in the next weeks: to one person, or about one case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from members.development.models import CultivationContact
from portal.access.rights import rights_of, under
from portal.accounts.models import User
from portal.organizations.duties import Duty
from portal.organizations.models import Organization
from portal.rulesets.queries import calendar as kept_calendar
from portal.rulesets.queries import rulebook

from ..deadlines import DEADLINES, OWN_KEYS, what_of, when_of, why_of
from ..engine.people import Role
from ..engine.reminders import WEEK, Reminder, reminders
from ..engine.vocabulary import ROLE_LABELS
from ..models import Case, Sponsor
from .facts import facts_of
from .told import Circle, circles_of, offices_of

AHEAD = timedelta(days=90)
TIMES_SHOWN = 3
# The party school is told whom to train; the case stays closed to it.
OPENING = frozenset({Role.BRANCH, Role.SUPERIOR, Role.CONTACT, Role.SPONSOR})


@dataclass(frozen=True, slots=True)
class Told:
    """In which capacity somebody is told, and who that is now."""

    label: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coming:
    """One thing that is due in a case, with the days on which it will be said; ``own`` puts it to the candidate."""

    case: Case
    key: str
    due_on: date
    is_late: bool
    times: tuple[date, ...]
    what: str
    when: str
    why: str
    own: bool = False
    is_linked: bool = True  # the case's page opens to the reader
    higher_from: date | None = None
    told: tuple[Told, ...] = ()


def coming_for(user: User, on: date) -> list[Coming]:
    """Return what ``user`` will be told in the next weeks, by its day, in a constant number of statements.

    Whoever is told only when something is late finds it here once it is. Candidates find what they are asked for,
    never what is being decided about them.
    """
    found: list[Coming] = []
    cases, circles = _cases_of(user, on)
    for case, reminder in _due_in(cases, on):
        circle = circles[case.pk]
        if circle.candidate == user.pk:
            if Role.APPLICANT in reminder.recipients and reminder.key in OWN_KEYS:
                found.append(_coming(case, reminder, on, own=True))
        elif any(user.pk in circle.told(role) for role in reminder.recipients):
            found.append(_coming(case, reminder, on, is_linked=bool(circle.roles_of(user.pk) & OPENING)))
    return sorted(found, key=lambda item: (item.due_on, item.case.person.name, item.key))


def coming_of(case: Case, on: date) -> list[Coming]:
    """Return all that will be told of an open case and to whom, for those who keep it."""
    if case.closed_on:
        return []
    circle = circles_of([case], on)[case.pk]
    due = list(_due_in([case], on))
    people = set().union(*(circle.told(role) for _case, reminder in due for role in reminder.recipients))
    names: dict[int, str] = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
    return [_coming(case, reminder, on, told=_told(circle, reminder, names)) for _case, reminder in due]


def _cases_of(user: User, on: date) -> tuple[list[Case], dict[int, Circle]]:
    """Return the open cases of which ``user`` is told something, with the circle of each."""
    rights = rights_of(user)
    duties = (Duty.RECRUIT, Duty.APPROVE_MEMBERS, Duty.KEEP_COURSES)
    paths = {path for duty in duties for path in rights.duties.get(str(duty), ())}
    contacts = CultivationContact.objects.current().filter(contact__user=user, person=OuterRef("person"))
    sponsors = Sponsor.objects.current().filter(sponsor__user=user, case=OuterRef("pk"))
    personal = Q(person__user=user) | Q(Exists(contacts)) | Q(Exists(sponsors))
    near = Case.objects.open().filter(personal | under("organization", sorted(paths)))
    offices = offices_of(Organization.objects.filter(pk__in=near.order_by().values("organization")), on)
    kept = [pk for pk, held in offices.items() if {user.pk} & (held[Role.BRANCH].people | held[Role.SUPERIOR].people)]
    trained = [pk for pk, held in offices.items() if user.pk in held[Role.TRAINER].people]
    # The party school is told of the one step that waits for it.
    waiting = Q(organization__in=trained, current_step="training")
    cases = list(
        Case.objects.open().filter(personal | Q(organization__in=kept) | waiting).with_people().order_by("pk")
    )
    return cases, circles_of(cases, on, offices=offices)


def _due_in(cases: Iterable[Case], on: date) -> Iterable[tuple[Case, Reminder]]:
    """Yield what is due in each case in the next weeks, and what is late."""
    cases = list(cases)
    facts, book, calendar = facts_of(cases), rulebook(), kept_calendar()
    for case in cases:
        rules = book.rules(case.edition, case.organization_id)
        for reminder in reminders(facts[case.pk].until(on), rules, calendar, on):
            if _is_late(reminder, on) or reminder.occasions(on, on + AHEAD):
                yield case, reminder


def _is_late(reminder: Reminder, on: date) -> bool:
    return DEADLINES[reminder.key].is_term and reminder.due_on < on


def _coming(
    case: Case,
    reminder: Reminder,
    on: date,
    *,
    own: bool = False,
    is_linked: bool = True,
    told: tuple[Told, ...] = (),
) -> Coming:
    times = sorted(occasion.on for occasion in reminder.occasions(on, on + AHEAD))
    return Coming(
        case=case,
        key=reminder.key,
        due_on=reminder.due_on,
        is_late=_is_late(reminder, on),
        times=tuple(times[:TIMES_SHOWN]),
        what=what_of(reminder.key, own=own),
        when=when_of(reminder.key, reminder.due_on, on),
        why=why_of(reminder.key, reminder.article, own=own),
        own=own,
        is_linked=is_linked and not own,
        higher_from=reminder.due_on + WEEK if reminder.escalates else None,
        told=told,
    )


def _told(circle: Circle, reminder: Reminder, names: dict[int, str]) -> tuple[Told, ...]:
    return tuple(
        Told(str(ROLE_LABELS[role]), tuple(sorted(names[pk] for pk in circle.told(role) if pk in names)))
        for role in reminder.recipients
    )
