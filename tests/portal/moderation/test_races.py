"""Reports and decisions at the same moment: on PostgreSQL, where they truly meet."""

import pytest
from django.db import connection

from portal.moderation import services
from portal.moderation.models import Flag, FlaggedContent, State
from portal.notifications.models import Notice
from portal.spaces.models import SpacePost
from portal.spaces.services import hide_post
from tests.portal.ballots.test_races import at_once
from tests.portal.notifications.conftest import open_trail

# The condition of the marks below is read in this module.
__all__ = ["connection", "open_trail"]

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one writer in at a time"),
]


def test_many_reports_at_once_are_one_matter_that_loses_none(open_trail, world, posted):
    people = [world.user(name) for name in ("peer", "member", "contact", "target", "applicant", "peer")]
    done = at_once(*[lambda by=by: services.flag(posted, reason="insult", by=by) for by in people])
    assert done == ["done"] * len(people)
    flagged = FlaggedContent.objects.get()
    assert (flagged.flag_count, Flag.objects.count()) == (5, 5)
    assert Notice.objects.filter(message__kind="moderation_flagged").count() == 1


def test_of_two_decisions_at_once_one_holds(open_trail, world, flagged):
    done = at_once(
        lambda: services.decide(flagged, take_down=True, words="Rude", by=world.user("secretary")),
        lambda: services.decide(flagged, take_down=False, words="Fine", by=world.user("college")),
    )
    assert sorted(done) == ["done", "refused"]
    flagged.refresh_from_db()
    post = SpacePost.objects.get()
    assert (flagged.state == State.TAKEN_DOWN) == (post.hidden_at is not None)
    assert FlaggedContent.objects.count() == 1


def test_a_report_and_a_hand_that_hides_never_block_each_other(open_trail, world, posted, flagged):
    done = at_once(
        lambda: services.flag(posted, reason="untrue", by=world.user("member")),
        lambda: hide_post(posted, reason="Rude", by=world.user("secretary")),
        lambda: services.decide(flagged, take_down=True, words="Rude", by=world.user("college")),
    )
    assert set(done) <= {"done", "refused"}
    assert SpacePost.objects.get().hidden_at is not None
    assert not FlaggedContent.objects.filter(state=State.OPEN).exists()


def test_an_appeal_is_made_once(open_trail, world, flagged):
    services.decide(flagged, take_down=True, words="Rude", by=world.user("secretary"))
    done = at_once(*[lambda: services.appeal(flagged, words="Why?", by=world.user("author"))] * 4)
    assert sorted(done) == ["done", "refused", "refused", "refused"]
    assert Notice.objects.filter(message__kind="moderation_appealed").count() == 1
