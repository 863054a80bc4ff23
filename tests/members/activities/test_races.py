"""The last place at the same instant: on PostgreSQL, where two people truly meet."""

import pytest
from django.db import connection

from members.activities import services
from members.activities.models import Contribution, Enrolment
from portal.accounts.models import User
from portal.hours.models import HourEntry
from portal.hours.services import Hours, enter_hours
from tests.factories.people import make_people
from tests.members.dues.test_races import at_once
from tests.portal.notifications.conftest import open_trail

__all__ = ["open_trail"]

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]


def enrolling(season, row, *names, **given):
    people = [User.objects.get(pk=season.world.users[name].pk) for name in names]
    return at_once(*[lambda user=user: services.enrol(row, user, **given) for user in people])


def test_one_gets_the_last_place_and_the_other_waits(open_trail, season):
    row = season.approved(limit=1)
    assert enrolling(season, row, "author", "peer") == ["done", "done"]
    assert sorted(season.states(row).values()) == ["enrolled", "waiting"]


def test_without_a_waiting_list_one_is_refused(open_trail, season):
    row = season.approved(limit=1, has_waiting_list=False)
    assert sorted(enrolling(season, row, "author", "peer", "target")) == ["done", "refused", "refused"]
    assert Enrolment.objects.filter(state="enrolled").count() == 1


def test_one_person_in_two_windows_is_enrolled_once(open_trail, season):
    row = season.approved()
    assert sorted(enrolling(season, row, "author", "author")) == ["done", "refused"]
    assert Enrolment.objects.count() == 1


def test_the_last_seat_of_a_team(open_trail, season):
    row = season.approved(team_size=2)
    season.enrol(row, "contact", team="Two")
    assert sorted(enrolling(season, row, "author", "peer", team="Two")) == ["done", "refused"]


def test_one_withdraws_while_another_comes(open_trail, season):
    row = season.approved(limit=1)
    season.enrol(row, "author", "peer")
    author, target = (User.objects.get(pk=season.world.users[name].pk) for name in ("author", "target"))
    results = at_once(lambda: services.withdraw(row, author), lambda: services.enrol(row, target))
    assert results == ["done", "done"]
    assert season.states(row) == {"author": "withdrawn", "peer": "enrolled", "target": "waiting"}


def test_two_of_a_team_hand_in_at_once(open_trail, season):
    row = season.approved(details=season.contest(team_size=2))
    season.enrol(row, "author", "peer", team="Two")
    people = [User.objects.get(pk=season.world.users[name].pk) for name in ("author", "peer")]
    calls = [lambda user=user: services.contribute(row, user, title="Ours") for user in people]
    assert at_once(*calls) == ["done", "done"]
    assert Contribution.objects.count() == 1


def test_approved_and_returned_at_once(open_trail, season):
    row = season.submitted()
    college, secretary = (User.objects.get(pk=season.world.users[name].pk) for name in ("college", "secretary"))
    results = at_once(
        lambda: services.approve(row, by=college), lambda: services.return_(row, words="Where?", by=secretary)
    )
    assert sorted(results) == ["done", "refused"]


def test_hours_of_one_occasion_entered_at_once(open_trail, season):
    user = season.world.users["author"]
    line = Hours(user.pk, "study", 60, season.now.date(), "test", "one", "Reading", season.world.branch.pk)
    assert at_once(*[lambda: enter_hours([line], by=None)] * 3) == ["done"] * 3
    assert HourEntry.objects.count() == 1


def test_places_are_taken_away_while_somebody_takes_one(open_trail, season):
    row = season.approved(limit=2)
    season.enrol(row, "author")
    peer, member = (User.objects.get(pk=season.world.users[name].pk) for name in ("peer", "member"))
    results = at_once(
        lambda: services.enrol(row, peer),
        lambda: services.adjust(row, place=row.place, online_url="", limit=1, by=member),
    )
    row.refresh_from_db()
    taken = Enrolment.objects.filter(activity=row, state="enrolled").count()
    # Either the place went first and stays taken, or it was gone and the other waits.
    assert (sorted(results), taken, row.limit) in ((["done", "refused"], 2, 2), (["done", "done"], 1, 1))


def test_a_dozen_at_the_same_instant_get_no_more_than_the_places(open_trail, season):
    row = season.approved(limit=3)
    people = [User.objects.get(pk=person.user_id) for person in make_people(season.world.branch, 12)]
    assert at_once(*[lambda user=user: services.enrol(row, user) for user in people]) == ["done"] * 12
    found = Enrolment.objects.filter(activity=row)
    assert (found.filter(state="enrolled").count(), found.filter(state="waiting").count()) == (3, 9)
    assert len(set(found.values_list("place", flat=True))) == 12


def test_enrolment_is_closed_while_somebody_enrols(open_trail, season):
    row = season.approved()
    peer, member = (User.objects.get(pk=season.world.users[name].pk) for name in ("peer", "member"))
    results = at_once(lambda: services.enrol(row, peer), lambda: services.close_enrolment(row, by=member))
    enrolled = Enrolment.objects.filter(activity=row).count()
    assert (sorted(results), enrolled) in ((["done", "done"], 1), (["done", "refused"], 0))
