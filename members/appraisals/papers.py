"""The papers of an appraisal: the list that is signed and reported, and the form of one person for the archive.

What was counted for a person stands on neither: it is for the committee alone.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from portal.documents.registry import Paper, papers
from portal.documents.sheets import (
    Block,
    Cell,
    Column,
    Form,
    Listing,
    Note,
    Pairs,
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
    plain,
    signed,
)
from portal.organizations.models import Standing

from .models import Appraisal, AppraisalPerson
from .queries import people_of
from .rules import Grade, Stage

LIST, PERSON = "appraisals.list", "appraisals.person"
GRADES = {
    Grade.EXCELLENT: "优秀",
    Grade.QUALIFIED: "合格",
    Grade.BASICALLY_QUALIFIED: "基本合格",
    Grade.UNQUALIFIED: "不合格",
}
STANDINGS = {Standing.FULL_MEMBER: "正式党员", Standing.PROBATIONARY: "预备党员"}
# From here on the committee's opinions stand.
PRINTED = (Stage.REPORTED, Stage.CONFIRMED, Stage.CLOSED)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list."""

    name: str = ""
    standing: str = ""
    handed_in_on: date | None = None
    grade: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class ResultList:
    """What a branch reports of a year."""

    branch: str = ""
    superior: str = ""
    year: int = 0
    people: tuple[Listed, ...] = ()
    most_excellent: int = 0
    voted: int = 0
    decided_on: date | None = None
    confirmed_on: date | None = None


@dataclass(frozen=True, slots=True)
class PersonForm:
    """The appraisal of one person."""

    branch: str = ""
    superior: str = ""
    year: int = 0
    name: str = ""
    standing: str = ""
    text: str = ""
    grade: str = ""
    words: str = ""
    decided_on: date | None = None
    confirmed_on: date | None = None


def list_of(appraisal: Appraisal, voted: int) -> ResultList:
    """Return the list of an appraisal; ``voted`` is how many took part in the ballot."""
    return ResultList(
        branch=appraisal.organization.name,
        superior=appraisal.superior.name,
        year=appraisal.year,
        people=tuple(
            Listed(
                name=row.user.name,
                standing=STANDINGS.get(Standing(row.standing), ""),
                handed_in_on=row.handed_in_on,
                grade=_grade(row),
                words=row.words,
            )
            for row in people_of(appraisal)
        ),
        most_excellent=appraisal.limit().most,
        voted=voted,
        decided_on=appraisal.decided_on,
        confirmed_on=appraisal.confirmed_on,
    )


def form_of(part: AppraisalPerson) -> PersonForm:
    """Return the form of one participant."""
    appraisal = part.appraisal
    return PersonForm(
        branch=appraisal.organization.name,
        superior=appraisal.superior.name,
        year=appraisal.year,
        name=part.user.name,
        standing=STANDINGS.get(Standing(part.standing), ""),
        text=part.text,
        grade=_grade(part),
        words=part.words,
        decided_on=appraisal.decided_on,
        confirmed_on=appraisal.confirmed_on,
    )


def _grade(part: AppraisalPerson) -> str:
    if not part.is_graded:
        return "参加评议，不评定等次"
    return GRADES.get(Grade(part.grade), "") if part.grade else ""


def draw_list(facts: ResultList) -> Sheet:
    """Draw the list: who, whether a self-appraisal was handed in, the grade, the opinion."""
    columns = (
        Column("序号", 6),
        Column("姓名", 12),
        Column("党员类别", 12),
        Column("个人自评提交日期", 16),
        Column("评定等次", 16),
        Column("支部委员会意见", 38, left=True),
    )
    rows = numbered(
        [line.name, line.standing, listed_day(line.handed_in_on), filled(line.grade), plain(line.words)]
        for line in facts.people
    )
    counts = "　".join(
        f"{grade}{sum(line.grade == grade for line in facts.people)}名" for grade in GRADES.values()
    )
    blocks: list[Block] = [
        Pairs(
            (
                ("党支部", facts.branch), ("评议年度", f"{facts.year}年" if facts.year else ""),
                ("参评党员", f"{len(facts.people)}名"), ("参加民主测评", f"{facts.voted}名"),
            )
        ),
        Listing(columns, rows),
        Note(f"评定结果：{counts}。优秀名额不超过{facts.most_excellent}名。预备党员参加评议，不评定等次。"),
        Signature((signed("党支部书记签名"), day_words(facts.decided_on))),
        Signature((f"{filled(facts.superior)}审核意见（盖章）：", day_words(facts.confirmed_on))),
    ]  # fmt: skip
    return Sheet("民主评议党员情况汇总表", tuple(blocks), style=Style.LIST)


def draw_person(facts: PersonForm) -> Sheet:
    """Draw the form of one person, with room for the signatures."""
    year = f"{facts.year}年" if facts.year else ""
    rows: tuple[tuple[Cell, ...], ...] = (
        (label("姓名"), fact(facts.name), label("党员类别"), fact(facts.standing)),
        (label("党支部"), fact(facts.branch), label("评议年度"), fact(year)),
        box("个人自评", plain(facts.text), span=3, height=90, foot=(signed("本人签名"), day_words(None))),
        (label("评定等次"), fact(facts.grade, span=3)),
        box(
            "党支部\n意见", plain(facts.words), span=3, height=35,
            foot=(signed("党支部书记签名"), day_words(facts.decided_on)),
        ),
        box(
            "上级党组织\n意见", "同意。" if facts.confirmed_on else "", span=3, height=30, blank=True,
            foot=(f"{filled(facts.superior)}（盖章）", day_words(facts.confirmed_on)),
        ),
    )  # fmt: skip
    return Sheet("民主评议党员登记表", (Form((14, 36, 14, 36), rows),), style=Style.FORM)


def declare() -> None:
    """Register the papers; called once, when the room is ready."""
    papers.register(Paper(LIST, _("List of the democratic appraisal"), ResultList, "DJ 18", draw_list, 200))
    papers.register(Paper(PERSON, _("Form of the democratic appraisal"), PersonForm, "DJ 18", draw_person, 201))
