"""Publicity notices and their results (XZ26 13).

A notice hangs where anybody reads it. What it may say of a person is the list of domain.md 4.4 and nothing more: the
type has no field for the rest, and numbers or addresses that slipped into a name or unit are left out.
"""

import re
from dataclasses import dataclass, replace
from datetime import date

from members.recruitment.engine.details import Purpose
from portal.documents.sheets import (
    ROOM,
    Column,
    Form,
    Listing,
    Paragraphs,
    Sheet,
    Signature,
    Style,
    box,
    day_words,
    fact,
    label,
    listed_day,
    month_words,
    numbered,
    signed,
)

from .people import Identity, count_words, known, names, unit_words

WITHHELD = "＊＊＊"
# Seven digits in a row, however grouped, are no class: an identity number, a phone, an account. And mail addresses.
_PRIVATE = re.compile(r"\d(?:[\s\-_.]?\d){5,}[\s\-_.]?[\dXx]|[^\s，。；、（）]+[@＠][^\s，。；、（）]+")

_TITLES = {
    Purpose.TARGET: "关于拟确定发展对象的公示",
    Purpose.ADMISSION: "关于拟接收预备党员的公示",
    Purpose.CONVERSION: "关于预备党员拟转为正式党员的公示",
}
_WHAT = {
    Purpose.TARGET: "经党支部委员会讨论并报上级党组织同意，拟将下列同志确定为发展对象",
    Purpose.ADMISSION: "经党支部委员会审查，拟将下列同志提交党支部党员大会讨论接收为中共预备党员",
    Purpose.CONVERSION: "经党支部委员会审查，拟将下列预备党员提交党支部党员大会讨论转为中共正式党员",
}


# Without these nobody could object: where they are not known, they are written by hand.
_ASKED = ("受理部门", "电　　话")


@dataclass(frozen=True, slots=True)
class PublicPerson:
    """What the public may know: month of birth, not the day."""

    name: str = ""
    sex: str = ""
    unit: str = ""
    birth_date: date | None = None
    applied_on: date | None = None
    activist_on: date | None = None
    contacts: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        person: Identity,
        *,
        applied_on: date | None = None,
        activist_on: date | None = None,
        contacts: tuple[str, ...] = (),
    ) -> "PublicPerson":
        """Take from a person's identity what may be public, and leave the rest."""
        return cls(person.name, person.sex, unit_words(person), person.birth_date, applied_on, activist_on, contacts)


@dataclass(frozen=True, slots=True)
class PublicityNotice:
    """``workdays`` is the length of the notice; receiver, telephone and mail are those of the office."""

    purpose: Purpose = Purpose.TARGET
    people: tuple[PublicPerson, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    workdays: int | None = None
    places: str = ""
    receiver: str = ""
    telephone: str = ""
    mail: str = ""
    issuer: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class PublicityResult:
    """What came of a notice; an objection is told without saying who raised it."""

    purpose: Purpose = Purpose.TARGET
    people: tuple[str, ...] = ()
    branch: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    places: str = ""
    objections: int | None = None
    received: str = ""
    checked: str = ""
    conclusion: str = ""
    secretary: str = ""
    on: date | None = None


def withheld(words: str) -> str:
    """Return ``words`` without numbers and addresses by which a person could be reached or known."""
    return _PRIVATE.sub(WITHHELD, words)


def public(person: PublicPerson) -> PublicPerson:
    return replace(
        person,
        name=withheld(person.name),
        sex=withheld(person.sex),
        unit=withheld(person.unit),
        contacts=tuple(withheld(name) for name in person.contacts),
    )


def draw_notice(facts: PublicityNotice) -> Sheet:
    columns = (
        Column("序号", 7),
        Column("姓名", 13),
        Column("性别", 7),
        Column("单位（班级）", 17, left=True),
        Column("出生年月", 14),
        Column("申请入党\n日期", 14),
        Column("确定为积极\n分子日期", 14),
        Column("培养\n联系人", 14),
    )
    rows = numbered(
        (
            person.name,
            person.sex,
            person.unit,
            month_words(person.birth_date),
            listed_day(person.applied_on),
            listed_day(person.activist_on),
            names(person.contacts),
        )
        for person in map(public, facts.people)
    )
    length = f"（共{facts.workdays}个工作日）" if facts.workdays else ""
    ways = (
        ("受理部门", facts.receiver),
        ("电　　话", facts.telephone),
        ("电子邮箱", facts.mail),
        ("公示地点", facts.places),
    )
    reach = "\n".join(f"{name}：{words or ROOM * 16}" for name, words in ways if words or name in _ASKED)
    return Sheet(
        _TITLES[facts.purpose],
        (
            Paragraphs(
                f"{_WHAT[facts.purpose]}，现予以公示。公示时间自{day_words(facts.starts_on)}起至{day_words(facts.ends_on)}止{length}。"
            ),
            Listing(columns, rows or (("无",) * len(columns),)),
            Paragraphs(
                "公示期间，党员、群众如有异议，可以来信、来电、来访等方式向受理部门反映。"
                "反映情况应当实事求是，提倡署真实姓名；对反映人和反映的内容严格保密。"
            ),
            Paragraphs(reach),
            Signature((facts.issuer or "党支部（盖章）", day_words(facts.on))),
        ),
        style=Style.LETTER,
    )


def draw_result(facts: PublicityResult) -> Sheet:
    span = f"{day_words(facts.starts_on)}至{day_words(facts.ends_on)}"
    objections = f"公示期间收到反映{count_words(facts.objections)}件。"
    rows = (
        (label("公示事项"), fact(_TITLES[facts.purpose].removeprefix("关于").removesuffix("的公示"), span=3)),
        (label("公示对象"), fact(names(facts.people), span=3)),
        (label("公示时间"), fact(span, span=3)),
        (label("公示地点"), known(facts.places, span=3)),
        box("收到反映\n情况", "\n".join(filter(None, (objections, facts.received))), span=3, height=35),
        box("调查核实\n情况", facts.checked, span=3, height=45, blank=bool(facts.objections)),
        box(
            "公示结论",
            facts.conclusion,
            span=3,
            height=50,
            foot=(signed("党支部书记签名", facts.secretary), day_words(facts.on)),
            blank=True,
        ),
    )
    return Sheet("公示结果报告", (Form((18, 32, 18, 32), rows),), number=facts.branch)
