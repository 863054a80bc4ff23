"""Recruitment in the practice university: a case for everybody on the way, taken over from paper as in life.

The days are those of the archives, the steps between them follow the rules. Some files are late, two contradict
themselves, one has an exception; a meeting, the year's plan and waiting letters are made by the verbs of the portal.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db import transaction

from members.development.models import CultivationContact
from members.models import Member
from portal.accounts.models import User
from portal.home.practice.world import SEED, PracticeWorld, texts
from portal.organizations.models import Organization, Standing
from portal.rulesets.days import Calendar, add_months, add_workdays
from portal.rulesets.queries import calendar as kept_calendar
from portal.web.refusals import RuleError

from .engine.details import (
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
from .engine.details import (
    Letter as Inquiry,
)
from .engine.people import Named
from .engine.steps import STEPS
from .letters import Tables
from .models import Batch, BatchKind, Carrier, Case, ExceptionGrant, Letter, LetterKind, Quota
from .services import (
    Filed,
    History,
    Past,
    begin_letter,
    begin_takeover,
    grant_exception,
    hand_in_letter,
    record_batch,
    set_quota,
    take_over,
)

ON_THE_WAY = (Standing.APPLICANT, Standing.ACTIVIST, Standing.DEVELOPMENT_TARGET, Standing.PROBATIONARY)
MINUTES = Minutes(due=5, present=5, yes=5, no=0, abstain=0)
APPROVING = Minutes(due=9, present=8, yes=8, no=0, abstain=0)
# One in so many files lacks something, or somebody is late.
LATE_ONE_IN = 9
PAPERLESS_ONE_IN = 6
PROPOSED_ONE_IN = 5
DAY = timedelta(days=1)


def make_recruitment(world: PracticeWorld) -> None:
    """Take everybody on the way over, and let the home branch go on from there; what is there stays."""
    committee = world.accounts["committee"]
    if not Batch.objects.filter(kind=BatchKind.TAKEOVER).exists():
        assert world.root is not None
        batch = begin_takeover(world.root, by=committee, on=world.today)
        take_over(_histories(world), batch=batch, by=committee)
    _meet(world)
    _allow(world)
    _plan(world)
    _write_letters(world)


@dataclass
class Branch:
    """Who can accompany, vouch and talk in one branch, the longest a member first."""

    node: Organization
    full: list[Member] = field(default_factory=list)

    def vouching(self, on: date, *, besides: Member) -> list[Member]:
        return [
            person
            for person in self.full
            if person.pk != besides.pk and person.converted_on and person.converted_on <= on
        ]


def _named(person: Member) -> Named:
    return Named(person.user_id, person.user.name)


def _histories(world: PracticeWorld) -> Iterator[History]:
    # Recruitment has dice of its own: those of other rooms fall as before.
    rng, calendar = random.Random(SEED + 11), kept_calendar()  # noqa: S311 - practice data, no secret
    branches = {node.pk: Branch(node) for node in world.branches}
    people = Member.objects.with_person().filter(organization__in=list(branches)).order_by("pk")
    for person in people:
        if person.standing == Standing.FULL_MEMBER:
            branches[person.organization_id].full.append(person)
    for branch in branches.values():
        branch.full.sort(key=lambda member: (member.converted_on or world.today, member.pk))
    accompanied = dict(
        CultivationContact.objects.current()
        .filter(person__in=[person.pk for person in people], place=1)
        .values_list("person_id", "contact_id")
    )
    spoilt = _spoilt(world)
    for person in people:
        is_new = person.standing == Standing.FULL_MEMBER and person.converted_on is not None and (
            world.today - person.converted_on < timedelta(days=120)
        )
        if not person.application_on or not (person.standing in ON_THE_WAY or is_new):
            continue
        branch = branches[person.organization_id]
        file = File(world, person, branch, calendar, rng, accompanied.get(person.pk))
        yield file.history(spoilt=spoilt.get(person.user_id, ""))


def _spoilt(world: PracticeWorld) -> dict[int, str]:
    """Return in whose files a contradiction lies: an activist's of another branch, and that of the account target."""
    other = Member.objects.filter(organization=world.branches[1], standing=Standing.ACTIVIST).order_by("pk").first()
    found = {world.accounts["target"].pk: "minutes_dated"}
    if other is not None:
        found[other.user_id] = "talk_late"
    return found


@dataclass
class File:
    """The file of one person, written from the days of the archive."""

    world: PracticeWorld
    person: Member
    branch: Branch
    calendar: Calendar
    rng: random.Random
    contact_id: int | None
    records: list[Past] = field(default_factory=list)

    def history(self, *, spoilt: str) -> History:
        """Return the whole way so far; ``spoilt`` names a contradiction to put in."""
        self._apply(is_late=spoilt == "talk_late")
        if self.person.activist_on:
            self._cultivate()
        if self.person.target_on:
            self._list()
            self._prepare(self.person.joined_on)
        if self.person.joined_on:
            self._admit(self.person.joined_on)
        if self.person.converted_on:
            self._convert()
        records = [past for past in self.records if past.on <= self.world.today]
        lacks = self.rng.randrange(PAPERLESS_ONE_IN) == 0
        kept = tuple(self._with_papers(records, lacks=lacks, is_spoilt=spoilt == "minutes_dated"))
        return History(self.person.pk, kept, self._leaves_on())

    def _leaves_on(self) -> date | None:
        """Return the graduation of a student; that of the account ``target`` comes soon."""
        if self.person.person_kind == "teacher":
            return None
        june = date(self.world.today.year + 2, 6, 30)
        return self.world.today + timedelta(days=75) if self.person.user == self.world.accounts["target"] else june

    def _put(self, step: str, on: date, details: Details) -> date:
        self.records.append(Past(step, on, details))
        return on

    def _talker(self) -> Named:
        return _named(self.branch.full[0])

    def _apply(self, *, is_late: bool) -> None:
        on = self.person.application_on
        assert on
        self._put("apply", on, ApplicationFact(received_on=on))
        waits = self.person.standing == Standing.APPLICANT and self.rng.randrange(LATE_ONE_IN) == 0
        if not waits:
            self._put("talk", on + timedelta(days=55 if is_late else self.rng.randint(7, 25)),
                      TalkFact(self._talker(), tuple(Topic)))  # fmt: skip

    def _cultivate(self) -> None:
        on, until = self.person.activist_on, self.person.target_on or self.world.today
        assert on
        by_league = self.person.person_kind != "teacher"
        self._put("nominate", on, NominationFact(by_league, on - timedelta(days=8), MINUTES))
        self._put("file_activist", on + timedelta(days=7), FilingFact())
        day = on + timedelta(days=8)
        helpers = self.branch.vouching(day, besides=self.person)
        known = [member for member in helpers if member.pk == self.contact_id]
        if chosen := known or helpers[:1]:
            self._put("assign_contacts", day, ContactsFact(tuple(map(_named, chosen))))
        months, is_whole = 6, True
        while (inspected := add_months(on, months) - timedelta(days=3)) < until:
            is_last = add_months(on, months + 6) - timedelta(days=3) >= until
            forgotten = is_last and not self.person.target_on and self.rng.randrange(LATE_ONE_IN) == 0
            is_whole = is_whole and not forgotten
            if not forgotten:
                self._put("cultivate", inspected, InspectionFact("思想上积极要求进步，学习工作认真，表现良好。"))
            months += 6
        if is_whole and not self.person.target_on and add_months(on, 12) <= self.world.today - timedelta(days=14):
            self._propose()

    def _propose(self) -> None:
        """Let one in some of those cultivated long enough have been proposed: the committee's consent is waited for."""
        if self.rng.randrange(PROPOSED_ONE_IN) == 0:
            self._put("propose_target", self.world.today - timedelta(days=14), OpinionsFact(tuple(Heard)))
            review = ReviewFact(Outcome.PASSED, MINUTES)
            self._put("propose_target", self.world.today - timedelta(days=10), review)

    def _list(self) -> None:
        on = self.person.target_on
        assert on
        self._put("propose_target", on - timedelta(days=12), OpinionsFact(tuple(Heard)))
        self._put("propose_target", on - timedelta(days=9), ReviewFact(Outcome.PASSED, MINUTES))
        self._put("consent_publicity", on, ConsentFact(Outcome.PASSED))

    def _prepare(self, joined_on: date | None) -> None:
        """Go on towards admission: all the way for those admitted, as far as time and luck allow for targets."""
        on = self.person.target_on
        assert on
        far = 9 if joined_on else self.rng.randint(0, 7)
        letters = (Inquiry("父亲", on + timedelta(days=10), on + timedelta(days=28)),)
        first = on + timedelta(days=40)
        vouching = self.branch.vouching(on + timedelta(days=7), besides=self.person)[:2]
        ahead: list[tuple[str, date, Details]] = [
            ("sponsors", on + timedelta(days=7), SponsorsFact(tuple(map(_named, vouching)))),
            ("political_review", on + timedelta(days=30), PoliticalReviewFact(Outcome.PASSED, letters)),
            ("training", first + timedelta(days=3), TrainingFact(first, first + timedelta(days=3), 24, 4)),
            ("committee_review", on + timedelta(days=60), ReviewFact(Outcome.PASSED, MINUTES)),
        ]
        if len(vouching) < 2:
            ahead = []
        for step, day, details in ahead[:far]:
            self._put(step, day, details)
        if joined_on is None and far >= 5 and ahead:
            self._come_before_congress(ahead[-1][1], has_voted=far == 7)

    def _come_before_congress(self, reviewed_on: date, *, has_voted: bool) -> None:
        """Let a target have passed the pre-review lately, and some of them the congress."""
        passed_on = self.world.today - timedelta(days=27 if has_voted else 12)
        if passed_on <= reviewed_on:
            return
        self._put("pre_review", passed_on, PreReviewFact(Outcome.PASSED))
        self._put("fill_form", passed_on + timedelta(days=4), FormFact())
        if has_voted:
            closed_on = self._publicise("congress", Purpose.ADMISSION, passed_on + timedelta(days=5))
            self._put("congress", max(closed_on + DAY, passed_on + timedelta(days=20)), _ballot(len(self.branch.full)))

    def _publicise(self, step: str, purpose: Purpose, starts_on: date) -> date:
        ends_on, _provisional = add_workdays(starts_on, 5, self.calendar)
        self._put(step, starts_on, PublicityFact(purpose, starts_on, ends_on, "学院公告栏"))
        return self._put(step, ends_on + DAY, PublicityResultFact(purpose))

    def _admit(self, on: date) -> None:
        """Admit on ``on``, the day of the congress."""
        self._put("pre_review", on - timedelta(days=27), PreReviewFact(Outcome.PASSED))
        self._put("fill_form", on - timedelta(days=24), FormFact())
        self._publicise("congress", Purpose.ADMISSION, on - timedelta(days=20))
        self._put("congress", on, _ballot(len(self.branch.full)))
        self._put("superior_talk", on + timedelta(days=10), SuperiorTalkFact(self._staff()))
        last = add_months(on, 12) - DAY
        approval = ApprovalFact(Outcome.PASSED, APPROVING, probation_from=on, probation_to=last)
        approved_on = self._put("approve", on + timedelta(days=18), approval)
        self._put("file_above", approved_on + timedelta(days=4), FilingFact())
        self._put("assign_branch", approved_on + timedelta(days=5), AssignmentFact(self.branch.node.name[:120]))
        self._put("oath", approved_on + timedelta(days=16), OathFact("学院报告厅"))
        for months in (6, 12):
            inspected = min(add_months(approved_on, months) - timedelta(days=3), last - timedelta(days=10 // months))
            self._put("probation", inspected, InspectionFact("预备期内认真履行党员义务。"))

    def _staff(self) -> Named:
        return _named_user(self.world.accounts["committee"])

    def _convert(self) -> None:
        assert self.person.joined_on
        on = add_months(self.person.joined_on, 12)
        self._put("convert_apply", on - timedelta(days=20), ConversionFact())
        self._put("convert_congress", on, OpinionsFact(tuple(Heard)))
        closed_on = self._publicise("convert_congress", Purpose.CONVERSION, on + DAY)
        self._put("convert_congress", closed_on + DAY, ReviewFact(Outcome.PASSED, MINUTES))
        held_on = self._put("convert_congress", closed_on + timedelta(days=2), _ballot(len(self.branch.full)))
        approval = ApprovalFact(Outcome.PASSED, APPROVING, standing_from=on)
        self._put("convert_approve", held_on + timedelta(days=15), approval)

    def _with_papers(self, records: list[Past], *, lacks: bool, is_spoilt: bool) -> Iterator[Past]:
        """Put into the file what each step leaves; one in some files lacks what its latest steps should have left."""
        last = {past.step: place for place, past in enumerate(records)}
        for place, past in enumerate(records):
            if last[past.step] != place or (lacks and place >= len(records) - 3):
                yield past
                continue
            kinds = STEPS[past.step].documents
            wrong = is_spoilt and past.step == "nominate"
            yield replace(
                past,
                documents=tuple(
                    Filed(kind, past.on - timedelta(days=30 if wrong and kind == "committee_minutes" else 0), True)
                    for kind in kinds
                ),
            )


def _named_user(user: User) -> Named:
    return Named(user.pk, user.name)


def _ballot(due: int) -> BallotFact:
    present = due - due // 8
    return BallotFact(
        Outcome.PASSED, due=due, present=present, issued=present, returned=present, yes=present, no=0, abstain=0
    )


def _meet(world: PracticeWorld) -> None:
    """Let the home branch have looked at all its activists in one meeting."""
    home = world.home_branch
    if Batch.objects.filter(organization=home, kind=BatchKind.MEETING).exists():
        return
    rows = Case.objects.open().filter(organization=home, standing=Standing.ACTIVIST).with_people()
    cases = [case for case in rows.order_by("pk") if case.person.activist_on]
    details = {case.pk: InspectionFact("支委会集体研究，同意继续培养考察。") for case in cases}
    if cases:
        record_batch(
            cases, "cultivate", kind=BatchKind.MEETING, organization=home, on=world.today - timedelta(days=6),
            details=details, by=world.accounts["secretary"],
        )  # fmt: skip


def _allow(world: PracticeWorld) -> None:
    """Let the committee have allowed one exception: the account target leaves soon."""
    case = Case.objects.open().filter(person__user=world.accounts["target"]).first()
    if case is None or ExceptionGrant.objects.exists():
        return
    grant_exception(
        case, "leaves_soon", words="毕业后留校工作，组织关系不转出，经研究同意按期办理。", on=world.today,
        by=world.accounts["committee"],
    )  # fmt: skip


def _plan(world: PracticeWorld) -> None:
    if Quota.objects.exists():
        return
    for year in (world.today.year, world.today.year + 1):
        for college in world.colleges:
            set_quota(college, year, 14, by=world.accounts["committee"])
        for branch in world.branches[:4]:
            set_quota(branch, year, 4, by=world.accounts["committee"])


def _write_letters(world: PracticeWorld) -> None:
    """Let an application wait for the secretary, where somebody of the home branch has not applied yet."""
    if Letter.objects.exists():
        return
    people = Member.objects.with_person().filter(organization=world.home_branch, standing=Standing.MASS).order_by("pk")
    person = people.first()
    if person is None:
        return
    on = world.today - timedelta(days=3)
    try:
        with transaction.atomic():
            letter = begin_letter(person, LetterKind.ADMISSION, on=on)
            hand_in_letter(
                letter, body=texts(__file__, "letter.json")["body"], tables=Tables(), carrier=Carrier.SIGNED_PRINT,
                is_declared=True, by=person.user, on=on,
            )  # fmt: skip
    except RuleError:
        return  # too young on the day this university was made
