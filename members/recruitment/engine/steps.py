"""The twenty-five steps of recruitment as data (domain.md 3.1): who acts, after what, and by which article.

``article`` is the number in the Rules on Recruiting Members; ``cite`` names it in the edition of a case.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .people import Role

XZ14, XZ26 = "recruitment-2014", "recruitment-2026-05"
_KEYS = {XZ14: "XZ14", XZ26: "XZ26"}


class Stage(StrEnum):
    """The five stages of the common chart."""

    APPLICATION = "application"
    ACTIVIST = "activist"
    TARGET = "target"
    ADMISSION = "admission"
    PROBATION = "probation"


STAGE_LABELS: dict[Stage, Promise] = {
    Stage.APPLICATION: _("Application"),
    Stage.ACTIVIST: _("Activist"),
    Stage.TARGET: _("Development target"),
    Stage.ADMISSION: _("Admission of a probationary member"),
    Stage.PROBATION: _("Probation and conversion"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step; ``requires`` are the steps to be complete before it, ``documents`` the papers it leaves in the file."""

    number: int
    code: str
    stage: Stage
    actor: Role
    label: Promise
    article: str
    requires: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    editions: tuple[str, ...] = (XZ14, XZ26)


_A, _B, _C, _D, _E = tuple(Stage)
_R = Role
_ROWS = (
    Step(1, "apply", _A, _R.APPLICANT, _("Application letter"), "5", (), ("application_letter",)),
    Step(2, "talk", _A, _R.BRANCH, _("Talk with the applicant"), "7", ("apply",), ("talk_record",)),
    Step(
        3, "nominate", _B, _R.COMMITTEE, _("Recommendation and decision as activist"), "8",
        ("talk",), ("recommendation", "committee_minutes"),
    ),
    Step(4, "file_activist", _B, _R.SUPERIOR, _("Filing of the activist"), "8", ("nominate",), ("activist_filing",)),
    Step(
        5, "assign_contacts", _B, _R.BRANCH, _("Assignment of cultivation contacts"), "9",
        ("nominate",), ("contact_assignment",),
    ),
    Step(
        6, "cultivate", _B, _R.BRANCH, _("Cultivation and inspection"), "10",
        ("assign_contacts",), ("cultivation_register",),
    ),
    Step(
        7, "propose_target", _C, _R.COMMITTEE, _("Decision on the development target"), "13",
        ("file_activist", "cultivate"), ("opinion_record", "committee_minutes"),
    ),
    Step(
        8, "consent_publicity", _C, _R.SUPERIOR, _("Superior's consent and publicity"), "13",
        ("propose_target",), ("target_filing", "publicity_notice"),
    ),
    Step(9, "sponsors", _C, _R.BRANCH, _("Sponsors"), "14", ("consent_publicity",), ("sponsor_record",)),
    Step(
        10, "political_review", _C, _R.BRANCH, _("Political review"), "16",
        ("consent_publicity",), ("political_review_conclusion",),
    ),
    Step(
        11, "training", _C, _R.TRAINER, _("Intensive training"), "17",
        ("consent_publicity",), ("training_certificate",),
    ),
    Step(
        12, "committee_review", _D, _R.COMMITTEE, _("Review by the branch committee"), "18",
        ("sponsors", "political_review", "training"), ("committee_minutes",),
    ),
    Step(
        13, "pre_review", _D, _R.SUPERIOR, _("Pre-review by the superior"), "18",
        ("committee_review",), ("pre_review_reply",),
    ),
    Step(
        14, "fill_form", _D, _R.BRANCH, _("Membership application form"), "18",
        ("pre_review",), ("membership_form",),
    ),
    Step(
        15, "congress", _D, _R.CONGRESS, _("Branch congress on admission"), "20",
        ("fill_form",), ("ballot_summary", "resolution"),
    ),
    Step(16, "superior_talk", _D, _R.SUPERIOR, _("Talk by the superior"), "24", ("congress",), ("talk_opinion",)),
    Step(17, "approve", _D, _R.SUPERIOR, _("Approval"), "25", ("superior_talk",), ("approval", "approval_notice")),
    Step(18, "file_above", _D, _R.SUPERIOR, _("Filing one level above"), "25", ("approve",), ("admission_filing",)),
    Step(
        19, "assign_branch", _E, _R.BRANCH, _("Assignment to branch and group"), "28", ("approve",), ("assignment",)
    ),
    Step(20, "oath", _E, _R.BRANCH, _("Admission oath"), "29", ("approve",), ("oath_record",)),
    Step(
        21, "probation", _E, _R.BRANCH, _("Probation and inspection"), "31", ("approve",), ("probation_inspection",)
    ),
    Step(
        22, "convert_apply", _E, _R.APPLICANT, _("Conversion application"), "32",
        ("assign_branch",), ("conversion_application",),
    ),
    Step(
        23, "convert_congress", _E, _R.CONGRESS, _("Branch congress on conversion"), "32",
        ("convert_apply", "probation"), ("ballot_summary", "resolution"),
    ),
    Step(
        24, "convert_approve", _E, _R.SUPERIOR, _("Approval of the conversion"), "33",
        ("convert_congress",), ("approval", "approval_notice"),
    ),
    Step(
        25, "archive", _E, _R.BRANCH, _("Archive of the file"), "36",
        ("file_above", "oath", "convert_approve"), ("dossier_index",),
    ),
)  # fmt: skip

STEPS: dict[str, Step] = {step.code: step for step in _ROWS}


def steps_of(edition: str) -> tuple[Step, ...]:
    """Return the steps of an edition in their order."""
    return tuple(step for step in _ROWS if edition in step.editions)


def cite(edition: str, number: str) -> str:
    """Return an article of the Rules on Recruiting Members as named in an edition: ``XZ26 13``."""
    return f"{_KEYS[edition]} {number}"


def acting(step: Step, *, has_committee: bool) -> Role:
    """Return who acts in a step: where a branch has no committee, its congress (ZB 6)."""
    if step.actor is Role.COMMITTEE and not has_committee:
        return Role.CONGRESS
    return step.actor
