"""Transfer letters on paper, by typst, in the customary three parts; people's words travel as data (JSON).

The texts are those of the national form and always Chinese, whatever language the reader uses.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import typst

from members.codes import ETHNICITIES
from members.models import Member
from portal import documents

from .models import Letter
from .paper_words import WORDS

_PLACE = Path(__file__).parent / "print"
FONTS = Path(documents.__file__).parent / "fonts"
_BLANK = "＿＿＿＿＿＿"


def letter_pdf(letter: Letter) -> bytes:
    """Return stub, letter and receipt on one page; holds the identity number in full."""
    return draw(letter_data(letter), format="pdf")


def draw(data: dict[str, Any], **options: Any) -> bytes:
    """Return the page made of ``data`` as ``letter_data`` gives it."""
    return typst.compile(
        str(_PLACE / "letter.typ"),
        root=str(_PLACE),
        font_paths=[str(FONTS)],
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        **options,
    )


def letter_data(letter: Letter) -> dict[str, Any]:
    """Return what is printed, as texts."""
    person = letter.transfer.person
    known = {
        **_person(person, letter.issued_on),
        "standing": WORDS["standing"].get(letter.standing, letter.get_standing_display()),
        "from_unit": letter.from_unit or _BLANK,
        "to_unit": letter.to_unit or _BLANK,
        "to_committee": letter.to_committee,
        "issuer": letter.organization.name if letter.organization else "",
        "dues": WORDS["month"].format(day=letter.dues_paid_to) if letter.dues_paid_to else _BLANK,
        "days": letter.valid_days,
        "issued": _day(letter.issued_on),
        "until": _day(letter.expires_on),
    }

    def filled(lines: list[str]) -> list[str]:
        return [line.format_map(known) for line in lines]

    return {
        "title": WORDS["title"],
        "serial": WORDS["serial"].format(year=letter.year, number=letter.number),
        "parts": WORDS["parts"],
        "seal": WORDS["seal"],
        "stub": filled(WORDS["stub"]),
        "stub_sign": filled(WORDS["stub_sign"]),
        "addressee": WORDS["addressee"].format_map(known),
        "letter": filled(WORDS["letter"]),
        "letter_sign": filled(WORDS["letter_sign"]),
        "notes": [
            [label, str(getattr(letter, name) or "")] for name, label in WORDS["notes"].items()
        ],
        "issuer": WORDS["addressee_back"].format_map(known),
        "receipt": filled(WORDS["receipt"]),
        "receipt_sign": WORDS["receipt_sign"],
    }


def _person(person: Member, on: date) -> dict[str, Any]:
    age = ""
    if born := person.birth_date:
        age = str(on.year - born.year - ((on.month, on.day) < (born.month, born.day)))
    ethnicity = dict(ETHNICITIES).get(person.ethnicity)
    return {
        "name": person.name,
        "sex": WORDS["sex"].get(person.sex, _BLANK),
        "ethnicity": WORDS["ethnicities"].get(person.ethnicity, str(ethnicity or _BLANK)),
        "age": age or _BLANK,
        "id_no": person.id_no or _BLANK,
    }


def _day(day: date) -> str:
    return WORDS["day"].format(day=day)
