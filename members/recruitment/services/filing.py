"""Put a paper into the file that came after the record it belongs to."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.web.refusals import RuleError

from ..engine.details import KINDS
from ..engine.papers import papers_left
from ..models import Paper, StepRecord
from ..queries.acting import roles_in
from ..queries.facts import facts_of
from .recording import Filed, Rules, check_papers, file_papers, hold
from .settling import FIELDS, position_of, settle


@transaction.atomic
def file_paper(row: StepRecord, paper: Filed, *, by: User) -> Paper:
    """File a paper with the valid record that leaves it; return it.

    Raises ``RuleError`` for a closed case, a record that was corrected, a paper of another kind of record, one that is
    there already, and for somebody who may not make such a record.
    """
    check_papers([paper])
    held = hold([row.case_id], row.step, on=row.on)
    if not held:
        raise RuleError(_("This case is closed."))
    case = held[0]
    if row.is_annulment or StepRecord.objects.filter(corrects=row).exists():
        raise RuleError(_("This record was corrected before; correct the later one."))
    if not roles_in([case], by)[case.pk] & KINDS[row.kind].recorders:
        raise RuleError(_("This is not recorded in that capacity."))
    if paper.kind not in papers_left(row.step, row.kind):
        raise RuleError(_("This record leaves no such paper."))
    if Paper.objects.filter(record=row, kind=paper.kind).exists():
        raise RuleError(_("This paper is in the file already."))
    file_papers(row, [paper])
    filed = Paper.objects.get(record=row, kind=paper.kind)
    rules, facts = Rules.read(), facts_of([case])[case.pk]
    rule_set = rules.book.rules(case.edition, case.organization_id)
    settle(case, position_of(facts, rule_set, rules.calendar, rules.today), on=rules.today)
    case.version += 1
    case.save(update_fields=["version", *FIELDS])
    audit.record(
        "recruitment.paper_filed", filed, by=by, at=case.organization, changes={"kind": ["", paper.kind]},
    )  # fmt: skip
    return filed
