"""Whom a form lets a person address."""

from uuid import uuid4

import pytest
from django import forms

from portal.audiences.forms import AudienceFormMixin
from portal.audiences.models import AudienceRule
from portal.audiences.services import Circle
from portal.notifications.forms import AnnouncementForm
from portal.organizations.duties import Duty, Post, posts_on
from portal.organizations.models import OrganizationType

pytestmark = pytest.mark.django_db


class Invitation(AudienceFormMixin, forms.Form):
    audience_duty = Duty.SEND_NOTICES
    words = forms.CharField()


def filled(world, by, **data):
    return Invitation({"words": "x", "visibility": "audience", **data}, by=world.user(by))


@pytest.mark.parametrize(
    ("by", "nodes"),
    [
        ("secretary", {"branch"}),
        ("neighbor", {"sibling"}),
        ("college", {"unit", "branch", "sibling"}),
        ("committee", {"root", "office", "unit", "branch", "sibling", "far_unit", "far_branch"}),
        ("author", set()),
        ("retired", set()),
        ("admin", set()),
    ],
)
def test_audience_form_offers_only_ones_own_subtrees(world, by, nodes) -> None:
    form = Invitation(by=world.user(by))
    offered = set(form.fields["audience_organizations"].queryset)
    assert offered == {world.nodes[name] for name in nodes}


def test_audience_form_refuses_a_foreign_subtree(world) -> None:
    form = filled(world, "secretary", audience_organizations=[world.sibling.pk])
    assert list(form.errors) == ["audience_organizations"]


def test_audience_form_wants_an_organization(world) -> None:
    assert list(filled(world, "secretary").errors) == ["audience_organizations"]


@pytest.mark.parametrize("visibility", ["public", "internal"])
def test_audience_form_without_audience_chooses_nobody(world, visibility) -> None:
    form = filled(world, "secretary", visibility=visibility, audience_organizations=[world.branch.pk])
    assert form.is_valid()
    assert form.circle() == Circle()
    assert form.saved_audience() is None


def test_audience_form_writes_subtrees_by_standings_and_posts(world) -> None:
    form = filled(
        world,
        "college",
        audience_organizations=[world.branch.pk, world.sibling.pk],
        audience_standings=["activist"],
        audience_posts=["secretary"],
    )
    assert form.is_valid()
    form.saved_audience()
    rules = set(AudienceRule.objects.values_list("organization__code", "standing", "post"))
    codes = (world.branch.code, world.sibling.code)
    assert rules == {(code, standing, "") for code in codes for standing in ["activist"]} | {
        (code, "", "secretary") for code in codes
    }


@pytest.mark.parametrize("field", ["audience_standings", "audience_posts", "visibility"])
def test_audience_form_refuses_what_is_no_choice(world, field) -> None:
    form = filled(world, "secretary", **{"audience_organizations": [world.branch.pk], field: ["emperor"]})
    assert field in form.errors


@pytest.mark.parametrize(
    ("by", "offered", "missing"),
    [
        ("secretary", {"secretary", "group_leader"}, {"committee_staff", "lecturer", "system_administrator"}),
        ("college", {"secretary", "committee_staff"}, {"system_administrator", "security_administrator", "auditor"}),
        ("author", set(), {"secretary"}),
    ],
)
def test_audience_form_offers_only_posts_that_exist_there(world, by, offered, missing) -> None:
    posts = {code for code, _label in Invitation(by=world.user(by)).fields["audience_posts"].choices}
    assert (offered <= posts, posts & missing) == (True, set())


@pytest.mark.parametrize(
    ("node", "post", "errors"),
    [
        ("unit", "committee_staff", []),
        ("branch", "committee_staff", ["audience_posts"]),
        ("branch", "secretary", []),
        ("branch", "auditor", ["audience_posts"]),
    ],
)
def test_audience_form_refuses_posts_nobody_can_hold_there(world, node, post, errors) -> None:
    form = filled(world, "college", audience_organizations=[world.nodes[node].pk], audience_posts=[post])
    assert list(form.errors) == errors


def test_announcement_refuses_posts_nobody_can_hold_there(world) -> None:
    data = {"title": "T", "text": "T", "organizations": [world.branch.pk], "key": str(uuid4())}
    by = world.user("college")
    assert AnnouncementForm(data | {"posts": ["secretary"]}, by=by).is_valid()
    assert list(AnnouncementForm(data | {"posts": ["committee_staff"]}, by=by).errors) == ["posts"]
    assert list(AnnouncementForm(data | {"posts": ["auditor"]}, by=by).errors) == ["posts"]


def test_every_post_but_those_of_the_portal_exists_somewhere() -> None:
    assert set(posts_on(OrganizationType.values)) == set(Post) - {
        Post.SYSTEM_ADMINISTRATOR,
        Post.SECURITY_ADMINISTRATOR,
        Post.AUDITOR,
    }
