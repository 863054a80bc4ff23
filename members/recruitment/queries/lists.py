"""Who stands on a paper about several people: those of one batch, or whom a branch decided on in a month."""

from collections.abc import Iterable, Mapping
from datetime import date

from portal.access.policy import scope
from portal.accounts.models import User
from portal.organizations.models import Organization
from portal.rulesets.days import add_months

from ..engine.details import Outcome
from ..engine.facts import Fact
from ..models import Batch, Case, StepRecord
from .files import CaseFile, files_of

# Filing list: the record that puts somebody on it.
LISTED: Mapping[str, tuple[str, str]] = {
    "activist_filing": ("nominate", "nomination"),
    "target_filing": ("propose_target", "review"),
    "admission_filing": ("approve", "approval"),
}
# Record of a batch: the papers that can name all its people at once.
SHARED: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("nominate", "nomination"): ("activist_filing",),
    ("file_activist", "filing"): ("activist_filing",),
    ("propose_target", "review"): ("target_filing",),
    ("consent_publicity", "consent"): ("target_filing",),
    ("pre_review", "pre_review"): ("pre_review_reply",),
    ("approve", "approval"): ("admission_filing",),
    ("file_above", "filing"): ("admission_filing",),
    ("oath", "oath"): ("oath_record",),
} | {
    (step, kind): (paper,)
    for step in ("consent_publicity", "congress", "convert_congress")
    for kind, paper in (("publicity", "publicity_notice"), ("publicity_result", "publicity_result"))
}
MOST = 500  # people on one list: some ten pages

Taken = list[tuple[CaseFile, Fact]]


def decided_in(user: User, code: str, node: Organization, month: date, *, on: date) -> Taken:
    """Return whom the branches under ``node`` decided on in a month, as far as ``user`` sees their cases."""
    step, kind = LISTED[code]
    records = StepRecord.objects.valid().filter(
        step=step,
        kind=kind,
        on__gte=month,
        on__lt=add_months(month, 1),
        case__in=scope(user, "view", Case).filter(organization__path__startswith=node.path).values("pk"),
    )
    return agreed(_with_files(records.order_by("on", "case__person__user__number", "pk")[:MOST], on=on))


def agreed(taken: Taken) -> Taken:
    """Leave out whom a body decided against: a refusal is told on a paper of its own."""
    return [(file, fact) for file, fact in taken if getattr(fact.details, "outcome", Outcome.PASSED) is Outcome.PASSED]


def people_of_batch(user: User, batch: Batch, *, on: date) -> Taken:
    """Return the cases of a batch in which its record still counts, in the order of the people's numbers."""
    records = StepRecord.objects.valid().filter(batch=batch, case__in=scope(user, "view", Case).values("pk"))
    return _with_files(records.order_by("case__person__user__number", "pk")[:MOST], on=on)


def shared_papers(taken: Taken) -> tuple[str, ...]:
    """Return the codes of the papers that can name everybody of a batch."""
    if not taken:
        return ()
    fact = taken[0][1]
    return SHARED.get((fact.step, fact.kind), ())


def _with_files(records: Iterable[StepRecord], *, on: date) -> Taken:
    rows = [(record.case_id, record.pk) for record in records]
    cases = Case.objects.with_people().filter(pk__in={case for case, _record in rows})
    files = files_of(cases, on=on)
    facts = {case: {fact.key: fact for fact in file.facts.records} for case, file in files.items()}
    return [(files[case], facts[case][record]) for case, record in rows if record in facts[case]]
