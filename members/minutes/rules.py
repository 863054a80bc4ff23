"""What minutes say before anybody has written a word, who may confirm them, and how they are chained. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

# The shape of what is hashed; a later shape gets a number of its own, so that old digests stay true.
SHAPE = 1
CAME = ("present", "late")


class Seat(StrEnum):
    """Whose confirmation it is."""

    CHAIR = "chair"
    RECORDER = "recorder"


@dataclass(frozen=True, slots=True)
class Attender:
    """One person of the circle, named as on the day."""

    user_id: int
    name: str
    capacity: str
    standing: str
    state: str = ""
    reason: str = ""
    granted_by: str = ""
    is_excluded: bool = False
    came_at: datetime | None = None

    @property
    def came(self) -> bool:
        return self.state in CAME


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter of the agenda, and when it was dealt with."""

    number: int
    title: str
    words: str = ""
    presenter: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VoteFact:
    """The result of a vote as whoever counted it states it; ``arithmetic`` are the lines that prove it."""

    meeting_id: int
    title: str
    part_id: int | None = None
    matter: str = ""
    is_secret: bool = True
    due: int = 0
    present: int = 0
    yes: int = 0
    no: int = 0
    abstain: int = 0
    written: int = 0
    cast: int = 0
    void: int = 0
    passed: bool | None = None
    verdict: str = ""
    arithmetic: tuple[str, ...] = ()
    # Of an election or a choice: name, mark in words, how often it was put there.
    counts: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Resolved:
    """A resolution as the minutes name it."""

    words: str
    owner: str
    due_on: date
    state: str = "open"


@dataclass(frozen=True, slots=True)
class Sitting:
    """All that the portal knows of one part of a sitting that is over."""

    organization: str
    title: str
    kind: str
    planned_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    place: str
    online: bool
    chair: str
    recorder: str
    people: tuple[Attender, ...] = ()
    agenda: tuple[Matter, ...] = ()
    votes: tuple[VoteFact, ...] = ()
    earlier: tuple[Resolved, ...] = ()
    resolved: tuple[Resolved, ...] = ()
    files: tuple[tuple[str, str], ...] = field(default=())


def draft(sitting: Sitting) -> dict[str, Any]:
    """Return what the minutes of ``sitting`` say by themselves (domain.md 5.2).

    ``due`` counts those who were due, on leave and exempt included, because leave never changes who is due (5.3);
    left out are those whom the superior agreed to leave out. Nobody is missing while the sitting goes on.
    """
    due = [person for person in sitting.people if person.capacity == "due" and not person.is_excluded]
    missing = [person for person in due if not person.came] if sitting.ended_at else []
    present = [person for person in due if person.came]
    return {
        "organization": sitting.organization,
        "title": sitting.title,
        "kind": sitting.kind,
        "planned_at": _instant(sitting.planned_at),
        "started_at": _instant(sitting.started_at),
        "ended_at": _instant(sitting.ended_at),
        "place": sitting.place,
        "online": sitting.online,
        "chair": sitting.chair,
        "recorder": sitting.recorder,
        "due": len(due),
        "present": len(present),
        "present_names": [person.name for person in present],
        "late": [
            {"name": person.name, "at": _instant(person.came_at)} for person in present if person.state == "late"
        ],
        "absent": [
            {
                "name": person.name,
                "state": person.state or "absent",
                "reason": person.reason,
                "granted_by": person.granted_by,
            }
            for person in sorted(missing, key=lambda person: (_ORDER.get(person.state, 9), person.name))
        ],
        "excluded": [
            {"name": person.name, "reason": person.reason}
            for person in sitting.people
            if person.capacity == "due" and person.is_excluded
        ],
        "probationary_present": [person.name for person in present if person.standing == "probationary"],
        "observers": [person.name for person in sitting.people if person.capacity == "observer" and person.came],
        "earlier": [_resolved(row) for row in sitting.earlier],
        "agenda": [
            {
                "number": place,
                "title": matter.title,
                "words": matter.words,
                "presenter": matter.presenter,
                "started_at": _instant(matter.started_at),
                "ended_at": _instant(matter.ended_at),
            }
            for place, matter in enumerate(sorted(sitting.agenda, key=lambda matter: matter.number), start=1)
        ],
        "votes": [
            {
                "title": vote.title,
                "matter": vote.matter,
                "is_secret": vote.is_secret,
                "due": vote.due,
                "present": vote.present,
                "yes": vote.yes,
                "no": vote.no,
                "abstain": vote.abstain,
                "written": vote.written,
                "cast": vote.cast,
                "void": vote.void,
                "counts": _counted(vote.counts),
                "passed": vote.passed,
                "verdict": vote.verdict,
                "arithmetic": list(vote.arithmetic),
            }
            for vote in sitting.votes
        ],
        "resolutions": [_resolved(row) for row in sitting.resolved],
        "files": [{"name": name, "sha256": sha256} for name, sha256 in sorted(sitting.files)],
    }


def _counted(counts: Iterable[tuple[str, str, int]]) -> list[str]:
    """Return one line for each name with what it was given, in the language of the university."""
    lines: dict[str, list[str]] = {}
    for name, mark, count in counts:
        lines.setdefault(name, []).append(f"{mark}{count}票")
    return [f"{name}：{'，'.join(said)}" for name, said in lines.items()]


_ORDER = {"leave": 1, "exempt": 2, "made_up": 3, "absent": 4}


def _instant(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else ""


def _resolved(row: Resolved) -> dict[str, str]:
    return {"words": row.words, "owner": row.owner, "due_on": row.due_on.isoformat(), "state": row.state}


def seat_of(
    user_id: int, *, chair_id: int, recorder_id: int, keeps: bool, on_committee: bool, gone: Iterable[int] = ()
) -> Seat | None:
    """Return for which of the two ``user_id`` confirms, or ``None``.

    Chair and recorder confirm each for themselves. Where one person was both, that person confirms as chair and
    somebody else of the committee, or who keeps the meetings, for the recorder. For one who is ``gone`` (no account
    any more) whoever keeps the meetings confirms.
    """
    if user_id == chair_id:
        return Seat.CHAIR
    if user_id == recorder_id:
        return Seat.RECORDER
    gone = frozenset(gone)
    if chair_id == recorder_id:
        if not (keeps or on_committee):
            return None
        return Seat.RECORDER
    if keeps and recorder_id in gone:
        return Seat.RECORDER
    return Seat.CHAIR if keeps and chair_id in gone else None


def canonical(content: Mapping[str, Any]) -> str:
    """Return ``content`` as the one text that everybody who knows it writes alike."""
    return json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def digest_of(prev_digest: str, content: Mapping[str, Any]) -> str:
    """Return the SHA-256 digest of ``content`` at its place in the chain, as 64 hexadecimal digits."""
    return hashlib.sha256(f"{SHAPE}\n{prev_digest}\n{canonical(content)}".encode()).hexdigest()


def fingerprint(content: Mapping[str, Any]) -> str:
    """Return a short sign of what was shown, so that nobody confirms what they have not seen."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()[:20]


class Fault(StrEnum):
    """What is wrong at the first link that does not fit."""

    MISSING = "missing"
    LOOSE = "loose"
    CHANGED = "changed"
    CUT = "cut"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a chain, with the digest that its content has today."""

    number: int
    prev_digest: str
    digest: str
    content: Mapping[str, Any]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: how many links hold, and the first that does not."""

    checked: int
    head: str
    fault: Fault | None = None
    at: int = 0
    label: str = ""

    @property
    def holds(self) -> bool:
        return self.fault is None


def verify(links: Sequence[Link] | Iterable[Link], *, number: int, head: str) -> Verdict:
    """Walk the ``links`` in order up to ``number`` and ``head``, where the chain is known to end."""
    checked, last = 0, ""
    for link in links:
        if link.number != checked + 1:
            return Verdict(checked, last, Fault.MISSING, checked + 1, link.label)
        if link.prev_digest != last:
            return Verdict(checked, last, Fault.LOOSE, link.number, link.label)
        if digest_of(link.prev_digest, link.content) != link.digest:
            return Verdict(checked, last, Fault.CHANGED, link.number, link.label)
        checked, last = link.number, link.digest
    if checked != number or last != head:
        return Verdict(checked, last, Fault.CUT, checked + 1)
    return Verdict(checked, last)


# Days before a resolution is due on which its owner is reminded, and days after it on which it is called overdue.
REMIND_DAYS = (7, 1)
LATE_DAYS = (1, 8, 15, 29)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that is due: ``mark`` makes its key, so that a day skipped is made up and nobody is told twice."""

    mark: str
    is_late: bool


def reminder(due_on: date, on: date) -> Reminder | None:
    """Return the latest reminder of a resolution due on ``due_on`` that should have gone out by ``on``."""
    passed = (on - due_on).days
    if passed > 0:
        mark = max((day for day in LATE_DAYS if day <= passed), default=0)
        return Reminder(f"late{mark}", is_late=True) if mark else None
    left = min((day for day in REMIND_DAYS if day >= -passed), default=None)
    return None if left is None else Reminder(f"soon{left}", is_late=False)
