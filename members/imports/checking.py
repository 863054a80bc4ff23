"""Judge the rows of a roster against each other and against what the portal knows, with few queries a chunk."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models.functions import Lower
from django.utils import timezone

from members.models import Member
from portal.accounts.models import User
from portal.encryption.crypto import encrypt_all
from portal.imports.models import ImportRun
from portal.imports.registry import Checker, Outcome, SourceRows, Staged

from . import rules
from .cells import text_of
from .comparing import Diff, compare
from .drafts import Drafts
from .known import SENSITIVE, Known, known_people
from .reading import read
from .units import Unit, Units

_TOTALS = ("合计", "总计", "小计", "共计", "总数", "total")
_REMARKS = ("注:", "备注", "说明", "填表", "制表", "审核", "单位负责人")


@dataclass
class RosterChecker(Checker):
    """Checks one roster; what it remembers of earlier rows is small: numbers, hashes and row numbers."""

    run: ImportRun
    on: str = ""
    units: Units = field(init=False)
    _numbers: dict[str, tuple[int, int]] = field(default_factory=dict)
    _ids: dict[bytes, int] = field(default_factory=dict)
    _emails: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.on = self.on or timezone.localdate().isoformat()
        self.units = Units(self.run)

    def skips(self, rows: SourceRows) -> dict[int, str]:
        found = {}
        for place, cell in enumerate(rows.cells("number")):
            if type(cell) is str and len(cell) > 2 and cell.isascii() and " " not in cell:
                continue  # as nearly every row of a roster begins
            if reason := _reason_to_skip(rows, place):
                found[place] = reason
        return found

    def proposals(self) -> list[dict[str, Any]]:
        return self.units.proposals()

    def check(self, rows: SourceRows) -> list[Staged]:
        drafts = read(rows, on=self.on)
        known = known_people([key for key in drafts.keys if key])
        people = {place: known[key] for place, key in enumerate(drafts.keys) if key in known}
        owners, holders = _others_with_the_same(drafts, people)
        repeated = self._compare_with_earlier(drafts)
        _find_owners(drafts, owners, holders, besides=repeated)
        units = self._find_units(drafts, besides=repeated)
        for place in repeated:
            people.pop(place, None)
        for place, person in people.items():
            if not self._may_touch(person):
                drafts.find(place, "person_elsewhere", "number")
        right = {place: person for place, person in people.items() if place not in drafts.errors}
        diffs = compare(drafts, right, units)
        outcomes = [Outcome.NEW] * len(drafts.numbers)
        for place in right:
            outcomes[place] = Outcome.CHANGED if place in diffs else Outcome.SAME
        for place in repeated:
            outcomes[place] = Outcome.SAME
        for place in drafts.errors:
            outcomes[place] = Outcome.ERROR
        return self._staged(drafts, outcomes, diffs, units)

    def _compare_with_earlier(self, drafts: Drafts) -> set[int]:
        """Find rows again among the earlier ones; return the mere repetitions, which are done with at once."""
        repeated = set()
        for place, (key, content, number) in enumerate(zip(drafts.keys, drafts.contents, drafts.numbers, strict=True)):
            if not key:
                continue
            earlier, earlier_content = self._numbers.setdefault(key, (number, content))
            if earlier == number:
                continue
            if earlier_content == content:
                drafts.find(place, "repeated", "number", row=earlier)
                repeated.add(place)
            else:
                drafts.find(place, "repeated_differently", "number", row=earlier)
        for place, index in enumerate(drafts.values["id_no_index"]):
            if index and place not in repeated:
                row = self._ids.setdefault(bytes.fromhex(index[:32]), drafts.numbers[place])
                if row != drafts.numbers[place]:
                    drafts.find(place, "id_repeated", "id_no", row=row)
        emails = drafts.values["email"]
        for place, email in enumerate(emails):
            if email and place not in repeated:
                row = self._emails.setdefault(email.lower(), drafts.numbers[place])
                if row != drafts.numbers[place]:
                    drafts.find(place, "email_repeated", "email", row=row)
                    emails[place] = ""
        return repeated

    def _find_units(self, drafts: Drafts, *, besides: Collection[int]) -> list[Unit | None]:
        """Return what each row names as its branch, and note what is wrong with it."""
        units = [
            self.units.find(name) if name and place not in besides else None for place, name in enumerate(drafts.units)
        ]
        for place, unit in enumerate(units):
            if unit is None:
                continue
            if unit.finding:
                drafts.note(place, unit.finding)
            elif unit.new:
                drafts.find(place, "unit_proposed", "unit")
        return units

    def _may_touch(self, person: Known) -> bool:
        """Say whether the person belongs where this import reaches; who belongs nowhere is the university's."""
        if person.path:
            return person.path.startswith(self.run.organization.path)
        return self.run.organization.depth == 1

    def _staged(
        self, drafts: Drafts, outcomes: Sequence[Outcome], diffs: Mapping[int, Diff], units: Sequence[Unit | None]
    ) -> list[Staged]:
        data = self._data_to_write(drafts, outcomes, units)
        staged = []
        for place, outcome in enumerate(outcomes):
            diff = diffs.get(place, {})
            for code in SENSITIVE:
                if code in diff:
                    diff[code][1] = data[place][code]
            staged.append(
                Staged(
                    number=drafts.numbers[place],
                    outcome=outcome,
                    key=drafts.keys[place][:40],
                    label=drafts.names[place][:80],
                    data={"unit_name": drafts.units[place], "standing": drafts.standings[place], **data.get(place, {})},
                    diff=diff,
                    findings=[found.stored() for found in drafts.findings.get(place, ())],
                    suspicious=place in drafts.warned and outcome != Outcome.ERROR,
                )
            )
        return staged

    def _data_to_write(
        self, drafts: Drafts, outcomes: Sequence[Outcome], units: Sequence[Unit | None]
    ) -> dict[int, dict[str, Any]]:
        """Return what is written from new and changed rows, by place: nothing is from the others."""
        places = [place for place, outcome in enumerate(outcomes) if outcome in (Outcome.NEW, Outcome.CHANGED)]
        columns = {code: [cells[place] for place in places] for code, cells in drafts.values.items() if any(cells)}
        for code in SENSITIVE:
            if code in columns:
                columns[code] = encrypt_all(columns[code])
        values = zip(*columns.values(), strict=True) if columns else ((),) * len(places)
        data = {}
        for place, row in zip(places, values, strict=True):
            unit, standing = units[place], drafts.standings[place]
            data[place] = {code: value for code, value in zip(columns, row, strict=True) if value} | {
                "name": drafts.names[place],
                "unit": unit.stored if unit and not unit.finding else None,
                "since": rules.standing_since(standing, drafts.days[place], on=self.on),
            }
        return data


def _reason_to_skip(rows: SourceRows, place: int) -> str:
    first = text_of(rows.cells("number")[place]).replace(" ", "")
    if len(first) > 2 and first.isascii():
        return ""
    head = (first or text_of(rows.cells("name")[place])).replace(" ", "").lower()
    if head.startswith(_TOTALS):
        return "total"
    filled = sum(1 for cells in rows.columns.values() if cells[place] != "")
    return "remark" if filled <= 2 and head.startswith(_REMARKS) else ""


def _others_with_the_same(drafts: Drafts, people: Mapping[int, Known]) -> tuple[dict[str, str], dict[str, str]]:
    """Return whose the identity numbers and addresses are that the people in the rows do not have yet themselves."""
    indexes, emails = drafts.values["id_no_index"], drafts.values["email"]
    asked_indexes = {
        index
        for place, index in enumerate(indexes)
        if index and (place not in people or people[place].values["id_no_index"] != index)
    }
    asked_emails = {
        email.lower()
        for place, email in enumerate(emails)
        if email and (place not in people or people[place].email != email)
    }
    return _owners_of(asked_indexes), _holders_of(asked_emails)


def _find_owners(
    drafts: Drafts, owners: Mapping[str, str], holders: Mapping[str, str], *, besides: Collection[int]
) -> None:
    """Note where an identity number or an address belongs to somebody else."""
    indexes, emails = drafts.values["id_no_index"], drafts.values["email"]
    for place, key in enumerate(drafts.keys):
        if place in besides:
            continue
        if owners.get(indexes[place], key) != key:
            drafts.find(place, "id_of_other", "id_no")
        if holders and holders.get(emails[place].lower(), key) != key:
            drafts.find(place, "email_of_other", "email")
            emails[place] = ""


def _owners_of(indexes: set[str]) -> dict[str, str]:
    """Return whose identity numbers these are: ``{blind index: number}``."""
    if not indexes:
        return {}
    found = Member.objects.filter(id_no_index__among=list(indexes))
    return dict(found.values_list("id_no_index", "user__number"))


def _holders_of(emails: set[str]) -> dict[str, str]:
    """Return who uses these addresses, given in small letters: ``{address: number}``."""
    if not emails:
        return {}
    found = User.objects.annotate(small=Lower("email")).filter(small__among=list(emails))
    return dict(found.values_list("small", "number"))
