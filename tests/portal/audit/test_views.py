"""Who reads which rows of the trail."""

import json

import pytest
from django.urls import reverse

from portal.access.policy import policy_of, scope
from portal.audit.models import AuditEntry
from portal.audit.services import record, record_many


@pytest.fixture
def rows(world) -> dict[str, AuditEntry]:
    by = world.user("secretary")
    return {
        "branch": record("test.branch", world.branch, by=by, about=world.user("author")),
        "far": record("test.far", world.far_branch, by=by),
        "nowhere": record("test.nowhere", None, by=by),
    }


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("auditor", {"branch", "far", "nowhere"}),
        ("committee", {"branch", "far", "nowhere"}),
        ("college", {"branch"}),
        ("secretary", set()),
        ("admin", set()),
        ("author", set()),
    ],
)
def test_history_is_read_over_the_subtree_of_the_duty(world, rows, name, seen):
    found = set(scope(world.user(name), "view", AuditEntry).filter(verb__startswith="test."))
    assert found == {rows[code] for code in seen}


@pytest.mark.parametrize("action", ["add", "change", "delete"])
def test_nobody_may_change_the_trail(world, rows, action):
    assert action not in policy_of(AuditEntry).actions
    for name in world.users:
        assert list(scope(world.user(name), action, AuditEntry)) == []


@pytest.mark.parametrize(("name", "status"), [("auditor", 200), ("college", 200), ("secretary", 403), (None, 302)])
def test_history_page_is_for_those_who_read_the_trail(world, rows, name, status):
    assert world.client(name).get(reverse("audit:history")).status_code == status


@pytest.mark.parametrize(
    ("query", "verbs"),
    [
        ({"verb": "accounts.signed_in"}, {"accounts.signed_in"}),
        ({"outcome": "refused"}, set()),
        ({"about": "{author}", "since": "2999-01-01"}, set()),
    ],
)
def test_history_filters_stand_in_the_address(world, rows, query, verbs):
    client = world.client("auditor")
    query = {key: value.format(author=world.user("author").number) for key, value in query.items()}
    page = client.get(reverse("audit:history"), query).context["page"]
    assert {entry.verb for entry in page} == verbs


def test_history_page_costs_the_same_with_many_rows(world, rows, django_assert_num_queries):
    client = world.client("auditor")
    client.get(reverse("audit:history"))
    with django_assert_num_queries(7):
        client.get(reverse("audit:history"))
    record_many("test.more", ((AuditEntry, pk, "x", None, {}) for pk in range(200)), by=None, at=world.branch)
    with django_assert_num_queries(7):
        client.get(reverse("audit:history"))


def test_export_is_recorded_and_holds_the_filtered_rows(world, rows):
    response = world.client("college").post(reverse("audit:export"))
    told = [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]
    assert {entry["verb"] for entry in told if entry["verb"].startswith("test.")} == {"test.branch"}
    assert AuditEntry.objects.filter(verb="audit.exported", by=world.user("college")).count() == 1


def test_mine_shows_what_concerns_oneself_and_nothing_else(world, rows):
    look = record("members.revealed", None, by=world.user("secretary"), about=world.user("author"), reason="A check.")
    client = world.client("author")
    page = client.get(reverse("audit:mine"))
    assert {entry.about_id for entry in page.context["page"]} == {world.user("author").pk}
    assert rows["branch"] in list(page.context["page"])
    looks = client.get(reverse("audit:mine"), {"show": "looks"})
    assert list(looks.context["page"]) == [look]


def test_refusal_is_recorded_with_who_and_where(world):
    world.client("secretary").get(reverse("audit:history"))
    entry = AuditEntry.objects.get(verb="access.refused")
    assert (entry.by_id, entry.outcome, entry.address) == (world.user("secretary").pk, "refused", "127.0.0.1")
    assert entry.changes == {"request": ["", f"GET {reverse('audit:history')}"]}
    assert len(entry.request_id) == 16


def test_admin_shows_rows_and_offers_no_change(world, rows):
    client = world.client("auditor")
    assert client.get(reverse("admin:audit_auditentry_changelist")).status_code == 200
    address = reverse("admin:audit_auditentry_change", args=[rows["branch"].pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "else"}).status_code == 403
    assert client.post(reverse("admin:audit_auditentry_delete", args=[rows["branch"].pk])).status_code == 403
    assert client.get(reverse("admin:audit_auditentry_add")).status_code == 403
