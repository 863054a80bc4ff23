"""Open and close a case, hand it to another branch, allow an exception, set the year's plan."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Member
from members.services import place
from portal.accounts.models import User
from portal.audit import services as audit
from portal.organizations.models import Organization, Standing
from portal.organizations.services import lock_open
from portal.rulesets.editions import edition_on
from portal.web.refusals import RuleError

from ..engine.bans import LIFTABLE
from ..engine.details import ApplicationFact
from ..engine.people import Role
from ..models import NOT_BY_HAND, Case, CaseMove, CaseState, ClosedReason, ExceptionGrant, Quota
from ..queries.acting import roles_in, superior_of
from . import telling
from .recording import Filed, record
from .settling import FIELDS, position_of, rest, settle

BEFORE_ADMISSION = (Standing.APPLICANT, Standing.ACTIVIST, Standing.DEVELOPMENT_TARGET)


@transaction.atomic
def open_case(
    person: Member,
    *,
    on: date,
    details: ApplicationFact,
    by: User,
    documents: Sequence[Filed] = (),
    leaves_on: date | None = None,
    barred_until: date | None = None,
) -> Case:
    """Open the case of somebody whose application of day ``on`` was handed in, under the edition of that day.

    By the person or by the branch. Raises ``RuleError`` for somebody without a branch, a full member, or a person who
    has an open case, and what ``record`` raises.
    """
    if person.organization is None or not person.organization.is_branch:
        raise RuleError(_("Only a branch takes applications; this person belongs to none."))
    branch = lock_open(person.organization, on=on)
    # The row of the person is the lock: two applications at once come one after the other.
    person = Member.objects.select_for_update(of=("self",)).select_related("user", "organization").get(pk=person.pk)
    if person.organization_id != branch.pk:
        raise RuleError(_("This person has just moved to another branch."))
    if person.standing == Standing.FULL_MEMBER:
        raise RuleError(_("A full member does not apply for membership."))
    if Case.objects.open().filter(person=person).exists():
        raise RuleError(_("This person already has an open case."))
    case = Case.objects.create(
        person=person, organization=branch, edition=edition_on(on).code, opened_on=on,
        leaves_on=leaves_on, barred_until=barred_until,
    )  # fmt: skip
    audit.record("recruitment.opened", case, by=by, changes={"edition": ["", case.edition], "on": ["", on]})
    record(case, "apply", on=on, details=details, by=by, documents=documents)
    telling.tell_opened(case, by_id=by.pk)
    return Case.objects.with_people().get(pk=case.pk)


def _held(case: Case) -> Case:
    """Hold an open case; raise ``RuleError`` when it is closed."""
    held = Case.objects.select_for_update(of=("self",)).with_people().get(pk=case.pk)
    if held.state != CaseState.OPEN:
        raise RuleError(_("This case is closed."))
    return held


def _not_later(on: date) -> None:
    if on > timezone.localdate():
        raise RuleError(_("This day has not come yet."))


@transaction.atomic
def close(case: Case, *, reason: str, on: date, words: str, by: User) -> Case:
    """Close a case before its end; whoever withdrew or was found unfit is no longer on the way.

    Raises ``RuleError`` for a closed case, for a reason that follows from records alone, and for a probationary member
    whom only a congress can refuse.
    """
    _not_later(on)
    lock_open(Organization.objects.get(pk=case.organization_id), on=on)
    case = _held(case)
    if reason not in ClosedReason.values or reason in NOT_BY_HAND:
        raise RuleError(_("A case ends this way by its records, not by hand."))
    if not words.strip():
        raise RuleError(_("Give the reason."))
    if reason != ClosedReason.LEFT and case.standing not in BEFORE_ADMISSION:
        raise RuleError(_("Only the congress decides on a probationary member (XZ26 art. 31)."))
    if on < case.opened_on:
        raise RuleError(_("The end cannot come before the beginning."))
    case.state, case.closed_on, case.closed_reason = CaseState.CLOSED, on, reason
    case.closed_words = words.strip()
    rest(case)
    case.version += 1
    case.full_clean(validate_unique=False)
    case.save()
    if reason != ClosedReason.LEFT and case.person.standing in BEFORE_ADMISSION:
        since = case.person.standing_since
        place(case.person, case.organization, standing=Standing.MASS, on=max(on, since or on), by=by)
    audit.record("recruitment.closed", case, by=by, changes={"closed_reason": ["", reason]}, reason=words)
    return case


@transaction.atomic
def move_case(case: Case, organization: Organization, *, on: date, is_handed_over: bool, by: User | None) -> Case:
    """Let another branch keep a case from ``on``; cultivation goes on only where the material was handed over.

    Called when the person has moved there. Raises ``RuleError`` for a closed case and for what is no branch.
    """
    _not_later(on)
    if not organization.is_branch:
        raise RuleError(_("Only a branch keeps cases."))
    organization = lock_open(organization, on=on)
    case = _held(case)
    if case.organization_id == organization.pk:
        raise RuleError(_("The case is in this branch already."))
    move = CaseMove.objects.create(
        case=case, on=on, from_branch=case.organization, to_branch=organization, is_handed_over=is_handed_over, by=by
    )
    before, case.organization = str(case.organization), organization
    case.version += 1
    _settle_one(case)
    case.save(update_fields=["organization", "version", *FIELDS])
    audit.record("recruitment.moved", case, by=by, changes={"organization": [before, str(organization)]})
    telling.tell_moved(case, move)
    return case


def _settle_one(case: Case) -> None:
    from ..queries.facts import facts_of  # read after the change is written
    from .recording import Rules

    rules = Rules.read()
    rule_set = rules.book.rules(case.edition, case.organization_id)
    settle(case, position_of(facts_of([case])[case.pk], rule_set, rules.calendar, rules.today), on=rules.today)


@transaction.atomic
def grant_exception(case: Case, rule: str, *, words: str, on: date, by: User) -> ExceptionGrant:
    """Let the superior allow one case to pass one rule, with the reason.

    Raises ``RuleError`` for somebody who does not act for the nearest committee that can approve members, for a rule
    that the nation fixes, and for an exception that was granted before.
    """
    _not_later(on)
    case = _held(case)
    superior = superior_of(case.organization)
    if superior is None or Role.SUPERIOR not in roles_in([case], by)[case.pk]:
        raise RuleError(_("Only the committee that approves the members of this branch can allow an exception."))
    if rule not in LIFTABLE:
        raise RuleError(_("Nobody can allow an exception from this rule."))
    grant = ExceptionGrant(case=case, rule=rule, node=superior, by=by, on=on, words=words.strip())
    grant.full_clean()
    grant.save()
    case.version += 1
    _settle_one(case)
    case.save(update_fields=["version", *FIELDS])
    audit.record(
        "recruitment.exception_granted", grant, by=by, at=case.organization, reason=words, changes={"rule": ["", rule]}
    )
    telling.tell_exception(case, grant)
    return grant


@transaction.atomic
def set_quota(organization: Organization, year: int, planned: int, *, by: User) -> Quota:
    """Set how many people a node plans to admit in a year; raise ``ValidationError`` by field."""
    quota = Quota.objects.select_for_update().filter(organization=organization, year=year).first()
    before = quota.planned if quota else ""
    quota = quota or Quota(organization=organization, year=year)
    quota.planned = planned
    quota.full_clean()
    quota.save()
    audit.record("recruitment.quota_set", quota, by=by, changes={"planned": [before, planned], "year": ["", year]})
    return quota
