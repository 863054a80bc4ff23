"""Stage C: opinions heard, sponsors, political review and training (XZ26 13–17)."""

from dataclasses import dataclass
from datetime import date

from members.recruitment.engine.details import Heard, Outcome
from portal.documents.sheets import (
    ROOM,
    Column,
    Form,
    Heading,
    Listing,
    Sheet,
    box,
    day_words,
    fact,
    label,
    listed_day,
    said_day,
    signed,
)

from .people import HEAD, Identity, dates_row, identity_rows, known, opinion_row

_HEARD = {
    Heard.GROUP: "党小组",
    Heard.CONTACTS: "培养联系人\n（入党介绍人）",
    Heard.MEMBERS: "党员",
    Heard.MASSES: "群众",
}
_REVIEWED = {Outcome.PASSED: "合格", Outcome.REJECTED: "不合格"}


@dataclass(frozen=True, slots=True)
class HeardOpinion:
    """What one circle said; ``people`` is how many were asked."""

    circle: Heard = Heard.MEMBERS
    on: date | None = None
    people: int | None = None
    how: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class OpinionRecord:
    """Opinions heard before somebody becomes a development target, or before conversion."""

    person: Identity = Identity()
    branch: str = ""
    for_conversion: bool = False
    opinions: tuple[HeardOpinion, ...] = ()
    conclusion: str = ""
    recorder: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Sponsor:
    person: Identity = Identity()
    full_member_on: date | None = None
    knows: str = ""  # how long and from where the sponsor knows the person
    opinion: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class SponsorRecord:
    person: Identity = Identity()
    branch: str = ""
    target_on: date | None = None
    settled_on: date | None = None
    sponsors: tuple[Sponsor, ...] = ()
    secretary: str = ""


@dataclass(frozen=True, slots=True)
class ReviewedPerson:
    """One line of the political review: who was looked at, how, and with what result."""

    relation: str = ""
    name: str = ""
    unit: str = ""
    political_status: str = ""
    method: str = ""
    issued_by: str = ""
    received_on: date | None = None
    result: str = ""


@dataclass(frozen=True, slots=True)
class PoliticalReview:
    """政审综合材料: four heads, the letters behind it, and the conclusion; the letters themselves stay sealed."""

    person: Identity = Identity()
    branch: str = ""
    target_on: date | None = None
    attitude: str = ""
    history: str = ""
    discipline: str = ""
    family: str = ""
    reviewed: tuple[ReviewedPerson, ...] = ()
    outcome: Outcome | None = None
    conclusion: str = ""
    reviewer: str = ""
    secretary: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class TrainingNote:
    """The note in the file that stands for the certificate of the intensive training."""

    person: Identity = Identity()
    organizer: str = ""
    name: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    hours: int | None = None
    days: int | None = None
    result: str = ""
    certificate: str = ""
    on: date | None = None


def draw_opinions(facts: OpinionRecord) -> Sheet:
    rows = tuple(
        box(
            f"{_HEARD[one.circle]}意见",
            "\n".join(filter(None, (_asked(one), one.words))),
            span=5,
            height=30,
            blank=True,
        )
        for one in facts.opinions
    ) or tuple(box(f"{name}意见", "", span=5, height=30, blank=True) for name in _HEARD.values())
    title = "预备党员转正听取意见记录" if facts.for_conversion else "确定发展对象听取意见记录"
    body = (
        *identity_rows(facts.person),
        *rows,
        opinion_row("综合意见", facts.conclusion, by="记录人签名", signer=facts.recorder, on=facts.on, height=34),
    )
    return Sheet(title, (Form(HEAD, body),), number=facts.branch)


def _asked(one: HeardOpinion) -> str:
    people = f"听取{one.people}人意见" if one.people is not None else ""
    return "，".join(part for part in (day_words(one.on) if one.on else "", one.how, people) if part)


def draw_sponsors(facts: SponsorRecord) -> Sheet:
    rows = [
        *identity_rows(facts.person),
        dates_row("确定为发展\n对象日期", facts.target_on, "确定介绍人\n日期", facts.settled_on),
    ]
    # Two boxes, whatever is known: the regulation asks for two full members.
    for place, sponsor in enumerate((*facts.sponsors, Sponsor(), Sponsor())[: max(2, len(facts.sponsors))], start=1):
        rows += [
            (
                label(f"介绍人{'一二三四五六七八九'[place - 1] if place < 10 else place}"),
                known(sponsor.person.name),
                label("单位职务"),
                known(" ".join(filter(None, (sponsor.person.unit, sponsor.person.post))), span=3),
            ),
            (
                label("转为正式\n党员日期"),
                known(day_words(sponsor.full_member_on), span=2),
                label("与被介绍人\n关系"),
                known(sponsor.knows, span=2),
            ),
            opinion_row(
                "介绍人意见", sponsor.opinion, by="介绍人签名", on=sponsor.on, height=34
            ),
        ]
    rows.append(
        opinion_row("党支部意见", "", by="党支部书记签名", signer=facts.secretary, on=facts.settled_on, height=30)
    )
    return Sheet("发展对象入党介绍人登记表", (Form(HEAD, tuple(rows)),), number=facts.branch)


def draw_review(facts: PoliticalReview) -> Sheet:
    columns = (
        Column("关系", 9),
        Column("姓名", 12),
        Column("单位及职务", 18, left=True),
        Column("政治面貌", 12),
        Column("方式", 8),
        Column("出具单位", 16, left=True),
        Column("收到日期", 13),
        Column("结果", 12, left=True),
    )
    reviewed = tuple(
        (
            one.relation,
            one.name,
            one.unit,
            one.political_status,
            one.method,
            one.issued_by,
            listed_day(one.received_on),
            one.result,
        )
        for one in facts.reviewed
    )
    rows = (
        *identity_rows(facts.person),
        (label("确定为发展\n对象日期"), fact(said_day(facts.target_on), span=5)),
        box("对党的理论\n和路线方针\n政策的态度", facts.attitude, span=5, height=30, blank=True),
        box("政治历史和\n重大政治斗\n争中的表现", facts.history, span=5, height=30, blank=True),
        box("遵纪守法和\n遵守社会公\n德情况", facts.discipline, span=5, height=30, blank=True),
        box("直系亲属和\n主要社会关\n系的情况", facts.family, span=5, height=30, blank=True),
    )
    outcome = _REVIEWED.get(facts.outcome, "") if facts.outcome else ""
    end = (
        (label("审查结论"), known(outcome)),
        box(
            "综合意见",
            facts.conclusion,
            span=1,
            height=45,
            foot=(signed("审查人签名", facts.reviewer), signed("党支部书记签名", facts.secretary), day_words(facts.on)),
            blank=True,
        ),
    )
    return Sheet(
        "发展对象政治审查综合材料",
        (
            Form(HEAD, rows),
            Heading("审查对象和函调情况"),
            Listing(columns, reviewed or (("无",) * len(columns),)),
            Form((14, 86), end),
        ),
        number=facts.branch,
    )


def draw_training(facts: TrainingNote) -> Sheet:
    length = "、".join(
        part
        for part in (
            f"{facts.days}天" if facts.days is not None else "",
            f"{facts.hours}学时" if facts.hours is not None else "",
        )
        if part
    )
    rows = (
        *identity_rows(facts.person),
        (label("培训名称"), known(facts.name, span=5)),
        (label("举办单位"), known(facts.organizer, span=5)),
        (
            label("培训时间"),
            fact(f"{day_words(facts.starts_on)}至{day_words(facts.ends_on)}", span=3),
            label("培训时长"),
            fact(length),
        ),
        (label("结业证书\n编号"), known(facts.certificate, span=3), label("考核结果"), known(facts.result)),
        box(
            "举办单位\n意见",
            f"经短期集中培训，考核结果：{facts.result or ROOM * 8}。",
            span=5,
            height=50,
            foot=("（盖章）", day_words(facts.on)),
        ),
    )
    return Sheet("发展对象短期集中培训结业登记表", (Form(HEAD, rows),))
