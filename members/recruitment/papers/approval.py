"""The superior's talk, decision and notice (XZ26 24–25, 33; the probation's two days as domain.md 4.3 asks)."""

from dataclasses import dataclass
from datetime import date

from members.recruitment.engine.details import Outcome
from portal.documents.sheets import (
    ROOM,
    Form,
    Paragraphs,
    Sheet,
    Signature,
    Style,
    box,
    day_words,
    fact,
    label,
    said_day,
)

from .people import HEAD, Identity, count_words, identity_rows, known, opinion_row


@dataclass(frozen=True, slots=True)
class TalkOpinion:
    """The talk by a member or organizer of the superior before the approval."""

    person: Identity = Identity()
    branch: str = ""
    congress_on: date | None = None
    talker: str = ""
    talker_post: str = ""
    on: date | None = None
    place: str = ""
    record: str = ""
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalNotice:
    """批复: on admission with the first and last day of the probation, on conversion with the day standing begins."""

    branch: str = ""
    number: str = ""
    person: str = ""
    for_conversion: bool = False
    meeting: str = ""
    met_on: date | None = None
    due: int | None = None
    present: int | None = None
    yes: int | None = None
    outcome: Outcome = Outcome.PASSED
    probation_from: date | None = None
    probation_to: date | None = None
    standing_from: date | None = None
    months: int = 0
    reasons: str = ""
    issuer: str = ""
    on: date | None = None


def draw_talk_opinion(facts: TalkOpinion) -> Sheet:
    rows = (
        *identity_rows(facts.person),
        (
            label("支部大会\n日期"),
            fact(said_day(facts.congress_on), span=2),
            label("谈话日期"),
            fact(said_day(facts.on), span=2),
        ),
        (
            label("谈话人"),
            known(facts.talker),
            label("职　务"),
            known(facts.talker_post),
            label("地　点"),
            known(facts.place),
        ),
        box("谈话情况", facts.record, span=5, height=90, blank=True),
        opinion_row(
            "谈话人对\n申请人入党\n的意见", facts.opinion, by="谈话人签名", on=facts.on, height=60
        ),
    )
    return Sheet("上级党组织派人谈话记录和意见", (Form(HEAD, rows),), number=facts.branch)


def draw_approval(facts: ApprovalNotice) -> Sheet:
    name = facts.person or ROOM * 8
    about = f"关于{name}同志转正的请示" if facts.for_conversion else f"关于接收{name}同志为中共预备党员的请示"
    votes = ""
    if facts.due is not None and facts.present is not None and facts.yes is not None:
        votes = f"（应到{facts.due}人，实到{facts.present}人，赞成{facts.yes}人）"
    met = f"{day_words(facts.met_on)}{facts.meeting or '党委会议'}"
    opening = f"你支部《{about}》收悉。经{met}集体讨论、逐个审议和表决{votes}，"
    span = f"自{day_words(facts.probation_from)}起至{day_words(facts.probation_to)}止"
    reasons = f"理由：{facts.reasons}" if facts.reasons else ""
    if facts.for_conversion:
        decided = {
            Outcome.PASSED: f"同意{name}同志转为中共正式党员，党龄自{day_words(facts.standing_from)}算起。",
            Outcome.EXTENDED: f"同意延长{name}同志预备期{count_words(facts.months or None)}个月，延长的预备期{span}。",
            Outcome.CANCELLED: f"同意取消{name}同志预备党员资格。",
            Outcome.REJECTED: f"不批准{name}同志转为中共正式党员。",
        }[facts.outcome]
    elif facts.outcome == Outcome.PASSED:
        decided = f"同意接收{name}同志为中共预备党员，预备期一年，{span}。"
    else:
        decided = f"不批准接收{name}同志为中共预备党员。"
    duty = "请党支部书记同本人谈话，将审批结果通知本人，并在党员大会上宣布。"
    if facts.outcome == Outcome.PASSED and not facts.for_conversion:
        duty += "请及时将其编入党支部和党小组，做好入党宣誓和预备期的教育考察工作。"
    return Sheet(
        f"关于{name}同志转正问题的批复" if facts.for_conversion else f"关于接收{name}同志为中共预备党员的批复",
        (
            Paragraphs(f"{facts.branch or ROOM * 12 + '党支部'}：", indent=False),
            Paragraphs("\n".join(filter(None, (opening + decided, reasons, duty)))),
            Signature((facts.issuer or "（盖章）", day_words(facts.on))),
        ),
        style=Style.LETTER,
        number=facts.number,
    )
