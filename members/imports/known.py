"""What the portal knows of the people in a roster, as stored: asked for a whole chunk in two queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from portal.accounts.models import User
from portal.encryption.registry import stored
from portal.imports import bulk  # noqa: F401 - brings the lookup "among"
from portal.organizations.models import Affiliation

SENSITIVE = ("id_no", "mobile", "home_address")
# Columns of the archive that a roster fills, in the order in which differences are shown.
ARCHIVE = (
    "sex", "ethnicity", "birth_date", "id_no", "person_kind", "education_level", "degree", "political_status",
    "application_on", "activist_on", "target_on", "joined_on", "converted_on", "contact_name", "mobile",
    "native_place", "home_address", "notes",
)  # fmt: skip
DAYS = frozenset({"birth_date", "application_on", "activist_on", "target_on", "joined_on", "converted_on"})
INDEXES = {"id_no": "id_no_index", "mobile": "mobile_index"}  # under which encrypted values are compared
_COLUMNS = (*ARCHIVE, *INDEXES.values())


@dataclass(slots=True)
class Known:
    """What the portal knows of one person: sensitive values encrypted, days as text, ``""`` for what is not known."""

    user_id: int
    name: str
    email: str
    is_used: bool
    member_id: int | None
    values: dict[str, Any]
    affiliation_id: int | None = None
    since: Any = None
    organization_id: int | None = None
    path: str = ""
    standing: str = ""


def known_people(numbers: Sequence[str]) -> dict[str, Known]:
    """Return what is known of the people with these numbers, in two queries."""
    encrypted = {f"{name}_stored": stored(f"member__{name}") for name in SENSITIVE}
    names = [f"{code}_stored" if code in SENSITIVE else f"member__{code}" for code in _COLUMNS]
    found = User.objects.filter(number__among=numbers).annotate(**encrypted).values_list(
        "number", "pk", "name", "email", "password", "last_login", "member__pk", *names
    )  # fmt: skip
    rows = list(found)
    if not rows:
        return {}
    keys, ids, people_names, emails, passwords, logins, member_ids, *columns = zip(*rows, strict=True)
    is_used = [bool(at) or not password.startswith("!") for at, password in zip(logins, passwords, strict=True)]
    values = zip(*(_texts(code, column) for code, column in zip(_COLUMNS, columns, strict=True)), strict=True)
    documents = [dict(zip(_COLUMNS, row, strict=True)) for row in values]
    addresses = [email or "" for email in emails]
    persons = [*map(Known, ids, people_names, addresses, is_used, member_ids, documents)]
    by_user = dict(zip(ids, persons, strict=True))
    places = Affiliation.objects.filter(user_id__among=list(ids), until=None).values_list(
        "user_id", "pk", "since", "organization_id", "organization__path", "standing"
    )
    for user_id, pk, since, organization_id, path, standing in places:
        person = by_user[user_id]
        person.affiliation_id, person.since, person.organization_id = pk, since, organization_id
        person.path, person.standing = path, standing
    return dict(zip(keys, persons, strict=True))


_as_text = lru_cache(4096)(date.isoformat)  # people of one branch share their days


def _texts(code: str, column: Sequence[Any]) -> Sequence[Any]:
    if code in DAYS:
        return [_as_text(day) if day else "" for day in column]
    return [value or "" for value in column] if None in column else column
