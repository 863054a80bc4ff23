"""Two years of meetings of every branch of the practice university, those to come, and templates of the home branch."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from portal.home.practice.world import PracticeWorld
from portal.organizations.duties import Post
from portal.organizations.models import Affiliation, Appointment, Organization
from portal.organizations.queries import COMMITTEE_POSTS

from .models import Meeting, MeetingKind, MeetingTemplate
from .rules.circles import MEMBERS, OBSERVERS, Person, seats_of
from .rules.drafts import draft_for
from .rules.recurrence import MONTHLY_WEEKDAY, occurrence
from .services import Matter, answer, convene, plan, save_template
from .services.held import Held, record_held
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


def make_meetings(world: PracticeWorld) -> None:
    """Hold two years of organizational life and plan what comes; what is there stays."""
    if Meeting.objects.exists():
        return
    nodes = _nodes(world)
    record_held((row for node in nodes for row in _history(world, node)), by=None)
    _coming(world, nodes)
    _templates(world)


class _Node:
    """A branch with its people of every day, read once."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.people: list[tuple[int, str, date, date | None]] = []
        self.posts: dict[int, set[str]] = {}
        self.secretary: int | None = None

    def seats(self, kinds: list[str], on: date) -> dict[int, Any]:
        people = [
            Person(user_id, standing, posts=frozenset(self.posts.get(user_id, ())))
            for user_id, standing, since, until in self.people
            if since <= on and (until is None or until >= on)
        ]
        return seats_of(kinds, people, org_type=self.organization.org_type)


def _nodes(world: PracticeWorld) -> list[_Node]:
    nodes = {branch.pk: _Node(branch) for branch in world.branches}
    rows = Affiliation.objects.filter(organization__in=nodes, standing__in=MEMBERS | OBSERVERS).order_by("pk")
    for user_id, place, standing, since, until in rows.values_list(
        "user_id", "organization_id", "standing", "since", "until"
    ):
        nodes[place].people.append((user_id, standing, since, until))
    held = Appointment.objects.filter(organization__in=nodes, ended_at=None, post__in=sorted(COMMITTEE_POSTS))
    for user_id, place, post in held.order_by("pk").values_list("user_id", "organization_id", "post"):
        nodes[place].posts.setdefault(user_id, set()).add(post)
        if post == Post.SECRETARY:
            nodes[place].secretary = user_id
    return [node for node in nodes.values() if node.secretary]


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


def _history(world: PracticeWorld, node: _Node) -> Iterator[Held]:
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


def _coming(world: PracticeWorld, nodes: list[_Node]) -> None:
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
