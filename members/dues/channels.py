"""By which way dues reach the party: a registry, so that a licensed provider can be added without touching the rest.

Today a clerk records what was handed over. A provider registers a channel with ``pay_url``: the person's own page then
offers it, and its callback calls ``services.record_payments`` with the provider's number as ``reference`` and a token
of its own, so that a callback sent twice is counted once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.extensions.registry import Registry


@dataclass(frozen=True, slots=True)
class Demand:
    """What a person wants to pay online: months with their amounts, and the token under which it is recorded."""

    person_id: int
    lines: tuple[tuple[date, Decimal], ...]
    token: str

    @property
    def total(self) -> Decimal:
        return sum((amount for _month, amount in self.lines), Decimal())


@dataclass(frozen=True, slots=True)
class Channel:
    """A way of paying. ``pay_url`` returns where the payer is sent; without it the clerk records the payment."""

    code: str
    label: Any
    order: int = 100
    pay_url: Callable[[Demand], str] | None = None

    @property
    def is_recorded(self) -> bool:
        """Say whether the clerk records it."""
        return self.pay_url is None


channels: Registry[Channel] = Registry()

RECORDED = (
    Channel("cash", _("cash"), 10),
    Channel("bank", _("bank transfer"), 20),
    Channel("other", _("another way"), 90),
)


def recorded() -> list[tuple[str, Any]]:
    """Return the ways a clerk may record, as choices."""
    return [(channel.code, channel.label) for channel in channels if channel.is_recorded]


def online() -> list[Channel]:
    """Return the ways by which a person may pay without the clerk."""
    return [channel for channel in channels if not channel.is_recorded]


def label_of(code: str) -> str:
    channel = channels.get(code)
    return str(channel.label) if channel else code


def register() -> None:
    for channel in RECORDED:
        channels.register(channel)
