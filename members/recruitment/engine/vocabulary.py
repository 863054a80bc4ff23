"""The words for kinds of record and of paper; codes are what is stored."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .people import Role

KIND_LABELS: dict[str, Promise] = {
    "application": _("application letter"),
    "talk": _("talk"),
    "superior_talk": _("talk by the superior"),
    "nomination": _("recommendation and decision"),
    "filing": _("filing"),
    "contacts": _("cultivation contacts"),
    "inspection": _("inspection"),
    "contact_note": _("note of the contact"),
    "report": _("thought report"),
    "opinions": _("opinions heard"),
    "review": _("decision of the branch committee"),
    "consent": _("superior's consent"),
    "publicity": _("publicity notice"),
    "publicity_result": _("result of the publicity"),
    "sponsors": _("sponsors"),
    "political_review": _("political review"),
    "training": _("intensive training"),
    "pre_review": _("pre-review reply"),
    "form": _("membership application form"),
    "ballot": _("ballot of the congress"),
    "approval": _("approval"),
    "assignment": _("assignment"),
    "oath": _("oath"),
    "conversion": _("conversion application"),
    "archive": _("archive"),
}

PAPER_LABELS: dict[str, Promise] = {
    "application_letter": _("application letter"),
    "talk_record": _("talk record"),
    "recommendation": _("recommendation form"),
    "committee_minutes": _("minutes of the committee"),
    "activist_filing": _("filing list of activists"),
    "contact_assignment": _("assignment of contacts"),
    "cultivation_register": _("cultivation register"),
    "thought_report": _("thought report"),
    "opinion_record": _("record of opinions heard"),
    "target_filing": _("filing and consent for the target"),
    "publicity_notice": _("publicity notice"),
    "sponsor_record": _("sponsor record"),
    "autobiography": _("autobiography"),
    "political_review_conclusion": _("conclusion of the political review"),
    "training_certificate": _("training certificate"),
    "pre_review_reply": _("pre-review reply"),
    "membership_form": _("membership application form"),
    "ballot_summary": _("ballot summary"),
    "resolution": _("resolution of the congress"),
    "talk_opinion": _("opinion of the talk"),
    "approval": _("approval"),
    "approval_notice": _("notice of approval"),
    "admission_filing": _("filing list of admissions"),
    "assignment": _("assignment"),
    "oath_record": _("oath record"),
    "probation_inspection": _("probation inspection form"),
    "conversion_application": _("conversion application"),
    "dossier_index": _("index of the file"),
}

ROLE_LABELS: dict[Role, Promise] = {
    Role.APPLICANT: _("the applicant"),
    Role.BRANCH: _("the branch"),
    Role.COMMITTEE: _("the branch committee"),
    Role.CONGRESS: _("the branch congress"),
    Role.CONTACT: _("the cultivation contact"),
    Role.SPONSOR: _("the sponsor"),
    Role.TRAINER: _("the party school"),
    Role.SUPERIOR: _("the superior committee"),
    Role.UPPER: _("the committee above the superior"),
}

# What may be passed by leave of the superior, as the superior reads it: what would be allowed, not what forbids it.
EXCEPTION_LABELS: dict[str, Promise] = {
    "league": _("A member of the league under the age limit is nominated by party members instead of the league"),
    "nominate_early": _("Nominated before the months after the application have passed"),
    "inspections": _("Proposed although inspections that were due are not recorded"),
    "temporary_branch": _("Recruited by a temporary branch"),
    "publicity_local": _("A publicity notice shorter than this university asks for"),
    "publicity_missing": _("No publicity notice where only this university asks for one"),
    "review_expired": _("Going on with a political review whose time has run out"),
    "training_short": _("Training of fewer hours and days than asked for"),
    "training_missing": _("No intensive training beforehand"),
    "training_expired": _("Going on with a training whose time has run out"),
    "leaves_soon": _("Admitted although the person leaves the university soon"),
    "congress_late": _("A branch congress later than the month after the pre-review"),
    "talker_sponsors": _("A sponsor talks with the candidate for the superior"),
    "convert_apply_early": _("A conversion application before its time"),
}
