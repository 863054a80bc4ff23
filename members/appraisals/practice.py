"""Appraisals of the practice university: one closed, one in its ballot, one to confirm, one in a meeting to come."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from members.meetings.queries.circles import leaders_for
from members.meetings.services import Matter, convene, plan
from portal.accounts.models import User
from portal.ballots.models import Ballot
from portal.ballots.services import cast
from portal.home.practice.world import PracticeWorld
from portal.organizations.models import Organization

from .models import Appraisal
from .queries.gathering import KIND
from .rules import Grade, Opinion, PeersForm, Stage
from .services import advance, announce, close, confirm, decide, hand_in, report

TEXT = (
    "一年来，我坚持学习党的创新理论，按时参加组织生活，按月交纳党费。\n"
    "不足之处是理论联系实际不够，联系群众还不够主动。\n"
    "今后我将改进学习方法，主动承担支部工作，帮助身边同学。"
)
AGENDA = (("支部书记通报评议安排", 10), ("党员个人自评、互评", 50), ("民主测评", 20), ("总结", 10))
GAPS = "参加组织生活次数偏少，未按时完成学习任务。三个月内补学，由组织委员帮助。"


def make_appraisals(world: PracticeWorld) -> None:
    """Fill the home branch and one more; what is there stays."""
    if Appraisal.objects.exists() or len(world.branches) < 2:
        return
    by, office, today = world.accounts["secretary"], world.accounts["committee"], world.today
    last = _until_committee(world.home_branch, today.year - 1, by=by, on=today - timedelta(days=330), part=2)
    _decided(last, by=by, on=today - timedelta(days=320))
    last = confirm(last, by=office, on=today - timedelta(days=315))
    close(last, by=by, on=today - timedelta(days=314))
    _voting(announced(world.home_branch, today.year, by=by, on=today), by=by, on=today, part=3)
    begun = today - timedelta(days=20)
    other = _until_committee(world.branches[1], begun.year, by=office, on=begun, part=1)
    _decided(other, by=office, on=today - timedelta(days=5))
    if len(world.branches) > 2:
        _in_a_meeting(world.branches[2], by=office, on=today)


def _in_a_meeting(branch: Organization, *, by: User, on: date) -> None:
    """Announce one and convene the meeting in which it will be held, where somebody can lead and record it."""
    appraisal = announced(branch, on.year, by=by, on=on)
    begins = timezone.make_aware(datetime.combine(appraisal.ballot_on, time(14, 30)))
    leaders = list(leaders_for(branch, [KIND], on=appraisal.ballot_on, recording=True)[:2])
    if len(leaders) < 2:
        return
    matters = [Matter(kind=KIND, title=title, minutes=minutes) for title, minutes in AGENDA]
    meeting = plan(
        branch, kinds=[KIND], title=f"{appraisal.year}年度民主评议党员大会", planned_at=begins,
        planned_until=begins + timedelta(minutes=90), place="第二会议室", chair=leaders[0], recorder=leaders[1],
        agenda=matters, by=by, at=timezone.now(),
    )  # fmt: skip
    convene(meeting, by=by, at=timezone.now())


def announced(branch: Organization, year: int, *, by: User, on: date) -> Appraisal:
    """Announce with a week for the texts and the ballot after it."""
    return announce(
        branch, year=year, self_until=on + timedelta(days=7), ballot_on=on + timedelta(days=9), peers=PeersForm.SPOKEN,
        words="按照上级党组织部署，支部召开组织生活会，开展民主评议党员。", by=by, on=on,
    )  # fmt: skip


def _voting(appraisal: Appraisal, *, by: User, on: date, part: int) -> Appraisal:
    """Hand in most texts and let every ``part``-th elector vote."""
    appraisal = advance(appraisal, stage=Stage.ANNOUNCED, by=by, on=on)
    for place, row in enumerate(appraisal.people.select_related("user", "appraisal")):
        if place % 6 != 5:
            hand_in(row, text=TEXT, by=row.user, on=on)
    appraisal = advance(appraisal, stage=Stage.SELF, by=by, on=on)
    appraisal = advance(appraisal, stage=Stage.PEERS, by=by, on=on)
    assert appraisal.ballot is not None  # the ballot opened with the stage
    _cast(appraisal.ballot, most=appraisal.limit().most, part=part)
    return appraisal


def _cast(ballot: Ballot, *, most: int, part: int) -> None:
    options = list(ballot.options.all())
    voters = ballot.electors.filter(voted_on=None).select_related("user").order_by("pk")
    for place, elector in enumerate(voters):
        if place % part:
            continue
        others = [option for option in options if option.person_id != elector.user_id]
        grades: dict[int | None, str] = {}
        for number, option in enumerate(others):
            shifted = (number + place) % len(others)
            low = shifted == len(others) - 1
            grades[option.pk] = (
                Grade.EXCELLENT if shifted < most else Grade.BASICALLY_QUALIFIED if low else Grade.QUALIFIED
            ).value
        cast(ballot, elector.user, grades)


def _until_committee(branch: Organization, year: int, *, by: User, on: date, part: int) -> Appraisal:
    appraisal = _voting(announced(branch, year, by=by, on=on), by=by, on=on, part=part)
    return advance(appraisal, stage=Stage.BALLOT, by=by, on=on)


def _decided(appraisal: Appraisal, *, by: User, on: date) -> Appraisal:
    graded = [row for row in appraisal.people.order_by("pk") if row.is_graded]
    most = appraisal.limit().most
    opinions = {}
    for place, row in enumerate(graded):
        low = place == len(graded) - 1
        grade = Grade.EXCELLENT if place < most else Grade.BASICALLY_QUALIFIED if low else Grade.QUALIFIED
        opinions[row.pk] = Opinion(grade, GAPS if low else "")
    appraisal = decide(appraisal, opinions, version=appraisal.version, by=by, on=on)
    return report(appraisal, decided_on=on, by=by, on=on)
