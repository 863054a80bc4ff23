"""An open case follows its person: accepted by another branch, moved with a whole branch, gone from the university."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from members.models import Member
from portal.accounts.models import User
from portal.audit import services as audit
from portal.organizations.models import Organization
from portal.rulesets.queries import calendar as kept_calendar
from portal.rulesets.queries import rulebook

from ..models import Case, CaseMove, CaseState, ClosedReason
from ..queries.facts import facts_of
from .cases import move_case
from .settling import FIELDS, position_of, settle

MOVED = (*FIELDS, "organization", "version")


def hold_case(person: Member) -> Case | None:
    """Hold the open case of somebody whose row is about to be held: cases come before people, as in ``record``."""
    return Case.objects.select_for_update(of=("self",)).open().filter(person=person).with_people().first()


def follow_transfer(
    person: Member, destination: Organization | None, *, on: date, is_handed_over: bool, by: User | None
) -> Case | None:
    """Let the case go where the person was accepted; its clock runs on where the material was checked (XZ14 12).

    Raises ``RuleError``, and with it stops the acceptance, where the destination is no branch.
    """
    case = hold_case(person)
    if case is None or destination is None or case.organization_id == destination.pk:
        return case
    return move_case(case, destination, on=on, is_handed_over=is_handed_over, by=by)


@transaction.atomic
def follow_people(user_ids: Sequence[int], organization: Organization, *, on: date, by: User | None) -> int:
    """Let the open cases of people moved with their branch go along, and return how many did.

    A merger or split hands the whole archive over, so no time of cultivation is lost. Cases of people who come to a
    node that keeps none stay where they are, for their keepers to see.
    """
    if not organization.is_branch:
        return 0
    waiting = Case.objects.select_for_update(of=("self",)).open().filter(person__user__in=list(user_ids))
    cases = list(waiting.exclude(organization=organization).with_people().order_by("pk"))
    if not cases:
        return 0
    CaseMove.objects.bulk_create(
        CaseMove(
            case=case, on=on, from_branch=case.organization, to_branch=organization, is_handed_over=True, by=by
        )
        for case in cases
    )
    before = {case.pk: str(case.organization) for case in cases}
    for case in cases:
        case.organization = organization
        case.version += 1
    book, calendar, facts, today = rulebook(), kept_calendar(), facts_of(cases), timezone.localdate()
    for case in cases:
        rules = book.rules(case.edition, case.organization_id)
        settle(case, position_of(facts[case.pk], rules, calendar, today), on=today)
    Case.objects.bulk_update(cases, MOVED, batch_size=500)
    audit.record_many(
        "recruitment.moved",
        [
            (Case, case.pk, str(case), None, {"organization": [before[case.pk], str(organization)]}, organization.pk)
            for case in cases
        ],
        by=by,
    )
    return len(cases)


@transaction.atomic
def close_for_leaver(person: Member, *, kind: str, on: date, by: User | None) -> Case | None:
    """Close the open case of somebody who leaves the tree: nobody here can go on with it; the file stays.

    A transfer takes the material along to the next organization, which begins or continues a case of its own.
    """
    case = hold_case(person)
    if case is None:
        return None
    case.state, case.closed_on, case.closed_reason = CaseState.CLOSED, max(on, case.opened_on), ClosedReason.LEFT
    case.next_due = case.overdue_since = None
    case.version += 1
    case.full_clean(validate_unique=False)
    case.save()
    audit.record(
        "recruitment.closed",
        case,
        by=by,
        changes={"closed_reason": ["", ClosedReason.LEFT], "leave_kind": ["", kind]},
    )
    return case


@transaction.atomic
def reckon_anew(person_id: int) -> bool:
    """Reckon the figures of somebody's open case after a report or a contact that is kept elsewhere has changed.

    Returns whether a figure is another than before.
    """
    cases = list(Case.objects.select_for_update(of=("self",)).open().filter(person=person_id))
    today = timezone.localdate()
    for case in cases:
        rules = rulebook().rules(case.edition, case.organization_id)
        if settle(case, position_of(facts_of([case])[case.pk], rules, kept_calendar(), today), on=today):
            case.save(update_fields=FIELDS)
            return True
    return False
