"""Objects reach a view, form, admin class or feed through the access layer only."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AROUND = re.compile(
    r"get_object_or_404|get_list_or_404|\.objects\.(all|get|filter|first|last)\(|is_superuser|\.has_perm\(|\.groups\."
)
SCREENS = ("views", "forms", "admin", "feeds")


def screens() -> list[Path]:
    return [
        path
        for folder in ("portal", "members", "news", "forum", "partyschool")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if set(path.relative_to(ROOT).with_suffix("").parts) & set(SCREENS)
    ]


def test_screens_do_not_reach_around_the_access_layer() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in screens()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if AROUND.search(line)
    ]
    assert found == []


def test_templates_ask_no_rights_by_hand() -> None:
    pattern = re.compile(r"is_superuser|is_staff|\bperms\.|user\.groups|standing ==|post ==")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if "admin" not in path.relative_to(ROOT).parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]
    assert found == []


def test_templates_hold_no_inline_script_or_style() -> None:
    pattern = re.compile(
        r"<script(?![^>]*\bsrc=)|<style|\sstyle=\"|\son(click|change|submit|load|input|keyup)=|(src|href)=\"https?://"
    )
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]
    assert found == []
