"""The person's head on a form, periods and days in the words of papers: always Chinese, whatever the reader's language.

Papers are kept in Chinese files; the code lists of the archive are said as the Chinese catalog says them.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils import translation

from members.codes import ETHNICITY_CODES, STUDENT_KINDS
from members.models import Member
from members.recruitment.engine.course import Course
from members.recruitment.engine.people import Named
from members.recruitment.queries.files import CaseFile
from portal.rulesets.days import add_months

from ..people import Identity, Period

SEXES = {"1": "男", "2": "女"}
ETHNICITIES = {
    code: name + ("" if code in ("97", "98") else "族") for name, code in ETHNICITY_CODES.items()
}
QUARTERS = "一二三四"
DAY = timedelta(days=1)


def identity(member: Member | None, named: Named | None = None) -> Identity:
    """Return what heads a form: nothing of it is protected."""
    if member is None:
        return Identity(name=named.name if named else "")
    with translation.override("zh-hans"):
        education, degree = str(member.get_education_level_display()), str(member.get_degree_display())
    return Identity(
        name=member.user.name,
        sex=SEXES.get(member.sex, ""),
        ethnicity=ETHNICITIES.get(member.ethnicity, ""),
        birth_date=member.birth_date,
        native_place=member.native_place,
        birthplace=member.birthplace,
        education=education,
        degree=degree if member.degree else member.title,
        unit=unit_of(member),
        post=member.job,
    )


def unit_of(member: Member) -> str:
    """Return where somebody studies or works; of students the class, which the college stands before."""
    parts = [member.college]
    if member.person_kind in STUDENT_KINDS or member.class_name:
        parts.append(member.class_name or member.major)
    words = "".join(part for part in parts if part)
    return words or (member.organization.name if member.organization else "")


def named_in(file: CaseFile, people: Iterable[Named]) -> tuple[Identity, ...]:
    return tuple(identity(file.people.get(person.key), person) for person in people)


def names_in(file: CaseFile, people: Iterable[Named]) -> tuple[str, ...]:
    return tuple(person.name for person in named_in(file, people))


def quarter_words(year: int, quarter: int) -> str:
    return f"{year}年第{QUARTERS[quarter - 1]}季度"


def quarter_of(day: date) -> str:
    return quarter_words(day.year, (day.month + 2) // 3)


def span_of(since: date | None, place: int, months: int) -> tuple[date, date] | None:
    """Return the first and last day of the ``place``-th stretch of so many months since a day."""
    if since is None:
        return None
    return add_months(since, months * (place - 1)), add_months(since, months * place) - DAY


def span_words(span: tuple[date, date] | None) -> str:
    if span is None:
        return ""
    return f"{span[0].year}年{span[0].month}月至{span[1].year}年{span[1].month}月"


def history_of(file: CaseFile) -> tuple[Period, ...]:
    """Return a life as its person told it with the application, else the one line that the archive holds."""
    member = file.person
    if file.letter and file.letter.history:
        return file.letter.history
    if not member.school:
        return ()
    words = " ".join(part for part in (member.school, member.major) if part)
    return (Period(member.enrolled_on, member.graduated_on, f"{words} 学习"),)


def probation_of(course: Course) -> tuple[date | None, date | None]:
    """Return the first and last day of the probation as it runs, an extension included."""
    return course.day_of("congress"), course.convert_on - DAY if course.convert_on else None
