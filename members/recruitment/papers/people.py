"""The people that papers name, and the boxes about a person that several forms share."""

from dataclasses import dataclass
from datetime import date

from portal.documents.sheets import (
    Cell,
    Column,
    Listing,
    box,
    day_words,
    filled,
    label,
    month_words,
    signed,
)

# Label and value three times in a row, as the heads of official forms have it.
HEAD = (16, 20, 13, 19, 13, 19)


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as forms head them. ``id_no``, ``mobile`` and ``address`` reach only papers that name them."""

    name: str = ""
    sex: str = ""
    ethnicity: str = ""
    birth_date: date | None = None
    native_place: str = ""
    birthplace: str = ""
    education: str = ""
    degree: str = ""
    unit: str = ""
    post: str = ""
    id_no: str = ""
    mobile: str = ""
    address: str = ""
    skills: str = ""


@dataclass(frozen=True, slots=True)
class Relative:
    """Close family or a main social relation."""

    relation: str = ""
    name: str = ""
    birth_date: date | None = None
    political_status: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """A line of somebody's history, a training, an award: from when to when, what, and who can say so."""

    since: date | None = None
    until: date | None = None
    words: str = ""
    witness: str = ""


def known(words: str, *, span: int = 1) -> Cell:
    """Return a box for what everybody has, such as a sex or a chairman: where it is not known, it waits for the pen."""
    return Cell(words, span=span)


def identity_rows(person: Identity) -> tuple[tuple[Cell, ...], ...]:
    """Return the head of a form with ``HEAD`` columns."""
    return (
        (
            label("姓　名"),
            known(person.name),
            label("性　别"),
            known(person.sex),
            label("民　族"),
            known(person.ethnicity),
        ),
        (
            label("出生年月"),
            known(month_words(person.birth_date)),
            label("籍　贯"),
            known(person.native_place),
            label("学　历"),
            known(person.education),
        ),
        (label("单位职务\n（班级）"), known(unit_words(person), span=5)),
    )


def dates_row(first: str, first_on: date | None, second: str, second_on: date | None) -> tuple[Cell, ...]:
    return (label(first), known(day_words(first_on), span=2), label(second), known(day_words(second_on), span=2))


def opinion_row(
    name: str, words: str, *, by: str, signer: str = "", on: date | None = None, height: int = 38
) -> tuple[Cell, ...]:
    """Return a box for an opinion that ``by`` signs; without words it stays blank for the pen."""
    return box(name, words, span=5, height=height, foot=(signed(by, signer), day_words(on)), blank=True)


def unit_words(person: Identity) -> str:
    return " ".join(part for part in (person.unit, person.post) if part)


def names(people: tuple[str, ...]) -> str:
    return filled("、".join(name for name in people if name))


def relatives(rows: tuple[Relative, ...], *, blank: int = 0) -> Listing:
    """Return the table of relatives; without any, so many ``blank`` rows to fill by hand, or 无."""
    columns = (
        Column("关系", 10),
        Column("姓名", 12),
        Column("出生年月", 14),
        Column("政治面貌", 14),
        Column("单位及职务", 30, left=True),
    )
    said = tuple((row.relation, row.name, month_words(row.birth_date), row.political_status, row.unit) for row in rows)
    return Listing(columns, said or _nobody(len(columns), blank))


def periods(rows: tuple[Period, ...], *, what: str, witness: str = "", blank: int = 0) -> Listing:
    """Return the table of periods; without any, so many ``blank`` rows to fill by hand, or 无."""
    columns = [Column("起止年月", 22), Column(what, 50, left=True)]
    said = [(span_words(row), row.words) for row in rows]
    if witness:
        columns.append(Column(witness, 18))
        said = [(*line, row.witness) for line, row in zip(said, rows, strict=True)]
    return Listing(tuple(columns), tuple(said) or _nobody(len(columns), blank))


def _nobody(columns: int, blank: int) -> tuple[tuple[str, ...], ...]:
    return (("",) * columns,) * blank or (("无",) * columns,)


def span_words(row: Period) -> str:
    """Return ``2021.09—2025.06``; without an end it goes on."""
    if row.since is None:
        return _short(row.until)
    return f"{_short(row.since)}—{_short(row.until) or '今'}"


def _short(day: date | None) -> str:
    return f"{day.year}.{day.month:02}" if day else ""


def count_words(number: int | None) -> str:
    """Return a number of people or ballots; one that nobody noted stays a blank to fill in."""
    return "\u00a0\u00a0\u00a0\u00a0" if number is None else str(number)
