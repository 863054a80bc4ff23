"""Which papers a record leaves in the file: those of its step that come with its kind of record."""

_BY_KIND: dict[str, tuple[str, ...]] = {
    "application": ("application_letter",),
    "talk": ("talk_record",),
    "superior_talk": ("talk_opinion",),
    "nomination": ("recommendation", "committee_minutes"),
    "contacts": ("contact_assignment",),
    "report": ("thought_report",),
    "opinions": ("opinion_record",),
    "review": ("committee_minutes",),
    "consent": ("target_filing",),
    "publicity": ("publicity_notice",),
    "sponsors": ("sponsor_record",),
    "political_review": ("political_review_conclusion", "autobiography"),
    "training": ("training_certificate",),
    "pre_review": ("pre_review_reply",),
    "form": ("membership_form",),
    "ballot": ("ballot_summary", "resolution"),
    "approval": ("approval", "approval_notice"),
    "assignment": ("assignment",),
    "oath": ("oath_record",),
    "conversion": ("conversion_application",),
    "archive": ("dossier_index",),
}
# Kinds of which the step tells the paper.
_BY_STEP: dict[tuple[str, str], tuple[str, ...]] = {
    ("file_activist", "filing"): ("activist_filing",),
    ("file_above", "filing"): ("admission_filing",),
    ("cultivate", "inspection"): ("cultivation_register",),
    ("probation", "inspection"): ("probation_inspection",),
}


def papers_left(step: str, kind: str) -> tuple[str, ...]:
    """Return the codes of the papers that a record of ``kind`` in ``step`` leaves, by those of ``PAPER_LABELS``."""
    return _BY_STEP.get((step, kind)) or _BY_KIND.get(kind, ())
