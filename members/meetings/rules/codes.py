"""The codes of a check-in: what the screen shows changes every fifteen seconds and follows from the meeting's secret.

A picture of the screen is worth nothing half a minute later. Both codes of a slot, the one inside the picture and the
one for typing, are keyed digests; the server keeps no list of them and can say of any code when it was shown.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

SLOT_SECONDS = 15
# The slot before still counts, for the way through the network; the one after, for clocks of two machines that differ.
_BEHIND, _AHEAD = 1, 1
# How wrong the clock of a phone may be that kept a typed code, in slots: two minutes.
_CLOCK = 8
# How long a phone without signal may keep what it saw.
KEPT_FOR = timedelta(hours=24)
DIGITS = 6

_SCANNED = re.compile(r"([0-9a-z]{1,9})-([A-Za-z0-9_-]{16})")
_TYPED = re.compile(r"[0-9]{6}")


class Verdict(Enum):
    """What a code is worth at this moment."""

    CURRENT = "current"
    PAST = "past"  # genuine, and no longer shown
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a code turned out to be, and when the screen began to show it."""

    verdict: Verdict
    shown_at: datetime | None = None


_NOTHING = Reading(Verdict.WRONG)


def slot_of(moment: datetime) -> int:
    """Return the number of the fifteen seconds that ``moment`` lies in."""
    return int(moment.timestamp()) // SLOT_SECONDS


def begin_of(slot: int) -> datetime:
    """Return when the fifteen seconds of ``slot`` begin."""
    return datetime.fromtimestamp(slot * SLOT_SECONDS, UTC)


def scan_code(secret: bytes, slot: int) -> str:
    """Return what the picture of ``slot`` carries: the slot itself and its digest, safe in an address."""
    return f"{_base36(slot)}-{urlsafe_b64encode(_digest(secret, 'scan', slot)[:12]).decode()}"


def typed_code(secret: bytes, slot: int) -> str:
    """Return the six digits of ``slot``."""
    return f"{int.from_bytes(_digest(secret, 'type', slot)[:8]) % 10**DIGITS:0{DIGITS}}"


def is_scanned(code: str) -> bool:
    """Say whether ``code`` has the form of one that was scanned rather than typed."""
    return _SCANNED.fullmatch(code) is not None


def read(secret: bytes, code: str, *, now: datetime) -> Reading:
    """Say what ``code``, scanned or typed, is worth at ``now``.

    Of a scanned one any slot of the past is recognised; of a typed one only those that count, since six digits would
    otherwise be found by chance.
    """
    if found := _SCANNED.fullmatch(code):
        slot = int(found[1], 36)
        if slot > slot_of(now) + _AHEAD or not hmac.compare_digest(scan_code(secret, slot), code):
            return _NOTHING
        verdict = Verdict.CURRENT if slot >= slot_of(now) - _BEHIND else Verdict.PAST
        return Reading(verdict, begin_of(slot))
    return _typed(secret, code, range(slot_of(now) - _BEHIND, slot_of(now) + _AHEAD + 1), Verdict.CURRENT)


def read_kept(secret: bytes, code: str, *, noted_at: datetime, now: datetime) -> Reading:
    """Say what a code is worth that a phone without signal kept since ``noted_at`` by its own clock."""
    at_once = read(secret, code, now=now)
    if at_once.verdict is not Verdict.WRONG or is_scanned(code) or noted_at > now + timedelta(minutes=2):
        return at_once
    around = slot_of(noted_at)
    return _typed(secret, code, range(around - _CLOCK, min(around + _CLOCK, slot_of(now)) + 1), Verdict.PAST)


def device_digest(secret: bytes, token: str) -> str:
    """Return a mark of a device that holds for one meeting alone, so that nobody can be followed to the next."""
    return hmac.digest(_key(secret), b"device:" + token.encode(), hashlib.sha256).hex() if token else ""


def _typed(secret: bytes, code: str, slots: range, verdict: Verdict) -> Reading:
    if not _TYPED.fullmatch(code):
        return _NOTHING
    fitting = [slot for slot in slots if hmac.compare_digest(typed_code(secret, slot), code)]
    return Reading(verdict, begin_of(fitting[-1])) if fitting else _NOTHING


def _digest(secret: bytes, what: str, slot: int) -> bytes:
    return hmac.digest(_key(secret), f"{what}:{slot}".encode(), hashlib.sha256)


def _key(secret: bytes) -> bytes:
    if len(secret) < 16:
        raise ValueError("A meeting without a secret has no codes.")
    return secret


def _base36(number: int) -> str:
    signs = ""
    while True:
        number, rest = divmod(number, 36)
        signs = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + signs
        if not number:
            return signs
