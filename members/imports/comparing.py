"""Compare the rows of a roster with what the portal knows of the same people, column by column."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from portal.encryption.crypto import decrypt_all

from . import rules
from .drafts import Drafts
from .known import ARCHIVE, INDEXES, Known
from .units import Unit

Diff = dict[str, list[Any]]


def compare(drafts: Drafts, people: Mapping[int, Known], units: Sequence[Unit | None]) -> dict[int, Diff]:
    """Return ``{place: {column: [before, after]}}`` for rows of known ``people``; an empty cell changes nothing.

    What is sensitive is encrypted in "before" and in clear in "after".
    """
    diffs: dict[int, Diff] = defaultdict(dict)
    _compare_accounts(drafts, people, diffs)
    for code in ARCHIVE:
        for place, before in _differing(code, drafts, people):
            diffs[place][code] = [before, drafts.values[code][place]]
    _compare_places(drafts, people, units, diffs)
    return diffs


def _compare_accounts(drafts: Drafts, people: Mapping[int, Known], diffs: dict[int, Diff]) -> None:
    names, emails = drafts.names, drafts.values["email"]
    for place, person in people.items():
        name, email = names[place], emails[place]
        if name != person.name:
            diffs[place]["name"] = [person.name, name]
            drafts.find(place, "name_changes", "name")
        if email and email != person.email and email.lower() != person.email.lower():
            if person.is_used and person.email:
                drafts.find(place, "email_kept", "email")
            else:
                diffs[place]["email"] = [person.email, email]


def _differing(code: str, drafts: Drafts, people: Mapping[int, Known]) -> Iterator[tuple[int, Any]]:
    """Yield where a column says something else than is known, with what is known as stored."""
    compared = INDEXES.get(code, code)
    column = drafts.values[compared]
    given = [(place, person) for place, person in people.items() if column[place]]
    known = [person.values[compared] for _place, person in given]
    if code == "home_address":
        known = decrypt_all(known)
    for (place, person), value in zip(given, known, strict=True):
        if column[place] != value:
            yield place, person.values[code]


def _compare_places(
    drafts: Drafts, people: Mapping[int, Known], units: Sequence[Unit | None], diffs: dict[int, Diff]
) -> None:
    for place, person in people.items():
        meant = units[place]
        unit = meant.stored if meant else None
        if person.organization_id != unit:
            diffs[place]["unit"] = [person.organization_id, unit]
            if person.organization_id is not None:
                drafts.find(place, "moves", "unit")
        standing = drafts.standings[place]
        if person.standing != standing:
            diffs[place]["standing"] = [person.standing, standing]
            if person.standing and rules.RANK[standing] < rules.RANK[person.standing]:
                drafts.find(place, "standing_goes_back", "standing")
