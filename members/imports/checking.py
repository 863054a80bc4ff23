"""Judge the rows of a roster against each other and against what the portal knows, with few queries a chunk."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models.functions import Lower
from django.utils import timezone

from members.models import Member
from portal.accounts.models import User
from portal.encryption.crypto import decrypt, encrypt
from portal.encryption.registry import stored
from portal.imports import bulk  # noqa: F401 - brings the lookup "among"
from portal.imports.models import ImportRun
from portal.imports.registry import Checker, Outcome, SourceRow, Staged
from portal.organizations.models import Affiliation

from . import rules
from .cells import text_of
from .reading import Draft, read
from .units import Units

SENSITIVE = ("id_no", "mobile", "home_address")
# Columns of the archive that a roster fills, in the order in which differences are shown.
ARCHIVE = (
    "sex", "ethnicity", "birth_date", "id_no", "person_kind", "education_level", "degree", "political_status",
    "application_on", "activist_on", "target_on", "joined_on", "converted_on", "contact_name", "mobile",
    "native_place", "home_address", "notes",
)  # fmt: skip
DAYS = frozenset({"birth_date", "application_on", "activist_on", "target_on", "joined_on", "converted_on"})
_TOTALS = ("合计", "总计", "小计", "共计", "总数", "total")
_REMARKS = ("注:", "备注", "说明", "填表", "制表", "审核", "单位负责人")


@dataclass(slots=True)
class Known:
    """What the portal knows of one person, as stored: sensitive values encrypted, days as text."""

    user_id: int
    name: str
    email: str
    is_used: bool
    member_id: int | None
    values: dict[str, Any]
    id_no_index: str
    mobile_index: str
    affiliation_id: int | None = None
    since: Any = None
    organization_id: int | None = None
    path: str = ""
    standing: str = ""


def known_people(numbers: Sequence[str]) -> dict[str, Known]:
    """Return what is known of the people with these numbers, in two queries."""
    encrypted = {f"{name}_stored": stored(f"member__{name}") for name in SENSITIVE}
    plain = [name for name in ARCHIVE if name not in SENSITIVE]
    people: dict[str, Known] = {}
    by_user: dict[int, Known] = {}
    rows = User.objects.filter(number__among=numbers).annotate(**encrypted).values_list(
        "pk", "number", "name", "email", "password", "last_login", "member__pk", "member__id_no_index",
        "member__mobile_index", *encrypted, *(f"member__{name}" for name in plain),
    )  # fmt: skip
    for pk, number, name, email, password, last_login, member_id, id_no_index, mobile_index, *values in rows:
        found = dict(zip((*SENSITIVE, *plain), values, strict=True))
        for day in DAYS:
            found[day] = found[day].isoformat() if found[day] else ""
        found = {code: value or "" for code, value in found.items()}
        is_used = bool(last_login) or not password.startswith("!")
        people[number] = by_user[pk] = Known(
            pk, name, email or "", is_used, member_id, found, id_no_index or "", mobile_index or ""
        )
    places = Affiliation.objects.filter(user_id__among=list(by_user), until=None).values_list(
        "user_id", "pk", "since", "organization_id", "organization__path", "standing"
    )
    for user_id, pk, since, organization_id, path, standing in places:
        person = by_user[user_id]
        person.affiliation_id, person.since, person.organization_id = pk, since, organization_id
        person.path, person.standing = path, standing
    return people


@dataclass
class RosterChecker(Checker):
    """Checks one roster; what it remembers of earlier rows is small: numbers, hashes and row numbers."""

    run: ImportRun
    on: str = ""
    units: Units = field(init=False)
    _numbers: dict[str, tuple[int, int]] = field(default_factory=dict)
    _ids: dict[bytes, int] = field(default_factory=dict)
    _emails: dict[bytes | str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.on = self.on or timezone.localdate().isoformat()
        self.units = Units(self.run)

    def skips(self, row: SourceRow) -> str:
        cells = row.cells
        first = text_of(cells.get("number", "")).replace(" ", "")
        head = (first or text_of(cells.get("name", ""))).replace(" ", "").lower()
        if first and len(first) > 2 and first.isascii():
            return ""
        if head.startswith(_TOTALS):
            return "total"
        filled = sum(1 for value in cells.values() if value != "")
        return "remark" if filled <= 2 and head.startswith(_REMARKS) else ""

    def proposals(self) -> list[dict[str, Any]]:
        return self.units.proposals()

    def check(self, rows: Sequence[SourceRow]) -> list[Staged]:
        drafts = [read(row, on=self.on) for row in rows]
        people = known_people([draft.key for draft in drafts if draft.key])
        indexes, emails = set(), set()
        for draft in drafts:  # who has this already under this number needs no question whether another has it
            person, values = people.get(draft.key), draft.values
            if (index := values.get("id_no_index")) and (person is None or person.id_no_index != index):
                indexes.add(index)
            if (email := values.get("email")) and (person is None or person.email != email):
                emails.add(email.lower())
        owners, holders = _owners_of(indexes), _holders_of(emails)
        return [self._judge(draft, people, owners, holders) for draft in drafts]

    def _judge(self, draft: Draft, people: dict[str, Known], owners: dict[str, str], holders: dict[str, str]) -> Staged:
        if (repeated := self._compare_with_earlier(draft)) is not None:
            return repeated
        values, key = draft.values, draft.key
        owner = owners.get(values.get("id_no_index", ""))
        if owner is not None and owner != key:
            draft.find("id_of_other", "id_no")
        holder = holders.get(values.get("email", "").lower())
        if holder is not None and holder != key:
            draft.find("email_of_other", "email")
            del values["email"]
        unit = self.units.find(draft.unit) if draft.unit else None
        if unit is not None:
            if unit.finding:
                draft.findings.append(unit.finding)
            elif unit.new:
                draft.find("unit_proposed", "unit")
        person = people.get(key)
        diff: dict[str, list[Any]] = {}
        outcome = Outcome.NEW
        if person is not None:
            if not self._may_touch(person):
                draft.find("person_elsewhere", "number")
            elif not draft.has_error:
                diff = self._compare(draft, person, unit.stored if unit else None)
                outcome = Outcome.CHANGED if diff else Outcome.SAME
        if draft.has_error:
            outcome, diff = Outcome.ERROR, {}
        return self._staged(draft, outcome, diff, unit.stored if unit and not unit.finding else None)

    def _compare_with_earlier(self, draft: Draft) -> Staged | None:
        """Find the row again among the earlier ones; a mere repetition is done with at once."""
        if draft.key:
            earlier = self._numbers.setdefault(draft.key, (draft.number, draft.content))
            if earlier[0] != draft.number:
                if earlier[1] == draft.content:
                    draft.find("repeated", "number", row=earlier[0])
                    return self._staged(draft, Outcome.ERROR if draft.has_error else Outcome.SAME, {}, None)
                draft.find("repeated_differently", "number", row=earlier[0])
        if index := draft.values.get("id_no_index"):
            row = self._ids.setdefault(bytes.fromhex(index[:32]), draft.number)
            if row != draft.number:
                draft.find("id_repeated", "id_no", row=row)
        if email := draft.values.get("email"):
            row = self._emails.setdefault(email.lower(), draft.number)
            if row != draft.number:
                draft.find("email_repeated", "email", row=row)
                del draft.values["email"]
        return None

    def _may_touch(self, person: Known) -> bool:
        """Say whether the person belongs where this import reaches; who belongs nowhere is the university's."""
        if person.path:
            return person.path.startswith(self.run.organization.path)
        return self.run.organization.depth == 1

    def _compare(self, draft: Draft, person: Known, unit: int | str | None) -> dict[str, list[Any]]:
        """Return ``{column: [before, after]}`` as stored; an empty cell changes nothing."""
        diff: dict[str, list[Any]] = {}
        if draft.name != person.name:
            diff["name"] = [person.name, draft.name]
            draft.find("name_changes", "name")
        email = draft.values.get("email", "")
        if email and email.lower() != person.email.lower():
            if person.is_used and person.email:
                draft.find("email_kept", "email")
            else:
                diff["email"] = [person.email, email]
        for code in ARCHIVE:
            value = draft.values.get(code, "")
            if value == "":
                continue
            before = person.values[code]
            if code == "id_no":
                same = draft.values["id_no_index"] == person.id_no_index
            elif code == "mobile":
                same = draft.values["mobile_index"] == person.mobile_index
            elif code == "home_address":
                same = value == decrypt(before)
            else:
                same = value == before
            if not same:
                diff[code] = [before, encrypt(value) if code in SENSITIVE else value]
        if person.organization_id != unit:
            diff["unit"] = [person.organization_id, unit]
            if person.organization_id is not None:
                draft.find("moves", "unit")
        if person.standing != draft.standing:
            diff["standing"] = [person.standing, draft.standing]
            if person.standing and rules.RANK[draft.standing] < rules.RANK[person.standing]:
                draft.find("standing_goes_back", "standing")
        return diff

    def _staged(self, draft: Draft, outcome: Outcome, diff: dict[str, list[Any]], unit: int | str | None) -> Staged:
        data: dict[str, Any] = {"unit_name": draft.unit, "standing": draft.standing}
        if outcome in (Outcome.NEW, Outcome.CHANGED):  # nothing is written from the others
            data |= draft.values
            data |= {"name": draft.name, "unit": unit}
            for code in SENSITIVE:
                if code in data:
                    data[code] = diff[code][1] if code in diff else encrypt(data[code])
            data["since"] = rules.standing_since(draft.standing, draft.days, on=self.on)
        return Staged(
            number=draft.number,
            outcome=outcome,
            key=draft.key[:40],
            label=draft.name[:80],
            data=data,
            diff=diff,
            findings=[finding.stored() for finding in draft.findings],
            suspicious=draft.is_suspicious and outcome != Outcome.ERROR,
        )


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
