"""Sealed minutes of what the practice branches have held, a few still open, and resolutions on their way."""

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from members.meetings.models import CAME, Attendance, MeetingKind, MeetingPart, MeetingState
from portal.accounts.models import User
from portal.home.practice.world import SEED, PracticeWorld

from .models import Minutes
from .services import begin, write
from .services.entering import Book, Resolve, enter_sealed

K = MeetingKind
GISTS = {
    K.BRANCH_COMMITTEE: (
        "通报上月工作落实情况，建议把谈心谈话安排到人。",
        "积极分子培养考察材料要在月底前补齐，建议由组织委员逐一核对。",
        "下月主题党日可以与班级团日结合起来，注意提前通知。",
    ),
    K.BRANCH_CONGRESS: (
        "支部工作总结实事求是，建议把实验室党员的作用写得更具体。",
        "希望支部增加集中学习以外的交流研讨，安排青年党员轮流领学。",
        "同意支委会的工作安排，建议对流动党员加强联系。",
    ),
    K.PARTY_LECTURE: (
        "围绕专题作了讲授，结合学院实际谈了三点体会。",
        "听后深受启发，将把学习收获落实到科研和学习中去。",
    ),
    K.THEME_PARTY_DAY: (
        "参观学习使我对党史有了更直观的认识，要学以致用。",
        "志愿服务要常态化，建议建立结对名单。",
        "过政治生日很有意义，要时刻牢记入党誓词。",
    ),
    K.ORGANIZATIONAL_LIFE_MEETING: (
        "作个人对照检查：理论学习不够系统，联系群众不够经常。",
        "提出批评意见：工作主动性还可加强，希望多承担支部事务。",
        "诚恳接受同志们的意见，制定整改措施并按期落实。",
    ),
    K.DEMOCRATIC_APPRAISAL: ("作个人总结并进行党性分析。", "对支部党员进行民主测评。"),
}  # fmt: skip
DECISIONS = {
    K.BRANCH_COMMITTEE: "会议研究决定：按计划开展本月主题党日；由组织委员核对培养考察材料；谈心谈话名单会后下发。",
    K.BRANCH_CONGRESS: "大会听取并讨论了支部委员会的工作报告，一致同意下季度工作安排。",
    K.PARTY_LECTURE: "党课按计划完成，请未到会同志自学课件并在支部群内交流体会。",
    K.THEME_PARTY_DAY: "活动按计划完成，请宣传委员整理活动照片和简讯。",
    K.ORGANIZATIONAL_LIFE_MEETING: "会议形成支部整改清单，各位党员于两周内提交个人整改措施。",
    K.DEMOCRATIC_APPRAISAL: "支部委员会根据测评结果提出评定意见，按规定报上级党组织审定。",
}
TASKS = (
    "核对入党积极分子培养考察材料",
    "拟定下季度集中学习安排",
    "联系校史馆，安排参观讲解",
    "收齐个人整改措施并汇总",
    "更新党员活动室展板",
    "建立志愿服务结对名单",
)
DISSENT = "有同志建议集中学习改在周五下午进行，会议未采纳，留待下次讨论。"


def make_minutes(world: PracticeWorld) -> None:
    """Enter what was held and has no minutes; the latest of the home branch stay open. What is there stays."""
    if Minutes.objects.exists():
        return
    # The minutes have dice of their own: those of other rooms fall as before.
    rng = random.Random(SEED + 58)  # noqa: S311 - practice data, no secret
    parts = list(
        MeetingPart.objects.filter(meeting__state=MeetingState.ENDED, meeting__organization__in=world.branches)
        .select_related("meeting__organization")
        .order_by("meeting__started_at", "meeting_id", "number")
    )
    if not parts:
        return
    latest = max((part.meeting.started_at for part in parts if part.meeting.organization == world.home_branch),
                 default=None)  # fmt: skip
    left = {
        part.meeting_id
        for part in parts
        if part.meeting.organization == world.home_branch and part.meeting.started_at == latest
    }
    present = _present(parts)
    books = [
        book
        for part in parts
        if part.meeting_id not in left and (book := _book(part, present[part.meeting_id], world, rng))
    ]
    enter_sealed(books, by=None)
    _open(world, [part for part in parts if part.meeting_id in left], present)


def _present(parts: Sequence[MeetingPart]) -> dict[int, list[tuple[int, str]]]:
    """Return who was there as one of those due, meeting by meeting: one statement."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = Attendance.objects.filter(
        meeting__in={part.meeting_id for part in parts}, state__in=CAME, capacity="due"
    ).order_by("meeting_id", "pk")
    for meeting_id, user_id, name in rows.values_list("meeting_id", "user_id", "user__name"):
        found[meeting_id].append((user_id, name))
    return found


def _book(
    part: MeetingPart, there: list[tuple[int, str]], world: PracticeWorld, rng: random.Random
) -> Book | None:
    meeting = part.meeting
    assert meeting.ended_at is not None
    others = [pk for pk, _name in there if pk != meeting.chair_id]
    if not others:
        return None
    second = meeting.recorder_id if meeting.recorder_id != meeting.chair_id else others[0]
    gists = GISTS.get(K(part.kind), ())
    speakers = rng.sample(there, min(len(gists), len(there)))
    speeches = [{"person": name, "gist": gist} for (_pk, name), gist in zip(speakers, gists, strict=False)]
    resolutions = []
    if part.kind in (K.BRANCH_CONGRESS, K.BRANCH_COMMITTEE) and rng.random() < 0.3:
        held = meeting.ended_at.date()
        due = held + timedelta(days=rng.choice((14, 21, 30)))
        # A few were forgotten; that is what the list is for.
        done = due - timedelta(days=rng.randint(0, 5)) if due < world.today and rng.random() < 0.96 else None
        resolutions.append(Resolve(rng.choice(TASKS), rng.choice(others), due, done, "已完成。" if done else ""))
    return Book(
        part_id=part.pk,
        decisions=DECISIONS.get(K(part.kind), "会议按议程完成。"),
        second_id=second,
        speeches=speeches,
        dissent=DISSENT if rng.random() < 0.06 else "",
        resolutions=resolutions,
    )


def _open(
    world: PracticeWorld, parts: Sequence[MeetingPart], present: dict[int, list[tuple[int, str]]]
) -> None:
    """Leave the latest of the home branch to be finished: begun, written by the recorder, not confirmed."""
    for minutes in begin(parts, by=None):
        there = present[minutes.meeting_id]
        gists = GISTS.get(K(minutes.kind), ())
        speeches = [{"person": name, "gist": gist} for (_pk, name), gist in zip(there, gists, strict=False)]
        write(
            minutes,
            version=minutes.version,
            speeches=speeches,
            decisions=DECISIONS.get(K(minutes.kind), ""),
            dissent="",
            remarks="",
            disclosure="title",
            by=User.objects.get(pk=minutes.recorder_id),
        )
