"""Checks of the collection form that need no database (domain.md 8.4)."""

import re
from datetime import date
from operator import mul

from django.db import models
from django.utils.translation import gettext_lazy as _

from .codes import Sex

_ID_NO = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]", re.ASCII)
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


class IdFault(models.TextChoices):
    """What is wrong with an identity number."""

    SHAPE = "shape", _("An identity number has 18 digits; only the last may be X.")
    DATE = "date", _("The date of birth inside the identity number does not exist or lies in the future.")
    CHECK_DIGIT = "check_digit", _("The check digit of the identity number is wrong: a digit was mistyped.")


class Mismatch(models.TextChoices):
    """Where the archive and the identity number disagree: worth a look, not an error."""

    BIRTH_DATE = "birth_date", _("The date of birth differs from the identity number.")
    SEX = "sex", _("The sex differs from the identity number.")


def clean_id_no(text: str) -> str:
    """Return an identity number as it is stored: without blanks, with a capital X."""
    return re.sub(r"\s", "", text).upper()


def clean_mobile(text: str) -> str:
    """Return a mobile number as it is stored: without blanks, hyphens and the country's prefix."""
    digits = re.sub(r"[\s()-]", "", text)
    return re.sub(r"^(\+86|0086)", "", digits)


def is_mobile(text: str) -> bool:
    """Say whether ``text``, cleaned, is a mobile number of mainland China."""
    return bool(_MOBILE.fullmatch(text))


def check_digit(first_17: str) -> str:
    """Return the 18th character that belongs to 17 digits (GB 11643)."""
    total = sum(map(mul, map(int, first_17), _WEIGHTS))
    return _CHECK_DIGITS[total % 11]


def id_fault(id_no: str, *, on: date) -> IdFault | None:
    """Return what is wrong with a cleaned identity number on day ``on``, or ``None``. Source: GB 11643."""
    if not _ID_NO.fullmatch(id_no):
        return IdFault.SHAPE
    born = birth_in(id_no)
    if born is None or born > on:
        return IdFault.DATE
    return None if check_digit(id_no[:17]) == id_no[17] else IdFault.CHECK_DIGIT


def birth_in(id_no: str) -> date | None:
    """Return the date of birth inside an identity number, or ``None`` when there is no such day."""
    try:
        return date(int(id_no[6:10]), int(id_no[10:12]), int(id_no[12:14]))
    except ValueError:
        return None


def sex_in(id_no: str) -> Sex:
    """Return the sex inside an identity number: an odd 17th digit is male."""
    return Sex.MALE if int(id_no[16]) % 2 else Sex.FEMALE


def mismatches(id_no: str, *, birth_date: date | None, sex: str) -> list[Mismatch]:
    """Return where a valid identity number disagrees with the personnel file."""
    found: list[Mismatch] = []
    if not id_no:
        return found
    if birth_date and birth_date != birth_in(id_no):
        found.append(Mismatch.BIRTH_DATE)
    if sex in (Sex.MALE, Sex.FEMALE) and sex != sex_in(id_no):
        found.append(Mismatch.SEX)
    return found
