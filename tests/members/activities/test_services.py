"""The life of an activity through its verbs, and every way in which it may not go."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from members.activities import services
from members.activities.models import Activity, ApprovalRule, Contribution, Enrolment, Score, Team
from members.activities.queries.contests import jury_of
from members.activities.rules import Plan, Sheets, gaps_of, hundredths, next_places, ranks
from portal.ballots.services import cast
from portal.hours.models import HourEntry
from portal.notifications.models import Notice
from portal.organizations.services import dismiss
from portal.spaces.models import StreamEntry
from portal.web.refusals import RuleError


def told(kind):
    rows = Notice.objects.filter(message__kind=kind).select_related("recipient")
    return sorted(row.recipient.name.lower() for row in rows)


def test_an_activity_goes_its_way_from_the_first_line_to_the_hours(season):
    row = season.draft()
    assert (row.state, row.phase(season.now)) == ("draft", "draft")
    row = services.submit(row, by=season.user("member"))
    assert row.state == "submitted"
    assert told("activity_submitted") == ["secretary"]
    row = services.approve(row, words="Good", by=season.user("secretary"))
    assert (row.state, told("activity_approved")) == ("approved", ["member"])
    assert StreamEntry.objects.filter(key=f"activities.announced:{row.pk}", organization=season.world.branch).exists()
    season.enrol(row, "author", "peer", "contact")
    row = season.held(row, "peer")
    assert row.state == "held"
    row = services.finish(row, story="It was cold.", by=season.user("member"), now=season.over(row))
    entered = HourEntry.objects.values_list("person__name", "minutes", "kind", "source", "key")
    assert sorted(entered) == [
        ("Author", 120, "volunteering", "activities", str(row.pk)),
        ("Contact", 120, "volunteering", "activities", str(row.pk)),
    ]
    assert told("activity_results") == ["author", "contact", "peer"]
    assert StreamEntry.objects.filter(key=f"activities.finished:{row.pk}").exists()
    with pytest.raises(RuleError):
        services.finish(row, story="Again", by=season.user("member"), now=season.over(row))
    assert HourEntry.objects.count() == 2


def test_nobody_starts_for_an_organization_that_is_not_theirs_or_above(season):
    world = season.world
    for node in (world.sibling, world.far_branch, world.office):
        with pytest.raises(ValidationError) as refusal:
            season.draft(organization=node)
        assert list(refusal.value.message_dict) == ["organization"]
    for node in (world.branch, world.unit, world.root):
        assert season.draft(organization=node).organization == node


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": ""}, "title"), ({"title": "x" * 81}, "title"), ({"kind": "party"}, "kind"),
        ({"place": ""}, "__all__"), ({"mode": "online"}, "__all__"), ({"limit": 0}, "limit"),
        ({"limit": 5001}, "limit"), ({"minutes": 0}, "__all__"), ({"hour_kind": ""}, "__all__"),
        ({"minutes": 1441}, "minutes"), ({"team_size": 1}, "team_size"), ({"audience_votes": True}, "__all__"),
        ({"online_url": "javascript:alert(1)", "mode": "mixed"}, "online_url"),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_is_not_written(season, given, field):
    with pytest.raises(ValidationError) as refusal:
        season.draft(**given)
    assert field in refusal.value.message_dict
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("shift", "gap"),
    [
        ({"begins": -1}, "not_ahead"), ({"begins": 24 * 400}, "too_far"), ({"lasts": 24 * 32}, "too_long"),
        ({"closes": -2}, "enrolment_past"), ({"criteria": 1, "jury": ()}, "criteria_without_jury"),
        ({"criteria": 0, "jury": (2,)}, "jury_without_criteria"), ({"contributions": False}, "nothing_to_judge"),
        ({"jury": (1, 2)}, "own_jury"),
    ],
)  # fmt: skip
def test_gaps_of_a_plan(shift, gap):
    from datetime import UTC, datetime

    now = datetime(2024, 2, 29, 12, tzinfo=UTC)
    begins = now + timedelta(hours=shift.get("begins", 24 * 7))
    plan = Plan(
        begins_at=begins, ends_at=begins + timedelta(hours=shift.get("lasts", 2)),
        enrol_until=now + timedelta(hours=shift.get("closes", 24)),
        takes_contributions=shift.get("contributions", True), criteria=shift.get("criteria", 1),
        jurors=frozenset(shift.get("jury", (2,))), author=1,
    )  # fmt: skip
    assert gaps_of(plan, now=now) == [gap]


def test_only_one_that_is_free_of_gaps_is_handed_in(season):
    row = season.shift(season.draft(), days=8)
    with pytest.raises(RuleError) as refusal:
        services.submit(row, by=season.user("member"))
    assert len(refusal.value.messages) == 2
    assert Activity.objects.get().state == "draft"


def test_handing_in_twice_is_once(season):
    row = season.submitted()
    assert services.submit(row, by=season.user("member")).review.version_count == 1
    assert told("activity_submitted") == ["secretary"]


def test_nobody_approves_their_own_and_the_next_above_is_asked(season):
    row = season.submitted("secretary")
    assert told("activity_submitted") == ["college"]
    for verb in (services.approve, services.return_):
        with pytest.raises(RuleError):
            verb(row, words="Fine", by=season.user("secretary"))
    assert services.approve(row, by=season.user("college")).state == "approved"


def test_a_returned_plan_is_reworked_and_the_old_version_answers_nothing_more(season):
    row = season.submitted()
    with pytest.raises(RuleError):
        services.return_(row, words=" ", by=season.user("secretary"))
    row = services.return_(row, words="Where?", by=season.user("secretary"))
    assert (row.state, told("activity_returned")) == ("returned", ["member"])
    row = services.change_activity(row, season.details(title="Another"), version=1, by=season.user("member"))
    row = services.submit(row, by=season.user("member"))
    assert row.review.version_count == 2
    with pytest.raises(RuleError):
        services.approve(row, version=1, by=season.user("secretary"))
    assert services.approve(row, version=2, by=season.user("secretary")).title == "Another"


def test_an_approved_plan_is_not_rewritten(season):
    row = season.approved()
    with pytest.raises(RuleError):
        services.change_activity(row, season.details(title="Other"), version=row.version, by=season.user("member"))
    assert Activity.objects.get().title == "Sweeping snow"


def test_two_windows_notice_each_other(season):
    row = season.draft()
    services.change_activity(row, season.details(title="First"), version=1, by=season.user("member"))
    with pytest.raises(RuleError):
        services.change_activity(row, season.details(title="Second"), version=1, by=season.user("member"))
    assert Activity.objects.get().title == "First"


def test_one_that_would_have_begun_is_not_approved(season):
    row = season.submitted()
    with pytest.raises(RuleError):
        services.approve(row, by=season.user("secretary"), at=row.begins_at)
    assert Activity.objects.get().state == "submitted"


def test_the_nearest_rule_says_whether_an_approval_is_needed(season):
    world, staff = season.world, season.user("committee")
    services.set_rule(world.root, is_needed=False, by=staff)
    assert season.submitted().state == "approved"
    services.set_rule(world.unit, is_needed=True, by=staff)
    assert season.submitted().state == "submitted"
    services.set_rule(world.branch, is_needed=False, by=staff)
    assert season.submitted().state == "approved"
    services.set_rule(world.branch, is_needed=None, by=staff)
    assert season.submitted().state == "submitted"
    assert ApprovalRule.objects.count() == 2


def test_places_then_the_queue_then_nothing(season):
    row = season.approved(limit=2)
    season.enrol(row, "author", "peer", "contact")
    assert season.states(row) == {"author": "enrolled", "peer": "enrolled", "contact": "waiting"}
    row = season.approved(limit=1, has_waiting_list=False)
    season.enrol(row, "author")
    with pytest.raises(RuleError):
        season.enrol(row, "peer")
    assert season.states(row) == {"author": "enrolled"}


def test_who_waits_longest_moves_up_and_is_told(season):
    row = season.approved(limit=1)
    season.enrol(row, "author", "peer", "contact")
    moved = services.withdraw(row, season.user("author"))
    assert [place.user.name for place in moved] == ["Peer"]
    assert season.states(row) == {"author": "withdrawn", "peer": "enrolled", "contact": "waiting"}
    assert told("activity_place") == ["peer"]
    # Whoever comes back stands at the end.
    season.enrol(row, "author")
    services.withdraw(row, season.user("peer"))
    assert season.states(row) == {"peer": "withdrawn", "contact": "enrolled", "author": "waiting"}
    services.withdraw(row, season.user("contact"))
    assert season.states(row)["author"] == "enrolled"


def test_more_places_let_people_move_up_and_fewer_than_taken_are_refused(season):
    row = season.approved(limit=1)
    season.enrol(row, "author", "peer", "contact", "target")
    with pytest.raises(RuleError):
        services.adjust(row, place="", online_url="", limit=0, by=season.user("member"))
    moved = services.adjust(row, place="East gate", online_url="", limit=3, by=season.user("member"))
    assert [place.user.name for place in moved] == ["Peer", "Contact"]
    assert told("activity_changed") == []
    with pytest.raises(RuleError):
        services.adjust(row, place="East gate", online_url="", limit=2, by=season.user("member"))
    services.adjust(row, place="West gate", online_url="", limit=None, by=season.user("member"))
    assert season.states(row)["target"] == "enrolled"
    assert told("activity_changed") == ["author", "contact", "peer", "target"]


def test_enrolling_too_early_too_late_twice_or_as_juror(season):
    row = season.approved()
    for now in (row.enrol_from - timedelta(seconds=1), row.enrol_until, row.begins_at):
        with pytest.raises(RuleError):
            season.enrol(row, "author", now=now)
    season.enrol(row, "author", now=row.enrol_from)
    with pytest.raises(RuleError):
        season.enrol(row, "author")
    services.close_enrolment(row, by=season.user("member"))
    with pytest.raises(RuleError):
        season.enrol(row, "peer")
    services.reopen_enrolment(row, by=season.user("member"))
    season.enrol(row, "peer")
    with pytest.raises(RuleError):
        services.reopen_enrolment(row, by=season.user("member"), now=row.enrol_until)
    contest = season.approved(details=season.contest())
    with pytest.raises(RuleError):
        season.enrol(contest, "contact")
    for state in (season.draft(), season.submitted()):
        with pytest.raises(RuleError):
            season.enrol(state, "author")


def test_withdrawing_without_a_place_or_after_the_beginning(season):
    row = season.approved()
    with pytest.raises(RuleError):
        services.withdraw(row, season.user("author"))
    season.enrol(row, "author")
    with pytest.raises(RuleError):
        services.withdraw(row, season.user("author"), now=row.begins_at)
    services.withdraw(row, season.user("author"))
    with pytest.raises(RuleError):
        services.withdraw(row, season.user("author"))


def test_teams_fill_up_and_vanish_with_their_last_member(season):
    row = season.approved(team_size=2)
    season.enrol(row, "author", "peer", team=" The  brooms ")
    with pytest.raises(RuleError):
        season.enrol(row, "contact", team="The brooms")
    season.enrol(row, "contact", team="Shovels")
    assert sorted(Team.objects.values_list("name", flat=True)) == ["Shovels", "The brooms"]
    services.withdraw(row, season.user("contact"))
    assert list(Team.objects.values_list("name", flat=True)) == ["The brooms"]
    with pytest.raises(RuleError):
        season.enrol(season.approved(), "contact", team="Nobody asked")


def test_calling_off_tells_everybody_and_leaves_the_stream(season):
    row = season.approved(limit=1)
    season.enrol(row, "author", "peer")
    with pytest.raises(RuleError):
        services.cancel(row, words=" ", by=season.user("member"))
    services.cancel(row, words="It thawed.", by=season.user("secretary"))
    assert told("activity_cancelled") == ["author", "member", "peer"]
    assert not StreamEntry.objects.filter(key=f"activities.announced:{row.pk}").exists()
    with pytest.raises(RuleError):
        season.enrol(row, "contact")
    held = season.held(season.approved())
    with pytest.raises(RuleError):
        services.cancel(held, words="Too late", by=season.user("member"))


def test_a_draft_can_be_thrown_away_and_nothing_that_was_handed_in(season):
    services.discard_draft(season.draft(), by=season.user("member"))
    assert not Activity.objects.exists()
    with pytest.raises(RuleError):
        services.discard_draft(season.submitted(), by=season.user("member"))


def test_attendance_before_the_beginning_of_strangers_or_long_after_the_end(season):
    row, other = season.approved(), season.approved()
    season.enrol(row, "author")
    (stranger,) = season.enrol(other, "peer")
    with pytest.raises(RuleError):
        services.record_attendance(row, [], by=season.user("member"), now=row.begins_at - timedelta(seconds=1))
    with pytest.raises(RuleError):
        services.record_attendance(row, [stranger.pk], by=season.user("member"), now=season.begun(row))
    assert Activity.objects.get(pk=row.pk).state == "approved"
    with pytest.raises(RuleError):
        services.finish(row, story="", by=season.user("member"), now=season.over(row))
    row = season.held(row)
    with pytest.raises(RuleError):
        services.finish(row, story="", by=season.user("member"), now=season.begun(row))
    services.finish(row, story="", by=season.user("member"), now=season.over(row))
    with pytest.raises(RuleError):
        services.record_attendance(row, [], by=season.user("member"), now=season.over(row) + timedelta(days=61))


def test_handing_in_needs_a_place_and_ends_with_the_beginning(season):
    row = season.approved(details=season.contest(limit=1))
    season.enrol(row, "author", "peer")
    for name, now in (("peer", None), ("target", None), ("author", row.begins_at)):
        with pytest.raises(RuleError):
            services.contribute(row, season.user(name), title="Mine", now=now)
    services.contribute(row, season.user("author"), title="First")
    services.contribute(row, season.user("author"), title="Second")
    assert [work.title for work in Contribution.objects.all()] == ["Second"]
    with pytest.raises(RuleError):
        plain = season.approved()
        season.enrol(plain, "author")
        services.contribute(plain, season.user("author"), title="Nobody asked")
    services.withdraw(row, season.user("author"))
    assert not Contribution.objects.exists()


def test_a_team_hands_in_together(season):
    row = season.approved(details=season.contest(team_size=3))
    season.enrol(row, "author", "peer", team="Two")
    services.contribute(row, season.user("author"), title="Ours")
    services.contribute(row, season.user("peer"), title="Ours, better")
    work = Contribution.objects.get()
    assert (work.title, work.whose, work.user.name) == ("Ours, better", "Two", "Peer")
    services.withdraw(row, season.user("peer"))
    assert Contribution.objects.exists()


@pytest.fixture
def judged(season):
    """A contest that has begun, with three contributions and two jurors."""
    row = season.approved(details=season.contest())
    season.enrol(row, "author", "peer", "target")
    for name in ("author", "peer", "target"):
        services.contribute(row, season.user(name), title=f"Of {name}")
    return row


def sheet(row, *lines):
    works = Contribution.objects.filter(activity=row).order_by("pk").values_list("pk", flat=True)
    criteria = list(row.criteria.order_by("number").values_list("pk", flat=True))
    return {
        (work, criterion): points
        for work, line in zip(works, lines, strict=False)
        for criterion, points in zip(criteria, line, strict=True)
    }


def test_the_average_decides_and_equals_share_a_rank(season, judged):
    now = season.begun(judged)
    services.score(judged, season.user("contact"), sheet(judged, (40, 10), (30, 5), (30, 5)), now=now)
    services.score(judged, season.user("secretary"), sheet(judged, (39, 10), (30, 10), (35, 5)), now=now)
    services.close_scores(judged, by=season.user("member"), now=now)
    found = Contribution.objects.order_by("pk").values_list("score", "rank")
    assert list(found) == [(4950, 1), (3750, 2), (3750, 2)]
    for again in (
        lambda: services.close_scores(judged, by=season.user("member"), now=now),
        lambda: services.score(judged, season.user("contact"), sheet(judged, (1, 1)), now=now),
    ):
        with pytest.raises(RuleError):
            again()


def test_a_juror_changes_the_own_scores_and_nobody_else_scores(season, judged):
    now = season.begun(judged)
    services.score(judged, season.user("contact"), sheet(judged, (1, 1)), now=now)
    services.score(judged, season.user("contact"), sheet(judged, (2, 2)), now=now)
    assert sorted(Score.objects.values_list("points", flat=True)) == [2, 2]
    for name in ("member", "author", "college", "stranger"):
        with pytest.raises(RuleError):
            services.score(judged, season.user(name), sheet(judged, (1, 1)), now=now)
    with pytest.raises(RuleError):
        services.score(judged, season.user("contact"), sheet(judged, (1, 1)), now=judged.begins_at - timedelta(1))


@pytest.mark.parametrize("line", [(41, 0), (0, 11), (-1, 0), (1.5, 0), (True, 0)])
def test_points_outside_of_a_criterion_keep_all_out(season, judged, line):
    with pytest.raises(RuleError):
        services.score(judged, season.user("contact"), sheet(judged, (1, 1), line), now=season.begun(judged))
    assert not Score.objects.exists()


def test_points_for_what_is_not_in_the_contest(season, judged):
    other = season.approved(details=season.contest())
    criterion = other.criteria.first().pk
    work = Contribution.objects.first().pk
    for key in ((work, criterion), (10**9, judged.criteria.first().pk)):
        with pytest.raises(RuleError):
            services.score(judged, season.user("contact"), {key: 1}, now=season.begun(judged))


def test_half_a_sheet_keeps_the_scores_open_and_an_absent_juror_does_not(season, judged):
    now = season.begun(judged)
    with pytest.raises(RuleError):
        services.close_scores(judged, by=season.user("member"), now=now)
    services.score(judged, season.user("contact"), sheet(judged, (1, 1), (2, 2)), now=now)
    assert [(row["name"], row["done"]) for row in jury_of(judged)] == [("Contact", 2), ("Secretary", 0)]
    with pytest.raises(RuleError) as refusal:
        services.close_scores(judged, by=season.user("member"), now=now)
    assert "Contact" in refusal.value.messages[0]
    works = sheet(judged, (1, 1), (2, 2), (3, 3))
    last = max(works)
    services.score(judged, season.user("contact"), {key: value for key, value in works.items() if key != last}, now=now)
    with pytest.raises(RuleError):
        services.close_scores(judged, by=season.user("member"), now=now)
    services.score(judged, season.user("contact"), works, now=now)
    services.close_scores(judged, by=season.user("member"), now=now)
    assert list(Contribution.objects.order_by("pk").values_list("rank", flat=True)) == [3, 2, 1]


def test_a_contest_is_not_finished_while_scores_are_open(season, judged):
    row = season.held(judged)
    with pytest.raises(RuleError):
        services.finish(row, story="", by=season.user("member"), now=season.over(row))
    now = season.begun(row)
    services.score(row, season.user("contact"), sheet(row, (1, 1), (2, 2), (3, 3)), now=now)
    services.close_scores(row, by=season.user("member"), now=now)
    assert services.finish(row, story="", by=season.user("member"), now=season.over(row)).state == "finished"


@pytest.fixture
def voting(season):
    """A contest without a jury whose audience votes; five people have a place."""
    row = season.approved(details=season.contest(jurors=(), criteria=(), audience_votes=True))
    season.enrol(row, "author", "peer", "target", "contact", "applicant")
    for name in ("author", "peer"):
        services.contribute(row, season.user(name), title=f"Of {name}")
    return row


def test_the_audience_votes_once_and_the_count_decides(season, voting, settings):
    settings.BALLOT_MIN_GROUP = 3
    with pytest.raises(RuleError):
        services.open_vote(voting, by=season.user("member"))
    row = services.open_vote(voting, by=season.user("member"), now=season.begun(voting))
    assert told("activity_vote") == ["applicant", "author", "contact", "peer", "target"]
    first, second = row.ballot.options.order_by("number").values_list("pk", flat=True)
    for name, choice in (("author", second), ("target", second), ("contact", first)):
        cast(row.ballot, season.user(name), [choice])
    with pytest.raises(RuleError):
        cast(row.ballot, season.user("author"), [first])
    with pytest.raises(RuleError):
        cast(row.ballot, season.user("member"), [first])
    with pytest.raises(RuleError):
        services.open_vote(row, by=season.user("member"), now=season.begun(row))
    row = services.close_vote(row, by=season.user("member"))
    assert list(Contribution.objects.order_by("pk").values_list("votes", "rank")) == [(1, 2), (2, 1)]
    with pytest.raises(RuleError):
        services.close_vote(row, by=season.user("member"))


def test_of_very_few_voters_only_the_winner_is_told(season, voting, settings):
    settings.BALLOT_MIN_GROUP = 3
    row = services.open_vote(voting, by=season.user("member"), now=season.begun(voting))
    first = row.ballot.options.order_by("number").first()
    cast(row.ballot, season.user("author"), [first.pk])
    services.close_vote(row, by=season.user("member"))
    assert list(Contribution.objects.order_by("pk").values_list("votes", "rank")) == [(None, 1), (None, None)]


def test_an_activity_is_not_finished_while_its_audience_votes(season, voting):
    row = services.open_vote(voting, by=season.user("member"), now=season.begun(voting))
    held = season.held(row)
    with pytest.raises(RuleError):
        services.finish(held, story="", by=season.user("member"), now=season.over(row))
    services.close_vote(held, by=season.user("member"))
    assert services.finish(held, story="", by=season.user("member"), now=season.over(row)).state == "finished"


def test_calling_off_annuls_an_open_vote(season, voting):
    row = services.open_vote(voting, by=season.user("member"), now=season.begun(voting))
    services.cancel(row, words="Fire alarm.", by=season.user("member"))
    row.ballot.refresh_from_db()
    assert row.ballot.state == "annulled"
    with pytest.raises(RuleError):
        cast(row.ballot, season.user("author"), [row.ballot.options.first().pk])


def test_every_verb_of_the_trail_has_words(season, voting):
    from portal.audit.models import AuditEntry
    from portal.audit.verbs import label_of

    services.set_rule(season.world.branch, is_needed=False, by=season.user("secretary"))
    services.withdraw(voting, season.user("applicant"))
    services.close_enrolment(voting, by=season.user("member"))
    services.reopen_enrolment(voting, by=season.user("member"))
    services.adjust(voting, place="West", online_url="", limit=9, by=season.user("member"))
    row = services.close_vote(
        services.open_vote(voting, by=season.user("member"), now=season.begun(voting)), by=season.user("member")
    )
    services.attendance_workbook(row, by=season.user("member"))
    services.finish(season.held(row), story="Done", by=season.user("member"), now=season.over(row))
    services.discard_draft(season.draft(), by=season.user("member"))
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert len([verb for verb in verbs if verb.startswith("activities.")]) >= 15
    assert sorted(verb for verb in verbs if label_of(verb) == verb) == []


def test_reminders_come_once_to_those_with_a_place(season):
    row = season.approved(limit=1)
    season.enrol(row, "author", "peer")
    from django.utils import timezone

    day = timezone.localdate(row.begins_at)
    assert services.remind(day - timedelta(days=2)) == 0
    assert services.remind(day - timedelta(days=1)) == 1
    assert services.remind(day - timedelta(days=1)) == 0
    assert services.remind(day) == 0
    assert told("activity_reminder") == ["author"]


def test_reminding_asks_the_same_for_one_and_for_many(season, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    def statements():
        with CaptureQueriesContext(connection) as seen:
            services.remind(timezone.localdate(season.now) + timedelta(days=6))
        return len([query for query in seen if query["sql"].startswith("SELECT")])

    rows = [season.approved() for _number in range(4)]
    for row in rows:
        season.enrol(row, "author", "peer")
    statements()
    few = statements()
    for row in [season.approved() for _number in range(3)]:
        season.enrol(row, "author", "peer", "contact")
    statements()
    assert statements() == few


@pytest.mark.parametrize(
    ("model", "broken"),
    [
        (Activity, {"kind": "party"}), (Activity, {"state": "lost"}), (Activity, {"limit": 0}),
        (Activity, {"place": ""}), (Activity, {"minutes": 0}), (Activity, {"state": "cancelled"}),
        (Activity, {"state": "finished"}), (Activity, {"approved_at": None}), (Activity, {"audience_votes": True}),
        (Enrolment, {"state": "lost"}), (Enrolment, {"state": "withdrawn"}), (Enrolment, {"place": 1}),
        (Enrolment, {"state": "waiting", "attended": True}),
    ],
)  # fmt: skip
def test_the_tables_refuse_what_cannot_be(season, model, broken):
    row = season.approved()
    season.enrol(row, "author", "peer")
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**broken)


@pytest.mark.parametrize(
    ("values", "places"),
    [
        ({}, {}), ({1: 5}, {1: 1}), ({1: 5, 2: 5, 3: 4}, {1: 1, 2: 1, 3: 3}), ({1: None, 2: 3}, {2: 1}),
        ({1: 3, 2: 5, 3: 5, 4: 1}, {1: 3, 2: 1, 3: 1, 4: 4}),
    ],
)  # fmt: skip
def test_ranks(values, places):
    assert ranks(values) == places


def test_hundredths_round_half_up():
    from fractions import Fraction

    assert [hundredths(Fraction(*pair)) for pair in ((1, 3), (2, 3), (1, 200), (5, 1))] == [33, 67, 1, 500]


@pytest.mark.parametrize(
    ("queue", "enrolled", "limit", "moving"),
    [([1, 2], 3, 3, []), ([1, 2], 2, 3, [1]), ([1, 2], 0, None, [1, 2]), ([1], 5, 3, []), ([], 0, 3, [])],
)
def test_who_moves_up(queue, enrolled, limit, moving):
    assert next_places(queue, enrolled=enrolled, limit=limit) == moving


def test_jurors_who_gave_nothing_do_not_count():
    sheets = Sheets({1: {10: 4, 11: 2}, 2: {10: 1}}, frozenset({10, 11}))
    assert (sheets.complete, sheets.partial, sheets.average(10)) == ([1], [2], 4)


def test_duties_that_ended_are_not_told(season):
    from portal.organizations.models import Appointment

    post = Appointment.objects.get(user=season.world.users["secretary"])
    dismiss(post, on=season.world.since + timedelta(days=399), by=None)
    season.submitted()
    assert told("activity_submitted") == ["college"]
