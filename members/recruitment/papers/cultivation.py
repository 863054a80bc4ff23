"""Stage B: recommendation, filing, contacts, the register and the half-yearly inspection (XZ26 8–11)."""

from dataclasses import dataclass
from datetime import date

from portal.documents.sheets import (
    Cell,
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
    month_words,
    numbered,
    said_day,
    signed,
)

from .people import HEAD, Identity, Period, count_words, dates_row, identity_rows, known, names, opinion_row, periods


@dataclass(frozen=True, slots=True)
class Recommendation:
    """推优 by the league, or recommendation by members; the votes are those of the meeting that recommended."""

    person: Identity = Identity()
    branch: str = ""
    by_league: bool = True
    body: str = ""  # the league branch, party group or meeting that recommended
    joined_league_on: date | None = None
    applied_on: date | None = None
    recommended_on: date | None = None
    due: int | None = None
    present: int | None = None
    yes: int | None = None
    no: int | None = None
    abstain: int | None = None
    conduct: str = ""
    opinion: str = ""
    committee_opinion: str = ""
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class FiledPerson:
    """A line of a filing list; ``people`` are the contacts, or the sponsors of a probationary member."""

    name: str = ""
    sex: str = ""
    ethnicity: str = ""
    birth_date: date | None = None
    unit: str = ""
    applied_on: date | None = None
    decided_on: date | None = None
    people: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class FilingList:
    branch: str = ""
    superior: str = ""
    number: str = ""
    on: date | None = None
    people: tuple[FiledPerson, ...] = ()
    secretary: str = ""
    reply: str = ""
    replied_on: date | None = None


@dataclass(frozen=True, slots=True)
class ContactAssignment:
    person: Identity = Identity()
    branch: str = ""
    activist_on: date | None = None
    assigned_on: date | None = None
    contacts: tuple[Identity, ...] = ()
    duties: str = ""
    secretary: str = ""


@dataclass(frozen=True, slots=True)
class ContactNote:
    """A quarter's note of a contact, such as ``2026年第一季度``."""

    period: str = ""
    words: str = ""
    author: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What the branch saw in half a year, by the heads of domain.md 4.4; ``period`` such as ``2026年上半年``."""

    period: str = ""
    motive: str = ""
    study: str = ""
    work: str = ""
    masses: str = ""
    faults: str = ""
    advice: str = ""
    conclusion: str = ""
    secretary: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Inspection:
    """One half-yearly inspection as a paper of its own."""

    person: Identity = Identity()
    branch: str = ""
    activist_on: date | None = None
    contacts: tuple[str, ...] = ()
    contacts_opinion: str = ""
    look: Look = Look()


@dataclass(frozen=True, slots=True)
class CultivationRegister:
    """积极分子登记、培养教育考察表: kept until the person is a probationary member."""

    person: Identity = Identity()
    branch: str = ""
    number: str = ""
    applied_on: date | None = None
    activist_on: date | None = None
    contacts: tuple[str, ...] = ()
    history: tuple[Period, ...] = ()
    rewards: str = ""
    sanctions: str = ""
    league_opinion: str = ""
    league_on: date | None = None
    notes: tuple[ContactNote, ...] = ()
    inspections: tuple[Look, ...] = ()
    trainings: tuple[Period, ...] = ()
    conclusion: str = ""
    secretary: str = ""
    concluded_on: date | None = None


def draw_recommendation(facts: Recommendation) -> Sheet:
    title = "推荐优秀共青团员作入党积极分子人选登记表" if facts.by_league else "推荐入党积极分子人选登记表"
    votes = (
        f"应到{count_words(facts.due)}人，实到{count_words(facts.present)}人；"
        f"赞成{count_words(facts.yes)}票，反对{count_words(facts.no)}票，弃权{count_words(facts.abstain)}票。"
    )
    rows = (
        *identity_rows(facts.person),
        (
            label("入团日期"),
            known(day_words(facts.joined_league_on), span=2),
            label("申请入党日期"),
            fact(said_day(facts.applied_on), span=2),
        ),
        (label("推荐组织"), known(facts.body, span=2), label("推荐日期"), fact(said_day(facts.recommended_on), span=2)),
        (label("推荐表决"), Cell(votes, span=5)),
        box("主要表现", facts.conduct, span=5, height=50, blank=True),
        opinion_row("推荐意见", facts.opinion, by="负责人签名", on=facts.recommended_on),
        opinion_row("支部委员会\n意见", facts.committee_opinion, by="党支部书记签名", on=facts.decided_on),
    )
    return Sheet(title, (Form(HEAD, rows),), number=facts.branch)


def draw_filing(facts: FilingList, *, title: str, decided: str, people: str) -> Sheet:
    columns = (
        Column("序号", 5),
        Column("姓名", 10),
        Column("性别", 5),
        Column("民族", 7),
        Column("出生年月", 10),
        Column("单位（专业班级）、职务", 24, left=True),
        Column("申请入党日期", 13),
        Column(decided, 13),
        Column(people, 14),
        Column("备注", 12, left=True),
    )
    rows = numbered(
        (
            one.name,
            one.sex,
            one.ethnicity,
            month_words(one.birth_date),
            one.unit,
            listed_day(one.applied_on),
            listed_day(one.decided_on),
            names(one.people),
            one.note,
        )
        for one in facts.people
    )
    sent = (
        f"报送单位：{filled(facts.branch)}",
        f"备案单位：{filled(facts.superior)}",
        f"报送日期：{day_words(facts.on)}",
    )
    reply = Form(
        (12, 88),
        (
            box(
                "上级党组织\n意见",
                facts.reply,
                span=1,
                height=30,
                foot=("（盖章）", day_words(facts.replied_on)),
                blank=True,
            ),
        ),
    )
    return Sheet(
        title,
        (
            Paragraphs("　　".join(sent), indent=False),
            Listing(columns, rows or (("无",) * len(columns),)),
            Note(f"共{len(facts.people)}人。　　　{signed('党支部书记', facts.secretary)}"),
            reply,
        ),
        style=Style.LIST,
        number=facts.number,
    )


def draw_contacts(facts: ContactAssignment) -> Sheet:
    duties = facts.duties or (
        "向入党积极分子介绍党的基本知识；了解其政治觉悟、道德品质、现实表现和家庭情况等，做好培养教育工作，引导其端正入党动机；"
        "及时向党支部汇报其情况；向党支部提出能否将其列为发展对象的意见。"
    )
    contacts = tuple(
        row
        for contact in facts.contacts or (Identity(),)
        for row in (
            (
                label("培养联系人"),
                known(contact.name, span=2),
                label("单位、职务"),
                known(" ".join(filter(None, (contact.unit, contact.post))), span=2),
            ),
        )
    )
    rows = (
        *identity_rows(facts.person),
        dates_row("确定为积极\n分子日期", facts.activist_on, "指定日期", facts.assigned_on),
        *contacts,
        box("培养联系人\n任务", duties, span=5, height=50),
        box("培养联系人\n签名", "", span=5, height=25, foot=(signed("签名"), day_words(None)), blank=True),
        opinion_row("党支部意见", "", by="党支部书记签名", signer=facts.secretary, on=facts.assigned_on),
    )
    return Sheet("入党积极分子培养联系人登记表", (Form(HEAD, rows),), number=facts.branch)


def draw_inspection(facts: Inspection) -> Sheet:
    look = facts.look
    rows = (
        *identity_rows(facts.person),
        (
            label("考察时段"),
            fact(look.period, span=2),
            label("确定为积极\n分子日期"),
            fact(said_day(facts.activist_on), span=2),
        ),
        (label("培养联系人"), fact(names(facts.contacts), span=5)),
        *(box(name, words, span=5, height=13, blank=True) for name, words in _heads(look)),
        opinion_row("培养联系人\n意见", facts.contacts_opinion, by="培养联系人签名", height=26),
        opinion_row(
            "党支部\n考察意见", look.conclusion, by="党支部书记签名", signer=look.secretary, on=look.on, height=30
        ),
    )
    return Sheet("入党积极分子半年考察表", (Form(HEAD, rows),), number=facts.branch)


def _heads(look: Look) -> tuple[tuple[str, str], ...]:
    return (
        ("入党动机", look.motive),
        ("学习情况", look.study),
        ("工作情况", look.work),
        ("群众基础", look.masses),
        ("存在不足", look.faults),
        ("努力方向\n和建议", look.advice),
    )


def draw_register(facts: CultivationRegister) -> Sheet:
    head = (
        *identity_rows(facts.person),
        dates_row("申请入党\n日期", facts.applied_on, "确定为积极\n分子日期", facts.activist_on),
        (label("培养联系人"), fact(names(facts.contacts), span=5)),
        box("奖励情况", facts.rewards, span=5, height=16, blank=True),
        box("处分情况", facts.sanctions, span=5, height=16, blank=True),
        opinion_row("团组织推荐\n意见", facts.league_opinion, by="团组织负责人签名", on=facts.league_on, height=30),
    )
    notes = tuple(
        box(
            note.period,
            note.words,
            span=1,
            height=32,
            foot=(signed("培养联系人签名", note.author), day_words(note.on)),
            blank=True,
        )
        for note in facts.notes
    )
    looks = tuple(
        box(
            look.period,
            _look_words(look),
            span=1,
            height=50,
            foot=(signed("党支部书记签名", look.secretary), day_words(look.on)),
            blank=True,
        )
        for look in facts.inspections
    )
    none = (box("无", "", span=1, height=12),)
    return Sheet(
        "入党积极分子培养教育考察登记表",
        (
            Form(HEAD, head),
            Heading("本人简历"),
            periods(facts.history, what="在何地、何单位学习或工作", witness="证明人", blank=3),
            Heading("培养联系人考察情况（每季度）"),
            Form((22, 78), notes or none),
            Heading("党支部考察意见（每半年）"),
            Form((22, 78), looks or none),
            Heading("参加培训情况"),
            periods(facts.trainings, what="培训名称、学时和结果", witness="举办单位"),
            Heading("综合考察结论"),
            Paragraphs(facts.conclusion),
            Signature((signed("党支部书记", facts.secretary), day_words(facts.concluded_on))),
        ),
        number="　".join(part for part in (facts.branch, facts.number) if part),
    )


def _look_words(look: Look) -> str:
    heads = (*_heads(look), ("考察意见", look.conclusion))
    return "\n".join(f"{name.replace(chr(10), '')}：{words}" for name, words in heads if words)
