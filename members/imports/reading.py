"""Read the columns of a roster into the values the archive stores, with everything that can be said of a row alone.

A column is read in one pass over its cells, and each text in it once: most cells of a roster repeat others of their
column. The columns are taken in a fixed order, so that the findings of a row always come in the same one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from members import rules as archive_rules
from portal.encryption.crypto import blind_indexes
from portal.encryption.masks import mask_id_no
from portal.imports.registry import Finding, SourceRows

from . import rules
from .cells import Unreadable, day_of, is_damaged_number, is_empty_word, is_month_only, name_of, text_of
from .columns import CODES, COLUMNS, DAY_COLUMNS, STANDINGS
from .drafts import Drafts, finding, without_long_numbers

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

# What a cell says: the value as stored ("" for none), and what there is to tell about it.
Reading = tuple[str, tuple[Finding, ...]]
_NOTHING: Reading = ("", ())


@dataclass(frozen=True, slots=True)
class ColumnReader:
    """Reads the cells of one column by ``read_cell``, which is asked once for equal cells."""

    code: str
    read_cell: Callable[[Any], Reading]

    def read(self, rows: SourceRows, drafts: Drafts) -> list[str]:
        """Return the values of the column, and note on ``drafts`` what there is to say."""
        cells = rows.cells(self.code)
        keys = [cell if type(cell) is str else (type(cell), cell) for cell in cells]  # 1, 1.0 and True are equal
        readings = {key: self.read_cell(cell) for key, cell in dict(zip(keys, cells, strict=True)).items()}
        told = {key: findings for key, (_value, findings) in readings.items() if findings}
        if told:
            for place, key in enumerate(keys):
                for found in told.get(key, ()):
                    drafts.note(place, found)
        return [readings[key][0] for key in keys]


def read(rows: SourceRows, *, on: str) -> Drafts:
    """Return the drafts of a chunk as seen on day ``on`` (``YYYY-MM-DD``)."""
    drafts = Drafts(rows.numbers)
    for place, codes in rows.formulas.items():
        for code in codes:
            drafts.find(place, "formula", code)
    drafts.keys = _NUMBERS.read(rows, drafts)
    drafts.names = _NAMES.read(rows, drafts)
    drafts.units = _UNITS.read(rows, drafts)
    values = drafts.values
    for column in _PLAIN:
        values[column.code] = column.read(rows, drafts)
    drafts.days = [*map(rules.Days, *(values[code] for code in DAY_COLUMNS))]
    values["id_no"] = ColumnReader("id_no", _id_no_reader(on)).read(rows, drafts)
    values["id_no_index"] = blind_indexes(values["id_no"])
    _compare_with_id_no(drafts)
    values["mobile"] = _MOBILES.read(rows, drafts)
    values["mobile_index"] = blind_indexes(values["mobile"])
    values["home_address"] = _ADDRESSES.read(rows, drafts)
    values["email"] = _EMAILS.read(rows, drafts)
    for place, days in enumerate(drafts.days):
        for found in rules.check_days(days, on=on):
            drafts.note(place, found)
    _read_standings(rows, drafts, on=on)
    said = zip(drafts.keys, drafts.names, drafts.units, drafts.standings, *values.values(), strict=True)
    drafts.contents = [*map(hash, said)]
    return drafts


def _is_blank(cell: Any) -> bool:
    return cell is None or cell == ""


def _text_reader(code: str, clean: Callable[[Any], str] = text_of) -> Callable[[Any], Reading]:
    limit = LIMITS[code]

    def read_text(cell: Any) -> Reading:
        if _is_blank(cell):
            return _NOTHING
        value = clean(cell)
        if is_empty_word(value):
            return "", (finding("taken_as_empty", code, value=value),)
        if len(value) > limit:
            return value[:limit], (finding("too_long", code, limit=limit),)
        return value, ()

    return read_text


def _code_reader(code: str) -> Callable[[Any], Reading]:
    codes = CODES[code]

    def read_code(cell: Any) -> Reading:
        if _is_blank(cell):
            return _NOTHING
        value = text_of(cell)
        if known := codes.get(value.replace(" ", "")):
            return known, ()
        word = "taken_as_empty" if is_empty_word(value) else "not_in_list"
        return "", (finding(word, code, value=value[:_SHOWN]),)

    return read_code


def _day_reader(code: str) -> Callable[[Any], Reading]:
    def read_day(cell: Any) -> Reading:
        if _is_blank(cell):
            return _NOTHING
        text = text_of(cell)
        try:
            day = day_of(cell)
        except Unreadable:
            value = text[:_SHOWN]
            word = "day_month_only" if is_month_only(value) else "day_unreadable"
            return "", (finding(word, code, value=value),)
        return day, () if day else (finding("taken_as_empty", code, value=text),)

    return read_day


def _read_number(cell: Any) -> Reading:
    if is_damaged_number(cell, digits=12):
        return "", (finding("number_damaged", "number"),)
    told = (finding("number_from_number_cell", "number"),) if isinstance(cell, int | float) else ()
    key = text_of(cell).replace(" ", "")
    if not key:
        return "", (*told, finding("number_missing", "number"))
    if not _NUMBER.fullmatch(key):
        return without_long_numbers(key)[:40], (*told, finding("number_shape", "number"))
    if len(key) == 18 and archive_rules.id_fault(key.upper(), on=date.max) is None:
        return mask_id_no(key), (*told, finding("number_is_id", "number"))
    return key, told


_read_name_text = _text_reader("name", name_of)
_read_unit_text = _text_reader("unit")
_read_email_text = _text_reader("email")


def _read_name(cell: Any) -> Reading:
    name, told = _read_name_text(cell)
    if not name:
        return "", (*told, finding("name_missing", "name"))
    return name, told if _NAME.fullmatch(name) else (*told, finding("name_shape", "name"))


def _read_unit(cell: Any) -> Reading:
    unit, told = _read_unit_text(cell)
    return unit, told if unit else (*told, finding("unit_missing", "unit"))


def _id_no_reader(on: str) -> Callable[[Any], Reading]:
    day = _day(on)

    def read_id_no(cell: Any) -> Reading:
        if cell == "":
            return _NOTHING
        if is_damaged_number(cell, digits=18):
            return "", (finding("id_damaged", "id_no"),)
        id_no = cell.upper() if type(cell) is str and " " not in cell else archive_rules.clean_id_no(text_of(cell))
        if is_empty_word(id_no) or not id_no:
            return "", (finding("taken_as_empty", "id_no", value=id_no),)
        fault = archive_rules.id_fault(id_no, on=day)
        return ("", (finding(f"id_{fault.value}", "id_no"),)) if fault else (id_no, ())

    return read_id_no


_day = lru_cache(4)(date.fromisoformat)
_SEX_OF = {digit: archive_rules.sex_in(digit.rjust(17)).value for digit in "0123456789"}


def _compare_with_id_no(drafts: Drafts) -> None:
    values = drafts.values
    for place, (id_no, sex, days) in enumerate(zip(values["id_no"], values["sex"], drafts.days, strict=True)):
        if not id_no:
            continue
        born = days.birth_date
        if born and born.replace("-", "") != id_no[6:14]:
            drafts.find(place, "id_birth_date", "birth_date")
        if sex and sex != _SEX_OF[id_no[16]]:
            drafts.find(place, "id_sex", "sex")


def _read_mobile(cell: Any) -> Reading:
    if is_damaged_number(cell, digits=11):
        return "", (finding("mobile_damaged", "mobile"),)
    value = text_of(cell)
    if not value:
        return _NOTHING
    if is_empty_word(value):
        return "", (finding("taken_as_empty", "mobile", value=value),)
    mobile = value if archive_rules.is_mobile(value) else archive_rules.clean_mobile(value)
    return (mobile, ()) if archive_rules.is_mobile(mobile) else ("", (finding("mobile_shape", "mobile"),))


def _read_email(cell: Any) -> Reading:
    value, told = _read_email_text(cell)
    if not value:
        return "", told
    if not _is_email(value):
        return "", (*told, finding("email_shape", "email"))
    name, _at, host = value.rpartition("@")
    return f"{name}@{host.lower()}", told


def _is_email(value: str) -> bool:
    """Ask the quick pattern first: Django's validator costs ten times as much and is needed for rare forms only."""
    if _EMAIL.fullmatch(value):
        return not value.startswith(".") and ".." not in value and ".@" not in value
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


def _read_standing(cell: Any) -> Reading:
    """Return the word of ``STANDINGS`` that the cell holds."""
    value = text_of(cell).replace(" ", "")
    if not value or is_empty_word(value):
        return "", (finding("standing_missing", "standing"),)
    if value not in STANDINGS:
        return "", (finding("standing_unknown", "standing", value=value[:_SHOWN]),)
    return value, ()


def _read_standings(rows: SourceRows, drafts: Drafts, *, on: str) -> None:
    """Read standing and political status, which share a column; ask the days where it names no stage."""
    words = _STANDINGS.read(rows, drafts)
    known = [STANDINGS[word] if word else ("", "") for word in words]
    drafts.standings = [standing for standing, _status in known]
    drafts.values["political_status"] = [status for _standing, status in known]
    for place, (word, days) in enumerate(zip(words, drafts.days, strict=True)):
        if not word:
            continue
        standing = drafts.standings[place]
        if not standing:
            standing = drafts.standings[place] = rules.standing_by_days(days)
            if standing != rules.Standing.MASS and not (days.joined_on or days.converted_on):
                drafts.find(place, "standing_from_days", "standing", standing=standing)
        for found in rules.check_standing(standing, days, on=on):
            drafts.note(place, found)


_NUMBERS = ColumnReader("number", _read_number)
_NAMES = ColumnReader("name", _read_name)
_UNITS = ColumnReader("unit", _read_unit)
_PLAIN = (
    *(ColumnReader(code, _text_reader(code)) for code in ("contact_name", "native_place", "notes")),
    *(ColumnReader(column.code, _code_reader(column.code)) for column in COLUMNS if column.code in CODES),
    *(ColumnReader(code, _day_reader(code)) for code in DAY_COLUMNS),
)
_MOBILES = ColumnReader("mobile", _read_mobile)
_ADDRESSES = ColumnReader("home_address", _text_reader("home_address"))
_EMAILS = ColumnReader("email", _read_email)
_STANDINGS = ColumnReader("standing", _read_standing)
