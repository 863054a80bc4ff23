"""An address put together from its pieces is the one that Django finds."""

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse, set_script_prefix

from portal.web.addresses import address


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("home:workbench", ()),
        ("members:member-detail", (7,)),
        ("members:member-detail", (0,)),
        ("members:member-detail", (2**63,)),
        ("members:development:thought-report-write", (2026, 3)),
        ("news:column", ("notices",)),
        ("forum:board", ("a-board",)),
    ],
)
def test_address_is_what_reverse_returns(name, args):
    assert address(name, *args) == reverse(name, args=args)
    assert address(name, *args) == reverse(name, args=args)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("members:member-detail", (-1,)),
        ("members:member-detail", ("x",)),
        ("members:member-detail", ()),
        ("no:way", (1,)),
    ],
)
def test_address_of_nothing_is_refused_each_time(name, args):
    for _time in range(2):
        with pytest.raises(NoReverseMatch):
            address(name, *args)


def test_address_follows_the_place_where_the_portal_is_mounted():
    assert address("members:member-detail", 7).startswith("/members/")
    set_script_prefix("/portal/")
    try:
        assert address("members:member-detail", 7) == reverse("members:member-detail", args=[7])
        assert address("members:member-detail", 7).startswith("/portal/members/")
    finally:
        set_script_prefix("/")


def test_url_tag_writes_names_numbers_and_words():
    text = (
        "{% url 'members:member-detail' pk %} {% url 'members:member-detail' pk=pk %} {% url 'news:column' slug %}"
        " {% url 'no:way' pk as none %}[{{ none }}]"
    )
    member, column = reverse("members:member-detail", args=[7]), reverse("news:column", args=["a"])
    assert Template(text).render(Context({"pk": 7, "slug": "a"})) == f"{member} {member} {column} []"
    with pytest.raises(NoReverseMatch):
        Template("{% url 'no:way' %}").render(Context())
