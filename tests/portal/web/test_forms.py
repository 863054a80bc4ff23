"""Forms as the renderer draws them, and the way from a form to a service and back."""

import pytest
from lxml import html

WHOLE = {"title": "My report", "kind": "a", "text": "Words.", "agree": "on"}


def post(client, **changed):
    return client.post("/gallery/form/", WHOLE | changed)


def tree(answer):
    return html.document_fromstring(answer.content.decode())


def words(node):
    return " ".join(node.text_content().split())


def test_form_given_valid_data_says_so_and_moves_on(gallery):
    answer = gallery.post("/gallery/form/", WHOLE, follow=True)
    assert answer.redirect_chain == [("/gallery/form/", 302)]
    assert [words(toast) for toast in tree(answer).xpath("//div[@id='toasts']/div")] == [
        "Done: “My report” is handed in."
    ]


def test_form_given_nothing_lists_every_error_and_links_to_its_field(gallery):
    page = tree(gallery.post("/gallery/form/", {"text": "Kept."}))
    links = page.xpath("//div[@data-error-summary]//a")
    assert [link.get("href") for link in links] == ["#id_title", "#id_kind", "#id_agree"]
    assert all(page.xpath(f"//*[@id='{link.get('href')[1:]}']") for link in links)
    assert page.findtext(".//title").startswith("Error: Write a report")
    assert words(page.xpath("//textarea")[0]) == "Kept."


def test_field_with_an_error_is_described_by_help_and_error(gallery):
    page = tree(gallery.post("/gallery/form/", {}))
    control = page.xpath("//input[@name='title']")[0]
    assert control.get("aria-invalid") == "true"
    assert control.get("aria-describedby").split() == ["id_title_helptext", "id_title_error"]
    assert [len(page.xpath(f"//*[@id='{name}']")) for name in control.get("aria-describedby").split()] == [1, 1]
    assert page.xpath("//fieldset/@aria-describedby") == ["id_kind_error"]


def test_every_control_has_a_label(gallery):
    page = tree(gallery.get("/gallery/form/"))
    controls = page.xpath("//main//*[self::input or self::select or self::textarea][not(@type='hidden')]")
    assert [one.get("name") for one in controls if not page.xpath(f"//label[@for='{one.get('id')}']")] == []


def test_refusal_of_the_service_comes_back_with_what_was_typed(gallery):
    page = tree(post(gallery, title="rule"))
    errors = page.xpath("//div[@data-error-summary]//li")
    assert [words(error) for error in errors] == ["Not a year yet.", "No contact."]
    assert words(page.xpath("//textarea")[0]) == "Words."


def test_refusal_that_names_fields_is_tied_to_those_the_form_has(gallery):
    page = tree(post(gallery, title="field"))
    errors = page.xpath("//div[@data-error-summary]//li")
    assert [words(error) for error in errors] == ["There is no such field.", "Title: This title is taken."]


@pytest.mark.parametrize("value", ["<script>alert(1)</script>", "\x00", "x" * 61])
def test_hostile_title_comes_back_escaped(gallery, value):
    answer = post(gallery, title=value)
    assert answer.status_code == 200 if value != "<script>alert(1)</script>" else 302
    assert b"<script>alert" not in gallery.get("/gallery/form/").content
