"""Both catalogs say everything, and say the same names in their sentences."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings

CATALOGS = sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/*.po"))
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parent.parent.name)
def test_catalog_is_complete(path: Path) -> None:
    entries = [entry for entry in polib.pofile(str(path)) if not entry.obsolete]
    assert [entry.msgid for entry in entries if entry.fuzzy or not all(texts(entry))] == []


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parent.parent.name)
def test_catalog_keeps_every_placeholder(path: Path) -> None:
    wrong = [
        entry.msgid
        for entry in polib.pofile(str(path)).translated_entries()
        for text in texts(entry)
        if not set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
    ]
    assert wrong == []


def test_catalogs_hold_the_same_messages() -> None:
    messages = {}
    for path in CATALOGS:
        language = messages.setdefault(path.parent.parent.name, set())
        language |= {(path.name, entry.msgctxt, entry.msgid) for entry in polib.pofile(str(path)) if not entry.obsolete}
    assert [language for language, held in messages.items() if held != set.union(*messages.values())] == []


ROOMS = ("portal", "members", "news", "forum", "partyschool")
CALLS = {"_": 0, "gettext": 0, "gettext_lazy": 0, "ngettext": 0, "ngettext_lazy": 0, "pgettext": 1, "pgettext_lazy": 1}


def _modules() -> list[Path]:
    found = [path for room in ROOMS for path in (Path(settings.BASE_DIR) / room).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts]


def _said_in(path: Path) -> Iterator[str]:
    """Yield each text that a module marks for translation, and each other name under which it marks some."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            yield from (f"as {name.asname}" for name in node.names if name.asname not in (None, "_"))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            said = node.args[CALLS[node.func.id]]
            if isinstance(said, ast.Constant) and said.value:
                yield said.value


def test_catalogs_hold_what_the_code_says() -> None:
    held = {entry.msgid for path in CATALOGS for entry in polib.pofile(str(path)) if not entry.obsolete}
    missing = [f"{path.name}: {said}" for path in _modules() for said in _said_in(path) if said not in held]
    assert missing == []
