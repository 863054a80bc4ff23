"""Kinds of notice. A room declares its own in ``notices.py`` and registers them from ``AppConfig.ready``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.extensions.registry import Registry

Params = Mapping[str, Any]


class _Forgiving(dict[str, Any]):
    """Parameters of an old row; one that a newer text asks for and the row lacks is shown as a dash."""

    def __missing__(self, name: str) -> str:
        return "–"


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """What a notice of this kind says.

    ``title``, ``body`` and ``reason`` are lazy texts with ``%(name)s`` placeholders; ``reason`` is a sentence that
    tells the reader why the notice came ("You are the cultivation contact of %(name)s."). A ``statutory`` kind cannot
    be switched off in the portal. ``words`` turns stored codes into words in the language active when it is called.
    ``mail_url`` gives the mail an address of its own for each recipient (parameters, id), from the root of the site.
    """

    code: str
    label: Any
    title: Any
    body: Any
    reason: Any
    statutory: bool = False
    order: int = 100
    words: Callable[[Params], Params] | None = None
    mail_url: Callable[[Params, int], str] | None = None

    def render(self, params: Params) -> tuple[str, str, str]:
        """Return title, body and reason in the active language."""
        values = _Forgiving(params if self.words is None else self.words(params))
        return str(self.title) % values, str(self.body) % values, str(self.reason) % values

    def check(self, params: Params) -> None:
        """Raise ``KeyError`` when ``params`` lacks a placeholder of the texts."""
        values = dict(params if self.words is None else self.words(params))
        for text in (self.title, self.body, self.reason):
            str(text) % values


kinds: Registry[NoticeKind] = Registry()
