"""Starting templates: the usual title, length and agenda of each kind of meeting, as the paper says them.

They are drafts in the words of minutes and notices, which are Chinese whatever language the portal is read in.
Sources of the order: XZ26 20, DJ 16 to 18, ZB.
"""

from dataclasses import dataclass

from ..models.kinds import MeetingKind

_K = MeetingKind


@dataclass(frozen=True, slots=True)
class Draft:
    """What a meeting of a kind usually is: ``agenda`` are pairs of a matter and its minutes."""

    kind: str
    title: str
    minutes: int
    agenda: tuple[tuple[str, int], ...]


_DRAFTS = (
    Draft(
        _K.BRANCH_CONGRESS,
        "支部党员大会",
        90,
        (
            ("通报应到、实到人数和请假情况", 5),
            ("传达学习上级党组织文件精神", 25),
            ("听取支部委员会工作报告", 20),
            ("讨论决定支部重要事项", 30),
            ("表决并形成决议", 10),
        ),
    ),
    Draft(
        _K.BRANCH_COMMITTEE,
        "支部委员会会议",
        60,
        (
            ("通报上次会议决议落实情况", 10),
            ("学习上级党组织文件精神", 15),
            ("研究支部近期工作", 25),
            ("研究发展党员工作", 10),
        ),
    ),
    Draft(
        _K.GROUP_MEETING,
        "党小组会",
        60,
        (
            ("集体学习", 25),
            ("汇报思想、学习和工作情况", 25),
            ("布置近期任务", 10),
        ),
    ),
    Draft(
        _K.PARTY_LECTURE,
        "专题党课",
        90,
        (
            ("主讲人授课", 60),
            ("交流讨论", 25),
            ("小结", 5),
        ),
    ),
    Draft(
        _K.THEME_PARTY_DAY,
        "主题党日",
        90,
        (
            ("重温入党誓词", 5),
            ("集体学习", 30),
            ("主题活动", 40),
            ("交流体会", 15),
        ),
    ),
    Draft(
        _K.ORGANIZATIONAL_LIFE_MEETING,
        "组织生活会",
        150,
        (
            ("通报上年度组织生活会整改落实情况", 10),
            ("支部书记代表支部委员会作对照检查", 20),
            ("支部委员逐一对照检查，开展批评和自我批评", 50),
            ("党员逐一对照检查，开展批评和自我批评", 60),
            ("明确整改事项", 10),
        ),
    ),
    Draft(
        _K.DEMOCRATIC_APPRAISAL,
        "民主评议党员",
        90,
        (
            ("支部书记报告党员学习和参加组织生活情况", 10),
            ("党员个人自评", 30),
            ("党员互评", 30),
            ("民主测评投票", 15),
            ("支部书记总结", 5),
        ),
    ),
    Draft(
        _K.DEMOCRATIC_LIFE_MEETING,
        "领导班子民主生活会",
        180,
        (
            ("通报上年度民主生活会整改落实和本次征求意见情况", 15),
            ("主要负责同志代表班子作对照检查", 20),
            ("班子成员逐一作对照检查，开展批评和自我批评", 120),
            ("上级党组织派员点评", 15),
            ("主要负责同志总结", 10),
        ),
    ),
    Draft(
        _K.SECRETARY_REVIEW,
        "党组织书记抓党建述职评议会",
        150,
        (
            ("书记逐一述职", 90),
            ("点评", 30),
            ("民主测评", 20),
            ("总结讲话", 10),
        ),
    ),
)
DRAFTS: dict[str, Draft] = {str(draft.kind): draft for draft in _DRAFTS}


def draft_for(kinds: list[str]) -> tuple[str, int, list[tuple[str, str, int]]]:
    """Return title, minutes and agenda (kind, matter, minutes) of a sitting of ``kinds``, one after another.

    A sitting of several kinds lasts as long as the longest and half of each other, for they share what frames them.
    """
    found = [DRAFTS[kind] for kind in kinds if kind in DRAFTS]
    if not found:
        return "", 60, []
    lengths = sorted((draft.minutes for draft in found), reverse=True)
    agenda = [(str(draft.kind), title, minutes) for draft in found for title, minutes in draft.agenda]
    return "暨".join(draft.title for draft in found), min(lengths[0] + sum(lengths[1:]) // 2, 360), agenda
