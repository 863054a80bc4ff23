"""What each kind of record says beyond who and when: one small dataclass per kind.

``kind`` is the code stored beside the record, ``recorders`` are the capacities that may record it. ``DETAILS`` says
which kinds a step takes, in the order they are recorded; the last one completes the step.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from .people import Named, Role

BRANCH = frozenset({Role.BRANCH})
SUPERIOR = frozenset({Role.SUPERIOR})
CARE = frozenset({Role.BRANCH, Role.CONTACT, Role.SPONSOR})
OWN = frozenset({Role.APPLICANT, Role.BRANCH})


class Purpose(StrEnum):
    """What a publicity notice is about."""

    TARGET = "target"
    ADMISSION = "admission"
    CONVERSION = "conversion"


class Outcome(StrEnum):
    """How a body decided."""

    PASSED = "passed"
    REJECTED = "rejected"
    EXTENDED = "extended"
    CANCELLED = "cancelled"


class Heard(StrEnum):
    """Whose opinion is asked."""

    GROUP = "group"
    CONTACTS = "contacts"
    MEMBERS = "members"
    MASSES = "masses"


class Topic(StrEnum):
    """What the first talk goes through (XZ26 7)."""

    BACKGROUND = "background"
    VIEW = "view"
    MOTIVE = "motive"
    LAW = "law"
    FAMILY = "family"


@dataclass(frozen=True, slots=True)
class Minutes:
    """The count of a committee's vote; ``None`` is a number the minutes do not give."""

    due: int | None = None
    present: int | None = None
    yes: int | None = None
    no: int | None = None
    abstain: int | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """Base of all kinds."""

    kind: ClassVar[str]
    recorders: ClassVar[frozenset[Role]] = BRANCH


@dataclass(frozen=True, slots=True)
class ApplicationFact(Details):
    """The letter; its own date is that of the record, the clock of the talk runs from ``received_on``."""

    kind: ClassVar[str] = "application"
    recorders: ClassVar[frozenset[Role]] = OWN
    received_on: date
    likeness: int | None = None  # per cent of the text found in another letter


@dataclass(frozen=True, slots=True)
class TalkFact(Details):
    kind: ClassVar[str] = "talk"
    talker: Named
    topics: tuple[Topic, ...] = ()
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class SuperiorTalkFact(Details):
    kind: ClassVar[str] = "superior_talk"
    recorders: ClassVar[frozenset[Role]] = SUPERIOR
    talker: Named
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class NominationFact(Details):
    """Recommendation by members or nomination by the league, then the committee's decision on the record's day."""

    kind: ClassVar[str] = "nomination"
    by_league: bool
    recommended_on: date
    minutes: Minutes


@dataclass(frozen=True, slots=True)
class FilingFact(Details):
    kind: ClassVar[str] = "filing"
    recorders: ClassVar[frozenset[Role]] = SUPERIOR
    number: str = ""


@dataclass(frozen=True, slots=True)
class ContactsFact(Details):
    kind: ClassVar[str] = "contacts"
    contacts: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class InspectionFact(Details):
    """The branch's half-yearly look at an activist or a probationary member."""

    kind: ClassVar[str] = "inspection"
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class ContactNoteFact(Details):
    kind: ClassVar[str] = "contact_note"
    recorders: ClassVar[frozenset[Role]] = CARE
    author: Named
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReportFact(Details):
    """A thought report that was accepted; ``year`` and ``quarter`` say for when it was written."""

    kind: ClassVar[str] = "report"
    recorders: ClassVar[frozenset[Role]] = OWN | CARE
    year: int
    quarter: int
    likeness: int | None = None


@dataclass(frozen=True, slots=True)
class OpinionsFact(Details):
    kind: ClassVar[str] = "opinions"
    heard: tuple[Heard, ...]
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class ReviewFact(Details):
    """A decision of the branch committee: on a target, before pre-review, before the conversion congress."""

    kind: ClassVar[str] = "review"
    outcome: Outcome
    minutes: Minutes
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class ConsentFact(Details):
    """The superior's consent to a target; under the edition of 2014 its filing."""

    kind: ClassVar[str] = "consent"
    recorders: ClassVar[frozenset[Role]] = SUPERIOR
    outcome: Outcome
    number: str = ""


@dataclass(frozen=True, slots=True)
class PublicityFact(Details):
    """A notice put up on ``starts_on`` (not counted) that hangs through ``ends_on``; the record's day is the former."""

    kind: ClassVar[str] = "publicity"
    purpose: Purpose
    starts_on: date
    ends_on: date
    place: str = ""


@dataclass(frozen=True, slots=True)
class PublicityResultFact(Details):
    kind: ClassVar[str] = "publicity_result"
    purpose: Purpose
    objections: int = 0
    is_blocking: bool = False
    conclusion: str = ""


@dataclass(frozen=True, slots=True)
class SponsorsFact(Details):
    kind: ClassVar[str] = "sponsors"
    sponsors: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """One inquiry of the political review: whom it is about, when it was sent and answered."""

    subject: str
    sent_on: date
    replied_on: date | None


@dataclass(frozen=True, slots=True)
class PoliticalReviewFact(Details):
    kind: ClassVar[str] = "political_review"
    outcome: Outcome
    letters: tuple[Letter, ...] = ()
    talked: bool = True
    files_read: bool = True
    conclusion: str = ""


@dataclass(frozen=True, slots=True)
class TrainingFact(Details):
    """Intensive training; the record's day is that of the certificate."""

    kind: ClassVar[str] = "training"
    recorders: ClassVar[frozenset[Role]] = frozenset({Role.TRAINER, Role.SUPERIOR})
    starts_on: date
    ends_on: date
    hours: int
    days: int
    has_passed: bool = True
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class PreReviewFact(Details):
    kind: ClassVar[str] = "pre_review"
    recorders: ClassVar[frozenset[Role]] = SUPERIOR
    outcome: Outcome
    number: str = ""


@dataclass(frozen=True, slots=True)
class FormFact(Details):
    """The statutory form, filled by hand under the sponsors' guidance."""

    kind: ClassVar[str] = "form"
    number: str = ""


@dataclass(frozen=True, slots=True)
class BallotFact(Details):
    """A branch congress about one candidate. ``yes`` and ``no`` include the ``written`` opinions sent in before.

    ``months`` is the length of an extension. ``candidates`` is how many people the one ballot was about.
    """

    kind: ClassVar[str] = "ballot"
    outcome: Outcome
    due: int | None
    present: int | None
    issued: int | None
    returned: int | None
    yes: int | None
    no: int | None
    abstain: int | None
    invalid: int = 0
    written: int = 0
    candidates: int = 1
    is_secret: bool = True
    candidate_present: bool = True
    sponsors_present: int = 2
    months: int = 0


@dataclass(frozen=True, slots=True)
class ApprovalFact(Details):
    """The superior's decision, on admission with the probation's first and last day, else with the standing's start."""

    kind: ClassVar[str] = "approval"
    recorders: ClassVar[frozenset[Role]] = SUPERIOR
    outcome: Outcome
    minutes: Minutes
    probation_from: date | None = None
    probation_to: date | None = None
    standing_from: date | None = None
    special_reason: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class AssignmentFact(Details):
    kind: ClassVar[str] = "assignment"
    recorders: ClassVar[frozenset[Role]] = BRANCH | SUPERIOR
    branch: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class OathFact(Details):
    kind: ClassVar[str] = "oath"
    recorders: ClassVar[frozenset[Role]] = BRANCH | SUPERIOR
    place: str = ""
    led_by: str = ""


@dataclass(frozen=True, slots=True)
class ConversionFact(Details):
    kind: ClassVar[str] = "conversion"
    recorders: ClassVar[frozenset[Role]] = OWN
    likeness: int | None = None


@dataclass(frozen=True, slots=True)
class ArchiveFact(Details):
    kind: ClassVar[str] = "archive"
    recorders: ClassVar[frozenset[Role]] = BRANCH | SUPERIOR
    place: str = ""


DETAILS: dict[str, tuple[type[Details], ...]] = {
    "apply": (ApplicationFact,),
    "talk": (TalkFact,),
    "nominate": (NominationFact,),
    "file_activist": (FilingFact,),
    "assign_contacts": (ContactsFact,),
    "cultivate": (ReportFact, ContactNoteFact, InspectionFact),
    "propose_target": (OpinionsFact, ReviewFact),
    "consent_publicity": (ConsentFact, PublicityFact, PublicityResultFact),
    "sponsors": (SponsorsFact,),
    "political_review": (PoliticalReviewFact,),
    "training": (TrainingFact,),
    "committee_review": (ReviewFact,),
    "pre_review": (PreReviewFact,),
    "fill_form": (FormFact,),
    "congress": (PublicityFact, PublicityResultFact, BallotFact),
    "superior_talk": (SuperiorTalkFact,),
    "approve": (ApprovalFact,),
    "file_above": (FilingFact,),
    "assign_branch": (AssignmentFact,),
    "oath": (OathFact,),
    "probation": (ReportFact, ContactNoteFact, InspectionFact),
    "convert_apply": (ConversionFact,),
    "convert_congress": (OpinionsFact, PublicityFact, PublicityResultFact, ReviewFact, BallotFact),
    "convert_approve": (ApprovalFact,),
    "archive": (ArchiveFact,),
}
KINDS: dict[str, type[Details]] = {kind.kind: kind for kinds in DETAILS.values() for kind in kinds}
