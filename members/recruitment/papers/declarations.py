"""All papers of recruitment by code. The codes are those of ``Step.documents``, after the prefix ``recruitment.``."""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.documents.registry import Paper, papers

from . import admission, application, approval, congress, cultivation, probation, publicity, target

_activists = partial(
    cultivation.draw_filing, title="入党积极分子备案表", decided="确定为积极\n分子日期", people="培养联系人"
)
_targets = partial(cultivation.draw_filing, title="发展对象备案表", decided="确定为发展\n对象日期", people="培养联系人")
_admitted = partial(cultivation.draw_filing, title="预备党员备案表", decided="批准日期", people="入党介绍人")

# Code, name in the portal, facts, regulation, layout; in the order of the steps.
_ROWS: tuple[tuple[str, Any, type, str, Any], ...] = (
    ("application_letter", _("Application letter"), application.ApplicationLetter, "XZ26 5", application.draw_letter),
    (
        "talk_record",
        _("Record of the talk with the applicant"),
        application.TalkRecord,
        "XZ26 7",
        application.draw_talk,
    ),
    ("recommendation", _("Recommendation form"), cultivation.Recommendation, "XZ26 8", cultivation.draw_recommendation),
    ("activist_filing", _("Filing list of activists"), cultivation.FilingList, "XZ26 8", _activists),
    (
        "contact_assignment",
        _("Assignment of contacts"),
        cultivation.ContactAssignment,
        "XZ26 9",
        cultivation.draw_contacts,
    ),
    (
        "cultivation_register",
        _("Register of an activist"),
        cultivation.CultivationRegister,
        "XZ26 10",
        cultivation.draw_register,
    ),
    ("inspection", _("Half-yearly inspection form"), cultivation.Inspection, "XZ26 11", cultivation.draw_inspection),
    ("opinion_record", _("Record of opinions heard"), target.OpinionRecord, "XZ26 13, 32", target.draw_opinions),
    ("target_filing", _("Filing list of development targets"), cultivation.FilingList, "XZ26 13", _targets),
    ("publicity_notice", _("Publicity notice"), publicity.PublicityNotice, "XZ26 13", publicity.draw_notice),
    (
        "publicity_result",
        _("Result of a publicity notice"),
        publicity.PublicityResult,
        "XZ26 13",
        publicity.draw_result,
    ),
    ("sponsor_record", _("Record of the sponsors"), target.SponsorRecord, "XZ26 14", target.draw_sponsors),
    (
        "political_review_conclusion",
        _("Summary of the political review"),
        target.PoliticalReview,
        "XZ26 16",
        target.draw_review,
    ),
    (
        "training_certificate",
        _("Note on the training certificate"),
        target.TrainingNote,
        "XZ26 17",
        target.draw_training,
    ),
    (
        "committee_minutes",
        _("Extract of the committee's minutes"),
        admission.CommitteeMinutes,
        "XZ26 18",
        admission.draw_minutes,
    ),
    ("pre_review_reply", _("Reply on the pre-review"), admission.PreReviewReply, "XZ26 18", admission.draw_pre_review),
    (
        "membership_form_draft",
        _("Draft sheet for the membership application form"),
        admission.FormDraft,
        "ZZ04",
        admission.draw_draft,
    ),
    ("ballot_summary", _("Summary of the ballot"), congress.BallotSummary, "XZ26 19, 20", congress.draw_ballot),
    (
        "resolution",
        _("Resolution of the congress on admission"),
        congress.Resolution,
        "XZ26 20",
        congress.draw_resolution,
    ),
    (
        "talk_opinion",
        _("Talk and opinion before approval"),
        approval.TalkOpinion,
        "XZ26 24",
        approval.draw_talk_opinion,
    ),
    ("approval_notice", _("Notice of approval"), approval.ApprovalNotice, "XZ26 25, 33", approval.draw_approval),
    ("admission_filing", _("Filing list of probationary members"), cultivation.FilingList, "XZ26 25", _admitted),
    ("assignment", _("Assignment to a branch and group"), probation.Assignment, "XZ26 28", probation.draw_assignment),
    ("oath_record", _("Record of the oath"), probation.OathRecord, "XZ26 29", probation.draw_oath),
    (
        "probation_inspection",
        _("Inspection form of the probation"),
        probation.ProbationInspection,
        "XZ26 31",
        probation.draw_probation,
    ),
    (
        "conversion_application",
        _("Conversion application"),
        probation.ConversionApplication,
        "XZ26 32",
        probation.draw_conversion_application,
    ),
    (
        "conversion_resolution",
        _("Resolution of the congress on conversion"),
        congress.ConversionResolution,
        "XZ26 32",
        congress.draw_conversion,
    ),
    ("dossier_index", _("Index of the file"), probation.DossierIndex, "XZ26 36", probation.draw_dossier),
)

PAPERS = tuple(
    Paper(f"recruitment.{code}", title, facts, regulation, draw, order=order)
    for order, (code, title, facts, regulation, draw) in enumerate(_ROWS, start=1)
)


def declare() -> None:
    """Register the papers; called once, when the room is ready."""
    for paper in PAPERS:
        papers.register(paper)
