"""The tree of earlier days: moves are dated, and pages as of a day show what hung where then."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from members.queries import filtered, people_for
from portal.organizations import queries
from portal.organizations.models import Organization, OrganizationParent
from portal.organizations.queries import standings_in
from portal.organizations.services import create_organization, merge_organizations, move_organization
from portal.web.refusals import RuleError

TODAY = timezone.localdate()
WEEK = TODAY - timedelta(days=7)
BEFORE = WEEK - timedelta(days=1)


def group_in(world) -> Organization:
    return create_organization(parent=world.branch, by=None, name="Group", code="group", org_type="group")


def places(node: Organization) -> list[tuple]:
    """Return the rows of a node: above, codes on the path, since, until."""
    codes = dict(Organization.objects.values_list("pk", "code"))
    return [
        (row.parent and codes[row.parent_id], "/".join(codes[pk] for pk in row.keys_of(row.path)), row.since, row.until)
        for row in node.parents.order_by("pk")
    ]


def move(world, node, parent, on=None):
    return move_organization(node, parent=parent, by=world.user("committee"), on=on)


def test_create_writes_where_the_node_hangs(world):
    assert places(world.branch) == [("unit", "root/unit/branch", None, None)]
    assert places(world.root) == [(None, "root", None, None)]


def test_move_closes_the_rows_of_the_node_and_of_all_below(world):
    group = group_in(world)
    move(world, world.branch, world.far_unit, on=WEEK)
    assert places(world.branch) == [
        ("unit", "root/unit/branch", None, BEFORE),
        ("far_unit", "root/far_unit/branch", WEEK, None),
    ]
    assert places(group) == [
        ("branch", "root/unit/branch/group", None, BEFORE),
        ("branch", "root/far_unit/branch/group", WEEK, None),
    ]
    assert places(world.sibling) == [("unit", "root/unit/sibling", None, None)]


def test_move_twice_on_a_day_leaves_one_row_of_it(world):
    group = group_in(world)
    move(world, world.branch, world.far_unit)
    move(world, world.branch, world.sibling)
    assert places(group)[1:] == [("branch", "root/unit/sibling/branch/group", TODAY, None)]
    assert [row[0] for row in places(world.branch)] == ["unit", "sibling"]


def test_move_to_where_it_hangs_changes_nothing(world):
    move(world, world.branch, world.unit)
    assert len(places(world.branch)) == 1
    assert Organization.objects.get(pk=world.branch.pk).path == world.branch.path


@pytest.mark.parametrize("on", [BEFORE, TODAY + timedelta(days=1)])
def test_move_is_not_dated_over_a_later_change_nor_ahead(world, on):
    move(world, world.branch, world.far_unit, on=WEEK)
    with pytest.raises(RuleError):
        move(world, world.branch, world.sibling, on=on)
    with pytest.raises(RuleError):
        move(world, world.unit, world.far_unit, on=on)


def test_move_under_a_closed_node_is_refused(world):
    Organization.objects.filter(pk=world.far_branch.pk).update(status="dissolved", closed_on=WEEK)
    with pytest.raises(RuleError):
        move(world, world.branch, world.far_branch)
    with pytest.raises(RuleError):
        create_organization(parent=world.far_branch, by=None, name="New", code="new", org_type="group")


def test_merge_dates_the_move_of_what_hung_below(world):
    group = group_in(world)
    merge_organizations([world.branch], world.sibling, on=WEEK, reason="r", by=world.user("college"))
    assert places(group) == [
        ("branch", "root/unit/branch/group", None, BEFORE),
        ("sibling", "root/unit/sibling/group", WEEK, None),
    ]


def test_one_open_and_one_first_row_for_each_node(world):
    for since, until in ((WEEK, None), (None, WEEK)):
        with pytest.raises(IntegrityError), transaction.atomic():
            OrganizationParent.objects.create(
                organization=world.branch, parent=world.far_unit, path="1", since=since, until=until
            )


def tree_of(response) -> dict[str, tuple[int, int | None]]:
    """Return depth and people of each node drawn."""
    return {row.node.code: (len(row.node.path_then) // 8, row.people) for row in response.context["rows"]}


def test_tree_as_of_a_day_hangs_as_it_did(world):
    group_in(world)
    move(world, world.unit, world.far_unit, on=WEEK)
    client, address = world.client("committee"), reverse("organizations:organization-tree")
    then, now = (client.get(f"{address}?on={day}") for day in (BEFORE, WEEK))
    people = tree_of(then)["branch"][1]
    assert tree_of(then)["unit"] == (2, people + tree_of(then)["sibling"][1])
    assert tree_of(then)["far_unit"] == (2, 0)
    assert (tree_of(now)["unit"][0], tree_of(now)["group"][0]) == (3, 5)
    assert tree_of(now)["far_unit"] == (2, tree_of(now)["unit"][1])
    drawn = [row.node.code for row in then.context["rows"]]
    assert drawn == ["root", "office", "unit", "branch", "group", "sibling", "far_unit", "far_branch"]
    assert then.content.decode().count("<ul") == then.content.decode().count("</ul>")


def test_tree_below_a_node_as_of_a_day_holds_what_was_below_it_then(world):
    move(world, world.branch, world.far_unit, on=WEEK)
    address = f"{reverse('organizations:organization-tree')}?top={world.unit.pk}"
    found = {}
    for day in (BEFORE, WEEK):
        rows = world.client("committee").get(f"{address}&on={day}").context["rows"]
        found[day] = [row.node.code for row in rows]
    assert found == {BEFORE: ["unit", "branch", "sibling"], WEEK: ["unit", "sibling"]}


def test_branch_page_as_of_a_day_stands_where_it_stood(world):
    move(world, world.branch, world.far_unit, on=WEEK)
    client = world.client("committee")
    above = {}
    for day in (BEFORE, WEEK):
        around = client.get(f"{world.branch.get_absolute_url()}?on={day}").context["around"]
        above[day] = [node.code for node in around.above]
    assert above == {BEFORE: ["root", "unit"], WEEK: ["root", "far_unit"]}
    below = {}
    for day in (BEFORE, WEEK):
        around = client.get(f"{world.unit.get_absolute_url()}?on={day}").context["around"]
        below[day] = [(node.code, secretary) for node, secretary in around.children]
    assert [code for code, _name in below[BEFORE]] == ["branch", "sibling"]
    assert below[WEEK] == [("sibling", "Neighbor")]


def test_counts_and_lists_as_of_a_day_follow_the_tree_of_that_day(world):
    here = sum(count for _code, _label, count in standings_in(world.branch, on=BEFORE))
    move(world, world.branch, world.far_unit, on=WEEK)
    committee = world.user("committee")
    for node, day, expected in (
        (world.unit, BEFORE, here + 2),
        (world.unit, WEEK, 2),
        (world.far_unit, BEFORE, 0),
        (world.far_unit, WEEK, here),
    ):
        node = Organization.objects.get(pk=node.pk)
        assert sum(count for _code, _label, count in standings_in(node, on=day)) == expected
        assert filtered(people_for(committee, on=day), organization=node, on=day).count() == expected


def test_panel_counts_what_the_list_behind_it_shows(world):
    move(world, world.branch, world.far_unit, on=WEEK)
    college, page = world.client("college"), f"{world.unit.get_absolute_url()}?on={BEFORE}"
    shown = dict(college.get(page).context["panels"])
    counted = sum(row[2] for row in standings_in(world.unit, on=BEFORE, within=[world.unit.path]))
    assert counted == 2
    assert any(f"organization={world.unit.pk}" in html for html in shown.values())
    people = people_for(world.user("college"), on=BEFORE)
    assert filtered(people, organization=world.unit, on=BEFORE).count() == counted


@pytest.mark.parametrize("more", [1, 20])
def test_pages_as_of_a_day_cost_the_same_for_any_size(world, more, django_assert_num_queries):
    for n in range(more):
        create_organization(parent=world.branch, by=None, name=f"Group {n}", code=f"g{n}", org_type="group")
    move(world, world.branch, world.far_unit, on=WEEK)
    client = world.client("committee")
    client.get(world.unit.get_absolute_url())
    with django_assert_num_queries(8):
        client.get(f"{reverse('organizations:organization-tree')}?on={BEFORE}&top={world.unit.pk}")
    with django_assert_num_queries(8):
        client.get(f"{world.branch.get_absolute_url()}?on={BEFORE}")


def test_large_tree_as_of_a_day_is_drawn_two_levels_at_a_time(world, monkeypatch):
    monkeypatch.setattr(queries, "WHOLE_TREE", 3)
    move(world, world.branch, world.far_unit, on=WEEK)
    address = reverse("organizations:organization-tree")
    drawn = {}
    for top in ("", f"&top={world.unit.pk}"):
        rows = world.client("committee").get(f"{address}?on={BEFORE}{top}").context["rows"]
        drawn[top] = [(row.node.code, row.has_more) for row in rows]
    assert list(drawn.values()) == [
        [("root", False), ("office", False), ("unit", True), ("far_unit", True)],
        [("unit", False), ("branch", False), ("sibling", False)],
    ]
