from datetime import date

import pytest

from members import rules
from members.codes import Sex
from members.rules import IdFault, Mismatch

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("id_no", "fault"),
    [
        ("11010519491231002X", None),
        ("620102197611207912", None),
        ("440524188001010014", IdFault.SHAPE),
        ("110105194912310029", IdFault.CHECK_DIGIT),
        ("11010519490231002X", IdFault.DATE),
        ("110105491231002", IdFault.SHAPE),
        ("11010519491231002x", IdFault.SHAPE),
        ("01010519491231002X", IdFault.SHAPE),
        ("１1010519491231002X", IdFault.SHAPE),
        ("110105209912310021", IdFault.DATE),
        ("", IdFault.SHAPE),
    ],
)
def test_id_fault_names_what_is_wrong(id_no, fault):
    assert rules.id_fault(id_no, on=TODAY) == fault


@pytest.mark.parametrize(
    ("text", "cleaned", "good"),
    [
        ("138 0000-1111", "13800001111", True),
        ("+86 13800001111", "13800001111", True),
        ("008613800001111", "13800001111", True),
        ("12800001111", "12800001111", False),
        ("1380000111", "1380000111", False),
        ("", "", False),
    ],
)
def test_mobile_numbers_are_cleaned_and_checked(text, cleaned, good):
    assert (rules.clean_mobile(text), rules.is_mobile(cleaned)) == (cleaned, good)


@pytest.mark.parametrize(
    ("birth_date", "sex", "found"),
    [
        (date(1949, 12, 31), Sex.FEMALE, []),
        (date(1949, 12, 30), Sex.FEMALE, [Mismatch.BIRTH_DATE]),
        (None, Sex.MALE, [Mismatch.SEX]),
        (date(1950, 1, 1), Sex.MALE, [Mismatch.BIRTH_DATE, Mismatch.SEX]),
        (None, Sex.UNSTATED, []),
        (None, "", []),
    ],
)
def test_mismatches_flag_the_difference(birth_date, sex, found):
    assert rules.mismatches("11010519491231002X", birth_date=birth_date, sex=sex) == found


def test_mismatches_need_a_number():
    assert rules.mismatches("", birth_date=date(1950, 1, 1), sex=Sex.MALE) == []
