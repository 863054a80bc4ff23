"""The branch congress on paper: the ballot with its arithmetic, and the resolutions (XZ26 19–20, 32; domain.md 3.3)."""

from dataclasses import dataclass
from datetime import date

from members.recruitment.engine.arithmetic import congress
from members.recruitment.engine.details import Outcome
from portal.documents.sheets import (
    ROOM,
    Block,
    Cell,
    Column,
    Form,
    Heading,
    Listing,
    Note,
    Paragraphs,
    Ruled,
    Sheet,
    Signature,
    Style,
    day_words,
    fact,
    label,
    numbered,
    said_day,
    signed,
)

from .people import count_words, known, names

_EVEN = "相符"
_ODD = "不相符，请核对"
_SHORT = "赞成人数未超过应到会有表决权的正式党员的半数"
_SENT = "报上级党组织审批"


@dataclass(frozen=True, slots=True)
class Count:
    """The ballot on one person. ``yes`` and ``no`` include the ``written`` opinions sent in before the meeting."""

    due: int | None = None
    present: int | None = None
    issued: int | None = None
    returned: int | None = None
    yes: int | None = None
    no: int | None = None
    abstain: int | None = None
    invalid: int = 0
    written: int = 0


@dataclass(frozen=True, slots=True)
class Excluded:
    """A member left out of those due, and who agreed."""

    name: str = ""
    reason: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class BallotSummary:
    """票决情况汇总 on one person; several people are voted on one by one, each with a sheet."""

    branch: str = ""
    candidate: str = ""
    matter: str = ""
    on: date | None = None
    place: str = ""
    chair: str = ""
    count: Count = Count()
    excluded: tuple[Excluded, ...] = ()
    tellers: tuple[str, ...] = ()
    scrutineers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """支部大会决议 on admission: conduct, numbers, decision, branch, secretary and day (ZZ04)."""

    branch: str = ""
    candidate: str = ""
    on: date | None = None
    conduct: str = ""
    faults: str = ""
    count: Count = Count()
    outcome: Outcome | None = None
    secretary: str = ""


@dataclass(frozen=True, slots=True)
class ConversionResolution:
    """支部大会决议 on conversion: on time, extended by ``months`` until ``until``, or cancelled."""

    branch: str = ""
    candidate: str = ""
    on: date | None = None
    probation_from: date | None = None
    probation_to: date | None = None
    conduct: str = ""
    faults: str = ""
    count: Count = Count()
    outcome: Outcome | None = None
    standing_from: date | None = None
    months: int = 0
    until: date | None = None
    secretary: str = ""


def draw_ballot(facts: BallotSummary) -> Sheet:
    count = facts.count
    heads = ("应到会有表决\n权的正式党员", "实到", "发出票", "收回票", "无效票", "会前正式\n书面意见")
    numbers = (count.due, count.present, count.issued, count.returned, count.invalid, count.written)
    rows = (
        (label("会议时间"), fact(said_day(facts.on), span=2), label("会议地点"), known(facts.place, span=2)),
        (label("表决事项"), fact(facts.matter, span=5)),
        (label("表决对象"), fact(facts.candidate, span=2), label("主持人"), known(facts.chair, span=2)),
        tuple(label(words) for words in heads),
        tuple(Cell(count_words(number)) for number in numbers),
        (label("赞　成", span=2), label("不赞成", span=2), label("弃　权", span=2)),
        tuple(Cell(count_words(number), span=2) for number in (count.yes, count.no, count.abstain)),
    )
    excluded = Listing(
        (
            Column("序号", 8),
            Column("姓名", 16),
            Column("不计入应到会人数的原因", 46, left=True),
            Column("同意机关", 30),
        ),
        numbered((one.name, one.reason, one.approved_by) for one in facts.excluded) or (("无",) * 4,),
    )
    return Sheet(
        "党员大会票决情况汇总表",
        (
            Form((18, 16, 16, 18, 16, 16), rows),
            Heading("不计入应到会人数的党员"),
            excluded,
            Heading("计算和结果"),
            Paragraphs("\n".join(arithmetic(count))),
            Signature(
                (
                    signed("计票人", "、".join(facts.tellers)),
                    signed("监票人", "、".join(facts.scrutineers)),
                    signed("党支部书记"),
                    day_words(facts.on),
                )
            ),
            Note(
                "采取无记名投票方式，一人一议一票。赞成、不赞成票数含会前送达的正式书面意见；书面意见不计入实到人数。"
            ),
        ),
        number=facts.branch,
    )


def arithmetic(count: Count) -> tuple[str, ...]:
    """Return the sums of a ballot as sentences; what nobody noted is not reckoned with."""
    if count.due is None or count.present is None or count.yes is None:
        return ("应到、实到或者赞成票数未记载，无法计算。",)
    verdict = congress(count.due, count.present, count.yes, count.written)
    opens = "符合规定" if verdict.opens else "不符合规定，会议不能举行"
    passes = "通过" if verdict.passes else "未通过"
    lines = [
        f"一、到会：到会有表决权的党员须超过应到人数的半数，应到{count.due}人，至少须到{verdict.min_present}人；"
        f"实到{count.present}人，{opens}。",
        f"二、表决：赞成人数须超过应到会有表决权党员的半数（以应到人数为准），至少须{verdict.min_yes}票；"
        f"赞成{count.yes}票（含书面意见），{passes}。",
    ]
    cast = (count.no, count.abstain, count.returned, count.issued)
    if None not in cast:
        no, abstain, returned, issued = (number or 0 for number in cast)
        said = count.yes + no + abstain + count.invalid
        given = returned + count.written
        lines.append(
            f"三、票数：赞成{count.yes}＋不赞成{no}＋弃权{abstain}＋无效{count.invalid}＝{said}；"
            f"收回{returned}＋书面意见{count.written}＝{given}，{_EVEN if said == given else _ODD}。"
            f"发出{issued}张，实到{count.present}人，收回票{'未' if returned <= issued else '已'}超过发出票。"
        )
    return tuple(lines)


def _voted(count: Count) -> str:
    written = f"（含会前正式书面意见{count.written}份）" if count.written else ""
    invalid = f"，无效{count.invalid}票" if count.invalid else ""
    return (
        f"大会应到会有表决权的正式党员{count_words(count.due)}名，实到{count_words(count.present)}名。"
        f"经无记名投票表决，赞成{count_words(count.yes)}票，不赞成{count_words(count.no)}票，"
        f"弃权{count_words(count.abstain)}票{invalid}{written}。"
    )


def draw_resolution(facts: Resolution) -> Sheet:
    name = facts.candidate or ROOM * 8
    decided = {
        Outcome.PASSED: f"大会决议：同意接收{name}同志为中共预备党员，{_SENT}。",
        Outcome.REJECTED: f"{_SHORT}，大会决议：不同意接收{name}同志为中共预备党员。",
    }
    return _resolution(
        f"关于接收{name}同志为中共预备党员的决议",
        f"{facts.branch or '本支部'}于{day_words(facts.on)}召开党员大会，讨论{name}同志的入党申请。",
        facts,
        decided.get(facts.outcome, "大会决议：") if facts.outcome else "大会决议：",
    )


def draw_conversion(facts: ConversionResolution) -> Sheet:
    name = facts.candidate or ROOM * 8
    since, months = day_words(facts.standing_from), count_words(facts.months or None)
    decided = {
        Outcome.PASSED: f"大会决议：同意{name}同志按期转为中共正式党员，党龄自{since}算起，{_SENT}。",
        Outcome.EXTENDED: f"大会决议：延长{name}同志预备期{months}个月，至{day_words(facts.until)}止，{_SENT}。",
        Outcome.CANCELLED: f"大会决议：取消{name}同志预备党员资格，{_SENT}。",
        Outcome.REJECTED: f"{_SHORT}，{name}同志转正未获通过。",
    }
    return _resolution(
        f"关于{name}同志转正问题的决议",
        f"{facts.branch or '本支部'}于{day_words(facts.on)}召开党员大会，讨论{name}同志的转正申请。"
        f"该同志预备期自{day_words(facts.probation_from)}起至{day_words(facts.probation_to)}止。",
        facts,
        decided.get(facts.outcome, "大会决议：") if facts.outcome else "大会决议：",
    )


def _resolution(title: str, opening: str, facts: Resolution | ConversionResolution, decided: str) -> Sheet:
    faults = f"主要不足：{facts.faults}" if facts.faults else ""
    told: tuple[Block, ...] = (Paragraphs(f"主要表现：{facts.conduct}"),)
    if not facts.conduct:
        told = (*told, Ruled(4))  # the branch writes it by hand
    return Sheet(
        title,
        (
            Paragraphs(opening),
            *told,
            Paragraphs("\n".join(filter(None, (faults, _voted(facts.count), decided)))),
            Signature(
                (
                    f"支部名称：{names((facts.branch,))}",
                    signed("支部书记签名或盖章", facts.secretary),
                    day_words(facts.on),
                )
            ),
        ),
        style=Style.LETTER,
    )
