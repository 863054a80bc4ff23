"""What votes of meetings are about, in which kind of meeting, and by which rule of ``portal.ballots``. Pure."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.ballots.rules import Rule
from portal.ballots.vocabulary import BallotKind, Outcome
from portal.organizations.duties import POST_TYPES, Post


class Purpose(models.TextChoices):
    """What a vote decides."""

    RESOLUTION = "resolution", _("resolution")
    RECOMMENDATION = "recommend", _("recommendation of an applicant by members")
    NOMINATION = "nomination", _("decision on an applicant as activist")
    ADMISSION = "admission", _("admission of a probationary member")
    CONVERSION = "conversion", _("conversion to full membership")
    REVIEW = "review", _("opinion of the committee on a person")
    ELECTION = "election", _("election")
    OTHER = "other", _("other")


class Waits(models.TextChoices):
    """What a result waits for."""

    RECORD = "record", _("to be recorded in the case")
    APPROVE = "approve", _("for the approval of the superior")


# Which steps of recruitment a vote belongs to; all but a recommendation are recorded in it.
STEPS: dict[str, tuple[str, ...]] = {
    "recommend": ("nominate",),
    "nomination": ("nominate",),
    "admission": ("congress",),
    "conversion": ("convert_congress",),
    "review": ("propose_target", "committee_review", "convert_congress"),
}
# As what kind of record a result is entered in its step.
KINDS: dict[str, str] = {"nomination": "nomination", "admission": "ballot", "conversion": "ballot", "review": "review"}
PROPOSED = [
    ("passed", _("convert on time")),
    ("extended", _("extend the probation")),
    ("cancelled", _("cancel the probationary membership")),
]
# Posts that are filled by election; the others are appointed.
ELECTIVE = (
    Post.SECRETARY, Post.DEPUTY_SECRETARY, Post.ORGANIZATION_COMMISSIONER, Post.PUBLICITY_COMMISSIONER,
    Post.DISCIPLINE_COMMISSIONER, Post.UNITED_FRONT_COMMISSIONER, Post.YOUTH_COMMISSIONER, Post.COMMITTEE_MEMBER,
    Post.GROUP_LEADER,
)  # fmt: skip
_BODY = frozenset({"branch_committee", "democratic_life_meeting"})
_CONGRESS = frozenset({"branch_congress"})


@dataclass(frozen=True, slots=True)
class Form:
    """How a vote of one purpose is held in one kind of meeting."""

    kind: BallotKind
    rules: tuple[Rule, ...]
    # A vote that need not be secret may be.
    secret_only: bool = False


def form_of(purpose: str, part: str) -> Form | None:
    """Return how a vote on ``purpose`` is held in a part of a sitting, ``None`` where it is not its business.

    A branch without a committee decides everything in its congress (ZB 6), so the congress may give opinions too.
    Members recommend applicants in the congress or in their group; that decides nothing yet (XZ26 8).
    """
    ordinary = Rule.COMMITTEE if part in _BODY else Rule.ORDINARY
    found = {
        Purpose.RESOLUTION: Form(BallotKind.PROPOSAL, (ordinary,)),
        Purpose.OTHER: Form(BallotKind.CHOICE, (Rule.PLURALITY,)),
    }
    if part in _CONGRESS:
        found[Purpose.ADMISSION] = found[Purpose.CONVERSION] = Form(BallotKind.PROPOSAL, (Rule.CONGRESS,), True)
        found[Purpose.ELECTION] = Form(BallotKind.ELECTION, (Rule.ELECTION, Rule.ELECTION_EQUAL), True)
    elif part in _BODY:
        found[Purpose.ELECTION] = Form(BallotKind.ELECTION, (Rule.ELECTION_EQUAL, Rule.ELECTION), True)
    elif part == "group_meeting":
        # A group elects its leader in the group (domain.md 1.2).
        found[Purpose.ELECTION] = Form(BallotKind.ELECTION, (Rule.ELECTION_EQUAL, Rule.ELECTION), True)
    if part in _CONGRESS | _BODY:
        found[Purpose.REVIEW] = found[Purpose.NOMINATION] = Form(BallotKind.PROPOSAL, (Rule.COMMITTEE,))
    if part in _CONGRESS or part == "group_meeting":
        found[Purpose.RECOMMENDATION] = Form(BallotKind.PROPOSAL, (Rule.ORDINARY,))
    return found.get(Purpose(purpose))


def posts_for(org_type: str) -> list[Post]:
    """Return the posts that an organization of this type fills by election."""
    return [post for post in ELECTIVE if org_type in POST_TYPES[post]]


def waits_after(purpose: str, outcome: str, *, is_anybody_elected: bool) -> str:
    """Return what a result of ``outcome`` waits for, ``""`` when nothing follows from it."""
    if purpose in KINDS and outcome in (Outcome.PASSED, Outcome.REJECTED):
        # Who is not decided on as activist stays an applicant; no step knows of that.
        return "" if purpose == Purpose.NOMINATION and outcome == Outcome.REJECTED else Waits.RECORD
    return Waits.APPROVE if purpose == Purpose.ELECTION and is_anybody_elected else ""


def purposes_in(part: str) -> list[Purpose]:
    """Return what may be voted on in a part of a sitting, in the order of the vocabulary."""
    return [purpose for purpose in Purpose if form_of(purpose, part)]
