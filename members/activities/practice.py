"""Activities of the practice university in every state that a page shows."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from django.utils import timezone

from portal.accounts.models import User
from portal.home.practice.world import PracticeWorld
from portal.hours.models import HourKind
from portal.organizations.models import Affiliation, Organization, Standing

from . import services
from .models import Activity, ActivityKind, Contribution, Criterion, Enrolment, Mode
from .services import Details

K = ActivityKind
# kind, title, days from today, what it is about, hours (kind and minutes), what came of it
PLANS: tuple[tuple[str, str, int, str, str, int, str], ...] = (
    (K.VOLUNTEERING, "图书馆整架志愿服务", -40, "协助图书馆整理社科阅览区书架，上架、核对索书号。",
     HourKind.VOLUNTEERING, 150, "整理图书一千二百余册，阅览区恢复整齐，老师们很满意。"),
    (K.THEME_PARTY_DAY, "参观校史馆主题党日", -26, "集体参观校史馆，听老教师讲建校初期的故事，现场交流体会。",
     HourKind.STUDY, 120, "大家在老校门照片前合影，并交流了学习体会。"),
    (K.SPEECH_CONTEST, "“我的入党故事”演讲比赛", -12, "每人演讲五分钟，讲述自己的成长与追求。评委现场打分。",
     HourKind.STUDY, 90, "几位选手各有特色，评委作了点评。"),
    (K.READING, "《共产党宣言》读书会", 3, "共读第一章，请提前阅读并准备一个问题。", HourKind.STUDY, 90, ""),
    (K.VOLUNTEERING, "敬老院慰问", 6, "陪老人聊天、打扫房间、表演节目。请着便装，在东门集合。",
     HourKind.VOLUNTEERING, 240, ""),
    (K.SPORTS, "支部羽毛球友谊赛", 9, "双打为主，自带球拍，欢迎群众参加。", "", 0, ""),
    (K.ESSAY_CONTEST, "“青春向党”征文", 15, "体裁不限，两千字以内，活动当天公布结果。", HourKind.STUDY, 60, ""),
    (K.VISIT, "参观革命纪念馆", 20, "学校统一安排车辆，请带学生证。", HourKind.STUDY, 180, ""),
    (K.THEME_PARTY_DAY, "植树护绿主题党日", 12, "在西山林场植树，工具由学院提供。", HourKind.VOLUNTEERING, 180, ""),
    (K.READING, "青年理论学习沙龙", 18, "围绕高质量发展作三个主题发言，之后自由讨论。", HourKind.STUDY, 60, ""),
    (K.OTHER, "毕业生座谈会", 25, "请毕业班党员谈谈组织关系转接的经验。", "", 0, ""),
    (K.VOLUNTEERING, "校园清雪志愿队", 5, "雪后清扫教学楼周边道路。", HourKind.VOLUNTEERING, 60, ""),
)  # fmt: skip
# What becomes of those to come, in their order.
OPEN, SUBMITTED, RETURNED, DRAFT, CANCELLED = range(5)
COMING = (OPEN, OPEN, OPEN, OPEN, SUBMITTED, SUBMITTED, RETURNED, DRAFT, CANCELLED)
STORY = "演讲题目：{}"
TOPICS = ("一封没有寄出的信", "从旁观到担当", "爷爷的党徽")


def make_activities(world: PracticeWorld) -> None:
    """Let members of the home branch start a dozen activities; what is there stays."""
    if Activity.objects.exists():
        return
    _Season(world).make()


class _Season:
    """The activities of a season, one after the other."""

    def __init__(self, world: PracticeWorld) -> None:
        self.world, self.branch = world, world.home_branch
        names = ("member", "contact", "probationary")
        self.starters = [world.accounts[name] for name in names]
        self.approver = world.accounts["secretary"]
        places = Affiliation.objects.filter(organization=self.branch, until=None).exclude(standing=Standing.MASS)
        kept = {user.pk for user in self.starters} | {self.approver.pk}
        here = [row.user for row in places.select_related("user").order_by("user__number")]
        self.people: list[User] = [user for user in here if user.pk not in kept]

    def make(self) -> None:
        coming = 0
        for number, (kind, title, days, words, hours, minutes, story) in enumerate(PLANS):
            details = self.details(self.branch, kind, title, days, words, hours, minutes)
            starter = self.starters[number % len(self.starters)]
            if days < 0:
                self.past(details, starter, story)
            else:
                self.coming(details, starter, COMING[coming])
                coming += 1

    def details(
        self, node: Organization, kind: str, title: str, days: int, words: str, hours: str, minutes: int
    ) -> Details:
        zone = timezone.get_current_timezone()
        begins = datetime.combine(self.world.today + timedelta(days=days), time(14), tzinfo=zone)
        contest = kind in (K.SPEECH_CONTEST, K.ESSAY_CONTEST)
        jury = [self.world.accounts[name] for name in ("committee", "lecturer")] if contest else []
        return Details(
            organization=node, kind=kind, title=title, words=words, begins_at=begins,
            ends_at=begins + timedelta(hours=3), enrol_from=begins - timedelta(days=30),
            enrol_until=begins - timedelta(hours=20), mode=Mode.MIXED if contest else Mode.ON_SITE,
            place="学生活动中心 203", online_url="https://meeting.example.org/203" if contest else "",
            limit=5 if kind == K.SPORTS else 40, hour_kind=hours, minutes=minutes, takes_contributions=contest,
            jurors=jury, criteria=[("内容", 50), ("表达", 50)] if contest else [],
        )  # fmt: skip

    def past(self, details: Details, starter: User, story: str) -> None:
        begins = details.begins_at
        asked = begins - timedelta(days=14)
        row = services.start_activity(details, by=starter, at=asked)
        services.submit(row, by=starter, at=asked)
        row = services.approve(row, words="方案周全，注意安全。", by=self.approver, at=asked + timedelta(days=1))
        people = self.people[:6]
        for user in people:
            services.enrol(row, user, now=begins - timedelta(days=3))
        if details.takes_contributions:
            for user, topic in zip(people, TOPICS, strict=False):
                services.contribute(row, user, title=topic, text=STORY.format(topic), now=begins - timedelta(days=2))
            self.judge(row, begins + timedelta(hours=2))
        came = list(Enrolment.objects.filter(activity=row).order_by("place").values_list("pk", flat=True))[:-1]
        services.record_attendance(row, came, by=starter, now=begins + timedelta(hours=1))
        services.finish(row, story=story, by=starter, now=begins + timedelta(hours=4))

    def judge(self, row: Activity, now: datetime) -> None:
        works = list(Contribution.objects.filter(activity=row).order_by("pk").values_list("pk", flat=True))
        criteria = list(Criterion.objects.filter(activity=row).order_by("number").values_list("pk", flat=True))
        for turn, juror in enumerate(row.jurors.select_related("user").order_by("pk")):
            points = {
                (work, criterion): 40 + (place * 3 + turn * 2 + line) % 10
                for place, work in enumerate(works)
                for line, criterion in enumerate(criteria)
            }
            services.score(row, juror.user, points, now=now)
        services.close_scores(row, by=row.author, now=now)

    def coming(self, details: Details, starter: User, state: int) -> None:
        now = timezone.now()
        if state == OPEN:
            details = replace(details, is_for_all=details.kind == K.ESSAY_CONTEST)
        row = services.start_activity(details, by=starter, at=now - timedelta(days=5))
        if state == DRAFT:
            return
        services.submit(row, by=starter, at=now - timedelta(days=4))
        if state == RETURNED:
            services.return_(row, words="请写明发言人和主持人，再提交一次。", by=self.approver)
        elif state in (OPEN, CANCELLED):
            row = services.approve(row, by=self.approver, at=now - timedelta(days=3))
            for user in self.people[: 7 if details.limit == 5 else 4]:
                services.enrol(row, user, now=now - timedelta(days=1))
        if state == CANCELLED:
            services.cancel(row, words="天气转晴，积雪已化，活动取消。", by=starter)
