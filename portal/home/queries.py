"""What the front page and the workbench show, drawn from what the rooms registered."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, QuerySet

from portal.access.prepared import ask_as
from portal.access.rights import AnyUser, rights_of
from portal.accounts.models import User
from portal.extensions.registry import Guide, WorkGroup, guides, landing_blocks, work_sources
from portal.web.prepared import Instant, this_second


@dataclass(frozen=True, slots=True)
class DeskGroup:
    """One source's heading with what it found."""

    code: str
    label: Any
    group: WorkGroup
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    template: str
    label: Any
    context: dict[str, Any]


def desk(user: AnyUser, *, on: date) -> list[DeskGroup]:
    """Return what waits for ``user``: sources in their order, those with something overdue first, the empty left out.

    One statement for all sources that can say whether anything waits, then what those with something ask.
    """
    rights = rights_of(user)
    sources = [source for source in work_sources if source.applies(rights)]
    quiet = quiet_sources(user, tuple(source.code for source in sources if source.waits), on=on)
    found = [(source, source.find(user, on)) for source in sources if source.code not in quiet]
    entries = [
        DeskGroup(source.code, source.label, group, _is_late(group, on)) for source, group in found if group.count
    ]
    return sorted(entries, key=lambda entry: not entry.is_late)


def _is_late(group: WorkGroup, on: date) -> bool:
    return any(item.due_on is not None and item.due_on < on for item in group.items)


def quiet_sources(user: AnyUser, codes: tuple[str, ...], *, on: date) -> set[str]:
    """Return those of the sources ``codes`` in which nothing waits for ``user``: one statement for all."""
    if not codes:
        return set()
    (found,) = ask_as(user, _glance, codes, on, at=this_second())
    return {code for code, waits in zip(codes, found, strict=True) if not waits}


def _glance(user: AnyUser, codes: tuple[str, ...], on: date, *, at: int) -> QuerySet[User, tuple[bool, ...]]:
    """Return one row with a column for each source: whether it has any row for ``user``."""
    sources = (work_sources.get(code) for code in codes)
    asked = {
        f"waits_{place}": Exists(source.waits(user, on, Instant(at)))
        for place, source in enumerate(sources)
        if source and source.waits
    }
    return User.objects.filter(pk=user.pk).annotate(**asked).values_list(*asked)


def landing(user: AnyUser, area: str) -> list[Block]:
    """Return the blocks of the front page for one area (``main`` or ``side``)."""
    return [
        Block(block.template, block.label, context)
        for block in landing_blocks
        if block.area == area and (context := block.context(user)) is not None
    ]


def guides_for(user: AnyUser) -> list[Guide]:
    """Return the guides for what ``user`` is and holds."""
    rights = rights_of(user)
    return [guide for guide in guides if guide.visible(rights)]
