"""Whom a form lets a person address."""

import pytest
from django import forms

from portal.audiences.forms import AudienceFormMixin
from portal.audiences.models import AudienceRule
from portal.audiences.services import Circle
from portal.organizations.duties import Duty

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
