"""Which papers the records of a case leave: what is in the file, what can be printed, what is missing."""

from dataclasses import dataclass, replace
from datetime import date

from members.recruitment.engine.course import CARE_STEPS
from members.recruitment.engine.facts import Document, Fact
from members.recruitment.engine.steps import STEPS, Stage
from members.recruitment.models import LetterKind
from members.recruitment.queries.files import CaseFile

# Record: the papers it leaves, each as the code stored with a filed paper and the code of the paper that is printed.
# The stored codes are older than the printed ones, and three differ; a paper without a stored code is never filed by
# itself, one without a printed code is made elsewhere (the statutory form, the superior's stamp on it).
_LEFT: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("apply", "application"): (("application_letter", "application_letter"),),
    ("talk", "talk"): (("talk_record", "talk_record"),),
    ("nominate", "nomination"): (("recommendation", "recommendation"), ("committee_minutes", "committee_minutes")),
    ("file_activist", "filing"): (("activist_filing", "activist_filing"),),
    ("assign_contacts", "contacts"): (("contact_assignment", "contact_assignment"),),
    ("cultivate", "inspection"): (("cultivation_register", "inspection"),),
    ("propose_target", "opinions"): (("opinion_record", "opinion_record"),),
    ("propose_target", "review"): (("committee_minutes", "committee_minutes"),),
    ("consent_publicity", "consent"): (("target_filing", "target_filing"),),
    ("sponsors", "sponsors"): (("sponsor_record", "sponsor_record"),),
    ("political_review", "political_review"): (("political_review_conclusion", "political_review_conclusion"),),
    ("training", "training"): (("training_certificate", "training_certificate"),),
    ("committee_review", "review"): (("committee_minutes", "committee_minutes"),),
    ("pre_review", "pre_review"): (("pre_review_reply", "pre_review_reply"),),
    ("fill_form", "form"): (("membership_form", ""),),
    ("congress", "ballot"): (("ballot_summary", "ballot_summary"), ("resolution", "resolution")),
    ("superior_talk", "superior_talk"): (("talk_opinion", "talk_opinion"),),
    ("approve", "approval"): (("approval", ""), ("approval_notice", "approval_notice")),
    ("file_above", "filing"): (("admission_filing", "admission_filing"),),
    ("assign_branch", "assignment"): (("assignment", "assignment"),),
    ("oath", "oath"): (("oath_record", "oath_record"),),
    ("probation", "inspection"): (("probation_inspection", ""),),
    ("convert_apply", "conversion"): (("conversion_application", "conversion_application"),),
    ("convert_congress", "opinions"): (("opinion_record", "opinion_record"),),
    ("convert_congress", "review"): (("committee_minutes", "committee_minutes"),),
    ("convert_congress", "ballot"): (
        ("ballot_summary", "ballot_summary"),
        ("resolution", "conversion_resolution"),
    ),
    ("convert_approve", "approval"): (("approval", ""), ("approval_notice", "approval_notice")),
    ("archive", "archive"): (("dossier_index", ""),),
} | {
    (step, kind): ((stored, printed),)
    for step in ("consent_publicity", "congress", "convert_congress")
    for kind, stored, printed in (
        ("publicity", "publicity_notice", "publicity_notice"),
        ("publicity_result", "", "publicity_result"),
    )
}
# Papers filled from the whole case: the step they belong to, and the step that must be complete before.
DRAFTS: dict[str, tuple[str, str]] = {
    "cultivation_register": ("cultivate", "nominate"),
    "membership_form_draft": ("fill_form", "consent_publicity"),
    "probation_inspection": ("probation", "approve"),
    "dossier_index": ("archive", "apply"),
}
# Paper: the candidate's letter that it prints; one that came on paper is in the file already.
WRITTEN = {"application_letter": LetterKind.ADMISSION, "conversion_application": LetterKind.CONVERSION}
# What candidates may print of their own case.
OWN = ("application_letter", "training_certificate", "membership_form_draft", "conversion_application")
PAPER_NAMES = {
    "application_letter": "入党申请书",
    "talk_record": "入党申请人谈话记录",
    "recommendation": "推荐入党积极分子登记表",
    "committee_minutes": "支部委员会会议记录",
    "activist_filing": "入党积极分子备案表",
    "contact_assignment": "培养联系人登记表",
    "cultivation_register": "入党积极分子培养教育考察登记表",
    "thought_report": "思想汇报",
    "opinion_record": "听取意见记录",
    "target_filing": "发展对象备案表",
    "publicity_notice": "公示",
    "sponsor_record": "入党介绍人登记表",
    "autobiography": "自传",
    "political_review_conclusion": "政治审查综合材料",
    "training_certificate": "短期集中培训结业证明",
    "pre_review_reply": "预审批复",
    "membership_form": "入党志愿书",
    "ballot_summary": "票决情况汇总表",
    "resolution": "支部党员大会决议",
    "talk_opinion": "上级党组织谈话记录和意见",
    "approval": "上级党委审批意见",
    "approval_notice": "批复",
    "admission_filing": "预备党员备案表",
    "assignment": "编入党支部和党小组登记表",
    "oath_record": "入党宣誓记录",
    "probation_inspection": "预备党员教育考察登记表",
    "conversion_application": "转正申请书",
    "dossier_index": "档案材料目录",
}
STAGE_NAMES = {
    Stage.APPLICATION: "申请入党",
    Stage.ACTIVIST: "积极分子",
    Stage.TARGET: "发展对象",
    Stage.ADMISSION: "党员接收",
    Stage.PROBATION: "考察转正",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One paper of a step. ``kind`` is its stored code, ``code`` the printed one; either may be empty.

    ``is_expected`` papers are missing while there is no ``document``; the others are only of help.
    """

    step: str
    kind: str
    code: str = ""
    record: Fact | None = None
    document: Document | None = None
    is_expected: bool = True

    @property
    def on(self) -> date | None:
        """Return the day on the paper, or that of the record it would have."""
        if self.document and self.document.dated_on:
            return self.document.dated_on
        return self.record.on if self.record else None

    @property
    def is_missing(self) -> bool:
        return self.is_expected and self.document is None


def lines_of(file: CaseFile, step: str) -> list[Line]:
    """Return the papers of a step: those its records leave, whatever else was filed, and those of the whole case."""
    records = [record for record in file.facts.records if record.step == step]
    course = file.course()
    waiting = [document for record in records for document in record.documents]
    found: list[Line] = []
    for record in records:
        for kind, printed in _LEFT.get((step, record.kind), ()):
            document = _taken(waiting, kind, record)
            code = "" if printed in WRITTEN and WRITTEN[printed] not in file.letters else printed
            is_expected = kind in STEPS[step].documents
            found.append(Line(step, kind, code, record, document, is_expected))
    found = [_late(line, waiting) for line in found]
    by_key = {document.key: record for record in records for document in record.documents}
    found += [Line(step, document.kind, "", by_key[document.key], document) for document in waiting]
    if step in course.done or (step in CARE_STEPS and course.is_complete(step, file.on)):
        there = {line.kind for line in found} | (set() if course.part(step, "publicity") else {"publicity_notice"})
        found += [Line(step, kind) for kind in STEPS[step].documents if kind not in there]
    found += [
        Line(step, "", code, is_expected=False)
        for code, (place, before) in DRAFTS.items()
        if place == step and before in course.done
    ]
    return found


def _taken(waiting: list[Document], kind: str, record: Fact) -> Document | None:
    """Take the document of ``kind`` that came with ``record`` out of those not yet placed."""
    for document in record.documents:
        if document.kind == kind and document in waiting:
            waiting.remove(document)
            return document
    return None


def _late(line: Line, waiting: list[Document]) -> Line:
    """Place a paper that was filed with another record of the step."""
    document = next((document for document in waiting if document.kind == line.kind), None)
    if line.document or document is None:
        return line
    waiting.remove(document)
    return replace(line, document=document)


def expected(file: CaseFile, step: str) -> list[Line]:
    """Return the papers of a step that are in the file or belong there; none before anything was recorded of it."""
    return [line for line in lines_of(file, step) if line.is_expected or line.document]


def printable(file: CaseFile) -> list[Line]:
    """Return every paper that can be printed of the case as it stands."""
    return [line for step in STEPS for line in lines_of(file, step) if line.code]


def own_codes(file: CaseFile) -> tuple[str, ...]:
    """Return the papers that candidates print themselves: their letters, and what helps them write.

    The draft of the statutory form is theirs from the day they were listed, which a notice told everybody, and not from
    the pre-review, which nobody may have told them of.
    """
    course = file.course()
    codes = [line.code for line in printable(file) if line.code in OWN]
    if "approve" in course.done:
        codes = [code for code in codes if code != "membership_form_draft"]
    return tuple(dict.fromkeys(codes))
