"""What a candidate's letter holds beside its text, and when one may be written. Pure.

The age and a bar to apply anew are the engine's to judge; here stands what makes a letter pointless.
"""

import json
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.organizations.models import Standing
from portal.rulesets.days import add_months

from .models import LetterKind
from .papers.people import Period, Relative

Row = TypeVar("Row", Period, Relative)

TEXT_MAX = 20_000
BOX_MAX = 2000
SCANS_MAX = 12
# How many rows a table of the letter takes.
HISTORY_MAX, RELATIVES_MAX = 20, 15

# The title of each letter as the papers have it, and the form of address before its text.
TITLES = {LetterKind.ADMISSION: "入党申请书", LetterKind.CONVERSION: "转正申请书"}
SALUTATION = "敬爱的党组织："
CLOSING = ("此致", "敬礼！")


@dataclass(frozen=True, slots=True)
class Tables:
    """What stands beside the text: of an application the first five, of a conversion application the last two."""

    history: tuple[Period, ...] = ()
    family: tuple[Relative, ...] = ()
    social_relations: tuple[Relative, ...] = ()
    league_joined_on: date | None = None
    prior_application: str = ""
    faults: str = ""
    explanations: str = ""


def tables_to_text(tables: Tables) -> str:
    """Return ``tables`` as the column keeps them."""
    return json.dumps(asdict(tables), ensure_ascii=False, default=date.isoformat)


def tables_from_text(text: str) -> Tables:
    """Return the tables that ``tables_to_text`` wrote; empty ones for a letter that was never handed in."""
    data: dict[str, Any] = json.loads(text) if text else {}
    rows = {
        "history": tuple(_row(Period, row) for row in data.get("history", ())),
        "family": tuple(_row(Relative, row) for row in data.get("family", ())),
        "social_relations": tuple(_row(Relative, row) for row in data.get("social_relations", ())),
        "league_joined_on": _day(data.get("league_joined_on")),
    }
    return Tables(**{**{name: data.get(name, "") for name in ("prior_application", "faults", "explanations")}, **rows})


def _row(kind: type[Row], data: dict[str, Any]) -> Row:
    days = {"since", "until", "birth_date"}
    known = {field.name for field in fields(kind)} & data.keys()
    values: dict[str, Any] = {name: _day(data[name]) if name in days else data[name] for name in known}
    return kind(**values)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def draft_key(kind: str) -> str:
    """Return the key under which a candidate's letter is kept while it is written."""
    return f"recruitment-letter.{kind}"


class LetterGap(models.TextChoices):
    """Why no letter of a kind can be handed in."""

    NO_BRANCH = "no_branch", _("Only a branch takes applications, and you belong to none.")
    FULL_MEMBER = "full_member", _("A full member does not apply for membership.")
    UNDER_WAY = "under_way", _("Your application is with your branch already.")
    NOT_PROBATIONARY = "not_probationary", _("Only a probationary member applies for conversion (XZ26 art. 32).")
    HAS_APPLIED = "has_applied", _("Your conversion application is with your branch already.")
    WAITS = "waits", _("Your letter waits for the answer of your branch; take it back if you want to change it.")


@dataclass(frozen=True, slots=True)
class Probation:
    """A probation as it was decided, and when its member applies for conversion.

    ``convert_on`` is the day after its last; ``apply_until`` is custom, and ``late_until`` how long a late application
    is excused.
    """

    since: date
    convert_on: date
    apply_from: date
    apply_until: date
    late_until: date
    is_extended: bool = False
    has_applied: bool = False


@dataclass(frozen=True, slots=True)
class Writer:
    """Whoever would write a letter, as far as the rules ask."""

    has_branch: bool
    standing: str
    has_open_case: bool
    probation: Probation | None = None


def gaps_before_letter(kind: str, writer: Writer, *, is_waiting: bool) -> list[LetterGap]:
    """Say what makes a letter of ``kind`` pointless, whatever it says. Source: XZ26 art. 5, 32."""
    gaps = []
    if not writer.has_branch:
        gaps.append(LetterGap.NO_BRANCH)
    if kind == LetterKind.ADMISSION:
        if writer.standing == Standing.FULL_MEMBER:
            gaps.append(LetterGap.FULL_MEMBER)
        elif writer.has_open_case or writer.standing not in (Standing.MASS, Standing.APPLICANT):
            gaps.append(LetterGap.UNDER_WAY)
    elif writer.probation is None:
        gaps.append(LetterGap.NOT_PROBATIONARY)
    elif writer.probation.has_applied:
        gaps.append(LetterGap.HAS_APPLIED)
    if is_waiting:
        gaps.append(LetterGap.WAITS)
    return gaps


def talk_due(received_on: date, months: int) -> date:
    """Return the day by which the branch talks with an applicant whose letter came on a day (XZ26 art. 7)."""
    return add_months(received_on, months)
