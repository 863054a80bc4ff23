"""Papers that the portal prints. A room declares its own once and registers them from ``AppConfig.ready``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.extensions.registry import Registry

from .sheets import Sheet


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: the ``facts`` it needs (a dataclass), the ``regulation`` it follows, and how it is laid out.

    ``title`` is a lazy text for pages of the portal; ``draw`` turns an instance of ``facts`` into a ``Sheet``.
    """

    code: str
    title: Any
    facts: type
    regulation: str
    draw: Callable[[Any], Sheet]
    order: int = 100


papers: Registry[Paper] = Registry()
