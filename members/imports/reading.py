"""Read one row of a roster into the values the archive stores, with everything that can be said of the row alone."""

import re
from dataclasses import dataclass, field
from datetime import date
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
_CODED = tuple(column.code for column in COLUMNS if column.code in CODES)
_PLAIN = ("contact_name", "native_place", "notes")


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
        return any(rules.FINDINGS[finding.code].severity == Severity.ERROR for finding in self.findings)

    @property
    def is_suspicious(self) -> bool:
        return any(rules.FINDINGS[finding.code].severity == Severity.WARNING for finding in self.findings)

    def find(self, code: str, column: str = "", **params: Any) -> None:
        """Add a finding; a long number that strayed into a wrong column is not repeated in clear."""
        if "value" in params:
            params["value"] = _LONG_NUMBER.sub(lambda found: f"{found[0][:3]}****", params["value"])
        self.findings.append(Finding(code, column, params))


def read(row: SourceRow, *, on: str) -> Draft:
    """Return the draft of one row as seen on day ``on`` (``YYYY-MM-DD``)."""
    draft, cells = Draft(row.number), row.cells
    for column in row.formulas:
        draft.find("formula", column)
    _read_number(draft, cells.get("number", ""))
    draft.name = _text(draft, "name", cells, name_of)
    if not draft.name:
        draft.find("name_missing", "name")
    elif not _NAME.fullmatch(draft.name):
        draft.find("name_shape", "name")
    draft.unit = _text(draft, "unit", cells)
    if not draft.unit:
        draft.find("unit_missing", "unit")
    for code in _PLAIN:
        if value := _text(draft, code, cells):
            draft.values[code] = value
    for code in _CODED:
        _read_code(draft, code, text_of(cells.get(code, "")))
    for code in DAY_COLUMNS:
        _read_day(draft, code, cells.get(code, ""))
    _read_id_no(draft, cells.get("id_no", ""), on=on)
    _read_contact(draft, cells)
    draft.findings.extend(rules.check_days(draft.days, on=on))
    _read_standing(draft, text_of(cells.get("standing", "")), on=on)
    draft.content = hash((draft.key, draft.name, draft.unit, draft.standing, tuple(draft.values.items())))
    return draft


def _text(draft: Draft, code: str, cells: dict[str, Any], clean: Any = text_of) -> str:
    cell = cells.get(code, "")
    value = clean(cell) if cell != "" else ""
    if not value:
        return ""
    if is_empty_word(value):
        draft.find("taken_as_empty", code, value=value)
        return ""
    if len(value) > LIMITS[code]:
        draft.find("too_long", code, limit=LIMITS[code])
        return value[: LIMITS[code]]
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


def _read_code(draft: Draft, code: str, value: str) -> None:
    if not value:
        return
    known = CODES[code].get(value.replace(" ", ""))
    if known:
        draft.values[code] = known
    elif is_empty_word(value):
        draft.find("taken_as_empty", code, value=value)
    else:
        draft.find("not_in_list", code, value=value[:_SHOWN])


def _read_day(draft: Draft, code: str, cell: Any) -> None:
    if cell == "":
        return
    try:
        day = day_of(cell)
    except Unreadable:
        value = text_of(cell)[:_SHOWN]
        draft.find("day_month_only" if is_month_only(value) else "day_unreadable", code, value=value)
        return
    if day:
        draft.values[code] = day
        setattr(draft.days, code, day)
    elif text_of(cell):
        draft.find("taken_as_empty", code, value=text_of(cell))


def _read_id_no(draft: Draft, cell: Any, *, on: str) -> None:
    if cell == "":
        return
    if is_damaged_number(cell, digits=18):
        draft.find("id_damaged", "id_no")
        return
    id_no = archive_rules.clean_id_no(text_of(cell))
    if is_empty_word(id_no) or not id_no:
        draft.find("taken_as_empty", "id_no", value=id_no)
        return
    fault = archive_rules.id_fault(id_no, on=date.fromisoformat(on))
    if fault:
        draft.find(f"id_{fault.value}", "id_no")
        return
    draft.values["id_no"] = id_no
    draft.values["id_no_index"] = blind_index(id_no)
    born = draft.days.birth_date
    if born and born.replace("-", "") != id_no[6:14]:
        draft.find("id_birth_date", "birth_date")
    sex = draft.values.get("sex", "")
    if sex and sex != archive_rules.sex_in(id_no).value:
        draft.find("id_sex", "sex")


def _read_contact(draft: Draft, cells: dict[str, Any]) -> None:
    cell = cells.get("mobile", "")
    if is_damaged_number(cell, digits=11):
        draft.find("mobile_damaged", "mobile")
    elif (value := text_of(cell)) and is_empty_word(value):
        draft.find("taken_as_empty", "mobile", value=value)
    elif value:
        mobile = archive_rules.clean_mobile(value)
        if archive_rules.is_mobile(mobile):
            draft.values["mobile"] = mobile
            draft.values["mobile_index"] = blind_index(mobile)
        else:
            draft.find("mobile_shape", "mobile")
    if value := _text(draft, "home_address", cells):
        draft.values["home_address"] = value
    if value := _text(draft, "email", cells):
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
