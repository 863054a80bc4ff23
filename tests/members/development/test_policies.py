"""What ``scope``, ``may`` and ``holders`` say of contacts, reports and the showcase agree, for everyone."""

import pytest

from members.development import services
from members.development.models import CultivationContact, ShowcaseEntry, ThoughtReport
from portal.access.policy import holders, may, policy_of, scope
from tests.world import CAST

EVERYONE = [*CAST, "admin", "auditor", "outsider"]

# action: who may do it with the author's report that waits
WAITING = {
    "view": {"author", "contact", "secretary", "college", "committee"},
    "answer": {"contact", "secretary", "college", "committee"},
    "propose": {"contact", "secretary", "college", "committee"},
    "write": {"author"},
}


def allowed(world, action, obj):
    return {name for name in EVERYONE if may(world.user(name), action, obj)}


@pytest.mark.parametrize(("action", "people"), WAITING.items())
def test_report_that_waits(desk, action, people):
    assert allowed(desk.world, action, desk.hand_in()) == people


@pytest.mark.parametrize("action", ["view", "answer"])
def test_report_not_handed_in_is_its_authors_alone(desk, action):
    report = desk.begin()
    assert allowed(desk.world, action, report) == ({"author"} if action == "view" else set())
    report = desk.hand_in()
    services.withdraw_report(report, by=desk.world.user("author"))
    assert allowed(desk.world, action, report) == ({"author"} if action == "view" else set())


def test_report_of_a_secretary_is_not_answered_by_its_author(desk):
    report = desk.hand_in()
    ThoughtReport.objects.filter(pk=report.pk).update(author=desk.world.member("secretary"))
    assert "secretary" not in allowed(desk.world, "answer", report)


@pytest.mark.parametrize("model", [CultivationContact, ThoughtReport, ShowcaseEntry])
def test_scope_and_may_agree(desk, model):
    services.propose_for_showcase(desk.accepted(), words="", by=desk.world.user("contact"))
    desk.hand_in("peer")
    for action in policy_of(model).actions:
        for name in EVERYONE:
            user = desk.world.user(name)
            assert set(scope(user, action, model)) == {obj for obj in model.objects.all() if may(user, action, obj)}


def test_holders_may(desk):
    report = desk.hand_in()
    found = {user.name.lower() for user in holders("answer", report)}
    assert found == {"secretary", "college", "committee"}
    assert all(may(desk.world.user(name), "answer", report) for name in found)


def test_showcase_opens_step_by_step(desk):
    author, secretary = desk.world.user("author"), desk.world.user("secretary")
    entry = services.propose_for_showcase(desk.accepted(), words="", by=desk.world.user("contact"))
    readers = {"author", "secretary", "college", "committee"}
    assert allowed(desk.world, "view", entry) == readers
    assert allowed(desk.world, "publish", entry) == set()
    services.consent_to_showcase(entry, title="T", body="B", is_named=False, by=author)
    assert allowed(desk.world, "publish", entry) == {"secretary", "college", "committee", "editor"}
    services.publish_showcase(entry, by=secretary, on=desk.today)
    assert allowed(desk.world, "view", entry) == set(EVERYONE)
