"""The components on the gallery's pages: what people, screen readers and scripts rely on in their markup."""

import gzip
import re
from pathlib import Path

import pytest
from lxml import html

from portal.env import BASE_DIR

ICON = re.compile(r"""\{% icon "([a-z0-9-]+)"|icon=["']([a-z0-9-]+)["']""")
ROOTS = ("templates", "portal", "members", "news", "forum", "partyschool")
KB = 1024


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return html.document_fromstring(answer.content.decode())


def words(node):
    return " ".join(node.text_content().split())


@pytest.mark.parametrize("path", ["/gallery/list/", "/gallery/form/", "/gallery/detail/", "/gallery/states/"])
def test_page_has_one_heading_one_main_and_the_skip_link_first(gallery, path):
    page = read(gallery, path)
    assert page.get("lang") == "en"
    assert len(page.xpath("//h1")) == 1
    assert len(page.xpath("//main")) == 1
    assert page.xpath("//a[@href]")[0].get("href") == "#content"
    assert page.xpath("//*[@style] | //style | //script[not(@src)]") == []
    assert [box.get("id") for box in page.xpath("//*[@id]")] == list(
        dict.fromkeys(box.get("id") for box in page.xpath("//*[@id]"))
    )


def test_breadcrumbs_lead_home_and_end_with_this_page(gallery):
    steps = read(gallery, "/gallery/list/").xpath("//ol[@class='breadcrumb']/li")
    assert [words(step) for step in steps] == ["Home", "Members", "Roll"]
    assert steps[2].get("aria-current") == "page"


def test_table_is_a_named_group_that_the_keyboard_can_scroll(gallery):
    box = read(gallery, "/gallery/list/").xpath("//div[contains(@class, 'table-box')]")[0]
    assert (box.get("role"), box.get("aria-label"), box.get("tabindex")) == ("group", "Roll", "0")
    assert len(box.xpath(".//tbody/tr")) == 20


def test_pagination_keeps_the_filters_of_the_address(gallery):
    page = read(gallery, "/gallery/list/?step=1&page=2")
    links = page.xpath("//nav[@class='pages']//a/@href")
    assert "?step=1&page=3" in links
    assert "?step=1&per_page=50" in links
    assert words(page.xpath("//p[@class='pages-count']")[0]) == "21–40 of 312"


@pytest.mark.parametrize("number, shown", [("999999999999999999999", "301–312"), ("x", "1–20"), ("-1", "301–312")])
def test_pagination_given_a_bad_page_shows_one_that_exists(gallery, number, shown):
    page = read(gallery, f"/gallery/list/?page={number}")
    assert words(page.xpath("//p[@class='pages-count']")[0]) == f"{shown} of 312"


def test_messages_are_announced_and_say_what_they_are(gallery):
    toasts = read(gallery, "/gallery/detail/").xpath("//div[@id='toasts']/div")
    assert [(toast.get("role"), words(toast)) for toast in toasts] == [
        ("status", "Done: Handed in."),
        ("alert", "Error: The scan is too large."),
    ]


def test_facts_say_that_a_value_is_not_given(gallery):
    page = read(gallery, "/gallery/detail/")
    assert [words(value) for value in page.xpath("//dl[@class='facts']//dd")] == ["Zhang San", "not given"]


def test_file_link_shows_type_and_size(gallery):
    page = read(gallery, "/gallery/detail/")
    assert [words(part) for part in page.xpath("//a[@class='file']/span")] == ["PDF", "Report 2026 II.pdf", "1.2 MB"]


def test_step_says_its_state_in_words(gallery):
    steps = read(gallery, "/gallery/detail/").xpath("//ol[@class='stepper']/li")
    assert [step.get("aria-current") for step in steps] == [None, "step", None]
    assert words(steps[0].xpath(".//p[@class='step-title']")[0]) == "Apply (done)"


def test_form_inside_a_component_carries_its_token(gallery):
    page = read(gallery, "/gallery/states/")
    token = page.xpath("//form[contains(@class, 'confirm')]/input[@name='csrfmiddlewaretoken']/@value")
    assert len(token) == 1
    assert len(token[0]) == 64


def test_progress_shows_numbers_without_script(gallery):
    bar = read(gallery, "/gallery/states/").xpath("//progress")[0]
    assert (bar.get("value"), bar.get("max"), words(bar)) == ("320", "5000", "320/5000")


def test_empty_list_shows_no_pages(gallery):
    assert read(gallery, "/gallery/states/").xpath("//nav[@class='pages']") == []


def test_sprite_holds_every_icon_that_is_named():
    symbols = set(re.findall(r'<symbol id="([^"]+)"', (BASE_DIR / "static/img/icons.svg").read_text()))
    files = [file for root in ROOTS for kind in ("*.html", "*.py") for file in Path(BASE_DIR / root).rglob(kind)]
    used = {name for file in files for found in ICON.findall(file.read_text()) for name in found if name}
    assert used - symbols == set()


def test_weight_of_every_page_keeps_the_budget():
    def weight(*names):
        return sum(len(gzip.compress((BASE_DIR / "static" / name).read_bytes(), 9)) for name in names)

    assert weight("vendor/bootstrap/bootstrap.css", "css/portal.css", "css/components.css", "css/print.css") < 30 * KB
    assert weight("js/site.js", "js/live.js", "js/autosave.js") < 40 * KB
