"""Transfer letters on paper in the customary three parts: stub, letter and receipt. Drawn by ``portal.documents``.

The texts are those of the national form and always Chinese, whatever language the reader uses.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from members.codes import ETHNICITIES
from members.models import Member
from portal.documents.registry import Paper, papers
from portal.documents.sheets import Block, Cut, Pairs, Paragraphs, Sheet, Sides, Signature, Style, Title

from .models import Letter
from .paper_words import WORDS

LETTER = "transfers.letter"
_BLANK = "＿＿＿＿＿＿"


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What a letter says (domain.md 6.2); the identity number stands in full on its middle part alone."""

    serial: str = ""
    name: str = ""
    sex: str = ""
    age: str = ""
    ethnicity: str = ""
    id_no: str = ""
    standing: str = ""
    from_unit: str = ""
    to_unit: str = ""
    to_committee: str = ""
    issuer: str = ""
    dues_paid_to: date | None = None
    valid_days: int | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    handler: str = ""
    contact_phone: str = ""
    fax: str = ""
    address: str = ""


def facts_of(letter: Letter) -> LetterFacts:
    """Return what ``letter`` says; decrypts the identity number, so its reader is kept in the trail."""
    return LetterFacts(
        **_person(letter.transfer.person, letter.issued_on),
        serial=WORDS["serial"].format(year=letter.year, number=letter.number),
        standing=WORDS["standing"].get(letter.standing, letter.get_standing_display()),
        from_unit=letter.from_unit,
        to_unit=letter.to_unit,
        to_committee=letter.to_committee,
        issuer=letter.organization.name if letter.organization else "",
        dues_paid_to=letter.dues_paid_to,
        valid_days=letter.valid_days,
        issued_on=letter.issued_on,
        expires_on=letter.expires_on,
        handler=letter.handler,
        contact_phone=letter.contact_phone,
        fax=letter.fax,
        address=letter.address,
    )


def _person(person: Member, on: date) -> dict[str, str]:
    age = ""
    if born := person.birth_date:
        age = str(on.year - born.year - ((on.month, on.day) < (born.month, born.day)))
    ethnicity = dict(ETHNICITIES).get(person.ethnicity)
    return {
        "name": person.name,
        "sex": WORDS["sex"].get(person.sex, ""),
        "ethnicity": WORDS["ethnicities"].get(person.ethnicity, str(ethnicity or "")),
        "age": age,
        "id_no": str(person.id_no or ""),
    }


def draw_letter(facts: LetterFacts) -> Sheet:
    """Lay the three parts out one under the other, to be cut apart through the seal."""
    known = {name: value or _BLANK for name, value in asdict(facts).items()}
    known |= {
        "dues": _month(facts.dues_paid_to),
        "days": facts.valid_days or _BLANK,
        "issued": _day(facts.issued_on),
        "until": _day(facts.expires_on),
    }

    def filled(lines: list[str]) -> tuple[str, ...]:
        return tuple(line.format_map(known) for line in lines)

    def body(lines: list[str]) -> Paragraphs:
        return Paragraphs("\n".join(filled(lines)))

    stub, letter, receipt = (Sides(part, facts.serial) for part in WORDS["parts"])
    cut, title = Cut(WORDS["seal"]), Title(WORDS["title"])
    notes = Pairs(tuple((label, str(getattr(facts, name))) for name, label in WORDS["notes"].items()))
    blocks: tuple[Block, ...] = (
        stub,
        body(WORDS["stub"]),
        Signature(filled(WORDS["stub_sign"])),
        cut,
        title,
        letter,
        Paragraphs(WORDS["addressee"].format_map(known), indent=False),
        body(WORDS["letter"]),
        Signature(filled(WORDS["letter_sign"])),
        notes,
        cut,
        title,
        receipt,
        Paragraphs(WORDS["addressee_back"].format_map(known), indent=False),
        body(WORDS["receipt"]),
        Signature(tuple(WORDS["receipt_sign"])),
    )
    return Sheet(WORDS["title"], blocks, style=Style.SLIPS)


def _day(day: date | None) -> Any:
    return WORDS["day"].format(day=day) if day else _BLANK


def _month(day: date | None) -> Any:
    return WORDS["month"].format(day=day) if day else _BLANK


def declare() -> None:
    """Register the letter; called once, when the room is ready."""
    papers.register(Paper(LETTER, _("Transfer letter"), LetterFacts, "DJ 25", draw_letter))
