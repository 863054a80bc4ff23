"""Read one row of a roster into the values the archive stores, with everything that can be said of the row alone."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from members import rules as archive_rules
from portal.encryption.crypto import blind_index
from portal.encryption.masks import mask_id_no
from portal.imports.registry import Finding, Severity, SourceRow

from . import rules
from .cells import Unreadable, day_of, is_damaged_number, is_empty_word, is_month_only, name_of, text_of
from .columns import CODES, COLUMNS, DAY_COLUMNS, STANDINGS

_NUMBER = re.compile(r"[0-9A-Za-z_-]{1,20}", re.ASCII)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[·' -]){1,29}")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}", re.ASCII)
LIMITS = {
    "name": 60,
    "contact_name": 120,
    "email": 254,
    "native_place": 60,
    "home_address": 200,
    "notes": 2000,
    "unit": 120,
}
_SHOWN = 40
_LONG_NUMBER = re.compile(r"\d{7,}[\dXx]?")
_ERRORS = frozenset(code for code, kind in rules.FINDINGS.items() if kind.severity == Severity.ERROR)
_WARNINGS = frozenset(code for code, kind in rules.FINDINGS.items() if kind.severity == Severity.WARNING)
_REMEMBERED = 16384


@dataclass(slots=True)
class Draft:
    """One row: ``values`` as the archive stores them, sensitive ones in clear and in memory only; what was found."""

    number: int
    key: str = ""
    name: str = ""
    unit: str = ""
    standing: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    days: rules.Days = field(default_factory=rules.Days)
    findings: list[Finding] = field(default_factory=list)
    content: int = 0

    @property
    def has_error(self) -> bool:
        return any(finding.code in _ERRORS for finding in self.findings)

    @property
    def is_suspicious(self) -> bool:
        return any(finding.code in _WARNINGS for finding in self.findings)

    def find(self, code: str, column: str = "", **params: Any) -> None:
        self.findings.append(_finding(code, column, **params))


def _finding(code: str, column: str = "", **params: Any) -> Finding:
    """Return a finding; a long number that strayed into a wrong column is not repeated in clear."""
    if "value" in params:
        params["value"] = _LONG_NUMBER.sub(lambda found: f"{found[0][:3]}****", params["value"])
    return Finding(code, column, params)


def read(row: SourceRow, *, on: str) -> Draft:
    """Return the draft of one row as seen on day ``on`` (``YYYY-MM-DD``)."""
    draft, cells = Draft(row.number), row.cells
    for column in row.formulas:
        draft.find("formula", column)
    _read_number(draft, cells.get("number", ""))
    draft.name = _take(draft, cells, "name", _read_name)
    if not draft.name:
        draft.find("name_missing", "name")
    elif not _NAME.fullmatch(draft.name):
        draft.find("name_shape", "name")
    draft.unit = _take(draft, cells, "unit", _UNIT)
    if not draft.unit:
        draft.find("unit_missing", "unit")
    for code, reader in _READERS:
        if value := _take(draft, cells, code, reader):
            draft.values[code] = value
    draft.days = rules.Days(*[draft.values.get(code, "") for code in DAY_COLUMNS])
    _read_id_no(draft, cells.get("id_no", ""), on=on)
    _read_contact(draft, cells)
    draft.findings.extend(rules.check_days(draft.days, on=on))
    _read_standing(draft, text_of(cells.get("standing", "")), on=on)
    draft.content = hash((draft.key, draft.name, draft.unit, draft.standing, tuple(draft.values.items())))
    return draft


# Most cells of a roster repeat others of their column. A reader of cells returns the value as stored ("" for none) and
# what there is to say; it remembers texts it has read, unless they are sensitive or differ from person to person.
Reading = tuple[str, Finding | None]
Reader = Callable[[Any], Reading]


def _remembering(read_cell: Reader) -> Reader:
    remembered = lru_cache(_REMEMBERED)(read_cell)
    return lambda cell: remembered(cell) if type(cell) is str else read_cell(cell)  # 1, 1.0 and True are equal keys


def _text_reader(code: str, clean: Callable[[Any], str] = text_of) -> Reader:
    limit = LIMITS[code]

    def read_text(cell: Any) -> Reading:
        value = clean(cell)
        if is_empty_word(value):
            return "", _finding("taken_as_empty", code, value=value)
        if len(value) > limit:
            return value[:limit], _finding("too_long", code, limit=limit)
        return value, None

    return read_text


def _code_reader(code: str) -> Reader:
    codes = CODES[code]

    def read_code(cell: Any) -> Reading:
        value = text_of(cell)
        if known := codes.get(value.replace(" ", "")):
            return known, None
        return "", _finding("taken_as_empty" if is_empty_word(value) else "not_in_list", code, value=value[:_SHOWN])

    return read_code


def _day_reader(code: str) -> Reader:
    def read_day(cell: Any) -> Reading:
        text = text_of(cell)
        try:
            day = day_of(cell)
        except Unreadable:
            value = text[:_SHOWN]
            return "", _finding("day_month_only" if is_month_only(value) else "day_unreadable", code, value=value)
        return day, None if day else _finding("taken_as_empty", code, value=text)

    return read_day


_read_name = _text_reader("name", name_of)
_read_address = _text_reader("home_address")
_read_email = _text_reader("email")
_UNIT = _remembering(_text_reader("unit"))
_READERS: tuple[tuple[str, Reader], ...] = (
    ("contact_name", _remembering(_text_reader("contact_name"))),
    ("native_place", _remembering(_text_reader("native_place"))),
    ("notes", _text_reader("notes")),
    *((column.code, _remembering(_code_reader(column.code))) for column in COLUMNS if column.code in CODES),
    *((code, _remembering(_day_reader(code))) for code in DAY_COLUMNS),
)


def _take(draft: Draft, cells: dict[str, Any], code: str, reader: Reader) -> str:
    """Return what ``reader`` makes of a cell, and note what it has to say."""
    cell = cells.get(code, "")
    if cell == "" or cell is None:
        return ""
    value, finding = reader(cell)
    if finding is not None:
        draft.findings.append(finding)
    return value


def _read_number(draft: Draft, cell: Any) -> None:
    if is_damaged_number(cell, digits=12):
        draft.find("number_damaged", "number")
        return
    if isinstance(cell, int | float):
        draft.find("number_from_number_cell", "number")
    draft.key = text_of(cell).replace(" ", "")
    if not draft.key:
        draft.find("number_missing", "number")
    elif not _NUMBER.fullmatch(draft.key):
        draft.find("number_shape", "number")
        draft.key = _LONG_NUMBER.sub(lambda found: f"{found[0][:3]}****", draft.key)[:40]
    elif len(draft.key) == 18 and archive_rules.id_fault(draft.key.upper(), on=date.max) is None:
        draft.find("number_is_id", "number")
        draft.key = mask_id_no(draft.key)


_day = lru_cache(4)(date.fromisoformat)
_SEX_OF = {digit: archive_rules.sex_in(digit.rjust(17)).value for digit in "0123456789"}


def _read_id_no(draft: Draft, cell: Any, *, on: str) -> None:
    if cell == "":
        return
    if is_damaged_number(cell, digits=18):
        draft.find("id_damaged", "id_no")
        return
    id_no = cell.upper() if type(cell) is str and " " not in cell else archive_rules.clean_id_no(text_of(cell))
    if is_empty_word(id_no) or not id_no:
        draft.find("taken_as_empty", "id_no", value=id_no)
        return
    fault = archive_rules.id_fault(id_no, on=_day(on))
    if fault:
        draft.find(f"id_{fault.value}", "id_no")
        return
    draft.values["id_no"] = id_no
    draft.values["id_no_index"] = blind_index(id_no)
    born = draft.days.birth_date
    if born and born.replace("-", "") != id_no[6:14]:
        draft.find("id_birth_date", "birth_date")
    sex = draft.values.get("sex")
    if sex and sex != _SEX_OF[id_no[16]]:
        draft.find("id_sex", "sex")


def _read_contact(draft: Draft, cells: dict[str, Any]) -> None:
    cell = cells.get("mobile", "")
    if is_damaged_number(cell, digits=11):
        draft.find("mobile_damaged", "mobile")
    elif (value := text_of(cell)) and is_empty_word(value):
        draft.find("taken_as_empty", "mobile", value=value)
    elif value:
        mobile = value if archive_rules.is_mobile(value) else archive_rules.clean_mobile(value)
        if archive_rules.is_mobile(mobile):
            draft.values["mobile"] = mobile
            draft.values["mobile_index"] = blind_index(mobile)
        else:
            draft.find("mobile_shape", "mobile")
    if value := _take(draft, cells, "home_address", _read_address):
        draft.values["home_address"] = value
    if value := _take(draft, cells, "email", _read_email):
        if _is_email(value):
            name, _at, host = value.rpartition("@")
            draft.values["email"] = f"{name}@{host.lower()}"
        else:
            draft.find("email_shape", "email")


def _is_email(value: str) -> bool:
    """Ask the quick pattern first: Django's validator costs ten times as much and is needed for rare forms only."""
    if _EMAIL.fullmatch(value):
        return not value.startswith(".") and ".." not in value and ".@" not in value
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


def _read_standing(draft: Draft, value: str, *, on: str) -> None:
    value = value.replace(" ", "")
    if not value or is_empty_word(value):
        draft.find("standing_missing", "standing")
        return
    known = STANDINGS.get(value)
    if known is None:
        draft.find("standing_unknown", "standing", value=value[:_SHOWN])
        return
    draft.standing, political_status = known
    if political_status:
        draft.values["political_status"] = political_status
    if not draft.standing:
        draft.standing = rules.standing_by_days(draft.days)
        if draft.standing != rules.Standing.MASS and not (draft.days.joined_on or draft.days.converted_on):
            draft.find("standing_from_days", "standing", standing=draft.standing)
    draft.findings.extend(rules.check_standing(draft.standing, draft.days, on=on))
