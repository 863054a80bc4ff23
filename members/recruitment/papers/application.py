"""Stage A: the letter and the talk (XZ26 5, 7)."""

from dataclasses import dataclass
from datetime import date

from portal.documents.sheets import (
    Block,
    Form,
    Heading,
    Note,
    Paragraphs,
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

from .people import HEAD, Identity, Period, Relative, identity_rows, known, opinion_row, periods, relatives


@dataclass(frozen=True, slots=True)
class ApplicationLetter:
    """The letter in the applicant's words, with the résumé and family that guides ask for (domain.md 4.2)."""

    applicant: str = ""
    body: str = ""
    history: tuple[Period, ...] = ()
    family: tuple[Relative, ...] = ()
    social_relations: tuple[Relative, ...] = ()
    submitted_on: date | None = None
    received_by: str = ""
    received_on: date | None = None


@dataclass(frozen=True, slots=True)
class TalkRecord:
    """The talk within a month; the items are those of XZ26 7."""

    person: Identity = Identity()
    applied_on: date | None = None
    talker: str = ""
    talker_post: str = ""
    on: date | None = None
    place: str = ""
    background: str = ""
    view: str = ""
    motive: str = ""
    law: str = ""
    family: str = ""
    explained: str = ""
    impression: str = ""


def draw_letter(facts: ApplicationLetter) -> Sheet:
    blocks: list[Block] = [
        Paragraphs("敬爱的党组织：", indent=False),
        Paragraphs(facts.body),
        Paragraphs("此致"),
        Paragraphs("敬礼！", indent=False),
        Signature((signed("申请人", facts.applicant), day_words(facts.submitted_on))),
    ]
    if facts.history:
        blocks += [Heading("附：本人简历"), periods(facts.history, what="在何地、何单位学习或工作", witness="证明人")]
    if facts.family:
        blocks += [Heading("附：家庭主要成员"), relatives(facts.family)]
    if facts.social_relations:
        blocks += [Heading("附：主要社会关系"), relatives(facts.social_relations)]
    if facts.received_on or facts.received_by:
        blocks.append(Note(f"党支部收到日期：{day_words(facts.received_on)}　　{signed('接收人', facts.received_by)}"))
    return Sheet("入党申请书", tuple(blocks), style=Style.LETTER)


def draw_talk(facts: TalkRecord) -> Sheet:
    rows = (
        *identity_rows(facts.person),
        (
            label("申请日期"),
            fact(said_day(facts.applied_on), span=2),
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
        box("学习工作\n基本情况", facts.background, span=5, height=18, blank=True),
        box("对党的认识", facts.view, span=5, height=20, blank=True),
        box("入党动机", facts.motive, span=5, height=20, blank=True),
        box("遵纪守法\n情况", facts.law, span=5, height=14, blank=True),
        box("家庭情况", facts.family, span=5, height=14, blank=True),
        box("向申请人\n说明的事项", facts.explained, span=5, height=14, blank=True),
        opinion_row(
            "谈话人印象\n和意见", facts.impression, by="谈话人签名", on=facts.on, height=30
        ),
        box("申请人确认", "", span=5, height=16, foot=(signed("申请人签名"), day_words(None)), blank=True),
    )
    return Sheet("入党申请人谈话记录", (Form(HEAD, rows),))
