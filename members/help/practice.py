"""Talks and requests of the practice university: a year half held, requests in every state."""

from datetime import date, timedelta

from portal.accounts.models import User
from portal.home.practice.world import PracticeWorld
from portal.web.refusals import RuleError

from .models import HeartTalk, HelpRequest, TalkState
from .rules.promises import Urgency
from .services import ask_help, assign, close, confirm_talk, plan_talk, plan_year, record_talk, reopen, run_daily, say

# What was said: one request for each state that a page shows.
WORDS = {
    "life": "家里最近遇到一些困难，想请支部帮忙了解困难补助怎么申请。",
    "talk": "最近学习和社会工作有些冲突，想找一位支委聊一聊。",
    "relation": "下学期去外地实习半年，组织关系和党费应该怎么办？",
    "study": "想参加党员先锋岗的课业帮扶，请问可以找谁报名？",
    "other": "支部活动室的投影坏了，能否请人修一下？",
}
ANSWERS = {
    "relation": "实习不满六个月不转关系，党费按月在支部交。出发前请登记去向和联系方式，我会与你保持联系。",
    "study": "请联系宣传委员报名，每周三晚在图书馆三楼集合。",
    "other": "已请后勤人员修好，谢谢提醒。",
}


def make_talks_and_requests(world: PracticeWorld) -> None:
    """Fill the home branch; what is there stays."""
    if not HeartTalk.objects.exists():
        _talks(world)
    if not HelpRequest.objects.exists():
        _requests(world)


def _talks(world: PracticeWorld) -> None:
    secretary, today, branch = world.accounts["secretary"], world.today, world.home_branch
    plan_year(branch, by=secretary, on=today)
    first = date(today.year, 1, 1)
    planned = list(HeartTalk.objects.filter(organization=branch).select_related("first", "second").order_by("pk"))
    mine = {world.accounts[name].pk for name in ("member", "probationary", "contact")}
    for place, talk in enumerate(planned):
        if place % 3 == 2 or mine & set(talk.pair):
            continue
        held_on = max(first, today - timedelta(days=7 + 5 * place))
        talk = record_talk(
            talk, held_on=held_on, place="支部活动室", record="谈了思想、学习和工作情况，互相提了意见。",
            version=talk.version, by=talk.first, on=today,
        )  # fmt: skip
        if place % 3 == 0:
            confirm_talk(talk, version=talk.version, by=talk.second, on=today)
    member, contact = world.accounts["member"], world.accounts["contact"]
    talk = HeartTalk.objects.of_person(member.pk).filter(state=TalkState.PLANNED).first()
    if talk is not None:
        partner = User.objects.get(pk=talk.other_of(member.pk).pk)
        record_talk(
            talk, held_on=max(first, today - timedelta(days=2)), place="图书馆", record="谈了近期的学习和支部工作。",
            version=talk.version, by=partner, on=today,
        )  # fmt: skip
    try:
        plan_talk(
            member, contact, organization=branch, planned_on=today + timedelta(days=3), place="第二教学楼", by=contact,
            on=today,
        )  # fmt: skip
    except RuleError:
        return  # the two have a talk planned already


def _requests(world: PracticeWorld) -> None:
    accounts, today = world.accounts, world.today
    secretary, contact = accounts["secretary"], accounts["contact"]
    asked = {
        "life": ("member", 1, Urgency.URGENT),
        "talk": ("probationary", 12, Urgency.NORMAL),
        "relation": ("member", 9, Urgency.NORMAL),
        "study": ("activist", 15, Urgency.NORMAL),
        "other": ("target", 20, Urgency.NORMAL),
    }
    rows = {}
    for kind, (name, days, urgency) in asked.items():
        on = today - timedelta(days=days)
        rows[kind] = ask_help(accounts[name], kind=kind, words=WORDS[kind], urgency=urgency, on=on)
    assign(rows["talk"], assignee=contact, by=secretary, on=today - timedelta(days=11))
    for kind, text in ANSWERS.items():
        say(rows[kind], words=text, by=secretary, on=today - timedelta(days=8))
    close(rows["study"], words="谢谢！", by=accounts["activist"], on=today - timedelta(days=7))
    close(rows["other"], by=accounts["target"], on=today - timedelta(days=7))
    reopen(rows["other"], words="投影又不亮了。", by=accounts["target"], on=today - timedelta(days=1))
    run_daily(today)
