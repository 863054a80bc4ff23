"""Two at once in an appraisal: on PostgreSQL, where they truly meet."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from members.appraisals import services
from members.appraisals.models import Appraisal
from members.appraisals.rules import Stage
from members.meetings import services as meetings
from portal.accounts.models import User
from portal.ballots.models import Elector, Tally
from portal.ballots.services import cast
from portal.ballots.vocabulary import Mark
from tests.members.appraisals.test_gathering import convened, gathered
from tests.members.dues.test_races import at_once
from tests.portal.notifications.conftest import open_trail

# The condition of the marks below is read in this module.
__all__ = ["connection", "open_trail"]

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one writer in at a time"),
]


def test_two_go_on_from_the_same_stage(open_trail, year):
    appraisal = year.forward(year.announced(), to=Stage.PEERS)
    people = [User.objects.get(pk=year.world.users[name].pk) for name in ("secretary", "college")]
    results = at_once(
        *[lambda by=by: services.advance(appraisal, stage="peers", by=by, on=year.today) for by in people]
    )
    assert sorted(results) == ["done", "refused"]
    assert Appraisal.objects.get().state == "ballot"


def test_two_write_the_opinions_from_the_same_version(open_trail, year):
    appraisal = year.counted()
    given, by = year.opinions(appraisal), year.by
    results = at_once(
        *[lambda: services.decide(appraisal, given, version=appraisal.version, by=by, on=year.today)] * 2
    )
    assert sorted(results) == ["done", "refused"]


def test_confirmed_and_returned_at_once_is_one_of_them(open_trail, year):
    appraisal = year.reported()
    one, other = (User.objects.get(pk=year.world.users[name].pk) for name in ("college", "committee"))
    results = at_once(
        lambda: services.confirm(appraisal, by=one, on=year.today),
        lambda: services.return_report(appraisal, words="No.", by=other, on=year.today),
    )
    assert sorted(results) == ["done", "refused"]


def test_a_paper_sent_twice_and_all_papers_at_once_are_counted_once(open_trail, year):
    appraisal = year.voting()
    ballot, voters = appraisal.ballot, year.voters
    papers = {voter.pk: year.paper(ballot, voter) for voter in voters}
    calls = [lambda voter=voter: cast(ballot, voter, papers[voter.pk]) for voter in [*voters, voters[0]]]
    results = at_once(*calls)
    assert sorted(results) == ["done"] * 6 + ["refused"]
    assert Tally.objects.get(ballot=ballot, choice=Mark.CAST).count == 6
    assert Elector.objects.filter(ballot=ballot, voted_on__isnull=False).count() == 6


def test_the_ballot_opens_while_the_meeting_ends(open_trail, year):
    appraisal, meeting = year.forward(year.announced(), to=Stage.PEERS), convened(year)
    gathered(year, meeting, *year.voters)
    one, other = (User.objects.get(pk=year.world.users[name].pk) for name in ("secretary", "college"))
    later = timezone.now() + timedelta(minutes=50)
    results = at_once(
        lambda: services.advance(appraisal, stage="peers", by=other, on=year.today),
        lambda: meetings.close_meeting(meeting, by=one, at=later),
    )
    appraisal.refresh_from_db()
    meeting.refresh_from_db()
    assert sorted(results) == ["done", "refused"]
    assert (appraisal.state, meeting.state) in (("ballot", "in_session"), ("peers", "ended"))
