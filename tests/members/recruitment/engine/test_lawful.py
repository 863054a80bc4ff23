"""No sequence of records that the rules let pass reaches an unlawful state (peers.md 3).

What is lawful is said here once more, from the regulation and with arithmetic of its own: nothing below asks the
engine about days, votes or order.
"""

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.recruitment.engine.bans import BANS, LIFTABLE
from members.recruitment.engine.check import check_record
from members.recruitment.engine.details import (
    DETAILS,
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
from members.recruitment.engine.evaluate import evaluate
from members.recruitment.engine.facts import CaseFacts, ExceptionFact, Fact
from members.recruitment.engine.people import BranchFacts, Named, PersonFacts, Role, Standing
from members.recruitment.engine.steps import STEPS, XZ14, XZ26
from members.recruitment.engine.verdicts import Position
from tests.factories.dossiers import (
    BALLOT,
    BY,
    CALENDAR,
    CANDIDATE,
    FIRST,
    MINUTES,
    RULES,
    SECOND,
    TALKER,
)

BEGIN = date(2026, 5, 20)
PROBATIONER = Named(21, "Zhou", Standing.PROBATIONARY)
OBSERVED = Named(22, "Wu", is_sanctioned=True)
SELF = Named(CANDIDATE, "Self")
PURPOSES = {"consent_publicity": Purpose.TARGET, "congress": Purpose.ADMISSION, "convert_congress": Purpose.CONVERSION}
EVERY = [(step, kind.kind) for step, kinds in DETAILS.items() for kind in kinds]
CARE = {"report", "contact_note", "inspection"}


def months_on(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


# A record that is meant well


def good(facts: CaseFacts, step: str, kind: str, on: date) -> Details:
    """Return details as a careful secretary would write them on ``on``."""
    held = next((fact.on for fact in reversed(facts.records) if fact.step == "congress" and fact.kind == "ballot"), on)
    plain: dict[str, Any] = {
        "application": lambda: ApplicationFact(on),
        "talk": lambda: TalkFact(TALKER, tuple(Topic)),
        "superior_talk": lambda: SuperiorTalkFact(TALKER),
        "nomination": lambda: NominationFact(True, on, MINUTES),
        "filing": FilingFact,
        "contacts": lambda: ContactsFact((FIRST, SECOND)),
        "inspection": InspectionFact,
        "contact_note": lambda: ContactNoteFact(FIRST),
        "report": lambda: ReportFact(on.year, (on.month + 2) // 3),
        "opinions": lambda: OpinionsFact(tuple(Heard)),
        "review": lambda: ReviewFact(Outcome.PASSED, MINUTES),
        "consent": lambda: ConsentFact(Outcome.PASSED),
        "publicity": lambda: PublicityFact(PURPOSES[step], on, on + timedelta(12)),
        "publicity_result": lambda: PublicityResultFact(PURPOSES[step]),
        "sponsors": lambda: SponsorsFact((FIRST, SECOND)),
        "political_review": lambda: PoliticalReviewFact(Outcome.PASSED, (Letter("mother", on, on),)),
        "training": lambda: TrainingFact(on, on, 24, 3),
        "pre_review": lambda: PreReviewFact(Outcome.PASSED),
        "form": FormFact,
        "ballot": lambda: replace(BALLOT, months=6),
        "approval": lambda: approval(facts, step, on, held),
        "assignment": AssignmentFact,
        "oath": OathFact,
        "conversion": ConversionFact,
        "archive": ArchiveFact,
    }
    details: Details = plain[kind]()
    return details


def approval(facts: CaseFacts, step: str, on: date, held: date) -> ApprovalFact:
    if step == "approve":
        until = months_on(held, 12) - timedelta(1)
        return ApprovalFact(Outcome.PASSED, MINUTES, held, until, special_reason="Elections.")
    outcome = last(facts.records, "convert_congress", "ballot").details.outcome
    return ApprovalFact(outcome, MINUTES, standing_from=probation_end(facts.records))


# Ways to write it otherwise, some lawful and some not

PAIRS = [(FIRST,), (FIRST, FIRST), (FIRST, PROBATIONER), (SELF, FIRST), (FIRST, SECOND, TALKER), (OBSERVED, FIRST), ()]
BAD_MINUTES = [Minutes(*count) for count in ((5, 2, 2, 0, 0), (5, 5, 2, 3, 0), (5, 5, 4, 0, 0), (), (3, 5, 5, 0, 0))]
BALLOT_CHANGES: list[dict[str, Any]] = [
    {"present": 5, "issued": 5, "returned": 5, "yes": 5, "abstain": 0},
    {"yes": 5, "no": 3},
    {"yes": 4, "no": 4, "outcome": Outcome.REJECTED},
    {"outcome": Outcome.EXTENDED},
    {"outcome": Outcome.EXTENDED, "months": 13},
    {"outcome": Outcome.CANCELLED},
    {"candidates": 2},
    {"is_secret": False},
    {"returned": 10},
    {"issued": 12},
    {"candidate_present": False},
    {"sponsors_present": 1},
    {"abstain": None},
]


def spoiled(details: Details, choice: int, on: date) -> Details:
    """Return the details with one thing written otherwise."""
    if isinstance(details, ContactsFact | SponsorsFact):
        people = PAIRS[choice % len(PAIRS)]
        return ContactsFact(people) if isinstance(details, ContactsFact) else SponsorsFact(people)
    if isinstance(details, BallotFact):
        return replace(details, **BALLOT_CHANGES[choice % len(BALLOT_CHANGES)])
    if isinstance(details, PublicityFact):
        return replace(details, ends_on=on + timedelta(choice % 9))
    if isinstance(details, PublicityResultFact):
        return replace(details, is_blocking=True)
    if isinstance(details, TrainingFact):
        return replace(details, hours=choice % 25, days=choice % 4)
    if isinstance(details, PoliticalReviewFact) and choice % 2:
        return replace(details, letters=(Letter("father", on, None if choice % 3 else on + timedelta(3)),))
    if isinstance(details, ApprovalFact) and choice % 3 == 0:
        return replace(details, probation_to=on, standing_from=on)
    if hasattr(details, "minutes") and choice % 3:
        return replace(details, minutes=BAD_MINUTES[choice % len(BAD_MINUTES)])  # type: ignore[call-arg]
    if hasattr(details, "outcome"):
        return replace(details, outcome=list(Outcome)[choice % 4])  # type: ignore[call-arg]
    return details


ROLES = dict.fromkeys(("application", "conversion", "report"), Role.APPLICANT) | {"training": Role.TRAINER}
SUPERIORS = {"filing", "superior_talk", "consent", "pre_review", "approval"}


def role_of(kind: str) -> Role:
    return ROLES.get(kind, Role.SUPERIOR if kind in SUPERIORS else Role.BRANCH)


ACTION = st.tuples(
    st.integers(0, 9),  # mostly: go on lawfully
    st.integers(0, 200),  # which record
    st.integers(0, 60),  # days later
    st.integers(0, 200),  # how to spoil it
)


def position(facts: CaseFacts, today: date) -> Position:
    return evaluate(facts, RULES[facts.edition], CALENDAR, today, with_findings=False)


def next_day(facts: CaseFacts, today: date, days: int) -> date:
    """Return a day to act on: some days later, or the next day on which time alone allows more."""
    if days <= 40:
        return today + timedelta(days % 8)
    if days <= 45:
        return today + timedelta(days * 4)
    waits = [refused.earliest for refused in position(facts, today).may_not]
    return min((day for day in waits if day and day > today), default=today + timedelta(days))


def attempt(facts: CaseFacts, today: date, action: tuple[int, int, int, int]) -> Fact:
    manner, which, _days, how = action
    now = position(facts, today)
    open_now = [(item.step, item.kind) for item in now.may]
    onward = [pair for pair in open_now if pair[1] not in CARE and pair[0] not in done_once(facts)]
    nearly = [(item.step, item.kind) for item in now.may_not if len(item.reasons) == 1]
    wrong = nearly if how % 2 else EVERY
    late = [pair for pair in open_now if pair[1] == "inspection"]
    choices = (wrong if manner == 0 else late if manner == 1 else onward) or open_now or EVERY
    step, kind = choices[which % len(choices)]
    try:
        details = good(facts, step, kind, today)
    except StopIteration:
        details = ApprovalFact(Outcome.PASSED, MINUTES)
    if manner >= 6 and isinstance(details, BallotFact) and step == "convert_congress":
        details = replace(details, outcome=Outcome.EXTENDED, months=6 + how % 8)
    role, on, by = role_of(kind), today, BY[role_of(kind)]
    if manner == 2:
        details = spoiled(details, how, today)
    if manner == 3 and how % 7 == 0:
        role, by = list(Role)[how % len(Role)], CANDIDATE if how % 2 else BY[Role.BRANCH]
    if manner == 3 and how % 7 == 1:
        on = today + timedelta(how - 100)
    return Fact(step, on, by, role, details)


def done_once(facts: CaseFacts) -> set[str]:
    """Return the steps whose people could be replaced for ever, once they are named."""
    return {fact.step for fact in facts.records} & {"assign_contacts", "sponsors"}


EXCEPTIONS = st.lists(
    st.tuples(st.sampled_from(sorted(BANS)) | st.sampled_from(sorted(LIFTABLE)), st.booleans()), max_size=6
)  # any rule, by the superior or not


@settings(
    max_examples=40,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(
    edition=st.sampled_from([XZ14, XZ26]),
    has_committee=st.booleans(),
    leaves_after=st.sampled_from([None, 600, 700, 800, 1000]),
    grants=EXCEPTIONS,
    actions=st.lists(ACTION, min_size=30, max_size=110),
)
def test_allowed_records_never_reach_an_unlawful_state(edition, has_committee, leaves_after, grants, actions):
    facts = CaseFacts(
        edition=edition,
        person=PersonFacts(CANDIDATE, date(2008, 6, 1), BEGIN + timedelta(leaves_after) if leaves_after else None),
        branch=BranchFacts(1, has_committee=has_committee),
        exceptions=tuple(ExceptionFact(rule, BEGIN, 3, 9, is_superior, "Reason") for rule, is_superior in grants),
    )
    today = BEGIN
    for action in actions:
        today = next_day(facts, today, action[2])
        fact = attempt(facts, today, action)
        refusals = check_record(facts, RULES[edition], CALENDAR, fact, today)
        for refusal in refusals:
            assert refusal.article and refusal.code in BANS and str(refusal)
        if action[3] % 6 == 0:
            assert_no_shortcut(facts, today)
        if not refusals:
            facts = facts.with_record(fact)
            assert_lawful(facts, today)
            assert check_record(facts, RULES[edition], CALENDAR, fact, today), "the same record a second time"


def assert_no_shortcut(facts: CaseFacts, today: date) -> None:
    """Try every kind of record from here: what the rules let pass must be lawful."""
    for step, kind in EVERY:
        if kind == "approval" and not any((fact.step, fact.kind) == BALLOTS[step] for fact in facts.records):
            continue
        role = role_of(kind)
        fact = Fact(step, today, BY[role], role, good(facts, step, kind, today))
        if not check_record(facts, RULES[facts.edition], CALENDAR, fact, today):
            assert_lawful(facts.with_record(fact), today)


BALLOTS = {"approve": ("congress", "ballot"), "convert_approve": ("convert_congress", "ballot")}


# What is lawful, said independently


def assert_lawful(facts: CaseFacts, today: date) -> None:
    lifted = {grant.rule for grant in facts.exceptions if grant.is_superior}
    records = facts.records
    assert all(fact.on <= today for fact in records)
    assert_people(facts)
    for place, fact in enumerate(records):
        before = records[:place]
        if fact.kind == "ballot":
            assert_vote(fact.details, fact.step)
        if fact.step == "propose_target" and passed(fact):
            assert months_on(first(before, "nominate").on, 12) <= fact.on
        if fact.step == "sponsors" and facts.edition == XZ26:
            assert_publicised(before, "consent_publicity")
        if fact.step == "congress" and fact.kind == "ballot" and passed(fact):
            assert_admission(facts, before, fact, lifted)
        if fact.step == "approve" and passed(fact):
            assert_approval(before, fact)
        if fact.step == "convert_congress" and fact.kind == "ballot":
            assert fact.on >= probation_end(before)
            assert last(before, "convert_apply").on <= fact.on
        if fact.step == "convert_approve" and passed(fact):
            assert fact.details.standing_from == probation_end(before)
            assert last(before, "convert_congress", "ballot").details.outcome is Outcome.PASSED
    assert_rounds(records)


def passed(fact: Fact) -> bool:
    return getattr(fact.details, "outcome", None) is Outcome.PASSED


def first(records: tuple[Fact, ...], step: str) -> Fact:
    return next(fact for fact in records if fact.step == step)


def last(records: tuple[Fact, ...], step: str, kind: str | None = None) -> Fact:
    return next(fact for fact in reversed(records) if fact.step == step and kind in (None, fact.kind))


def assert_people(facts: CaseFacts) -> None:
    born = facts.person.birth_date
    for fact in facts.records:
        if fact.step == "apply":
            assert born and months_on(born, 18 * 12) <= fact.on
        if fact.by == facts.person.key:
            assert fact.kind in ("application", "report", "conversion")
        named = getattr(fact.details, "contacts", None) or getattr(fact.details, "sponsors", None) or ()
        assert all(person.standing == "full_member" and not person.is_sanctioned for person in named)
        assert facts.person.key not in {person.key for person in named}
        assert len({person.key for person in named}) == len(named)
        if fact.kind == "sponsors":
            assert len(named) == 2
        if fact.kind == "contacts":
            assert 1 <= len(named) <= 2


def assert_vote(vote: BallotFact, step: str) -> None:
    assert vote.candidates == 1 and vote.is_secret and vote.candidate_present
    assert None not in (vote.due, vote.present, vote.issued, vote.returned, vote.yes, vote.no, vote.abstain)
    assert vote.returned <= vote.issued <= vote.present <= vote.due
    assert vote.yes + vote.no + vote.abstain + vote.invalid == vote.returned + vote.written
    assert vote.present * 2 > vote.due
    assert (vote.yes * 2 > vote.due) is (vote.outcome is not Outcome.REJECTED)
    if step == "congress":
        assert vote.outcome in (Outcome.PASSED, Outcome.REJECTED) and vote.sponsors_present >= 2


def assert_publicised(before: tuple[Fact, ...], step: str) -> None:
    notice, result = last(before, step, "publicity"), last(before, step, "publicity_result")
    days = (notice.details.starts_on + timedelta(n) for n in range(1, 60))
    worked = [day for day in days if day <= notice.details.ends_on and CALENDAR.is_workday(day)]
    assert len(worked) >= 5
    assert result.on > notice.details.ends_on
    assert not result.details.is_blocking


def assert_admission(facts: CaseFacts, before: tuple[Fact, ...], held: Fact, lifted: set[str]) -> None:
    if "leaves_soon" not in lifted and facts.person.leaves_on:
        assert months_on(held.on, 3) <= facts.person.leaves_on
    reply = last(before, "pre_review")
    assert passed(reply)
    if "congress_late" not in lifted:
        assert held.on <= months_on(reply.on, 1)
    assert passed(last(before, "political_review"))
    if not lifted & {"training_missing", "training_short"}:
        training = last(before, "training").details
        assert training.has_passed and (training.hours >= 24 or training.days >= 3)
    if "publicity_missing" not in lifted and "publicity_local" not in lifted:
        assert_publicised(before, "congress")
    form = last(before, "fill_form").on
    assert last(before, "committee_review").on <= reply.on and form <= held.on
    assert any(passed(fact) and fact.on <= form for fact in before if fact.step == "pre_review")
    assert last(before, "sponsors").kind == "sponsors"


def assert_approval(before: tuple[Fact, ...], fact: Fact) -> None:
    held = last(before, "congress", "ballot")
    assert passed(held)
    assert held.on <= last(before, "superior_talk").on <= fact.on <= months_on(held.on, 6)
    if fact.on > months_on(held.on, 3):
        assert fact.details.special_reason
    assert fact.details.probation_from == held.on
    assert fact.details.probation_to == months_on(held.on, 12) - timedelta(1)


def probation_end(records: tuple[Fact, ...]) -> date:
    """Return the first day of a lawful conversion: a year after the congress, and the extension's months more."""
    day, months = months_on(last(records, "congress", "ballot").on, 12), 0
    for fact in records:
        if fact.step == "convert_congress" and fact.kind == "ballot":
            months = fact.details.months
        if fact.step == "convert_approve" and fact.details.outcome is Outcome.EXTENDED:
            day = months_on(day, months)
    return day


def assert_rounds(records: tuple[Fact, ...]) -> None:
    def count(step: str, outcome: Outcome | None = None) -> int:
        found = [fact for fact in records if fact.step == step]
        return sum(1 for fact in found if outcome is None or fact.details.outcome is outcome)

    assert count("apply") <= 1 and count("nominate") <= 1 and count("oath") <= 1 and count("archive") <= 1
    assert count("approve", Outcome.PASSED) <= 1
    assert count("convert_approve", Outcome.PASSED) + count("convert_approve", Outcome.CANCELLED) <= 1
    assert count("convert_approve", Outcome.EXTENDED) <= 1
    ended = [place for place, fact in enumerate(records) if fact.step == "archive" or is_cancelled(fact)]
    assert ended in ([], [len(records) - 1])
    reached = {fact.step for fact in records}
    for step in reached - {"cultivate", "probation", "convert_congress", "committee_review"}:
        assert all(code in reached for code in STEPS[step].requires if code not in ("cultivate", "probation"))


def is_cancelled(fact: Fact) -> bool:
    return fact.step == "convert_approve" and fact.details.outcome is Outcome.CANCELLED
