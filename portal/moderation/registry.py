"""Kinds of content that readers may report. A room declares its own and registers them from ``AppConfig.ready``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model

from portal.extensions.registry import Registry


@dataclass(frozen=True, slots=True)
class ModeratedKind:
    """How something that people wrote is shown, found and taken down.

    ``code`` stands in addresses (``"space-post"``). Whoever may ``view`` a row of ``model`` may report it. ``hide`` and
    ``show`` are the room's own verbs, called with the row, ``reason=`` and ``by=``; they tell
    ``portal.moderation.services`` of it (``taken_down``, ``shown_again``), however they were called.
    """

    code: str
    model: str  # "spaces.SpacePost"
    label: Any  # lazy: "Post in a space"
    title: Callable[[Any], str]
    words: Callable[[Any], str]
    url: Callable[[Any], str]
    place: Callable[[Any], Any]  # -> Organization
    author_id: Callable[[Any], int | None]
    is_hidden: Callable[[Any], bool]
    hide: Callable[..., Any]
    show: Callable[..., Any]
    related: tuple[str, ...] = ()  # for select_related
    order: int = 100

    def model_class(self) -> type[Model]:
        return apps.get_model(self.model)


moderated_kinds: Registry[ModeratedKind] = Registry()


def kind_of(row: Model) -> ModeratedKind:
    """Return the kind of a row; raise ``LookupError`` for what nobody may report."""
    label = row._meta.label
    for kind in moderated_kinds:
        if kind.model == label:
            return kind
    raise LookupError(f"{label} is no registered kind of moderated content")
