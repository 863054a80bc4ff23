"""The table of rules, its edges first: no database."""

import pytest

from members.imports import rules
from members.imports.cells import Unreadable, day_of, is_damaged_number, name_of
from members.imports.reading import read
from members.imports.rules import Days, check_days, check_standing, standing_by_days, standing_since, years_after
from portal.imports.registry import Severity, SourceRows

ON = "2026-11-22"


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("20250131", "2025-01-31"),
        ("2026年8月10日", "2026-08-10"),
        ("2026/10/12", "2026-10-12"),
        ("2023.04.29", "2023-04-29"),
        ("2026-08-10", "2026-08-10"),
        ("2026-08-10 00:00:00", "2026-08-10"),
        (20250131, "2025-01-31"),
        (45000.0, "2023-03-15"),
        ("2024-02-29", "2024-02-29"),
        ("无", ""),
        ("", ""),
    ],
)
def test_day_of_customary_forms(cell, day):
    assert day_of(cell) == day


@pytest.mark.parametrize(
    "cell", ["2023-02-29", "2026-13-01", "2026年8月", "soon", "20261301", True, 0.5, "2026-08-10-11"]
)
def test_day_of_refuses(cell):
    with pytest.raises(Unreadable):
        day_of(cell)


@pytest.mark.parametrize(
    ("cell", "digits", "damaged"),
    [
        (1.10105e17, 18, True),
        ("1.10105E+17", 18, True),
        (110105194912310000, 18, True),
        ("11010519491231002X", 18, False),
        (20260001.0, 12, False),
        (2.5, 12, True),
        (1e15, 12, True),
        ("007", 12, False),
    ],
)
def test_is_damaged_number(cell, digits, damaged):
    assert is_damaged_number(cell, digits=digits) is damaged


@pytest.mark.parametrize(
    ("cell", "name"),
    [("曾 杰", "曾杰"), ("古丽娜尔•艾尔肯", "古丽娜尔·艾尔肯"), ("John Smith", "John Smith"), ("㛃𠮷", "㛃𠮷")],
)
def test_name_of(cell, name):
    assert name_of(cell) == name


@pytest.mark.parametrize(
    ("day", "years", "later"),
    [("2024-02-29", 1, "2025-02-28"), ("2024-02-29", 4, "2028-02-29"), ("2006-03-01", 18, "2024-03-01")],
)
def test_years_after(day, years, later):
    assert years_after(day, years) == later


def codes(findings):
    return [finding.code for finding in findings]


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (Days(birth_date="2007-03-01", application_on="2025-03-01"), []),
        (Days(birth_date="2007-03-02", application_on="2025-03-01"), ["under_age"]),
        (Days(activist_on="2024-03-01", target_on="2025-03-01"), []),
        (Days(activist_on="2024-03-02", target_on="2025-03-01"), ["cultivation_short"]),
        (Days(joined_on="2024-03-01", converted_on="2025-03-01"), []),
        (Days(joined_on="2024-03-02", converted_on="2025-03-01"), ["probation_short"]),
        (Days(joined_on="2024-03-02", converted_on="2024-03-01"), ["days_out_of_order"]),
        (Days(application_on="2024-03-02", joined_on="2024-03-01"), ["days_out_of_order"]),
        (Days(birth_date="2024-03-02", application_on="2024-03-01"), ["days_out_of_order"]),
        (Days(application_on="2024-03-01", activist_on="2024-03-01"), []),
        (Days(joined_on="2025-11-22", converted_on="2026-11-23"), ["day_future"]),
        (Days(birth_date="2026-11-23"), ["birth_future"]),
    ],
)
def test_check_days(days, found):
    assert codes(check_days(days, on=ON)) == found


@pytest.mark.parametrize(
    ("standing", "days", "found"),
    [
        ("applicant", Days(application_on="2025-01-01"), []),
        ("applicant", Days(joined_on="2006-07-07"), ["joined_but_not_member", "stage_day_missing"]),
        ("applicant", Days(application_on="2025-01-01", activist_on="2025-06-01"), ["further_than_standing"]),
        ("mass", Days(converted_on="2025-01-01"), ["joined_but_not_member"]),
        ("probationary", Days(joined_on="2025-11-22"), []),
        ("probationary", Days(joined_on="2025-11-21"), ["probation_overdue"]),
        ("probationary", Days(joined_on="2024-01-01", converted_on="2025-01-01"), ["converted_but_probationary"]),
        ("probationary", Days(joined_on="2025-12-01", converted_on="2026-12-01"), []),
        ("probationary", Days(), ["stage_day_missing"]),
        ("full_member", Days(joined_on="2023-01-01"), ["stage_day_missing"]),
        ("full_member", Days(), ["stage_day_missing", "stage_day_missing"]),
    ],
)
def test_check_standing(standing, days, found):
    assert codes(check_standing(standing, days, on=ON)) == found


@pytest.mark.parametrize(
    ("days", "standing"),
    [
        (Days(), "mass"),
        (Days(application_on="2025-01-01"), "applicant"),
        (Days(application_on="2025-01-01", activist_on="2025-06-01"), "activist"),
        (Days(target_on="2026-06-01"), "development_target"),
    ],
)
def test_standing_by_days(days, standing):
    assert standing_by_days(days) == standing


def test_standing_since_is_the_day_of_the_stage_unless_it_lies_ahead():
    assert standing_since("activist", Days(activist_on="2025-06-01"), on=ON) == "2025-06-01"
    assert standing_since("activist", Days(activist_on="2027-06-01"), on=ON) == ON
    assert standing_since("mass", Days(), on=ON) == ON


CELLS = {
    "number": "20260001", "name": "张示例", "sex": "女", "unit": "branch", "standing": "入党申请人",
    "application_on": "2025-03-01",
}  # fmt: skip


def one_row(cells, formulas=()):
    return SourceRows([12], {code: [cell] for code, cell in cells.items()}, {0: formulas})


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"number": ""}, ["number_missing"]),
        ({"number": 1.10105e17}, ["number_damaged"]),
        ({"number": 20260001.0}, ["number_from_number_cell"]),
        ({"number": "=1+1"}, ["number_shape"]),
        ({"number": "1" * 21}, ["number_shape"]),
        ({"number": "11010519491231002X"}, ["number_is_id"]),
        ({"name": ""}, ["name_missing"]),
        ({"name": "12"}, ["name_shape"]),
        ({"name": "字" * 61}, ["too_long", "name_shape"]),
        ({"unit": ""}, ["unit_missing"]),
        ({"standing": ""}, ["standing_missing"]),
        ({"standing": "未来党员"}, ["standing_unknown"]),
        ({"standing": "群众"}, ["standing_from_days"]),
        ({"id_no": "11010519491231002X"}, []),
        ({"id_no": "11010519491231002x"}, []),
        ({"id_no": "110105194912310029"}, ["id_check_digit"]),
        ({"id_no": "440524188001010014"}, ["id_shape"]),
        ({"id_no": "11010519490231002X"}, ["id_date"]),
        ({"id_no": 110105194912310000}, ["id_damaged"]),
        ({"id_no": "1.10105E+17"}, ["id_damaged"]),
        ({"id_no": "无"}, ["taken_as_empty"]),
        ({"id_no": "11010519491231002X", "sex": "男"}, ["id_sex"]),
        ({"id_no": "11010519491231002X", "birth_date": "1949-12-30"}, ["id_birth_date"]),
        ({"mobile": "无"}, ["taken_as_empty"]),
        ({"mobile": "+86 138-0000-0000"}, []),
        ({"mobile": "12345"}, ["mobile_shape"]),
        ({"mobile": 13800000000.0}, []),
        ({"mobile": "1.38E+10"}, ["mobile_damaged"]),
        ({"email": "not an address"}, ["email_shape"]),
        ({"sex": "雌"}, ["not_in_list"]),
        ({"application_on": "2025-02-30"}, ["day_unreadable", "stage_day_missing"]),
        ({"application_on": "2025年2月"}, ["day_month_only", "stage_day_missing"]),
    ],
)
def test_read(changes, found):
    assert codes(read(one_row({**CELLS, **changes}), on=ON).findings.get(0, [])) == found


def test_read_formula_names_its_column():
    drafts = read(one_row(CELLS, formulas=("notes",)), on=ON)
    assert [(finding.code, finding.column) for finding in drafts.findings[0]] == [("formula", "notes")]


def test_every_finding_has_words_that_fit_and_a_severity():
    params = {"column": "C", "limit": 1, "value": "v", "row": 2, "day": "d", "earlier": "e", "earlier_day": "f",
              "name": "n",               "standing": "s", "columns": "c"}  # fmt: skip
    for code, kind in rules.FINDINGS.items():
        assert str(kind.message) % params, code
        assert kind.severity in Severity


def test_a_number_in_a_wrong_column_is_not_repeated_in_clear():
    drafts = read(one_row({**CELLS, "sex": "11010519491231002X", "number": "11010519491231002X"}), on=ON)
    assert drafts.keys == ["110105********002X"]
    assert [finding.params.get("value") for finding in drafts.findings[0]] == [None, "110****"]
