"""Lawful cases for the rules of recruitment, without a database, and ways to spoil one thing in them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from members.recruitment.engine.details import (
    ApplicationFact,
    ApprovalFact,
    ArchiveFact,
    AssignmentFact,
    BallotFact,
    ConsentFact,
    ContactNoteFact,
    ContactsFact,
    ConversionFact,
    Details,
    FilingFact,
    FormFact,
    Heard,
    InspectionFact,
    Letter,
    Minutes,
    NominationFact,
    OathFact,
    OpinionsFact,
    Outcome,
    PoliticalReviewFact,
    PreReviewFact,
    PublicityFact,
    PublicityResultFact,
    Purpose,
    ReportFact,
    ReviewFact,
    SponsorsFact,
    SuperiorTalkFact,
    TalkFact,
    Topic,
    TrainingFact,
)
from members.recruitment.engine.facts import CaseFacts, Document, Fact, in_order
from members.recruitment.engine.people import BranchFacts, Named, PersonFacts, Role
from members.recruitment.engine.steps import STEPS, XZ14, XZ26
from portal.rulesets.days import Calendar, add_months, add_workdays
from portal.rulesets.editions import EDITION_2014, EDITION_2026_05
from portal.rulesets.values import RuleSet, merge

RULES_2014, RULES_2026 = merge(EDITION_2014), merge(EDITION_2026_05)
RULES: dict[str, RuleSet] = {XZ14: RULES_2014, XZ26: RULES_2026}

CANDIDATE, SECRETARY, OFFICER, SCHOOL = 1, 2, 3, 4
FIRST, SECOND, THIRD = Named(11, "Zhao"), Named(12, "Qian"), Named(13, "Sun")
TALKER = Named(14, "Li")
BY = {
    Role.APPLICANT: CANDIDATE,
    Role.BRANCH: SECRETARY,
    Role.SUPERIOR: OFFICER,
    Role.TRAINER: SCHOOL,
    Role.CONTACT: FIRST.key,
    Role.SPONSOR: FIRST.key,
}
MINUTES = Minutes(due=5, present=5, yes=5, no=0, abstain=0)
BALLOT = BallotFact(
    outcome=Outcome.PASSED, due=10, present=9, issued=9, returned=9, yes=8, no=0, abstain=1, invalid=0, written=0
)
# The days of 2026 as the State Council announced them; other years count weekends alone.
CALENDAR = Calendar(
    holidays=frozenset(
        date(2026, month, day)
        for month, days in {
            1: (1, 2, 3),
            2: (15, 16, 17, 18, 19, 20, 21, 22, 23),
            4: (4, 5, 6),
            5: (1, 2, 3, 4, 5),
            6: (19, 20, 21),
            9: (25, 26, 27),
            10: (1, 2, 3, 4, 5, 6, 7),
        }.items()
        for day in days
    ),
    shifted=frozenset(
        date(2026, month, day) for month, day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))
    ),
    announced=frozenset({2026}),
)  # fmt: skip
# Which record of a step leaves which paper, where the step has several.
_PAPER_KINDS = {"opinion_record": "opinions", "target_filing": "consent", "publicity_notice": "publicity"}
_CARE_PAPERS = {"cultivation_register": "inspection", "probation_inspection": "inspection"}


def record(step: str, on: date, details: Details, *, role: Role = Role.BRANCH, **changes: Any) -> Fact:
    """Return a record with the papers its step leaves, each signed and dated on its day."""
    last = _last_kind(step, details)
    papers = tuple(
        Document(kind=kind, dated_on=on, is_signed=True)
        for kind in STEPS[step].documents
        if (_PAPER_KINDS | _CARE_PAPERS).get(kind, last) == details.kind
    )
    values: dict[str, Any] = {"by": BY[role], "role": role, "documents": papers, "recorded_on": on} | changes
    return Fact(step=step, on=on, details=details, **values)


def _last_kind(step: str, details: Details) -> str:
    several = {"propose_target": "review", "congress": "ballot", "convert_congress": "ballot"}
    return several.get(step, details.kind)


class Way:
    """A lawful way through all steps, its days reckoned from that of the application."""

    def __init__(
        self, applied_on: date, edition: str, calendar: Calendar, *, has_committee: bool = True, extension: int = 0
    ) -> None:
        self.edition, self.calendar = edition, calendar
        self.has_committee, self.extension = has_committee, extension
        self.records: list[Fact] = []
        self._apply(applied_on)
        self._list_target(add_months(self.activist_on, 12))
        self._prepare(self.listed_on)
        self._admit(self.reviewed_on)
        self._probation()
        self._convert()

    def put(self, step: str, on: date, details: Details, role: Role = Role.BRANCH) -> date:
        self.records.append(record(step, on, details, role=role))
        return on

    def _apply(self, day: date) -> None:
        self.put("apply", day, ApplicationFact(received_on=day), Role.APPLICANT)
        self.put("talk", day + timedelta(10), TalkFact(talker=TALKER, topics=tuple(Topic)))
        self.activist_on = on = add_months(day, 3)
        self.put("nominate", on, NominationFact(by_league=True, recommended_on=on - timedelta(7), minutes=MINUTES))
        self.put("file_activist", on + timedelta(7), FilingFact(), Role.SUPERIOR)
        self.put("assign_contacts", on + timedelta(8), ContactsFact((FIRST, SECOND)))

    def _list_target(self, on: date) -> None:
        for months in (6, 12):
            self.put("cultivate", add_months(self.activist_on, months) - timedelta(3), InspectionFact())
        self.put("propose_target", on, OpinionsFact(tuple(Heard)))
        self.put("propose_target", on + timedelta(3), ReviewFact(Outcome.PASSED, MINUTES))
        on += timedelta(10)
        self.put("consent_publicity", on, ConsentFact(Outcome.PASSED), Role.SUPERIOR)
        self.listed_on = on
        if self.edition == XZ26:
            self.listed_on = self._publicise("consent_publicity", Purpose.TARGET, on + timedelta(1))

    def _publicise(self, step: str, purpose: Purpose, starts_on: date) -> date:
        ends_on, _provisional = add_workdays(starts_on, 5, self.calendar)
        self.put(step, starts_on, PublicityFact(purpose, starts_on, ends_on))
        return self.put(step, ends_on + timedelta(1), PublicityResultFact(purpose))

    def _prepare(self, on: date) -> None:
        self.put("sponsors", on + timedelta(1), SponsorsFact((FIRST, SECOND)))
        letters = (Letter("mother", on + timedelta(2), on + timedelta(20)),)
        self.put("political_review", on + timedelta(22), PoliticalReviewFact(Outcome.PASSED, letters))
        starts_on, ends_on = on + timedelta(23), on + timedelta(26)
        self.put("training", ends_on, TrainingFact(starts_on, ends_on, hours=24, days=3), Role.TRAINER)
        self.reviewed_on = self.put("committee_review", on + timedelta(30), ReviewFact(Outcome.PASSED, MINUTES))

    def _admit(self, on: date) -> None:
        self.put("pre_review", on + timedelta(7), PreReviewFact(Outcome.PASSED), Role.SUPERIOR)
        self.put("fill_form", on + timedelta(9), FormFact())
        closed_on = self._publicise("congress", Purpose.ADMISSION, on + timedelta(10))
        self.admitted_on = self.put("congress", closed_on + timedelta(1), BALLOT)
        self.put("superior_talk", self.admitted_on + timedelta(10), SuperiorTalkFact(TALKER), Role.SUPERIOR)
        last = add_months(self.admitted_on, 12) - timedelta(1)
        approval = ApprovalFact(Outcome.PASSED, MINUTES, probation_from=self.admitted_on, probation_to=last)
        self.approved_on = self.put("approve", self.admitted_on + timedelta(20), approval, Role.SUPERIOR)

    def _probation(self) -> None:
        on = self.approved_on
        self.put("file_above", on + timedelta(3), FilingFact(), Role.SUPERIOR)
        self.put("assign_branch", on + timedelta(4), AssignmentFact(branch="First", group="One"))
        self.put("oath", on + timedelta(20), OathFact(place="Hall"))
        self.put("probation", add_months(on, 6) - timedelta(3), InspectionFact())
        self.convert_on = add_months(self.admitted_on, 12)
        self.put("probation", self.convert_on - timedelta(30), InspectionFact())

    def _convert(self) -> None:
        if self.extension:
            self._round(replace(BALLOT, outcome=Outcome.EXTENDED, months=self.extension))
            for months in range(6, self.extension + 1, 6):
                self.put("probation", add_months(self.convert_on, months) - timedelta(3), InspectionFact())
            self.convert_on = add_months(self.convert_on, self.extension)
        closed_on = self._round(BALLOT)
        self._care("cultivate", self.activist_on, self.approved_on, Role.CONTACT)
        self._care("probation", self.approved_on, closed_on, Role.SPONSOR)
        self.put("archive", closed_on + timedelta(10), ArchiveFact(place="College"))

    def _round(self, ballot: BallotFact) -> date:
        self.put("convert_apply", self.convert_on - timedelta(20), ConversionFact(), Role.APPLICANT)
        self.put("convert_congress", self.convert_on, OpinionsFact(tuple(Heard)))
        closed_on = self._publicise("convert_congress", Purpose.CONVERSION, self.convert_on + timedelta(1))
        if self.has_committee:
            self.put("convert_congress", closed_on + timedelta(1), ReviewFact(Outcome.PASSED, MINUTES))
        held_on = self.put("convert_congress", closed_on + timedelta(2), ballot)
        standing_from = self.convert_on if ballot.outcome is Outcome.PASSED else None
        approval = ApprovalFact(ballot.outcome, MINUTES, standing_from=standing_from)
        return self.put("convert_approve", held_on + timedelta(20), approval, Role.SUPERIOR)

    def _care(self, step: str, since: date, until: date, role: Role) -> None:
        start = date(since.year, since.month - (since.month - 1) % 3, 1)
        start = start if start == since else add_months(start, 3)
        while (on := add_months(start, 3) - timedelta(5)) < until - timedelta(1):
            self.put(step, on, ReportFact(start.year, (start.month + 2) // 3), Role.APPLICANT)
            self.put(step, on + timedelta(1), ContactNoteFact(FIRST), role)
            start = add_months(start, 3)


def clean_dossier(
    applied_on: date = date(2026, 6, 1),
    *,
    edition: str = XZ26,
    through: str = "archive",
    has_committee: bool = True,
    extension: int = 0,
    calendar: Calendar = CALENDAR,
    **person: Any,
) -> CaseFacts:
    """Return a lawful case that goes through step ``through``; ``person`` changes the candidate."""
    way = Way(applied_on, edition, calendar, has_committee=has_committee, extension=extension)
    facts = CaseFacts(
        edition=edition,
        person=PersonFacts(**({"key": CANDIDATE, "birth_date": add_months(applied_on, -12 * 19)} | person)),
        branch=BranchFacts(key=1, has_committee=has_committee),
        records=in_order(way.records),
    )
    return through_step(facts, through)


def through_step(facts: CaseFacts, step: str) -> CaseFacts:
    """Return the case as it was when ``step`` had just been completed."""
    last = max(place for place, fact in enumerate(facts.records) if fact.step == step)
    return replace(facts, records=facts.records[: last + 1])


def before_step(facts: CaseFacts, step: str, kind: str | None = None) -> CaseFacts:
    """Return the case as it was just before the last record of ``step`` (and ``kind``)."""
    return replace(facts, records=facts.records[: place_of(facts, step, kind)])


def place_of(facts: CaseFacts, step: str, kind: str | None = None) -> int:
    return max(n for n, fact in enumerate(facts.records) if fact.step == step and kind in (None, fact.kind))


def fact_of(facts: CaseFacts, step: str, kind: str | None = None) -> Fact:
    """Return the last record of ``step`` (and ``kind``)."""
    return facts.records[place_of(facts, step, kind)]


def changed(facts: CaseFacts, step: str, kind: str | None = None, **changes: Any) -> CaseFacts:
    """Return the case with one record changed: its own fields, or those of its details."""
    place = place_of(facts, step, kind)
    fact = facts.records[place]
    own = {name: value for name, value in changes.items() if name in ("on", "by", "role", "documents", "recorded_on")}
    inner = {name: value for name, value in changes.items() if name not in own}
    if "on" in own and "documents" not in own:
        own["documents"] = tuple(replace(document, dated_on=own["on"]) for document in fact.documents)
        own.setdefault("recorded_on", own["on"])
    new = replace(fact, details=replace(fact.details, **inner), **own)
    return replace(facts, records=in_order((*facts.records[:place], new, *facts.records[place + 1 :])))


def without(facts: CaseFacts, step: str, kind: str | None = None) -> CaseFacts:
    """Return the case without the records of ``step`` (and ``kind``)."""
    kept = (fact for fact in facts.records if fact.step != step or kind not in (None, fact.kind))
    return replace(facts, records=tuple(kept))
