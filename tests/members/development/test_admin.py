import pytest
from django.urls import reverse

from members.development.models import CultivationContact


@pytest.mark.parametrize("model", ["thoughtreport", "cultivationcontact"])
def test_admin_shows_the_own_subtree_only(desk, model):
    desk.hand_in()
    desk.hand_in("stranger")
    client, address = desk.world.client("secretary"), reverse(f"admin:development_{model}_changelist")
    rows = list(client.get(address).context["cl"].result_list)
    assert [str(row).partition(" ")[0] for row in rows] in (["Author"], ["Contact"])
    page = reverse(f"admin:development_{model}_change", args=[rows[0].pk])
    assert client.get(page).status_code == 200
    assert desk.world.client("neighbor").get(page).status_code in (302, 404)


def test_admin_hides_what_is_not_handed_in_and_adds_no_report(desk):
    desk.begin()
    client = desk.world.client("secretary")
    page = client.get(reverse("admin:development_thoughtreport_changelist"))
    assert list(page.context["cl"].result_list) == []
    assert client.get(reverse("admin:development_thoughtreport_add")).status_code == 403


def test_admin_assigns_a_contact_through_the_rules(desk):
    client, address = desk.world.client("secretary"), reverse("admin:development_cultivationcontact_add")
    peer = desk.world.member("peer").pk
    sent = {"person": peer, "since": desk.today.isoformat()}
    assert client.get(address).status_code == 200
    wrong = client.post(address, {**sent, "contact": desk.world.member("probationary").pk})
    assert (wrong.status_code, CultivationContact.objects.filter(person=peer).count()) == (200, 0)
    foreign = client.post(address, {**sent, "contact": desk.world.member("neighbor").pk})
    assert list(foreign.context["adminform"].form.errors) == ["contact"]
    assert client.post(address, {**sent, "contact": desk.world.member("contact").pk}).status_code == 302
    assert CultivationContact.objects.filter(person=peer).count() == 1
