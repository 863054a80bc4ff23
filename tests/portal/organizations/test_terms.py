"""Terms of office: who is reminded when, once; and the list for those who keep the tree."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.extensions.registry import daily_jobs
from portal.notifications.models import Notice
from portal.organizations.models import Organization
from portal.organizations.rules import latest_start
from portal.organizations.services import create_organization

TODAY = timezone.localdate()


def let_term_end(node: Organization, days: int) -> None:
    start = latest_start(TODAY + timedelta(days=days), 3)
    Organization.objects.filter(pk=node.pk).update(term_started_on=start, term_years=None)


def told(world) -> dict[str, int]:
    names = {user.pk: name for name, user in world.users.items()}
    found = Notice.objects.filter(message__kind__in=["term_end", "term_over"]).values_list("recipient_id", flat=True)
    return {names[pk]: list(found).count(pk) for pk in found}


@pytest.mark.parametrize("days", [180, 90, 30, -1])
def test_term_end_tells_secretary_and_superior_once(world, days):
    let_term_end(world.branch, days)
    job = daily_jobs.get("organizations.terms")
    job.run(TODAY)
    job.run(TODAY)
    assert told(world) == {"secretary": 1, "college": 1}


def test_term_end_tells_nobody_while_it_is_early(world):
    let_term_end(world.branch, 185)
    daily_jobs.get("organizations.terms").run(TODAY)
    assert told(world) == {}


def test_term_end_comes_back_at_each_mark_and_weekly_when_over(world):
    let_term_end(world.branch, 180)
    job = daily_jobs.get("organizations.terms")
    for day in range(180 + 15):
        job.run(TODAY + timedelta(days=day))
    assert told(world)["secretary"] == 3 + 2


def test_term_list_holds_what_ends_within_six_months_of_what_one_keeps(world):
    let_term_end(world.branch, 100)
    let_term_end(world.sibling, 300)
    let_term_end(world.far_branch, 10)
    address = reverse("organizations:term-list")
    seen = {
        name: [node.code for node in world.client(name).get(address).context["page_obj"]]
        for name in ("college", "committee", "admin")
    }
    both = ["far_branch", "branch"]
    assert seen == {"college": ["branch"], "committee": both, "admin": both}
    assert [world.client(name).get(address).status_code for name in ("secretary", "author")] == [403, 403]


@pytest.mark.parametrize("more", [1, 30])
def test_term_list_costs_the_same_for_any_size(world, more, django_assert_num_queries):
    for n in range(more):
        create_organization(
            parent=world.unit,
            by=None,
            name=f"More {n}",
            code=f"more-{n}",
            org_type="branch",
            term_started_on=TODAY - timedelta(days=1100),
        )
    client, address = world.client("college"), reverse("organizations:term-list")
    client.get(address)
    with django_assert_num_queries(5):
        response = client.get(address)
    assert len(response.context["page_obj"]) == min(more, 20)
