"""T-06, T-16: a right that is taken away is gone at the next click of every session; duties want a second factor."""

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.organizations.models import Appointment
from portal.organizations.services import dismiss
from tests.access.matrix import MATRIX
from tests.access.walking import address, method_of, outcome


def test_ended_post_closes_its_pages_in_every_session(ground):
    world = ground.world
    first, second = world.client("secretary"), world.client("secretary")
    edit = reverse("members:member-edit", args=[world.member("author").pk])
    pages = [edit, reverse("imports:list"), reverse("notifications:send"), reverse("admin:index")]
    for client in (first, second):
        assert [outcome(client.get(page)) for page in pages] == ["ok"] * 4
    dismiss(Appointment.objects.get(user=world.users["secretary"]), on=timezone.localdate(), by=world.user("committee"))
    for client in (first, second):
        assert [outcome(client.get(page)) for page in pages] == ["404", "403", "403", "403"]


@pytest.mark.parametrize("name", ["author", "secretary", "committee", "admin"])
def test_disabled_account_is_out_of_every_session(ground, name):
    world = ground.world
    sessions = [world.client(name), world.client(name)]
    page = reverse("home:workbench")
    assert [outcome(client.get(page)) for client in sessions] == ["ok", "ok"]
    User.objects.filter(pk=world.users[name].pk).update(is_active=False)
    assert [outcome(client.get(page)) for client in sessions] == ["sign-in", "sign-in"]
    assert [outcome(client.post(reverse("notifications:read-all"))) for client in sessions] == ["sign-in", "sign-in"]


def test_person_who_moves_away_is_lost_from_sight_at_once(ground):
    world = ground.world
    from members.services import place

    client, member = world.client("secretary"), world.member("peer")
    page = reverse("members:member-detail", args=[member.pk])
    assert outcome(client.get(page)) == "ok"
    place(member, world.sibling, standing=member.standing, on=timezone.localdate(), by=world.user("committee"))
    assert outcome(client.get(page)) == "404"


# Work begins behind sign-in; the account's own pages stay open, for the factor is set up there.
OPEN = ("account_", "mfa_", "socialaccount_", "usersessions_", "accounts:", "admin:login", "admin:logout")
WORK = [
    (route, what)
    for key, (what, may, *_rest) in MATRIX.items()
    for route, _method in [method_of(key)]
    if "everyone" not in may and not route.startswith(OPEN)
]


@pytest.mark.parametrize("name", ["secretary", "admin", "lecturer"])
def test_duty_without_a_second_factor_opens_no_page_of_work(ground, clients, settings, name):
    """T-16: neither page nor form, whatever the object; what the world may read is shown as to the ground.world."""
    settings.SECOND_FACTOR_REQUIRED = True
    opened = set()
    for route, what in WORK:
        url = address(route, what, ground.plots["branch"])
        for method in ("get", "post"):
            response = getattr(clients[name], method)(url)
            if response.headers.get("Location") == reverse("mfa_index"):
                continue
            if not outcome(response) == outcome(getattr(clients["visitor"], method)(url)) != "sign-in":
                opened.add((method, route, response.status_code))
    assert opened == set()
