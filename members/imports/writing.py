"""Write the rows of a roster in sets: accounts, archives, affiliations and their trail, a few statements a chunk."""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from members.models import Member
from portal.accounts.models import User
from portal.audit import services as audit
from portal.encryption.crypto import blind_index, decrypt
from portal.imports import bulk
from portal.imports.models import ImportRow, ImportRun, RowState
from portal.imports.registry import Outcome
from portal.organizations import services as organizations
from portal.organizations.models import Affiliation, Organization, OrganizationStatus, OrganizationType

from .known import ARCHIVE, DAYS, INDEXES, SENSITIVE, Known, known_people
from .masking import shown
from .units import NEW, bare_name


def create_units(run: ImportRun) -> None:
    """Create the branches that were agreed to, with their committees where these are missing too."""
    parents: dict[str, Organization] = {}
    top = Organization.objects.get(pk=run.organization_id)
    today = timezone.localdate()
    for place, proposal in enumerate(run.proposals):
        if not proposal.get("chosen"):
            continue
        parent = parents.get(proposal["parent"])
        if parent is None and proposal["parent_id"]:
            parent = Organization.objects.get(pk=proposal["parent_id"])
        if parent is None:
            parent = organizations.create_organization(
                parent=top, by=run.by, name=proposal["parent"], code=f"R{run.pk}-{place}", established_on=None,
                org_type=OrganizationType.COLLEGE_COMMITTEE,
            )  # fmt: skip
            run.created.append({"id": parent.pk, "name": parent.name})
        parents[proposal["parent"]] = parent
        branch = organizations.create_organization(
            parent=parent, by=run.by, name=proposal["name"], code=f"R{run.pk}-{place}-1",
            org_type=OrganizationType.BRANCH,
        )  # fmt: skip
        run.created.append({"id": branch.pk, "name": branch.name, "on": today.isoformat()})


class RosterWriter:
    """Writes one chunk of one run; made anew for each chunk, inside its transaction."""

    def __init__(self, run: ImportRun) -> None:
        self.run, self.now, self.today = run, timezone.now(), timezone.localdate()
        here = Organization.objects.below(run.organization).filter(status=OrganizationStatus.ACTIVE, closed_on=None)
        self.names = dict(here.values_list("pk", "name"))
        self.made = {bare_name(made["name"]): made["id"] for made in run.created}

    def write(self, rows: Sequence[ImportRow]) -> None:
        people = known_people([row.key for row in rows])
        taken = self._taken(rows)
        new: list[tuple[ImportRow, int]] = []
        changed: list[tuple[ImportRow, Known, int]] = []
        for row in rows:
            unit = self._unit_of(row)
            person = people.get(row.key)
            if unit is None:
                self._leave(row, "unit_not_created")
            elif row.outcome == Outcome.NEW:
                if person is not None or row.data.get("id_no_index", "") in taken:
                    self._leave(row, "changed_since")
                else:
                    new.append((row, unit))
            elif person is None or not self._is_as_shown(row, person):
                self._leave(row, "changed_since")
            else:
                changed.append((row, person, unit))
        if new:
            self._create([row for row, unit in new], [unit for row, unit in new])
        if changed:
            self._change(changed)

    def _taken(self, rows: Sequence[ImportRow]) -> set[str]:
        """Return the identity numbers of new rows that someone has got since the preview; take such addresses off."""
        fresh = [row for row in rows if row.outcome == Outcome.NEW]
        indexes = [index for row in fresh if (index := row.data.get("id_no_index"))]
        emails = [email for row in rows if (email := row.data.get("email"))]
        used = {email.lower() for email in User.objects.filter(email__among=emails).values_list("email", flat=True)}
        for row in fresh:
            if row.data.get("email", "").lower() in used:
                del row.data["email"]
        return set(Member.objects.filter(id_no_index__among=indexes).values_list("id_no_index", flat=True))

    def _unit_of(self, row: ImportRow) -> int | None:
        unit = row.data.get("unit")
        if isinstance(unit, str):
            return self.made.get(unit.removeprefix(NEW))
        return unit if unit in self.names else None

    @staticmethod
    def _leave(row: ImportRow, code: str) -> None:
        row.state, row.note = RowState.LEFT, [code, "", {}]

    @staticmethod
    def _is_as_shown(row: ImportRow, person: Known) -> bool:
        """Say whether what the preview showed as "before" still stands."""
        now = {"name": person.name, "email": person.email, "unit": person.organization_id, "standing": person.standing}
        return all(before == now.get(code, person.values.get(code, "")) for code, (before, _after) in row.diff.items())

    def _create(self, rows: Sequence[ImportRow], units: Sequence[int]) -> None:
        count = len(rows)
        user_ids = bulk.reserve_ids(User, count)
        member_ids = bulk.reserve_ids(Member, count)
        affiliation_ids = bulk.reserve_ids(Affiliation, count)
        user_fields, user_rest = bulk.fields_and_defaults(
            User, ("id", "number", "name", "email", "password"), now=self.now
        )
        bulk.insert(
            User,
            user_fields,
            (
                (user_id, row.key, row.data["name"], row.data.get("email"), f"!{secrets.token_urlsafe(30)}", *user_rest)
                for row, user_id in zip(rows, user_ids, strict=True)
            ),
        )
        given = ("id", "user", "organization", "standing", "standing_since", "id_no_index", "mobile_index", *ARCHIVE)
        member_fields, member_rest = bulk.fields_and_defaults(Member, given, now=self.now)
        empty = [None if code in DAYS else "" for code in ARCHIVE]
        bulk.insert(
            Member,
            member_fields,
            (
                (
                    member_id, user_id, unit, row.data["standing"], row.data["since"],
                    row.data.get("id_no_index") or None, row.data.get("mobile_index", ""),
                    *(row.data.get(code, blank) for code, blank in zip(ARCHIVE, empty, strict=True)), *member_rest,
                )
                for row, user_id, member_id, unit in zip(rows, user_ids, member_ids, units, strict=True)
            ),
        )  # fmt: skip
        bulk.insert(
            Affiliation,
            ("id", "user", "organization", "standing", "since", "until"),
            (
                (affiliation_id, user_id, unit, row.data["standing"], row.data["since"], None)
                for row, user_id, affiliation_id, unit in zip(rows, user_ids, affiliation_ids, units, strict=True)
            ),
        )
        names = {**self.names, **{made["id"]: made["name"] for made in self.run.created}}
        for row, user_id, member_id, affiliation_id in zip(rows, user_ids, member_ids, affiliation_ids, strict=True):
            row.state, row.object_id = RowState.APPLIED, member_id
            row.written = {"user": user_id, "member": member_id, "affiliation": affiliation_id}
        audit.record_many(
            "members.imported",
            (
                (
                    Member, row.object_id, f"{row.label} ({row.key})", row.written["user"],
                    {"organization": ["", names[unit]], "standing": ["", row.data["standing"]]}, unit,
                )
                for row, unit in zip(rows, units, strict=True)
            ),
            by=self.run.by,
            reason=self.run.filename,
        )  # fmt: skip

    def _change(self, changed: Sequence[tuple[ImportRow, Known, int]]) -> None:
        self._make_missing_archives(changed)
        by_fields: dict[tuple[str, ...], list[tuple]] = defaultdict(list)
        accounts: list[tuple] = []
        for row, person, _unit in changed:
            row.state, row.object_id = RowState.APPLIED, person.member_id
            row.written = {**row.written, "user": person.user_id, "member": person.member_id}
            names, values = archive_values({code: after for code, (_before, after) in row.diff.items()})
            if names:
                by_fields[names].append((person.member_id, *values))
            if "name" in row.diff or "email" in row.diff:
                name = row.diff.get("name", [None, person.name])[1]
                email = row.diff.get("email", [None, person.email])[1]
                accounts.append((person.user_id, name, email or None))
        for names, values in by_fields.items():
            bulk.update(Member, names, values)
        bulk.update(User, ("name", "email"), accounts)
        self._place([entry for entry in changed if {"unit", "standing"} & entry[0].diff.keys()])
        touched = [person.member_id for row, person, unit in changed]
        Member.objects.filter(pk__among=touched).update(version=F("version") + 1, updated_at=self.now)
        record_changes(
            "members.changed_by_import", self.run, [(row, unit) for row, _person, unit in changed], backwards=False
        )

    def _make_missing_archives(self, changed: Sequence[tuple[ImportRow, Known, int]]) -> None:
        """Give an archive to accounts that have none yet, filled with the row."""
        lacking = [(row, person) for row, person, unit in changed if person.member_id is None]
        if not lacking:
            return
        ids = bulk.reserve_ids(Member, len(lacking))
        fields, rest = bulk.fields_and_defaults(Member, ("id", "user"), now=self.now)
        bulk.insert(
            Member, fields, ((pk, person.user_id, *rest) for pk, (row, person) in zip(ids, lacking, strict=True))
        )
        for pk, (row, person) in zip(ids, lacking, strict=True):
            person.member_id = pk
            row.written = {"made_member": True}
            for code in ARCHIVE:
                if code in row.data and code not in row.diff:
                    row.diff[code] = ["", row.data[code]]

    def _place(self, moved: Sequence[tuple[ImportRow, Known, int]]) -> None:
        """End the present affiliations and begin the new ones, as ``organizations.services.affiliate`` does for one."""
        ends: list[tuple] = []
        replaced: list[tuple] = []
        begun: list[tuple] = []
        places: list[tuple] = []
        new_ids = iter(bulk.reserve_ids(Affiliation, len(moved)))
        before = {
            pk: [organization_id, standing, since.isoformat() if since else None]
            for pk, organization_id, standing, since in Member.objects.filter(
                pk__among=[person.member_id for row, person, unit in moved]
            ).values_list("pk", "organization_id", "standing", "standing_since")
        }
        for row, person, unit in moved:
            standing, since = row.data["standing"], date.fromisoformat(row.data["since"])
            written: dict[str, Any] = {"place": before[person.member_id]}
            if person.affiliation_id is not None and person.since >= self.today:
                replaced.append((person.affiliation_id, unit, standing))
                written["replaced"] = [person.affiliation_id, person.organization_id, person.standing]
            else:
                if person.affiliation_id is not None:
                    since = since if since > person.since and "unit" not in row.diff else self.today
                    ends.append((person.affiliation_id, since - timedelta(days=1)))
                    written["ended"] = person.affiliation_id
                written["begun"] = next(new_ids)
                begun.append((written["begun"], person.user_id, unit, standing, since, None))
            kept_since = before[person.member_id][2] if standing == person.standing else None
            places.append((person.member_id, unit, standing, kept_since or row.data["since"]))
            row.written |= written
        bulk.update(Affiliation, ("until",), ends)
        bulk.update(Affiliation, ("organization", "standing"), replaced)
        bulk.insert(Affiliation, ("id", "user", "organization", "standing", "since", "until"), begun)
        bulk.update(Member, ("organization", "standing", "standing_since"), places)


def archive_values(values: dict[str, Any]) -> tuple[tuple[str, ...], list[Any]]:
    """Return the columns of the archive and what is stored in them, blind indexes included."""
    names: list[str] = []
    stored: list[Any] = []
    for code in ARCHIVE:
        if code not in values:
            continue
        value = values[code]
        names.append(code)
        stored.append((value or None) if code in DAYS else value)
        if code in INDEXES:
            index = blind_index(decrypt(value))
            names.append(INDEXES[code])
            stored.append((index or None) if code == "id_no" else index)
    return tuple(names), stored


def record_changes(verb: str, run: ImportRun, rows: Sequence[tuple[ImportRow, int | None]], *, backwards: bool) -> None:
    """Write one entry a person, with what was changed; sensitive values are masked."""
    names = dict(Organization.objects.below(run.organization).values_list("pk", "name"))

    def value_of(code: str, value: Any) -> str:
        if code == "unit":
            return names.get(value, "") if isinstance(value, int) else str(value or "").removeprefix(NEW)
        return shown(code, value) if code in SENSITIVE else str(value or "")

    audit.record_many(
        verb,
        (
            (
                Member, row.object_id, f"{row.label} ({row.key})", row.written["user"],
                {
                    code: [value_of(code, value) for value in (reversed(pair) if backwards else pair)]
                    for code, pair in row.diff.items()
                },
                unit,
            )
            for row, unit in rows
        ),
        by=run.by,
        reason=run.filename,
    )  # fmt: skip
