"""Two years of meetings of the practice university's branches, committees and groups, those to come, and templates."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from portal.home.practice.world import SEED, PracticeWorld
from portal.organizations.duties import Post
from portal.organizations.models import Appointment

from .models import Meeting, MeetingKind, MeetingTemplate
from .practice_nodes import Node, committees_of, groups_of, nodes_of
from .rules.drafts import draft_for
from .rules.recurrence import MONTHLY_WEEKDAY, occurrence
from .services import Matter, answer, convene, plan, save_template
from .services.held import Held, record_held
from .services.studying import settle_hours
from .services.templates import propose

YEARS = 2
K = MeetingKind
# Vacations: nobody is called together.
QUIET = (2, 8)
PLACES = ("行政楼203会议室", "党员活动室", "学院报告厅", "教学楼A105", "线上会议室")
REASONS = ("外出实习", "因公出差", "身体不适", "考试冲突", "导师组会", "家中有事")
THEMES = (
    "学习党章党规", "缅怀革命先烈", "走进社区志愿服务", "重温入党誓词", "学习先进典型", "弘扬优良学风",
    "参观红色教育基地", "助力乡村振兴", "廉洁教育专题", "保护母亲河行动", "读书分享会", "青年宣讲进班级",
)  # fmt: skip
LECTURES = (
    "牢记初心使命", "学习全国两会精神", "发扬伟大建党精神", "廉洁自律警示教育", "做合格共产党员", "中国式现代化",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Yearly:
    """A sitting that comes on a weekday of each month, or of some months."""

    kind: str
    title: str
    week: int
    weekday: int
    begins: time
    months: tuple[int, ...] = ()


COMMITTEE_YEAR = (
    Yearly(str(K.BRANCH_COMMITTEE), "{year}年{month}月学院党委会会议", 1, 0, time(9, 0)),
    Yearly(str(K.DEMOCRATIC_LIFE_MEETING), "{year}年度领导班子民主生活会", 2, 4, time(14, 0), (12,)),
)
GROUP_YEAR = (Yearly(str(K.GROUP_MEETING), "{year}年{month}月党小组会", 4, 2, time(16, 30)),)


def make_meetings(world: PracticeWorld) -> None:
    """Hold two years of organizational life and plan what comes; what is there stays."""
    if Meeting.objects.exists():
        return
    nodes = nodes_of(world)
    history = [row for node in nodes for row in _history(world, node)]
    # Committees and groups have dice of their own: those of the branches fall as before.
    dice = random.Random(SEED + 55)  # noqa: S311 - practice data, no secret
    above = [row for node in committees_of(world) for row in _sittings(world, node, COMMITTEE_YEAR, dice)]
    below = [row for node in groups_of(world) for row in _sittings(world, node, GROUP_YEAR, dice)]
    record_held([*history, *above, *below], by=None)
    # The ledger of hours of the home branch is kept, so that its people find their lectures there.
    for meeting in Meeting.objects.filter(organization=world.home_branch, parts__kind=K.PARTY_LECTURE):
        settle_hours(meeting, by=None)
    _coming(world, nodes)
    _templates(world)


def _calendar(world: PracticeWorld) -> Iterator[tuple[date, list[str], str, time, int]]:
    """Yield the days on which a branch that forgets nothing sits: day, kinds, title, begin, minutes."""
    month = world.today.replace(day=1) + relativedelta(months=-12 * YEARS)
    number = 0
    while month <= world.today:
        number += 1
        if month.month not in QUIET:
            first = occurrence(MONTHLY_WEEKDAY, month, week=1, on_weekday=1)
            second = occurrence(MONTHLY_WEEKDAY, month, week=2, on_weekday=3)
            third = occurrence(MONTHLY_WEEKDAY, month, week=3, on_weekday=3)
            assert first and second and third
            yield first, [K.BRANCH_COMMITTEE], f"{month:%Y}年{month.month}月支部委员会会议", time(16, 0), 60
            theme = THEMES[number % len(THEMES)]
            if month.month % 3 == 2 or month.month == 9:
                lecture = LECTURES[number % len(LECTURES)]
                yield second, [K.THEME_PARTY_DAY, K.PARTY_LECTURE], f"主题党日暨专题党课：{lecture}", time(14, 30), 110
            else:
                yield second, [K.THEME_PARTY_DAY], f"主题党日：{theme}", time(14, 30), 90
            if month.month == 12:
                kinds: list[str] = [K.ORGANIZATIONAL_LIFE_MEETING, K.DEMOCRATIC_APPRAISAL]
                yield third + timedelta(days=5), kinds, f"{month:%Y}年度组织生活会和民主评议党员", time(14, 0), 180
            if month.month in (3, 6, 9, 12):
                quarter = "一二三四"[(month.month - 1) // 3]
                yield third, [K.BRANCH_CONGRESS], f"{month:%Y}年第{quarter}季度支部党员大会", time(14, 30), 90
        month += relativedelta(months=1)


def _months(world: PracticeWorld) -> Iterator[date]:
    month = world.today.replace(day=1) + relativedelta(months=-12 * YEARS)
    while month <= world.today:
        if month.month not in QUIET:
            yield month
        month += relativedelta(months=1)


def _sittings(world: PracticeWorld, node: Node, year: Sequence[Yearly], dice: random.Random) -> Iterator[Held]:
    """Yield what a committee or a group held month by month, as far as its people were there."""
    for month in _months(world):
        for plan_of in year:
            day = occurrence(MONTHLY_WEEKDAY, month, week=plan_of.week, on_weekday=plan_of.weekday)
            if day is None or day >= world.today or (plan_of.months and month.month not in plan_of.months):
                continue
            seats = node.seats([plan_of.kind], day)
            due = [seat.user_id for seat in seats.values() if seat.capacity == "due"]
            if len(due) < 3 or node.secretary not in due:
                continue
            others = [pk for pk in due if pk != node.secretary]
            away = dice.choice(others) if dice.random() < 0.4 else None
            began = timezone.make_aware(datetime.combine(day, plan_of.begins))
            draft = draft_for([plan_of.kind])
            yield Held(
                organization=node.organization,
                kinds=[plan_of.kind],
                title=plan_of.title.format(year=month.year, month=month.month),
                began=began,
                ended=began + timedelta(minutes=draft[1] + dice.randint(-10, 10)),
                chair_id=node.secretary,
                recorder_id=next(pk for pk in others if pk != away),
                seats=seats,
                came={pk: dice.randint(-8, 2) for pk in seats if pk != away},
                leave={away: dice.choice(REASONS)} if away else {},
                agenda=draft[2],
                place=dice.choice(PLACES[:2]),
            )


def _history(world: PracticeWorld, node: Node) -> Iterator[Held]:
    rng, home = world.rng, node.organization == world.home_branch
    for day, kinds, title, begins, minutes in _calendar(world):
        if day >= world.today or (not home and rng.random() < 0.04):
            continue
        seats = node.seats(kinds, day)
        due = [seat.user_id for seat in seats.values() if seat.capacity == "due"]
        if len(due) < 2 or node.secretary not in seats:
            continue
        came, leave = {}, {}
        for seat in seats.values():
            dice = rng.random()
            if seat.user_id == node.secretary or dice < 0.86:
                came[seat.user_id] = rng.randint(-9, 2) if dice < 0.82 else rng.randint(4, 18)
            elif dice < 0.97 and seat.capacity == "due":
                leave[seat.user_id] = rng.choice(REASONS)
        began = timezone.make_aware(datetime.combine(day, begins))
        others = [pk for pk in due if pk != node.secretary]
        yield Held(
            organization=node.organization,
            kinds=kinds,
            title=title,
            began=began,
            ended=began + timedelta(minutes=minutes + rng.randint(-10, 15)),
            chair_id=node.secretary,
            recorder_id=others[0],
            seats=seats,
            came=came,
            leave=leave,
            agenda=draft_for([str(kind) for kind in kinds])[2],
            place=rng.choice(PLACES),
        )


def _coming(world: PracticeWorld, nodes: list[Node]) -> None:
    """Convene a congress of the home branch and a theme day of the next, with answers and a request for leave."""
    now = timezone.now()
    kinds = [str(K.BRANCH_CONGRESS)]
    home = next((node for node in nodes if node.organization == world.home_branch), None)
    if home is None:
        return
    secretary = world.accounts["secretary"]
    begins = timezone.make_aware(datetime.combine(world.today + timedelta(days=6), time(14, 30)))
    agenda = [Matter(kind, title, minutes) for kind, title, minutes in draft_for(kinds)[2]]
    meeting = plan(
        home.organization, kinds=kinds, title="支部党员大会：讨论接收预备党员", planned_at=begins,
        planned_until=begins + timedelta(minutes=90), chair=secretary, recorder=world.accounts["contact"],
        agenda=agenda, place=PLACES[1], online_url="https://meeting.example.edu.cn/j/1001",
        words="请提前阅读会议材料。不能到会的同志请在会前请假并说明原因。", by=secretary, at=now,
    )  # fmt: skip
    convene(meeting, by=secretary, at=now)
    answer(meeting, world.accounts["contact"], answer="attend", at=now)
    asking = meeting.attendances.filter(capacity="due").exclude(user__in=[user.pk for user in world.accounts.values()])
    for row in list(asking.select_related("user").order_by("pk")[:4]):
        leaves = row.pk % 2 == 0
        answer(meeting, row.user, answer="leave" if leaves else "attend", words=REASONS[0] if leaves else "", at=now)
    kinds = [str(K.THEME_PARTY_DAY)]
    for place, node in enumerate(nodes[1:4]):
        assert node.secretary
        begins = timezone.make_aware(datetime.combine(world.today + timedelta(days=4 + place), time(15, 0)))
        chair = Appointment.objects.select_related("user").get(
            organization=node.organization, post=Post.SECRETARY, ended_at=None, user=node.secretary
        ).user  # fmt: skip
        row = plan(
            node.organization, kinds=kinds, title=f"主题党日：{THEMES[place]}", planned_at=begins,
            planned_until=begins + timedelta(minutes=90), chair=chair, recorder=chair, place=PLACES[2],
            agenda=[Matter(*line) for line in draft_for(kinds)[2]], by=chair, at=now,
        )  # fmt: skip
        convene(row, by=chair, at=now)


def _templates(world: PracticeWorld) -> None:
    """Let the home branch's sittings come again, so that the next ones are proposed."""
    secretary = world.accounts["secretary"]
    for title, kind, week, weekday, begins in (
        ("主题党日", K.THEME_PARTY_DAY, 2, 3, time(14, 30)),
        ("支部委员会会议", K.BRANCH_COMMITTEE, 1, 1, time(16, 0)),
    ):
        agenda = [{"kind": code, "title": matter, "minutes": long} for code, matter, long in draft_for([str(kind)])[2]]
        template = MeetingTemplate(
            organization=world.home_branch, title=title, kinds=[str(kind)], agenda=agenda,
            recurrence=MONTHLY_WEEKDAY, week=week, weekday=weekday, begins=begins, lasts_minutes=90, place=PLACES[1],
            chair=secretary, recorder=world.accounts["contact"],
        )  # fmt: skip
        save_template(template, by=secretary)
    propose(world.today)
