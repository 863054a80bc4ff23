"""What the front page and the workbench show, drawn from what the rooms registered."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.access.rights import AnyUser, rights_of
from portal.extensions.registry import Guide, WorkGroup, guides, landing_blocks, work_sources


@dataclass(frozen=True, slots=True)
class DeskGroup:
    """One source's heading with what it found."""

    code: str
    label: Any
    group: WorkGroup


@dataclass(frozen=True, slots=True)
class Block:
    template: str
    label: Any
    context: dict[str, Any]


def desk(user: AnyUser, *, on: date) -> list[DeskGroup]:
    """Return what waits for ``user``, sources in their order, those with nothing left out."""
    rights = rights_of(user)
    found = [
        DeskGroup(source.code, source.label, source.find(user, on)) for source in work_sources if source.applies(rights)
    ]
    return [entry for entry in found if entry.group.count]


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
