"""Two rosters from the file to the tree and back, as the committee's office does it."""

import re
import shutil
import subprocess
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from .conftest import People

SAMPLES = Path(__file__).parents[1] / "portal" / "imports" / "samples"
WORK_MS = 90_000
# What was planted in roster-messy.xlsx, and the rows it stands in.
PLANTED = {
    "id_check_digit": (40, 85, 86, 102, 113),
    "days_out_of_order": (42, 142, 195),
    "id_sex": (6, 19, 65, 70, 170, 174, 182, 197),
    "formula": (16, 17, 80, 104, 108, 183, 193),
    "repeated": (17, 26, 52, 100),
    "joined_but_not_member": (20, 142, 173, 194),
    "converted_but_probationary": (18, 43, 62),
    "taken_as_empty": (27, 61, 75, 119, 120, 121, 142, 148),
    "under_age": (38, 48, 51, 66),
    "standing_from_days": (129,),
    "stage_day_missing": (172,),
}


def bring(page: Page, name: str) -> None:
    """Upload a sample and wait until a worker has checked it."""
    page.goto("/imports/")
    page.locator("[name=file]").set_input_files(SAMPLES / name)
    page.locator("form[enctype] button[type=submit]").click()
    page.wait_for_url(re.compile(r"/imports/\d+/$"))
    expect(page.locator("#summary-title")).to_be_visible(timeout=WORK_MS)


def count(page: Page, outcome: str) -> int:
    return int(page.locator(f".stat:has(a[href*='show={outcome}#']) .stat-value").inner_text())


def counts(page: Page) -> tuple[int, ...]:
    return tuple(count(page, outcome) for outcome in ("new", "changed", "same", "error"))


def confirm(page: Page) -> None:
    """Import what the preview shows and wait until it is written."""
    page.locator("form[action$='/confirm/'] button[type=submit]").click()
    expect(page.locator("a[href$='/undo/']")).to_be_visible(timeout=WORK_MS)


def undo(page: Page) -> None:
    page.locator("a[href$='/undo/']").click()
    page.locator("main form[method=post] button[type=submit]").click()
    page.wait_for_url(re.compile(r"/imports/\d+/$"))
    expect(page.locator("a[href*='show=kept#']")).to_be_visible(timeout=WORK_MS)
    assert count(page, "kept") == 0


def findings(page: Page) -> dict[int, set[str]]:
    """Leaf through the rows and return what the page says of each: the codes behind the words."""
    found: dict[int, set[str]] = {}
    while True:
        for row in page.locator("section[aria-labelledby=rows-title] tbody tr").all():
            told = row.locator("[data-finding]")
            number = int(row.locator("td").first.inner_text())
            found[number] = {item.get_attribute("data-finding") or "" for item in told.all()}
            assert all(item.inner_text().strip() for item in told.all())
        after = page.locator(".pages a[rel=next]")
        if not after.count():
            return found
        after.click()
        page.wait_for_load_state()


def test_roster_comes_in_once_and_goes_back(people: People) -> None:
    page = people.window("committee")
    bring(page, "roster-300.xlsx")
    assert counts(page) == (300, 0, 0, 0)
    proposed = page.locator("[name=create]")
    assert proposed.count() > 0
    branch = proposed.first.get_attribute("value") or ""
    told = int(page.locator("#inbox-link").get_attribute("data-unread") or 0)
    confirm(page)
    run = page.url
    expect(page.locator("#inbox-link")).to_have_attribute("data-unread", str(told + 1), timeout=20_000)

    # Everything is there, the branches too: the same file changes nothing and proposes nothing.
    bring(page, "roster-300.xlsx")
    assert counts(page) == (0, 0, 300, 0)
    assert page.locator("form[action$='/confirm/']").count() == 0
    page.goto(f"{run}?q=20251600003")
    expect(page.locator("tbody tr")).to_have_count(1)

    page.goto(run)
    undo(page)
    bring(page, "roster-300.xlsx")
    assert counts(page) == (300, 0, 0, 0)
    assert page.locator(f"[name=create][value='{branch}']").count() == 1


def test_messy_roster_names_every_fault_and_the_good_rows_come_in(people: People, tmp_path: Path) -> None:
    page = people.window("committee")
    bring(page, "roster-messy.xlsx")
    assert counts(page) == (180, 0, 3, 21)
    run = page.url
    found = findings(page)
    missed = [(number, code) for code, rows in PLANTED.items() for number in rows if code not in found[number]]
    assert missed == []

    page.goto(run)
    with page.expect_download() as download:
        page.locator("a[href$='/workbook/']").click()
    path = tmp_path / "checked.xlsx"
    download.value.save_as(path)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert (sheet.max_row, sheet.max_column) == (208, 24)
    assert sheet["C3"].value == "20221605001"
    told = {number for number in found if found[number]}
    assert {number for number in range(3, 208) if sheet.cell(number, 2).value} == told
    assert sheet["B40"].fill.fgColor.rgb == "FFF8C9C4"
    if office := shutil.which("soffice"):
        made = subprocess.run(
            [office, f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "csv",
             "--outdir", str(tmp_path), str(path)],
            capture_output=True, text=True, timeout=180, check=True,
        )  # fmt: skip
        assert "20221605001" in (tmp_path / "checked.csv").read_text(errors="replace"), made.stderr

    confirm(page)
    assert int(page.locator(".stat-value").nth(5).inner_text()) == 180
    undo(page)


def test_import_is_decided_on_a_phone_without_script(people: People) -> None:
    page = people.window("committee", size="phone", script=False)
    page.goto("/imports/")
    page.locator("[name=file]").set_input_files(SAMPLES / "roster-messy.xlsx")
    page.locator("form[enctype] button[type=submit]").click()
    expect(page.locator("#summary-title")).to_be_visible(timeout=WORK_MS)
    page.locator("a[href$='/discard/']").click()
    page.locator("main form[method=post] button[type=submit]").click()
    page.wait_for_url("**/imports/")
