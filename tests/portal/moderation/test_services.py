"""A report: once by each, decided by those who moderate and did not write it, looked at again one node higher."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.access.policy import holders, may, policy_of, scope
from portal.audit.models import AuditEntry
from portal.moderation import services
from portal.moderation.models import Flag, FlaggedContent, State
from portal.notifications.models import Notice
from portal.organizations.duties import Post
from portal.organizations.models import Organization
from portal.organizations.services import appoint
from portal.rulesets.days import add_workdays
from portal.rulesets.queries import calendar
from portal.spaces.models import SpacePost, SpaceReply
from portal.spaces.services import (
    Written,
    hide_post,
    hide_reply,
    purge_posts,
    remove_post,
    reply,
    restore_post,
    show_post,
    write_post,
)
from portal.web.refusals import RuleError
from tests.world import CAST

pytestmark = pytest.mark.django_db


def test_a_report_is_made_once_by_each_and_those_who_moderate_are_told_once(world, posted, told):
    first = services.flag(posted, reason="insult", by=world.user("peer"))
    assert services.flag(posted, reason="untrue", by=world.user("peer")) == first
    services.flag(posted, reason="other", words="Wrong place", by=world.user("member"))
    flagged = FlaggedContent.objects.get()
    assert (flagged.flag_count, flagged.state, flagged.decides) == (2, State.OPEN, world.branch)
    assert flagged.due_on == add_workdays(timezone.localdate(), services.DECIDE_WITHIN, calendar())[0]
    assert told("moderation_flagged") == {"secretary"}
    assert Notice.objects.filter(message__kind="moderation_flagged").count() == 1


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("author", {"reason": "insult"}, "You wrote this yourself"),
        ("peer", {"reason": "unknown"}, "Choose a reason"),
        ("peer", {"reason": "other", "words": "  "}, "Say in a few words"),
    ],
)
def test_what_is_no_report_is_refused_and_writes_nothing(world, posted, name, given, words):
    with pytest.raises(RuleError, match=words):
        services.flag(posted, by=world.user(name), **given)
    assert not FlaggedContent.objects.exists()


def test_what_is_hidden_or_removed_is_not_reported(world, posted):
    hide_post(posted, reason="Rude", by=world.user("secretary"))
    with pytest.raises(RuleError, match="no longer shown"):
        services.flag(posted, reason="insult", by=world.user("peer"))
    gone = remove_post(write_post(world.branch, Written("Gone"), by=world.user("author")), by=world.user("author"))
    with pytest.raises(RuleError, match="no longer shown"):
        services.flag(gone, reason="insult", by=world.user("peer"))


def test_nobody_reports_without_end(world, monkeypatch):
    monkeypatch.setattr(services, "FLAGS_A_DAY", 2)
    posts = [write_post(world.branch, Written(f"Words {number}"), by=world.user("author")) for number in range(3)]
    for row in posts[:2]:
        services.flag(row, reason="insult", by=world.user("peer"))
    with pytest.raises(RuleError, match="2 times since yesterday"):
        services.flag(posts[2], reason="insult", by=world.user("peer"))
    Flag.objects.update(at=timezone.now() - timedelta(days=1, minutes=1))
    services.flag(posts[2], reason="insult", by=world.user("peer"))


def test_taking_down_hides_the_post_and_tells_author_and_reporters(world, posted, flagged, told):
    decided = services.decide(flagged, take_down=True, words="Rude", by=world.user("secretary"))
    posted.refresh_from_db()
    assert (decided.state, decided.words, decided.decided_by) == (State.TAKEN_DOWN, "Rude", world.users["secretary"])
    assert posted.hidden_reason == "Rude"
    assert not may(world.user("peer"), "view", posted)
    assert told("space_post_hidden") == {"author"}
    assert told("moderation_decided") == {"peer"}


def test_leaving_it_keeps_the_post_and_tells_the_reporters_alone(world, posted, flagged, told):
    decided = services.decide(flagged, take_down=False, words="An opinion", by=world.user("secretary"))
    posted.refresh_from_db()
    assert (decided.state, posted.hidden_at) == (State.DISMISSED, None)
    assert (told("moderation_decided"), told("space_post_hidden")) == ({"peer"}, set())
    again = services.flag(posted, reason="privacy", by=world.user("peer")).flagged
    assert again != flagged  # what was decided does not bar another report


def test_the_second_to_decide_is_told_what_the_first_decided(world, flagged):
    services.decide(flagged, take_down=False, words="An opinion", by=world.user("secretary"))
    with pytest.raises(RuleError, match="decided meanwhile: left as it is"):
        services.decide(flagged, take_down=True, words="Rude", by=world.user("college"))


def test_a_decision_needs_words(world, flagged):
    with pytest.raises(RuleError, match="Give the reason"):
        services.decide(flagged, take_down=True, words=" ", by=world.user("secretary"))
    flagged.refresh_from_db()
    assert flagged.state == State.OPEN


def test_hiding_without_a_report_decides_what_was_reported_and_can_be_appealed(world, posted, flagged):
    hide_post(posted, reason="Rude", by=world.user("college"))
    flagged.refresh_from_db()
    assert (flagged.state, flagged.decides) == (State.TAKEN_DOWN, world.unit)
    other = write_post(world.branch, Written("Other"), by=world.user("author"))
    hide_post(other, reason="Off topic", by=world.user("secretary"))
    made = FlaggedContent.objects.get(object_id=other.pk)
    assert (made.state, made.flag_count, made.decides) == (State.TAKEN_DOWN, 0, world.branch)
    assert may(world.user("author"), "appeal", made)


def test_what_a_node_above_hid_is_not_shown_again_below(world, posted):
    hide_post(posted, reason="Rude", by=world.user("college"))
    with pytest.raises(RuleError, match="only there can it be shown again"):
        show_post(posted, reason="Mistake", by=world.user("secretary"))
    posted.refresh_from_db()
    assert posted.hidden_at is not None
    show_post(posted, reason="Mistake", by=world.user("committee"))
    assert FlaggedContent.objects.get().state == State.RESTORED


@pytest.mark.parametrize(("stays", "state"), [(True, State.UPHELD), (False, State.RESTORED)])
def test_another_look_is_taken_once_one_node_higher(world, posted, flagged, told, stays, state):
    services.decide(flagged, take_down=True, words="Rude", by=world.user("secretary"))
    asked = services.appeal(flagged, words="It is a quotation", by=world.user("author"))
    assert (asked.state, asked.decides) == (State.APPEALED, world.unit)
    assert told("moderation_appealed") == {"college"}
    assert not may(world.user("secretary"), "decide", asked)
    with pytest.raises(RuleError, match="once"):
        services.appeal(flagged, words="Again", by=world.user("author"))
    decided = services.decide(asked, take_down=stays, words="I have read it", by=world.user("college"))
    posted.refresh_from_db()
    assert (decided.state, bool(posted.hidden_at)) == (state, stays)
    assert (decided.words, decided.final_words) == ("Rude", "I have read it")
    assert told("moderation_looked_again") == {"author"}
    assert not may(world.user("author"), "appeal", decided)


def test_an_appeal_at_the_top_goes_to_somebody_else_there_or_to_nobody(world):
    post = write_post(world.root, Written("From above"), by=world.user("lecturer"))
    hide_post(post, reason="Rude", by=world.user("committee"))
    flagged = FlaggedContent.objects.get()
    asked = services.appeal(flagged, words="Why?", by=world.user("lecturer"))
    assert set(holders("decide", asked)) == {world.users["moderator"]}
    again = {"state": State.TAKEN_DOWN, "appeal": "", "appealed_at": None, "decided_by": world.users["moderator"]}
    FlaggedContent.objects.update(**again)
    world.users["committee"].is_active = False
    world.users["committee"].save()
    with pytest.raises(RuleError, match="nobody else"):
        services.appeal(flagged, words="Why?", by=world.user("lecturer"))


def test_what_the_only_moderator_wrote_is_decided_above(world, told):
    own = write_post(world.branch, Written("Words of the secretary"), by=world.user("secretary"))
    flagged = services.flag(own, reason="untrue", by=world.user("peer")).flagged
    assert flagged.decides == world.unit
    assert told("moderation_flagged") == {"college"}
    assert not may(world.user("secretary"), "read", flagged)
    assert not may(world.user("secretary"), "moderate", own)
    deputy = world.users["member"]
    appoint(deputy, world.branch, Post.DEPUTY_SECRETARY, on=world.since, by=None)
    other = write_post(world.branch, Written("More words"), by=world.user("secretary"))
    assert services.flag(other, reason="untrue", by=world.user("peer")).flagged.decides == world.branch


def test_an_author_who_removes_it_ends_the_matter_and_opens_it_by_bringing_it_back(world, posted, flagged):
    remove_post(posted, by=world.user("author"))
    flagged.refresh_from_db()
    assert flagged.state == State.GONE
    restore_post(posted, by=world.user("author"))
    flagged.refresh_from_db()
    assert flagged.state == State.OPEN


def test_a_rewritten_post_is_judged_by_what_readers_saw(world, posted, flagged):
    SpacePost.objects.filter(pk=posted.pk).update(text="Kind words")
    flagged.refresh_from_db()
    assert flagged.quoted == "Words of the author"


def test_a_reply_is_reported_and_taken_down_like_a_post(world, posted):
    answer = reply(posted, text="Rude words", by=world.user("peer"))
    flagged = services.flag(answer, reason="insult", by=world.user("author")).flagged
    services.decide(flagged, take_down=True, words="Rude", by=world.user("secretary"))
    answer.refresh_from_db()
    posted.refresh_from_db()
    assert (answer.hidden_reason, posted.reply_count) == ("Rude", 0)
    asked = services.appeal(flagged, words="Sorry", by=world.user("peer"))
    services.decide(asked, take_down=False, words="Forgiven", by=world.user("college"))
    answer.refresh_from_db()
    assert answer.hidden_at is None


def test_late_decisions_are_told_one_node_higher_once(world, flagged, told):
    day = flagged.due_on
    assert (services.run_daily(day), told("moderation_late")) == (0, set())
    assert services.run_daily(day + timedelta(days=1)) == 1
    assert services.run_daily(day + timedelta(days=2)) == 0
    assert told("moderation_late") == {"college"}
    assert services.decide(flagged, take_down=False, words="Fine", by=world.user("college")).state == State.DISMISSED


def test_who_reported_stands_in_the_trail_and_in_no_notice(world, flagged):
    services.decide(flagged, take_down=True, words="Rude", by=world.user("secretary"))
    peer = world.users["peer"]
    assert AuditEntry.objects.get(verb="moderation.flagged").by == peer
    for notice in Notice.objects.exclude(recipient=peer).select_related("message"):
        assert peer.name not in str(notice.message.params)
        assert notice.message.by_id != peer.pk


def test_evidence_outlives_its_removal_for_half_a_year(world, posted):
    answer = reply(posted, text="Rude words", by=world.user("peer"))
    flagged = services.flag(answer, reason="insult", by=world.user("author")).flagged
    long_ago = timezone.now() - timedelta(days=400)
    SpaceReply.objects.filter(pk=answer.pk).update(removed_at=long_ago)
    purge_posts()
    assert SpaceReply.objects.filter(pk=answer.pk).exists()
    FlaggedContent.objects.filter(pk=flagged.pk).update(state=State.DISMISSED, words="Fine", decided_at=long_ago)
    purge_posts()
    assert not SpaceReply.objects.filter(pk=answer.pk).exists()


def test_what_was_decided_is_deleted_after_a_year_unless_it_is_down(world, posted, flagged):
    services.decide(flagged, take_down=False, words="Fine", by=world.user("secretary"))
    hide_post(posted, reason="Rude", by=world.user("secretary"))
    assert services.purge() == 0
    FlaggedContent.objects.update(opened_at=timezone.now() - timedelta(days=366))
    assert services.purge() == 1
    assert FlaggedContent.objects.get().state == State.TAKEN_DOWN


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "unknown"}, {"due_on": None}, {"decided_at": timezone.now()}, {"appeal": "Words"},
        {"appealed_at": timezone.now()}, {"flag_count": -1},
    ],
)  # fmt: skip
def test_the_table_refuses_what_no_report_can_be(flagged, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        FlaggedContent.objects.filter(pk=flagged.pk).update(**broken)


def test_the_table_refuses_a_second_open_report_of_the_same_and_a_second_by_the_same(world, flagged):
    with pytest.raises(IntegrityError), transaction.atomic():
        flagged.pk = None
        flagged.save(force_insert=True)
    own = Flag.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Flag.objects.create(flagged=own.flagged, by=own.by, reason="untrue", at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Flag.objects.filter(pk=own.pk).update(reason="other", words="")


ACTORS = [*CAST, "admin", "auditor", "outsider"]


@pytest.fixture
def every_state(world):
    """Reports of every state in two branches."""
    for node, author, reporter, keeper in (
        ("branch", "author", "peer", "secretary"), ("sibling", "stranger", "neighbor", "college"),
    ):  # fmt: skip
        by, place = world.user(author), Organization.objects.get(pk=world.nodes[node].pk)

        def reported(words, by=by, place=place, reporter=reporter):
            post = write_post(place, Written(words), by=by)
            return services.flag(post, reason="untrue", by=world.user(reporter)).flagged

        reported("Open")
        services.decide(reported("Left"), take_down=False, words="Fine", by=world.user(keeper))
        services.decide(reported("Down"), take_down=True, words="Rude", by=world.user(keeper))
        for words, stays in (("Appealed", None), ("Upheld", True), ("Restored", False)):
            row = services.decide(reported(words), take_down=True, words="Rude", by=world.user(keeper))
            row = services.appeal(row, words="Please", by=by)
            if stays is not None:
                services.decide(row, take_down=stays, words="Again", by=world.user("committee"))
        gone = reported("Gone")
        remove_post(SpacePost.objects.get(pk=gone.object_id), by=by)
    return world


@pytest.mark.parametrize("model", [FlaggedContent, Flag], ids=lambda model: model.__name__)
def test_scope_may_and_holders_agree(every_state, model):
    rows = list(model._default_manager.all())
    assert {row.state for row in FlaggedContent.objects.all()} == set(State.values)
    for action in policy_of(model).actions:
        allowed = {}
        for name in ACTORS:
            actor = every_state.user(name)
            scoped = set(scope(actor, action, model).values_list("pk", flat=True))
            assert scoped == {row.pk for row in rows if may(actor, action, row)}, (name, action)
            allowed[name] = scoped
        if action in policy_of(model).duties and action != "view":
            for row in rows:
                told = set(holders(action, row).values_list("pk", flat=True))
                assert told == {every_state.users[name].pk for name in ACTORS if row.pk in allowed[name]}, action


def test_nobody_reads_or_decides_about_what_they_wrote(every_state):
    for name in ACTORS:
        actor = every_state.user(name)
        for action in ("read", "decide"):
            assert not scope(actor, action, FlaggedContent).filter(author=actor.pk).exists()


def test_a_promise_counts_working_days(world, posted, time_machine):
    from datetime import datetime
    from zoneinfo import ZoneInfo

    time_machine.move_to(datetime(2026, 7, 10, 9, tzinfo=ZoneInfo("Asia/Shanghai")))  # a Friday
    assert services.flag(posted, reason="insult", by=world.user("peer")).flagged.due_on == date(2026, 7, 14)


def test_a_hidden_reply_of_the_reporter_is_no_report(world, posted):
    answer = reply(posted, text="Words", by=world.user("peer"))
    hide_reply(answer, reason="Rude", by=world.user("secretary"))
    with pytest.raises(RuleError, match="no longer shown"):
        services.flag(answer, reason="insult", by=world.user("author"))
