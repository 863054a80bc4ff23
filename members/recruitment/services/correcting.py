"""Correct a record by a new one that names it, or take it back; the wrong row stays as it was."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.web.refusals import RuleError

from ..engine.details import KINDS, BallotFact, ContactsFact, Details, SponsorsFact
from ..engine.dossier import replay
from ..engine.facts import CaseFacts
from ..engine.people import Role
from ..engine.verdicts import Refusal
from ..models import Ballot, Case, Paper, StepRecord
from ..queries.acting import roles_in
from ..queries.facts import facts_of, named_on, people_in, resolved
from ..records import from_json
from . import effects, telling
from .recording import (
    CAPACITIES,
    WRITTEN,
    Filed,
    RecordRefused,
    Rules,
    check_papers,
    examine,
    fact_of,
    file_papers,
    hold,
    row_of,
)
from .settling import position_of, settle


@transaction.atomic
def correct(
    wrong: StepRecord,
    *,
    on: date,
    details: Details,
    by: User,
    reason: str,
    documents: Sequence[Filed] | None = None,
) -> StepRecord:
    """Put a right record in place of a wrong one of the same kind; ``documents`` of ``None`` keep the papers.

    Later records may build on it as long as the whole file stays as lawful as it was. Raises ``RecordRefused`` with
    what the correction would break, ``RuleError`` for a record that was corrected before.
    """
    case, wrong = _held(wrong, reason, by, on=on)
    if type(details) is not KINDS[wrong.kind]:
        raise RuleError(_("A record is corrected by one of the same kind."))
    check_papers(documents or ())
    rules, before = Rules.read(), facts_of([case])[case.pk]
    without = _without(before, wrong)
    named = resolved(details, named_on(people_in(details), on))
    fact = fact_of(wrong.step, on, named, roles_in([case], by)[case.pk], by, documents or (), rules.today)
    after = without.with_record(fact)
    found = [refusal for refusal in examine(case, without, fact, rules) if refusal.code != "later"]
    if found := found or _broken(case, before, after, rules):
        raise RecordRefused(found)
    row = row_of(case, fact, by, round_=wrong.round)
    row.corrects, row.reason = wrong, reason.strip()
    row.save(force_insert=True)
    if documents is None:
        Paper.objects.filter(record=wrong).update(record=row)
    else:
        file_papers(row, documents)
    if isinstance(named, BallotFact):
        Ballot.objects.bulk_create([effects.ballot_of(row, named)])
    _take_effect(case, row, before, after, rules, by=by)
    return row


@transaction.atomic
def annul(wrong: StepRecord, *, by: User, reason: str) -> StepRecord:
    """Take back a record of what never was; return the row that says so.

    Raises ``RecordRefused`` where later records build on it, ``RuleError`` for one that was corrected before.
    """
    case, wrong = _held(wrong, reason, by, on=wrong.on)
    if wrong.step == "apply":
        raise RuleError(_("Without an application there is no case; close it instead."))
    rules, before = Rules.read(), facts_of([case])[case.pk]
    after = _without(before, wrong)
    if found := _broken(case, before, after, rules):
        raise RecordRefused(found)
    row = StepRecord.objects.create(
        case=case, step=wrong.step, kind=wrong.kind, round=wrong.round, on=wrong.on, role=_role(case, wrong.kind, by),
        details={}, corrects=wrong, is_annulment=True, reason=reason.strip(), recorded_by=by,
    )  # fmt: skip
    details = from_json(wrong.kind, wrong.details)
    if isinstance(details, ContactsFact):
        effects.end_contacts_of(wrong, people_in(details), by=by)
    _take_effect(case, row, before, after, rules, by=by)
    return row


def _held(wrong: StepRecord, reason: str, by: User, *, on: date) -> tuple[Case, StepRecord]:
    """Hold the case of a record that may still be corrected, by somebody of the side that made it."""
    if not reason.strip():
        raise RuleError(_("Give the reason of the correction."))
    held = hold([wrong.case_id], wrong.step, on=on)
    if not held:
        raise RuleError(_("This case is closed."))
    wrong = StepRecord.objects.get(pk=wrong.pk)
    wrong.case = held[0]
    if wrong.is_annulment or StepRecord.objects.filter(corrects=wrong).exists():
        raise RuleError(_("This record was corrected before; correct the later one."))
    _role(held[0], wrong.kind, by)
    return held[0], wrong


def _role(case: Case, kind: str, by: User) -> str:
    """Return in which capacity ``by`` may change a record of ``kind``; raise ``RuleError`` for somebody who may not."""
    roles = roles_in([case], by)[case.pk]
    role = next((role for role in CAPACITIES if role in roles and role in KINDS[kind].recorders), None)
    if role is None:
        raise RuleError(_("This is not recorded in that capacity."))
    return Role(role).value


def _without(facts: CaseFacts, wrong: StepRecord) -> CaseFacts:
    return replace(facts, records=tuple(fact for fact in facts.records if fact.key != wrong.pk))


def _broken(case: Case, before: CaseFacts, after: CaseFacts, rules: Rules) -> list[Refusal]:
    """Return what the file breaks with the correction and did not break before."""
    rule_set = rules.book.rules(case.edition, case.organization_id)

    def kinds_of(facts: CaseFacts) -> Counter[tuple[str, str]]:
        findings = replay(facts, rule_set, rules.calendar)[1]
        return Counter((finding.code, finding.step) for finding in findings if not finding.is_advice)

    had = kinds_of(before)
    found = []
    for finding in replay(after, rule_set, rules.calendar)[1]:
        kind = (finding.code, finding.step)
        if finding.is_advice:
            continue
        if had[kind]:
            had[kind] -= 1
        else:
            found.append(Refusal(finding.words, finding.params, finding.code, finding.step, finding.article))
    return found


def _take_effect(
    case: Case, row: StepRecord, before: CaseFacts, after: CaseFacts, rules: Rules, *, by: User
) -> None:
    earlier, course = rules.course(case, before), rules.course(case, after)
    effects.place_person(case, earlier, course, on=row.on, by=by)
    effects.keep_dates(case, earlier, course, by=by)
    if row.kind == SponsorsFact.kind:
        effects.keep_sponsors(case, course.sponsors, row, on=row.on)
    elif row.kind == ContactsFact.kind and not row.is_annulment:
        effects.keep_contacts(case, course.contacts, on=row.on, by=by)
    rule_set = rules.book.rules(case.edition, case.organization_id)
    settle(case, position_of(after, rule_set, rules.calendar, rules.today), on=rules.today)
    case.version += 1
    Case.objects.bulk_update([case], WRITTEN)
    audit.record(
        "recruitment.corrected",
        row,
        by=by,
        at=case.organization,
        reason=row.reason,
        changes={"corrects": ["", row.corrects_id], "annulled": ["", row.is_annulment]},
    )
    telling.tell_corrected(case, row)
