"""Build the records of a case from the values of a row, in the order of the steps; what is half given is left out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from portal.rulesets.days import add_months
from portal.rulesets.values import RuleSet

from ..engine.details import (
    ApplicationFact,
    ApprovalFact,
    AssignmentFact,
    BallotFact,
    ConsentFact,
    ContactsFact,
    ConversionFact,
    Details,
    FilingFact,
    FormFact,
    Heard,
    InspectionFact,
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
    ReviewFact,
    SponsorsFact,
    SuperiorTalkFact,
    TalkFact,
    Topic,
    TrainingFact,
)
from ..engine.people import Named
from ..engine.steps import STEPS
from ..records import from_json, to_json
from ..services.recording import Filed
from ..services.weighing import Past
from .columns import CANCELLED, EXTENDED, LEAGUE
from .reading import Draft

# Which kind of record leaves a paper, where it is not the last one of its step.
LEFT_BY = {
    "opinion_record": "opinions",
    "target_filing": "consent",
    "publicity_notice": "publicity",
    "cultivation_register": "inspection",
    "probation_inspection": "inspection",
}
OUTCOMES = {EXTENDED: Outcome.EXTENDED, CANCELLED: Outcome.CANCELLED}
DAY = timedelta(days=1)


@dataclass(slots=True)
class Builder:
    """Makes the records of one row; ``people`` are those that its cells name, by column."""

    draft: Draft
    people: Mapping[str, tuple[Named, ...]]
    rules: RuleSet

    def records(self) -> tuple[Past, ...]:
        """Return the records of the row with the papers that lie in the file."""
        parts = (self._before_target(), self._target(), self._admission(), self._probation())
        return _with_papers(self.draft, [past for part in parts for past in part])

    def _on(self, step: str, code: str, details: Details) -> Iterator[Past]:
        if day := self.draft.day(code):
            yield Past(step, day, details)

    def _votes(self, code: str) -> Minutes:
        return self.draft.values.get(code) or Minutes()

    def _whole(self, *codes: str) -> bool:
        """Say whether all of ``codes`` are given; where only some are, tell what is missing."""
        given = [code for code in codes if self.draft.values.get(code) or self.people.get(code)]
        if given and len(given) < len(codes):
            missing = next(code for code in codes if code not in given)
            self.draft.find("incomplete", given[0], other_column=missing)
        return len(given) == len(codes)

    def _before_target(self) -> Iterator[Past]:
        draft = self.draft
        applied_on = draft.day("applied_on")
        assert applied_on
        yield Past("apply", applied_on, ApplicationFact(draft.day("received_on") or applied_on))
        if self._whole("talk_on", "talker"):
            topics = tuple(Topic) if draft.values["topics"] else ()
            yield from self._on("talk", "talk_on", TalkFact(self.people["talker"][0], topics))
        if activist_on := draft.day("activist_on"):
            recommended_on = draft.day("recommended_on")
            way = draft.values["by_league"]
            by_league = way == LEAGUE or bool(not way and recommended_on)
            nomination = NominationFact(by_league, recommended_on or activist_on, self._votes("activist_votes"))
            yield Past("nominate", activist_on, nomination)
        yield from self._on("file_activist", "filed_on", FilingFact())
        if self._whole("contacts", "contacts_on"):
            yield from self._on("assign_contacts", "contacts_on", ContactsFact(self.people["contacts"]))
        for day in draft.values["inspections"] or ():
            yield Past("cultivate", date.fromisoformat(day), InspectionFact())

    def _target(self) -> Iterator[Past]:
        draft = self.draft
        yield from self._on("propose_target", "opinions_on", OpinionsFact(tuple(Heard)))
        yield from self._on("propose_target", "target_on", ReviewFact(Outcome.PASSED, self._votes("target_votes")))
        yield from self._on("consent_publicity", "consent_on", ConsentFact(Outcome.PASSED))
        yield from self._publicity("consent_publicity", Purpose.TARGET, "publicity_from", "publicity_to", "listed_on")
        if self._whole("sponsors", "sponsors_on"):
            yield from self._on("sponsors", "sponsors_on", SponsorsFact(self.people["sponsors"]))
        yield from self._on("political_review", "political_on", PoliticalReviewFact(Outcome.PASSED))
        if self._whole("training_from", "training_to"):
            starts_on, ends_on = draft.day("training_from"), draft.day("training_to")
            assert starts_on and ends_on
            days = max((ends_on - starts_on).days + 1, 0)
            hours = min(draft.values["training_hours"] or 0, 1000)
            training = TrainingFact(
                starts_on, ends_on, hours, min(days, 366), certificate=draft.values["training_no"][:60]
            )
            yield Past("training", ends_on, training)

    def _publicity(self, step: str, purpose: Purpose, first: str, last: str, result: str) -> Iterator[Past]:
        if not self._whole(first, last):
            return
        starts_on, ends_on = self.draft.day(first), self.draft.day(last)
        assert starts_on and ends_on
        yield Past(step, starts_on, PublicityFact(purpose, starts_on, ends_on))
        yield from self._on(step, result, PublicityResultFact(purpose))

    def _admission(self) -> Iterator[Past]:
        draft = self.draft
        yield from self._on("committee_review", "review_on", ReviewFact(Outcome.PASSED, self._votes("review_votes")))
        yield from self._on("pre_review", "pre_review_on", PreReviewFact(Outcome.PASSED))
        yield from self._on("fill_form", "form_on", FormFact(draft.values["form_no"][:60]))
        yield from self._publicity(
            "congress", Purpose.ADMISSION, "admission_from", "admission_to", "admission_result_on"
        )
        yield from self._on("congress", "congress_on", self._congress())
        if self._whole("superior_talk_on", "superior_talker"):
            talk = SuperiorTalkFact(self.people["superior_talker"][0])
            yield from self._on("superior_talk", "superior_talk_on", talk)
        yield from self._on("approve", "approved_on", self._approval())
        yield from self._on("file_above", "filed_above_on", FilingFact())
        yield from self._on("assign_branch", "assigned_on", AssignmentFact())
        yield from self._on("oath", "oath_on", OathFact())

    def _congress(self) -> BallotFact:
        values = self.draft.values
        due, present, yes, no, abstain = (values[code] for code in ("due", "present", "yes", "no", "abstain"))
        if no is None and abstain is None and yes is not None and yes == present:
            no = abstain = 0  # nobody is left who could have voted otherwise
        elif (no is None) != (abstain is None) and present is not None and yes is not None:
            rest = max(present - yes - (no or 0) - (abstain or 0), 0)
            no, abstain = (rest, abstain) if no is None else (no, rest)
        return _ballot(Minutes(due, present, yes, no, abstain), Outcome.PASSED)

    def _approval(self) -> ApprovalFact:
        held = self.draft.day("congress_on")
        last = add_months(held, self.rules.amount("probation.months")) - DAY if held else None
        votes = self._votes("approval_votes")
        return ApprovalFact(Outcome.PASSED, votes, probation_from=held, probation_to=last)

    def _probation(self) -> Iterator[Past]:
        draft = self.draft
        for day in draft.values["probation_inspections"] or ():
            yield Past("probation", date.fromisoformat(day), InspectionFact())
        yield from self._on("convert_apply", "convert_applied_on", ConversionFact())
        yield from self._on("convert_congress", "convert_opinions_on", OpinionsFact(tuple(Heard)))
        yield from self._publicity(
            "convert_congress", Purpose.CONVERSION, "convert_from", "convert_to", "convert_result_on"
        )
        review = ReviewFact(Outcome.PASSED, self._votes("convert_review_votes"))
        yield from self._on("convert_congress", "convert_review_on", review)
        outcome = OUTCOMES.get(draft.values["convert_outcome"], Outcome.PASSED)
        months = min(draft.values["convert_months"] or 0, 24)
        ballot = replace(_ballot(self._votes("convert_votes"), outcome), months=months)
        yield from self._on("convert_congress", "convert_on", ballot)
        held = draft.day("congress_on")
        standing_from = None
        if held and outcome is Outcome.PASSED:
            standing_from = add_months(held, self.rules.amount("probation.months"))
        approval = ApprovalFact(outcome, self._votes("convert_approval_votes"), standing_from=standing_from)
        yield from self._on("convert_approve", "convert_approved_on", approval)


def _ballot(votes: Minutes, outcome: Outcome) -> BallotFact:
    """Return a congress of which the list gives the votes: every ballot that was issued came back."""
    return BallotFact(
        outcome, due=votes.due, present=votes.present, issued=votes.present, returned=votes.present, yes=votes.yes,
        no=votes.no, abstain=votes.abstain,
    )  # fmt: skip


def _with_papers(draft: Draft, records: list[Past]) -> tuple[Past, ...]:
    """Put each paper of the file to the record that left it, once for every step that leaves such a paper."""
    kinds: set[str] = draft.values["papers"]
    placed: set[str] = set()
    papers: dict[int, list[Filed]] = {}
    for step in dict.fromkeys(past.step for past in records):
        own = [place for place, past in enumerate(records) if past.step == step]
        for kind in STEPS[step].documents:
            if kind in kinds:
                place = _leaving(records, own, kind)
                papers.setdefault(place, []).append(Filed(kind, records[place].on, is_signed=True))
                placed.add(kind)
    if not draft.values["all_papers"]:
        for kind in sorted(kinds - placed):
            draft.find("paper_alone", "papers", paper_kind=kind)
    return tuple(replace(past, documents=tuple(papers.get(place, ()))) for place, past in enumerate(records))


def _leaving(records: list[Past], own: Iterable[int], kind: str) -> int:
    own = list(own)
    return next((place for place in own if records[place].details.kind == LEFT_BY.get(kind)), own[-1])


def plain(records: Iterable[Past]) -> list[list[Any]]:
    """Return records as plain data for the staged row."""
    return [
        [past.step, past.on.isoformat(), past.details.kind, to_json(past.step, past.details),
         [paper.kind for paper in past.documents]]
        for past in records
    ]  # fmt: skip


def from_plain(data: Iterable[Any]) -> tuple[Past, ...]:
    """Return the records that ``plain`` wrote."""
    return tuple(
        Past(
            step,
            date.fromisoformat(day),
            from_json(kind, details),
            tuple(Filed(paper, date.fromisoformat(day), is_signed=True) for paper in papers),
        )
        for step, day, kind, details, papers in data
    )
