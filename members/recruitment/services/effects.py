"""What a record does beyond its own row: the standing, the dates of the archive, sponsors, contacts, the count."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.core.exceptions import ValidationError

from members.development.models import CultivationContact
from members.development.services.contacts import assign_contact, end_contact
from members.models import Member
from members.services import place
from portal.accounts.models import User
from portal.audit import services as audit
from portal.organizations.models import Affiliation, Standing
from portal.web.refusals import RuleError

from ..engine.course import Course
from ..engine.details import BallotFact
from ..engine.people import Named
from ..models import Ballot, Case, Sponsor, StepRecord

# In the order of the way; the place tells which of two standings is further.
WAY = [standing.value for standing in Standing]
# Steps after which the standing can be another: their services hold the node before any person's row.
PLACING = frozenset({"apply", "nominate", "file_activist", "consent_publicity", "approve", "convert_approve"})

# The days of the archive that a case decides, in their order.
DATES = ("application_on", "activist_on", "target_on", "joined_on", "converted_on")
COUNTS = ("due", "present", "issued", "returned", "yes", "no", "abstain", "invalid", "written")


def ballot_of(row: StepRecord, details: BallotFact) -> Ballot:
    """Return the count of a congress as the database holds it; the engine has refused one with numbers missing."""
    return Ballot(record=row, **{name: getattr(details, name) for name in COUNTS})


def is_counted(details: BallotFact) -> bool:
    """Say whether the minutes give every number; old ones on paper may not."""
    return all(getattr(details, name) is not None for name in COUNTS)


def place_person(case: Case, earlier: Course, course: Course, *, on: date, by: User) -> str:
    """Give the person the standing that the records now decide, and return it; ``""`` when nothing changed.

    Somebody whose paper history is entered later than their standing is never set back by an early record.
    """
    decided, since = course.standing
    before, after = earlier.standing[0].value, decided.value
    if after == before:
        return ""
    member = Member.objects.get(pk=case.person_id)
    is_ahead = WAY.index(member.standing) >= WAY.index(after)
    moved = ""
    if (WAY.index(after) > WAY.index(before) and not is_ahead) or (
        WAY.index(after) < WAY.index(before) and member.standing == before
    ):
        present = Affiliation.objects.filter(user=member.user_id, until=None).values_list("since", flat=True).first()
        place(member, case.organization, standing=after, on=max(since or on, present or since or on), by=by)
        moved = after
    keep_dates(case, earlier, course, by=by)
    return moved


def days_of(course: Course) -> dict[str, date | None]:
    """Return the days of the archive that a case decides."""
    is_full = course.standing[0].value == Standing.FULL_MEMBER
    return {
        "application_on": course.day_of("apply"),
        "activist_on": course.activist_on,
        "target_on": course.listed_on,
        "joined_on": course.day_of("congress") if course.day_of("approve") else None,
        "converted_on": course.convert_on if is_full else None,
    }


def keep_dates(case: Case, earlier: Course, course: Course, *, by: User) -> None:
    """Write the days that a change in the case decided, or took back, into the archive.

    Raises ``RuleError`` where they contradict what is there.
    """
    had, days = days_of(earlier), days_of(course)
    member = Member.objects.select_for_update().get(pk=case.person_id)
    changes = {}
    for name, day in days.items():
        if had[name] != day and getattr(member, name) != day:
            changes[name] = [str(getattr(member, name) or ""), day.isoformat() if day else ""]
            setattr(member, name, day)
    if not changes:
        return
    try:
        member.validate_constraints()
    except ValidationError as error:
        raise RuleError(error.messages) from error
    member.version += 1
    member.save(update_fields=[*changes, "version", "updated_at"])
    audit.record("members.changed", member, by=by, about=member.user, changes=changes)


def keep_sponsors(case: Case, sponsors: Sequence[Named], row: StepRecord, *, on: date) -> list[int]:
    """Let the present sponsors be ``sponsors``; return the accounts of those who are new."""
    members = dict(Member.objects.filter(user__in=[person.key for person in sponsors]).values_list("user_id", "pk"))
    wanted = [members[person.key] for person in sponsors if person.key in members]
    staying = {}
    for held in Sponsor.objects.select_for_update().current().filter(case=case):
        if held.sponsor_id in wanted:
            staying[held.sponsor_id] = held.place
        else:
            held.until = max(on, held.since)
            held.save(update_fields=["until"])
    free = [spot for spot in (1, 2) if spot not in staying.values()]
    new = [key for key in wanted if key not in staying]
    Sponsor.objects.bulk_create(
        Sponsor(case=case, person_id=case.person_id, sponsor_id=key, place=spot, record=row, since=on)
        for key, spot in zip(new, free, strict=False)
    )
    return [user_id for user_id, key in members.items() if key in new]


def keep_contacts(case: Case, contacts: Iterable[Named], *, on: date, by: User) -> None:
    """Let the present cultivation contacts be ``contacts``, by the verbs of ``members.development``."""
    wanted = {person.key for person in contacts}
    present = CultivationContact.objects.current().filter(person=case.person_id).select_related("contact__user")
    kept = set()
    for row in present:
        if row.contact.user_id in wanted:
            kept.add(row.contact.user_id)
        else:
            end_contact(row, by=by, on=on)
    for contact in Member.objects.filter(user__in=wanted - kept).select_related("user").order_by("pk"):
        assign_contact(case.person, contact, by=by, on=on)


def end_contacts_of(row: StepRecord, keys: Iterable[int], *, by: User) -> None:
    """Take back the contacts that a record assigned which itself is taken back."""
    made = CultivationContact.objects.current().filter(
        person=row.case.person_id, since=row.on, contact__user__in=list(keys)
    )
    for contact in made:
        end_contact(contact, by=by, on=row.on)
