"""Who may import whom (docs/mechanisms.md): read from the code, so that a wrong direction fails at once."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("members", "news", "forum", "partyschool")
# Inside portal/, each layer may import itself and what stands before it.
LAYERS = [
    {"web", "extensions", "encryption"},
    {"accounts"},
    {"organizations"},
    {"access"},
    {"audiences", "audit", "notifications", "files", "search", "drafts", "reviews", "imports", "documents", "rulesets",
     "hours", "ballots", "moderation"},
    {"spaces"},
    {"home"},
]
# Screens of a lower layer may use mechanisms above it: they are leaves that nobody imports.
LEAVES = {
    "admin",
    "views",
    "urls",
    "forms",
    "apps",
    "tasks",
    "commands",
    "health",
    "middleware",
    "adapter",
    "signals",
    "panels",
    "notices",
}
SHARED_BY_MEMBERS = {"models", "queries", "services", "rules", "codes"}


def modules() -> list[Path]:
    folders = ("portal", *ROOMS)
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts and path.name != "settings.py"
    ]


def imports(path: Path) -> Iterator[tuple[str, int]]:
    package = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level == 0:
                base = node.module or ""
            else:
                parts = package.split(".")
                parts = parts if path.name == "__init__.py" and node.level == 1 else parts[: -node.level]
                if path.name == "__init__.py":
                    parts = package.split(".")[: -node.level]
                base = ".".join([*parts, *(node.module or "").split(".")]).strip(".")
            yield base, node.lineno
            yield from ((f"{base}.{alias.name}", node.lineno) for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_downwards(path: Path) -> None:
    parts = path.relative_to(ROOT).with_suffix("").parts
    wrong = []
    for name, line in imports(path):
        target = name.split(".")
        if parts[0] == "portal":
            if target[0] in ROOMS:
                wrong.append(f"line {line}: portal imports the room {name}")
            if target[0] == "portal" and len(target) > 1 and len(parts) > 2 and not (set(parts) & LEAVES):
                here = next((level for level, layer in enumerate(LAYERS) if parts[1] in layer), None)
                there = next((level for level, layer in enumerate(LAYERS) if target[1] in layer), None)
                if here is not None and there is not None and there > here:
                    wrong.append(f"line {line}: {parts[1]} imports {name} above it")
        elif target[0] in ROOMS and target[0] != parts[0]:
            allowed = (
                target[0] == "members"
                and parts[0] != "members"
                and (SHARED_BY_MEMBERS & set(target) or len(target) == 1)
            )
            if not allowed:
                wrong.append(f"line {line}: {parts[0]} imports {name}")
    assert wrong == []


def test_no_module_is_a_drawer_of_leftovers() -> None:
    drawers = {"utils", "helpers", "common", "misc"}
    assert [str(path.relative_to(ROOT)) for path in modules() if path.stem in drawers] == []
