"""Stage E: assignment, oath, probation, conversion application and the index of the file (XZ26 28–36)."""

from dataclasses import dataclass
from datetime import date

from portal.documents.sheets import (
    ROOM,
    Block,
    Column,
    Form,
    Heading,
    Listing,
    Note,
    Paragraphs,
    Sheet,
    Signature,
    Style,
    box,
    day_words,
    fact,
    filled,
    label,
    listed_day,
    numbered,
    said_day,
    signed,
)

from .people import HEAD, Identity, dates_row, identity_rows, known, names, opinion_row, unit_words


@dataclass(frozen=True, slots=True)
class Assignment:
    person: Identity = Identity()
    issuer: str = ""
    number: str = ""
    branch: str = ""
    group: str = ""
    approved_on: date | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class OathRecord:
    """One ceremony before the flag, for one person or many."""

    organizer: str = ""
    on: date | None = None
    place: str = ""
    chair: str = ""
    led_by: str = ""
    people: tuple[Identity, ...] = ()
    attended: str = ""
    course: str = ""
    recorder: str = ""


@dataclass(frozen=True, slots=True)
class HalfYear:
    """Half a year of probation: what the member says of it, and what the others saw."""

    period: str = ""
    own: str = ""
    own_on: date | None = None
    sponsors: str = ""
    group: str = ""
    branch: str = ""
    secretary: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ProbationInspection:
    person: Identity = Identity()
    branch: str = ""
    probation_from: date | None = None
    probation_to: date | None = None
    approved_on: date | None = None
    oath_on: date | None = None
    sponsors: tuple[str, ...] = ()
    halves: tuple[HalfYear, ...] = ()
    superior_opinion: str = ""


@dataclass(frozen=True, slots=True)
class ConversionApplication:
    """转正申请书: the member's words, with the dates that the branch checks."""

    applicant: str = ""
    branch: str = ""
    probation_from: date | None = None
    probation_to: date | None = None
    body: str = ""
    faults: str = ""
    explanations: str = ""
    submitted_on: date | None = None
    received_by: str = ""
    received_on: date | None = None


@dataclass(frozen=True, slots=True)
class DossierEntry:
    """A paper of the file; ``missing`` says that it should be there and is not."""

    title: str = ""
    stage: str = ""
    dated_on: date | None = None
    pages: int | None = None
    copies: int | None = None
    missing: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class DossierIndex:
    person: Identity = Identity()
    branch: str = ""
    number: str = ""
    entries: tuple[DossierEntry, ...] = ()
    keeper: str = ""
    checker: str = ""
    on: date | None = None


def draw_assignment(facts: Assignment) -> Sheet:
    branch, group = facts.branch or ROOM * 12, facts.group or ROOM * 8
    rows = (
        *identity_rows(facts.person),
        dates_row("批准为预备\n党员日期", facts.approved_on, "编入日期", facts.on),
        (label("编入党支部"), fact(facts.branch, span=2), label("编入党小组"), fact(facts.group, span=2)),
        box(
            "通　知",
            f"{facts.person.name or ROOM * 8}同志：\n经研究，将你编入{branch}{group}，参加党的组织生活。"
            "请按时参加活动，自觉接受党组织和党员、群众的教育监督。",
            span=5,
            height=60,
            foot=(facts.issuer or "（盖章）", day_words(facts.on)),
        ),
        box("本人签收", "", span=5, height=24, foot=(signed("签名"), day_words(None)), blank=True),
    )
    return Sheet("预备党员编入党支部和党小组登记表", (Form(HEAD, rows),), number=facts.number)


def draw_oath(facts: OathRecord) -> Sheet:
    rows = (
        (label("宣誓日期"), fact(said_day(facts.on)), label("宣誓地点"), known(facts.place)),
        (label("组织单位"), known(facts.organizer), label("主持人"), known(facts.chair)),
        (label("领誓人"), known(facts.led_by), label("参加人员"), known(facts.attended)),
        box("仪式过程", facts.course, span=3, height=50, blank=True),
    )
    columns = (Column("序号", 8), Column("宣誓人", 18), Column("所在单位", 50, left=True), Column("本人签名", 24))
    people = numbered((one.name, unit_words(one), "") for one in facts.people)
    return Sheet(
        "入党宣誓记录",
        (
            Form((16, 34, 16, 34), rows),
            Heading("宣誓人"),
            Listing(columns, people or (("无",) * 4,)),
            Signature((signed("记录人", facts.recorder), day_words(facts.on))),
        ),
    )


def draw_probation(facts: ProbationInspection) -> Sheet:
    head = (
        *identity_rows(facts.person),
        dates_row("预备期起", facts.probation_from, "预备期止", facts.probation_to),
        dates_row("批准日期", facts.approved_on, "宣誓日期", facts.oath_on),
        (label("入党介绍人"), fact(names(facts.sponsors), span=5)),
    )
    # A form without a half-year still has the boxes of the first.
    halves: list[Block] = []
    for half in facts.halves or (HalfYear(period="第一次考察"),):
        own = box(
            "本人自我\n总结",
            half.own,
            span=5,
            height=40,
            foot=(signed("本人签名"), day_words(half.own_on)),
            blank=True,
        )
        rows = (
            own,
            opinion_row("入党介绍人\n意见", half.sponsors, by="介绍人签名", height=28),
            opinion_row("党小组意见", half.group, by="党小组组长签名", height=28),
            opinion_row(
                "党支部\n考察意见", half.branch, by="党支部书记签名", signer=half.secretary, on=half.on, height=34
            ),
        )
        halves += [Heading(filled(half.period)), Form(HEAD, rows)]
    end = box(
        "上级党组织\n意见", facts.superior_opinion, span=5, height=30, foot=("（盖章）", day_words(None)), blank=True
    )
    blocks = (Form(HEAD, head), *halves, Form(HEAD, (end,)))
    return Sheet("预备党员教育考察登记表", blocks, number=facts.branch)


def draw_conversion_application(facts: ConversionApplication) -> Sheet:
    lines = [
        f"我于{day_words(facts.probation_from)}经党支部党员大会讨论通过，被接收为中共预备党员，预备期至{day_words(facts.probation_to)}止。"
        "现向党组织申请转为中共正式党员。",
        facts.body,
        f"入党时指出的不足的改进情况：{facts.faults}" if facts.faults else "",
        f"需要向党组织说明的问题：{facts.explanations}" if facts.explanations else "",
    ]
    received = facts.received_on or facts.received_by
    note = f"党支部收到日期：{day_words(facts.received_on)}　　{signed('接收人', facts.received_by)}"
    return Sheet(
        "转正申请书",
        (
            Paragraphs(f"{facts.branch or '敬爱的党组织'}：", indent=False),
            Paragraphs("\n".join(filter(None, lines))),
            Paragraphs("此致"),
            Paragraphs("敬礼！", indent=False),
            Signature((signed("申请人", facts.applicant), day_words(facts.submitted_on))),
            *((Note(note),) if received else ()),
        ),
        style=Style.LETTER,
    )


def draw_dossier(facts: DossierIndex) -> Sheet:
    columns = (
        Column("序号", 7),
        Column("阶段", 12),
        Column("材　料　名　称", 38, left=True),
        Column("形成日期", 17),
        Column("份数", 7),
        Column("页数", 7),
        Column("备　注", 14, left=True),
    )
    rows = numbered(
        (
            one.stage,
            one.title,
            "" if one.missing else listed_day(one.dated_on),
            _number(one.copies),
            _number(one.pages),
            "　".join(filter(None, ("缺" if one.missing else "", one.note))),
        )
        for one in facts.entries
    )
    missing = sum(one.missing for one in facts.entries)
    there = len(facts.entries) - missing
    return Sheet(
        "发展党员档案材料目录",
        (
            Form(HEAD, identity_rows(facts.person)),
            Listing(columns, rows or (("无",) * len(columns),)),
            Note(f"共列材料{len(facts.entries)}项，已归档{there}项，缺{missing}项。"),
            Signature((signed("整理人", facts.keeper), signed("审核人", facts.checker), day_words(facts.on))),
        ),
        number="　".join(part for part in (facts.branch, facts.number) if part),
    )


def _number(count: int | None) -> str:
    return "" if count is None else str(count)
