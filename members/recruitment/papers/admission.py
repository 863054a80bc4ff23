"""Stage D before the congress: committee review, pre-review, and the draft sheet of the statutory form (XZ26 18)."""

from dataclasses import dataclass
from datetime import date

from members.recruitment.engine.details import Outcome
from portal.documents.sheets import (
    Block,
    Cell,
    Form,
    Heading,
    Note,
    Paragraphs,
    Ruled,
    Sheet,
    Signature,
    Style,
    box,
    day_words,
    fact,
    label,
    said_day,
    signed,
)

from .people import (
    HEAD,
    Identity,
    Period,
    Relative,
    count_words,
    identity_rows,
    known,
    periods,
    relatives,
    unit_words,
)

_DECIDED = {Outcome.PASSED: "同意", Outcome.REJECTED: "不同意"}


@dataclass(frozen=True, slots=True)
class CommitteeMinutes:
    """An extract of a committee's minutes about one person; the whole minutes stay with the branch."""

    branch: str = ""
    on: date | None = None
    place: str = ""
    chair: str = ""
    recorder: str = ""
    due: int | None = None
    present: int | None = None
    yes: int | None = None
    no: int | None = None
    abstain: int | None = None
    present_names: tuple[str, ...] = ()
    matter: str = ""
    person: str = ""
    discussion: str = ""
    outcome: Outcome | None = None
    decision: str = ""
    copied_on: date | None = None


@dataclass(frozen=True, slots=True)
class PreReviewReply:
    """预审批复: the superior's answer in writing; the statutory form is handed out after a pass."""

    branch: str = ""
    number: str = ""
    people: tuple[str, ...] = ()
    reviewed_on: date | None = None
    outcome: Outcome = Outcome.PASSED
    reasons: str = ""
    congress_by: date | None = None
    form_numbers: tuple[str, ...] = ()
    issuer: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class FormDraft:
    """What the applicant copies by hand into 入党志愿书 (ZZ04). It follows the boxes and never stands in for them."""

    person: Identity = Identity()
    wish: str = ""
    history: tuple[Period, ...] = ()
    league: str = ""
    other_parties: str = ""
    awards: str = ""
    punishments: str = ""
    family: tuple[Relative, ...] = ()
    social_relations: tuple[Relative, ...] = ()
    explanations: str = ""
    drafted_on: date | None = None


def draw_minutes(facts: CommitteeMinutes) -> Sheet:
    count = (
        f"应到委员{count_words(facts.due)}人，实到{count_words(facts.present)}人；"
        f"赞成{count_words(facts.yes)}人，反对{count_words(facts.no)}人，弃权{count_words(facts.abstain)}人。"
    )
    decided = _DECIDED.get(facts.outcome, "") if facts.outcome else ""
    rows = (
        (label("会议时间"), fact(said_day(facts.on)), label("会议地点"), known(facts.place)),
        (label("主持人"), known(facts.chair), label("记录人"), known(facts.recorder)),
        (label("到会委员"), known("、".join(facts.present_names), span=3)),
        (label("议　题"), fact(facts.matter, span=3)),
        (label("讨论对象"), fact(facts.person), label("表决结果"), known(decided)),
        box("讨论情况\n（摘录）", facts.discussion, span=3, height=70, blank=True),
        (label("表决情况"), Cell(count, span=3)),
        box(
            "决　议",
            facts.decision,
            span=3,
            height=45,
            foot=(signed("党支部书记签名"), day_words(facts.on)),
            blank=True,
        ),
    )
    return Sheet(
        "支部委员会会议记录（摘录）",
        (
            Form((16, 34, 16, 34), rows),
            Note(f"本摘录与会议记录原件核对无误。　{signed('摘录人')}　摘录日期：{day_words(facts.copied_on)}"),
        ),
        number=facts.branch,
    )


def draw_pre_review(facts: PreReviewReply) -> Sheet:
    who = "、".join(facts.people) or "　　　"
    passed = facts.outcome == Outcome.PASSED
    lines = [
        f"你支部报送的{who}同志入党材料收悉。经{day_words(facts.reviewed_on)}预审，"
        + (
            "认为材料齐全，手续完备，符合发展党员条件和程序，预审合格。"
            if passed
            else "预审不合格，暂不同意提交党支部党员大会讨论。"
        )
    ]
    if facts.reasons:
        lines.append(f"审查意见：{facts.reasons}")
    if passed:
        by = (
            f"，并于{day_words(facts.congress_by)}前召开党员大会讨论"
            if facts.congress_by
            else "，并在预审合格后一个月内召开党员大会讨论"
        )
        numbers = f"（编号：{'、'.join(facts.form_numbers)}）" if facts.form_numbers else ""
        lines.append(f"现发给《中国共产党入党志愿书》{numbers}，请在入党介绍人指导下由本人按要求如实填写{by}。")
    else:
        lines.append("请继续做好培养教育和材料补充工作。")
    return Sheet(
        "关于发展对象预审情况的批复",
        (
            Paragraphs(f"{facts.branch or '　　　　党支部'}：", indent=False),
            Paragraphs("\n".join(lines)),
            Signature((facts.issuer or "（盖章）", day_words(facts.on))),
        ),
        style=Style.LETTER,
        number=facts.number,
    )


def _written(words: str, hint: str) -> tuple[Block, ...]:
    """Return what the person wrote; where nothing is known, lines to write on."""
    return (Paragraphs(words),) if words.strip() else (Note(f"（{hint}）"), Ruled(4))


def draw_draft(facts: FormDraft) -> Sheet:
    person = facts.person
    rows = (
        *identity_rows(person)[:1],
        (
            label("出生日期"),
            known(day_words(person.birth_date) if person.birth_date else ""),
            label("籍　贯"),
            known(person.native_place),
            label("出生地"),
            known(person.birthplace),
        ),
        (label("学　历"), known(person.education), label("学位或\n职称"), fact(person.degree, span=3)),
        (label("单位、职务\n或职业"), known(unit_words(person), span=5)),
        (label("现居住地"), known(person.address, span=5)),
        (label("居民身份\n证号码"), known(person.id_no, span=2), label("有何专长"), known(person.skills, span=2)),
    )
    return Sheet(
        "入党志愿书填写底稿",
        (
            Note(
                "本底稿供本人抄写《中国共产党入党志愿书》时对照使用，不是入党志愿书，不归档。志愿书须用钢笔或签字笔由本人填写；没有内容的栏目写“无”。"
            ),
            Form(HEAD, rows),
            Heading("入党志愿"),
            *_written(facts.wish, "由本人撰写"),
            Signature((signed("申请人签名或盖章"), day_words(None))),
            Heading("本人经历（包括学历）"),
            periods(facts.history, what="在何地、何部门、任何职务", witness="证明人", blank=4),
            Form(
                (26, 74),
                (
                    box("何时何地加入中国\n共产主义青年团", facts.league, span=1, height=16, blank=True),
                    box(
                        "何时何地参加过何\n种民主党派或反动\n组织，任何职务，有\n何活动，结论如何",
                        facts.other_parties,
                        span=1,
                        height=26,
                        blank=True,
                    ),
                    box("何时何地因何原因\n受过何种奖励", facts.awards, span=1, height=26, blank=True),
                    box("何时何地因何原因\n受过何种处分", facts.punishments, span=1, height=20, blank=True),
                ),
            ),
            Heading("家庭主要成员情况"),
            relatives(facts.family, blank=4),
            Heading("主要社会关系情况"),
            relatives(facts.social_relations, blank=3),
            Heading("需要向党组织说明的问题"),
            *_written(facts.explanations, "由本人填写；没有的写“无”"),
            Signature((signed("申请人签名或盖章"), day_words(None))),
            Note(f"底稿生成日期：{said_day(facts.drafted_on)}"),
        ),
        mark="填写底稿　仅供抄写　不代替入党志愿书",
    )
