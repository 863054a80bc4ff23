"""Plan, change, convene and call off; answers and leave; every refusal leaves nothing behind."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.meetings import services, signals
from members.meetings.models import Attendance, Meeting, MeetingTemplate, SeatRemark
from members.meetings.queries.circles import circle_of_part, seats_on
from members.meetings.services.held import Held, record_held
from members.meetings.services.reminding import remind
from members.services import place
from portal.notifications.models import Notice
from portal.organizations.duties import Post
from portal.organizations.models import Standing
from portal.organizations.services import appoint
from portal.web.refusals import RuleError
from tests.factories.people import make_member

from .sittings import Planner, planner

FULL = {"secretary", "contact", "member", "retired", "disabled"}


@pytest.fixture
def desk(world) -> Planner:
    return planner(world)


def told(user, kind: str) -> int:
    return Notice.objects.filter(recipient=user, message__kind=kind).count()


def test_convening_settles_the_circle_of_a_congress(desk):
    heard = []
    signals.convened.connect(lambda **sent: heard.append(sent["meeting"].pk), weak=False, dispatch_uid="test")
    meeting = desk.convene()
    signals.convened.disconnect(dispatch_uid="test")
    assert desk.names(meeting, capacity="due") == FULL | {"probationary"}
    assert desk.names(meeting, may_vote=True) == FULL
    assert desk.names(meeting, capacity="observer") == {"author", "peer", "target"}
    assert heard == [meeting.pk]
    assert told(desk.world.users["member"], "meeting_convened") == 1
    assert told(desk.world.users["stranger"], "meeting_convened") == 0


def test_committee_meeting_is_of_those_who_hold_its_posts(desk):
    appoint(desk.world.users["member"], desk.world.branch, Post.PUBLICITY_COMMISSIONER, on=desk.world.since, by=None)
    meeting = desk.convene(kinds=["branch_committee"])
    # Whose account is closed holds the post all the same.
    assert desk.names(meeting) == {"secretary", "disabled", "member"}


def test_standing_of_the_day_decides_who_votes(desk):
    meeting = desk.plan()
    before, after = timezone.localdate(meeting.planned_at) - timedelta(days=1), timezone.localdate(meeting.planned_at)
    place(
        desk.world.member("probationary"), desk.world.branch, standing=Standing.FULL_MEMBER,
        on=timezone.localdate(), by=None,
    )  # fmt: skip
    user = desk.world.users["probationary"].pk
    earlier = timezone.localdate() - timedelta(days=1)
    assert seats_on(desk.world.branch, ["branch_congress"], on=earlier)[user].may_vote is False
    assert seats_on(desk.world.branch, ["branch_congress"], on=before)[user].may_vote is True
    assert seats_on(desk.world.branch, ["branch_congress"], on=after)[user].may_vote is True


def test_reseating_follows_who_came_and_went_and_keeps_answers(desk):
    meeting = desk.convene()
    services.answer(meeting, desk.world.users["member"], answer="attend", at=desk.now)
    place(
        desk.world.member("contact"), desk.world.sibling, standing=Standing.FULL_MEMBER, on=timezone.localdate(),
        by=None,
    )  # fmt: skip
    newcomer = make_member(desk.world.branch, Standing.FULL_MEMBER)
    assert services.reseat(meeting) == meeting.attendances.count()
    assert "contact" not in desk.names(meeting)
    assert meeting.attendances.filter(user=newcomer.user).exists()
    assert meeting.attendances.get(user=desk.world.users["member"]).answer == "attend"


def test_remarks_decide_about_seats_while_they_hold(desk):
    today, by = timezone.localdate(), desk.world.user("secretary")
    for name, kind in (("member", "exempt"), ("contact", "no_vote"), ("retired", "not_counted")):
        services.remark_seat(desk.world.users[name], desk.world.branch, kind=kind, words="Why", since=today, by=by)
    meeting = desk.convene()
    rows = {name: meeting.attendances.get(user=desk.world.users[name]) for name in ("member", "contact", "retired")}
    assert (rows["member"].exempt_words, rows["member"].may_vote) == ("Why", True)
    assert rows["contact"].may_vote is False
    assert rows["retired"].excluded_words == "Why"
    services.end_remark(SeatRemark.objects.get(kind="no_vote"), on=today + timedelta(days=1), by=by)
    services.reseat(meeting)
    assert meeting.attendances.get(user=desk.world.users["contact"]).may_vote is True


def test_remarks_are_refused_about_oneself_twice_and_without_words(desk):
    today, by = timezone.localdate(), desk.world.user("secretary")
    remark = services.remark_seat
    facts = {"kind": "exempt", "words": "Ill", "since": today, "by": by}
    row = remark(desk.world.users["member"], desk.world.branch, **facts)
    with pytest.raises(RuleError):
        remark(desk.world.users["secretary"], desk.world.branch, **facts)
    with pytest.raises(ValidationError):
        remark(desk.world.users["member"], desk.world.branch, **facts)
    with pytest.raises(ValidationError):
        remark(desk.world.users["contact"], desk.world.branch, **(facts | {"words": " "}))
    services.end_remark(row, on=today + timedelta(days=1), by=by)
    with pytest.raises(RuleError):
        services.end_remark(row, on=today + timedelta(days=1), by=by)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"planned_at": timedelta(minutes=-1)}, "planned ahead"),
        ({"planned_at": timedelta(0)}, "planned ahead"),
        ({"planned_at": timedelta(days=401)}, "more than a year"),
        ({"lasts": timedelta(hours=13)}, "twelve hours"),
        ({"lasts": timedelta(0)}, "cannot end before"),
        ({"kinds": []}, "at least one kind"),
        ({"kinds": ["democratic_life_meeting"]}, "holds no"),
        ({"kinds": ["party"]}, "holds no"),
        ({"title": "  "}, "blank"),
        ({"title": "x" * 121}, "at most 120"),
        ({"online_url": "javascript:alert(1)"}, "valid URL"),
        ({"chair": "stranger"}, "cannot chair"),
        ({"chair": "author"}, "cannot chair"),
        ({"recorder": "neighbor"}, "cannot record"),
        ({"recorder": "outsider"}, "cannot record"),
        ({"chair": "disabled"}, "cannot chair"),
    ],
)
def test_plans_that_are_refused_leave_nothing(desk, facts, words):
    facts = dict(facts)
    if "planned_at" in facts:
        facts["planned_at"] = desk.now + facts["planned_at"]
    if "lasts" in facts:
        facts["planned_until"] = desk.now + timedelta(days=10) + facts.pop("lasts")
    for name in ("chair", "recorder"):
        if name in facts:
            facts[name] = desk.world.user(facts[name])
    with pytest.raises(ValidationError, match=words):
        desk.plan(**facts)
    assert not Meeting.objects.exists()


def test_meeting_of_nobody_is_refused(desk):
    with pytest.raises(RuleError, match="Nobody would be due"):
        desk.plan("unit", kinds=["branch_committee"])


def test_closed_organization_holds_no_meeting(desk):
    node = desk.world.sibling
    node.closed_on, node.status = timezone.localdate(), "dissolved"
    node.save(update_fields=["closed_on", "status"])
    with pytest.raises(RuleError, match="closed"):
        desk.plan("sibling")


def test_convening_twice_or_too_late_is_refused(desk):
    meeting = desk.plan()
    late = desk.plan(title="Late")
    desk.convene(meeting)
    with pytest.raises(RuleError, match="already"):
        desk.convene(meeting)
    with pytest.raises(RuleError, match="planned ahead"):
        services.convene(late, by=desk.world.user("secretary"), at=late.planned_at)
    late.refresh_from_db()
    assert (late.state, late.attendances.count()) == ("planned", 0)


def test_moving_a_meeting_asks_for_answers_anew_and_tells_once(desk):
    meeting = desk.convene()
    member = desk.world.users["member"]
    services.answer(meeting, member, answer="attend", at=desk.now)
    desk.edit(meeting, title="Another title")
    assert meeting.attendances.get(user=member).answer == "attend"
    assert told(member, "meeting_changed") == 0
    meeting.refresh_from_db()
    moved = desk.edit(meeting, planned_at=desk.now + timedelta(days=12))
    assert (moved.attendances.get(user=member).answer, told(member, "meeting_changed")) == ("", 1)
    moved = desk.edit(moved, place="Hall")
    assert told(member, "meeting_changed") == 2
    desk.edit(moved)
    assert told(member, "meeting_changed") == 2


def test_edit_that_began_from_an_older_page_is_refused(desk):
    meeting = desk.plan()
    seen = services.fingerprint(meeting)
    desk.edit(meeting, title="First", seen=seen)
    with pytest.raises(RuleError, match="Somebody else"):
        desk.edit(meeting, title="Second", seen=seen)
    meeting.refresh_from_db()
    assert meeting.title == "First"


def test_kinds_change_with_their_parts_and_matters_stay(desk):
    matters = [services.Matter("party_lecture", "Words"), services.Matter("branch_congress", "Vote")]
    meeting = desk.plan(kinds=["party_lecture", "branch_congress"], agenda=matters)
    desk.edit(meeting, kinds=["theme_party_day", "branch_congress"])
    kinds = list(meeting.parts.order_by("number").values_list("kind", flat=True))
    assert kinds == ["theme_party_day", "branch_congress"]
    found = list(meeting.agenda.order_by("number").values_list("title", "part__kind"))
    assert found == [("Words", "theme_party_day"), ("Vote", "branch_congress")]


def test_committee_within_a_congress_has_a_circle_of_its_own(desk):
    meeting = desk.convene(kinds=["branch_committee", "branch_congress"])
    parts = {part.kind: part for part in meeting.parts.all()}
    own = set(circle_of_part(parts["branch_committee"]).values_list("user_id", flat=True))
    assert own == {desk.world.users["secretary"].pk, desk.world.users["disabled"].pk}
    assert circle_of_part(parts["branch_congress"]).count() == len(FULL) + 1


def test_calling_off_needs_words_and_tells_those_convened(desk):
    meeting, quiet = desk.convene(), desk.plan(title="Quiet")
    by = desk.world.user("secretary")
    with pytest.raises(ValidationError):
        services.cancel(meeting, words=" ", by=by, at=desk.now)
    services.cancel(meeting, words="Storm", by=by, at=desk.now)
    services.cancel(quiet, words="Not needed", by=by, at=desk.now)
    assert told(desk.world.users["member"], "meeting_cancelled") == 1
    with pytest.raises(RuleError):
        services.cancel(meeting, words="Again", by=by, at=desk.now)
    with pytest.raises(RuleError):
        desk.edit(meeting, title="After")
    with pytest.raises(RuleError):
        services.answer(meeting, desk.world.users["member"], answer="attend", at=desk.now)


def test_leave_is_asked_before_and_decided_by_somebody_else(desk):
    meeting = desk.convene()
    member, secretary = desk.world.users["member"], desk.world.user("secretary")
    with pytest.raises(ValidationError):
        services.answer(meeting, member, answer="leave", words=" ", at=desk.now)
    row = services.answer(meeting, member, answer="leave", words="Illness", at=desk.now)
    assert (row.leave_state, told(secretary, "meeting_leave_asked")) == ("asked", 1)
    services.answer(meeting, member, answer="leave", words="Illness", at=desk.now + timedelta(hours=1))
    assert told(secretary, "meeting_leave_asked") == 1
    with pytest.raises(ValidationError):
        services.decide_leave(row, grants=False, by=secretary, at=desk.now)
    row = services.decide_leave(row, grants=True, by=secretary, at=desk.now)
    assert (row.leave_state, row.leave_decided_by_id, told(member, "meeting_leave_decided")) == (
        "approved", secretary.pk, 1,
    )  # fmt: skip
    with pytest.raises(RuleError, match="already"):
        services.decide_leave(row, grants=False, words="No", by=secretary, at=desk.now)
    row = services.answer(meeting, member, answer="attend", at=desk.now)
    assert (row.leave_state, row.leave_words, row.leave_decided_by_id) == ("", "", None)


def test_leave_of_the_secretary_goes_to_the_level_above(desk):
    meeting = desk.convene()
    row = services.answer(meeting, desk.world.users["secretary"], answer="leave", words="Journey", at=desk.now)
    assert told(desk.world.users["college"], "meeting_leave_asked") == 1
    assert told(desk.world.users["committee"], "meeting_leave_asked") == 0
    with pytest.raises(RuleError, match="own leave"):
        services.decide_leave(row, grants=True, by=desk.world.user("secretary"), at=desk.now)
    services.decide_leave(row, grants=True, by=desk.world.user("college"), at=desk.now)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1), timedelta(days=30)])
@pytest.mark.parametrize("answer", ["attend", "leave"])
def test_answers_after_the_beginning_are_refused(desk, late, answer):
    meeting = desk.convene()
    with pytest.raises(RuleError, match="not afterwards"):
        services.answer(
            meeting, desk.world.users["member"], answer=answer, words="Ill", at=meeting.planned_at + late
        )
    assert meeting.attendances.get(user=desk.world.users["member"]).answer == ""


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [("stranger", "attend", ""), ("applicant", "attend", ""), ("member", "perhaps", ""), ("member", "", ""),
     ("member", "leave", "x" * 301)],
)  # fmt: skip
def test_answers_that_are_refused(desk, name, answer, words):
    meeting = desk.convene()
    with pytest.raises(ValidationError):
        services.answer(meeting, desk.world.users[name], answer=answer, words=words, at=desk.now)
    assert not meeting.attendances.exclude(answer="").exists()


def test_planned_meeting_takes_no_answers(desk):
    with pytest.raises(RuleError, match="not invited"):
        services.answer(desk.plan(), desk.world.users["member"], answer="attend", at=desk.now)


def test_agenda_is_ordered_and_closed_with_the_meeting(desk):
    meeting = desk.plan(agenda=[services.Matter("branch_congress", title) for title in "ABC"])
    by, part = desk.world.user("secretary"), meeting.parts.get()

    def titles() -> str:
        return "".join(meeting.agenda.order_by("number").values_list("title", flat=True))

    items = {item.title: item for item in meeting.agenda.all()}
    services.move_item(items["C"], "up", by=by)
    assert titles() == "ACB"
    services.move_item(items["A"], "up", by=by)
    assert titles() == "ACB"
    services.add_item(meeting, part=part, title="D", first=True, by=by)
    assert titles() == "DACB"
    services.remove_item(items["C"], by=by)
    assert titles() == "DAB"
    services.edit_item(items["B"], title="E", minutes=5, by=by)
    assert titles() == "DAE"
    with pytest.raises(RuleError):
        services.move_item(items["A"], "sideways", by=by)
    with pytest.raises(RuleError):
        services.move_item(items["C"], "up", by=by)
    other = desk.plan(title="Other")
    with pytest.raises(RuleError, match="not part"):
        services.add_item(meeting, part=other.parts.get(), title="F", by=by)
    with pytest.raises(RuleError, match="not part"):
        services.edit_item(items["A"], part=other.parts.get(), by=by)
    services.cancel(meeting, words="Storm", by=by, at=desk.now)
    for act in (
        lambda: services.add_item(meeting, part=part, title="G", by=by),
        lambda: services.edit_item(items["A"], title="G", by=by),
        lambda: services.move_item(items["A"], "down", by=by),
        lambda: services.remove_item(items["A"], by=by),
    ):
        with pytest.raises(RuleError, match="over"):
            act()
    assert titles() == "DAE"


def test_matter_that_was_taken_up_stands(desk):
    meeting = desk.plan(agenda=[services.Matter("branch_congress", "A")])
    item = meeting.agenda.get()
    item.started_at = desk.now
    item.save()
    by = desk.world.user("secretary")
    with pytest.raises(RuleError, match="taken up"):
        services.edit_item(item, title="B", by=by)
    with pytest.raises(RuleError, match="taken up"):
        services.remove_item(item, by=by)


def test_too_long_an_agenda_is_refused(desk):
    matters = [services.Matter("branch_congress", "A")] * 61
    with pytest.raises(RuleError, match="at most 60"), transaction.atomic():
        desk.plan(agenda=matters)
    assert not Meeting.objects.exists()


def template_of(desk: Planner, **facts) -> MeetingTemplate:
    values = {
        "organization": desk.world.branch, "title": "Each month", "kinds": ["branch_committee"],
        "recurrence": "monthly_day", "day": 15, "begins": time(14, 30),
    }  # fmt: skip
    return services.save_template(MeetingTemplate(**(values | facts)), by=desk.world.user("secretary"))


def test_template_proposes_each_day_once_wherever_it_is_moved(desk):
    template_of(desk)
    today = timezone.localdate()
    made = services.propose(today)
    assert made == Meeting.objects.filter(state="planned", template__isnull=False).count() >= 1
    first = Meeting.objects.order_by("planned_at").first()
    assert first.agenda.count() == 4
    assert timezone.localtime(first.planned_at).time() == time(14, 30)
    assert first.chair_id == desk.world.users["secretary"].pk
    assert told(desk.world.users["secretary"], "meeting_proposed") == made
    desk.edit(first, planned_at=desk.now + timedelta(days=60))
    assert services.propose(today) == 0


def test_template_out_of_use_or_without_chair_proposes_nothing(desk):
    services.switch_template(template_of(desk), is_active=False, by=desk.world.user("secretary"))
    template_of(desk, title="Never", recurrence="", day=None)
    template_of(desk, title="Strange", chair=desk.world.users["stranger"])
    assert services.propose(timezone.localdate()) == 0
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"kinds": []}, {"kinds": ["democratic_life_meeting"]}, {"title": ""}, {"day": None}, {"day": 32},
        {"lasts_minutes": 4}, {"recurrence": "daily"}, {"recurrence": "quarterly", "week": 6, "weekday": 1},
    ],
)  # fmt: skip
def test_templates_that_are_refused(desk, facts):
    with pytest.raises(ValidationError):
        template_of(desk, **facts)
    assert not MeetingTemplate.objects.exists()


def test_reminders_reach_those_without_answer_seven_three_and_one_day_before(desk):
    meeting = desk.convene()
    services.answer(meeting, desk.world.users["member"], answer="attend", at=desk.now)
    day = timezone.localdate(meeting.planned_at)
    # Nobody is reminded on the day of the convening, which may be the very day of the test.
    Meeting.objects.update(convened_at=desk.now - timedelta(days=20))
    silent, answered = desk.world.users["contact"], desk.world.users["member"]
    counts = []
    for days in (9, 8, 7, 6, 3, 2, 1, 0):
        remind(day - timedelta(days=days))
        remind(day - timedelta(days=days))
        counts.append(told(silent, "meeting_reminder"))
    assert counts == [0, 0, 1, 1, 2, 2, 3, 3]
    assert told(answered, "meeting_reminder") == 0
    assert told(desk.world.users["author"], "meeting_reminder") == 0


def test_reminder_that_a_morning_missed_is_made_up(desk):
    meeting = desk.convene()
    Meeting.objects.update(convened_at=desk.now - timedelta(days=20))
    day = timezone.localdate(meeting.planned_at)
    remind(day - timedelta(days=5))
    assert told(desk.world.users["contact"], "meeting_reminder") == 1


def test_books_of_held_sittings_are_written_in_sets(desk, django_assert_num_queries):
    seats = seats_on(desk.world.branch, ["branch_congress"], on=timezone.localdate())
    users = desk.world.users
    began = desk.now - timedelta(days=30)
    row = Held(
        organization=desk.world.branch, kinds=["branch_congress"], title="Held", began=began,
        ended=began + timedelta(hours=1), chair_id=users["secretary"].pk, recorder_id=users["member"].pk, seats=seats,
        came={users["secretary"].pk: -5, users["member"].pk: 30, users["author"].pk: 0},
        leave={users["contact"].pk: "Illness"}, agenda=[("branch_congress", "A", 40), ("branch_congress", "B", 40)],
    )  # fmt: skip
    meeting = record_held([row], by=None)[0]
    states = {name: meeting.attendances.get(user=users[name]).state for name in (
        "secretary", "member", "contact", "retired", "author", "peer")}  # fmt: skip
    assert states == {
        "secretary": "present", "member": "late", "contact": "leave", "retired": "absent", "author": "present",
        "peer": "",
    }  # fmt: skip
    last = meeting.agenda.get(title="B")
    assert (last.started_at, last.ended_at) == (began + timedelta(minutes=40), meeting.ended_at)
    assert record_held([], by=None) == []


@pytest.mark.parametrize(
    "values",
    [
        {"may_vote": True, "standing": "probationary"},
        {"may_vote": True, "capacity": "observer"},
        {"answer": "attend"},
        {"leave_state": "asked"},
        {"leave_state": "approved", "leave_words": "w"},
        {"means": "qr"},
        {"state": "made_up"},
    ],
)
def test_rows_of_the_circle_that_the_database_refuses(desk, values):
    meeting = desk.convene()
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.filter(meeting=meeting, user=desk.world.users["member"]).update(**values)


@pytest.mark.parametrize("values", [{"state": "gone"}, {"state": "cancelled"}, {"state": "ended"},
                                    {"state": "in_session"}])  # fmt: skip
def test_states_of_meetings_that_the_database_refuses(desk, values):
    meeting = desk.plan()
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(**values)
