"""Two people who change the same thing: the second one sees what the first has saved."""

import pytest
from django.urls import reverse
from lxml import html

from portal.organizations.models import Organization
from tests.factories.rooms import make_course
from tests.world import World


def opened(client, address: str) -> dict[str, str]:
    """Return the fields of the form on a page, as a browser would send them back."""
    page = html.document_fromstring(client.get(address).content.decode())
    form = next(form for form in page.forms if "seen" in form.fields)
    return {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}


def said(answer) -> list[str]:
    return [str(words) for words in answer.context["form"].non_field_errors()]


@pytest.fixture
def address(world: World) -> str:
    return reverse("organizations:organization-edit", args=[world.branch.pk])


def test_second_writer_sees_what_the_first_saved_and_may_replace_it(world: World, address: str):
    client = world.client("admin")
    first, second = opened(client, address), opened(client, address)
    assert client.post(address, first | {"host_unit": "First hall"}).status_code == 302
    refused = client.post(address, second | {"host_unit": "Second hall"})
    assert said(refused)[1:] == ["Host unit is now: First hall"]
    assert Organization.objects.get(pk=world.branch.pk).host_unit == "First hall"
    mark = refused.context["form"]["seen"].value()
    assert client.post(address, second | {"host_unit": "Second hall", "seen": mark}).status_code == 302
    assert Organization.objects.get(pk=world.branch.pk).host_unit == "Second hall"


def test_what_both_wrote_alike_is_no_conflict(world: World, address: str):
    client = world.client("admin")
    first, second = opened(client, address), opened(client, address)
    for sent in (first, second):
        assert client.post(address, sent | {"host_unit": "One hall"}).status_code == 302


@pytest.mark.parametrize("seen", ["", "nonsense", "name:x:y host_unit", "\u0001"])
def test_page_without_marks_saves(world: World, address: str, seen: str):
    client = world.client("admin")
    sent = opened(client, address) | {"host_unit": "One hall", "seen": seen}
    assert client.post(address, sent).status_code in (200, 302)
    assert client.post(address, sent | {"seen": ""}).status_code == 302


def test_course_is_not_written_over_unseen(world: World):
    course = make_course(world.root, by=world.user("lecturer"), lessons=1)
    client, address = world.client("lecturer"), reverse("partyschool:course-edit", args=[course.pk])
    first, second = opened(client, address), opened(client, address)
    assert client.post(address, first | {"title": "First title"}).status_code == 302
    refused = client.post(address, second | {"summary": "Other words"})
    assert said(refused)[1:] == ["Title is now: First title"]
