"""The appraisal and its meeting as one event: chosen once, opened in the room, in the minutes, its days moved."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from members.appraisals import services
from members.appraisals.models import Appraisal, AppraisalPerson
from members.appraisals.queries.gathering import meetings_for, vote_facts
from members.appraisals.rules import Stage
from members.appraisals.services.reminding import run_daily
from members.meetings import services as meetings
from members.meetings.models import Attendance, Meeting, MeetingKind
from members.minutes import services as writing
from members.minutes.models import Addendum, Minutes, MinutesState
from members.minutes.queries.sittings import sitting_of
from members.minutes.services.drafting import facts_now
from members.minutes.services.sealing import shown
from portal.audit.models import AuditEntry
from portal.ballots.services import cast
from portal.extensions.registry import metrics
from portal.notifications.models import Notice
from portal.web.refusals import RuleError

K = MeetingKind


def planned(year, *, kinds=(K.DEMOCRATIC_APPRAISAL,), node=None, minutes=30, **fields) -> Meeting:
    now = timezone.now()
    begins = now + timedelta(minutes=minutes)
    given = {
        "kinds": kinds, "title": "Appraisal", "planned_at": begins, "planned_until": begins + timedelta(minutes=90),
        "chair": year.by, "recorder": year.world.user("contact"), "by": year.by, "at": now,
    } | fields  # fmt: skip
    return meetings.plan(node or year.world.branch, **given)


def convened(year, **fields) -> Meeting:
    return meetings.convene(planned(year, **fields), by=year.by, at=timezone.now())


def gathered(year, meeting, *people) -> Meeting:
    """Open the meeting with ``people`` in the room."""
    rows = Attendance.objects.filter(meeting=meeting, user__in=people)
    meetings.call_roll(meeting, list(rows.values_list("pk", flat=True)), by=year.by, at=timezone.now())
    return meetings.open_meeting(meeting, by=year.by, at=timezone.now())


@pytest.fixture
def held(year):
    """An appraisal before its ballot, in a meeting in session with five of the seven who fill in a paper."""
    appraisal, meeting = year.forward(year.announced(), to=Stage.PEERS), convened(year)
    gathered(year, meeting, *year.voters[:5])
    return Appraisal.objects.get(pk=appraisal.pk)


def test_a_meeting_convened_for_it_becomes_its_meeting(year):
    appraisal = year.announced(self_until=year.today, ballot_on=year.today + timedelta(days=9))
    meeting = convened(year, minutes=60 * 24 * 3)
    appraisal.refresh_from_db()
    assert (appraisal.meeting, appraisal.ballot_on) == (meeting, timezone.localdate(meeting.planned_at))
    other = convened(year, minutes=60 * 24 * 5)
    appraisal.refresh_from_db()
    assert appraisal.meeting == meeting
    assert list(meetings_for(appraisal, year.by)) == [other]
    meetings.cancel(meeting, words="Rain", by=year.by, at=timezone.now())
    third = convened(year, minutes=60 * 24 * 6)
    appraisal.refresh_from_db()
    assert appraisal.meeting == third


def test_meetings_of_others_of_other_kinds_over_or_too_early_are_refused(year):
    appraisal = year.announced(self_until=year.today + timedelta(days=3), ballot_on=year.today + timedelta(days=9))
    early = planned(year)
    congress = planned(year, kinds=[K.BRANCH_CONGRESS], minutes=60 * 24 * 5)
    off = planned(year, minutes=60 * 24 * 5)
    meetings.cancel(off, words="Rain", by=year.by, at=timezone.now())
    neighbor = year.world.user("neighbor")
    foreign = planned(
        year, node=year.world.sibling, minutes=60 * 24 * 5, chair=neighbor, recorder=neighbor, by=neighbor
    )
    for meeting in (early, congress, off, foreign):
        with pytest.raises(RuleError):
            services.hold_in(appraisal, meeting, by=year.by)
    good = planned(year, minutes=60 * 24 * 5)
    assert services.hold_in(appraisal, good, by=year.by).meeting == good
    assert services.hold_without(appraisal, by=year.by).meeting is None
    assert AuditEntry.objects.filter(verb="appraisals.meeting_chosen").count() == 2


def test_the_ballot_waits_for_the_meeting_and_opens_to_those_in_the_room(year):
    appraisal, meeting = year.forward(year.announced(), to=Stage.PEERS), convened(year)
    with pytest.raises(RuleError, match="in session"):
        services.advance(appraisal, stage="peers", by=year.by, on=year.today)
    gathered(year, meeting, *year.voters[:4])
    appraisal = services.advance(appraisal, stage="peers", by=year.by, on=year.today)
    assert (appraisal.ballot.rule, appraisal.ballot.due, appraisal.ballot.present) == ("ordinary", 7, 4)
    late = year.voters[5]
    with pytest.raises(RuleError):
        cast(appraisal.ballot, late, year.paper(appraisal.ballot, late))
    with pytest.raises(RuleError, match="Nobody"):
        services.admit_latecomers(appraisal, by=year.by)
    meetings.check_in(meeting, late, means="list", at=timezone.now())
    assert services.admit_latecomers(appraisal, by=year.by) == 1
    cast(appraisal.ballot, late, year.paper(appraisal.ballot, late))


def test_below_half_of_those_who_may_vote_it_does_not_open(year):
    appraisal, meeting = year.forward(year.announced(), to=Stage.PEERS), convened(year)
    gathered(year, meeting, *year.voters[:2])
    with pytest.raises(RuleError, match="2 of 7"):
        services.advance(appraisal, stage="peers", by=year.by, on=year.today)
    appraisal.refresh_from_db()
    assert (appraisal.state, appraisal.ballot) == ("peers", None)


def test_whose_vote_rests_is_no_elector(year, held):
    Attendance.objects.filter(user=year.voters[0]).update(may_vote=False)
    Attendance.objects.filter(user=year.voters[5]).update(excluded_words="Abroad")
    held = services.advance(held, stage="peers", by=year.by, on=year.today)
    assert (held.ballot.due, held.ballot.present) == (5, 4)
    assert year.voters[0].pk not in held.ballot.electors.values_list("user_id", flat=True)


def test_the_meeting_does_not_end_over_the_open_ballot(year, held):
    meeting = held.meeting
    held = services.advance(held, stage="peers", by=year.by, on=year.today)
    with pytest.raises(RuleError, match="ballot of the democratic appraisal is open"):
        meetings.close_meeting(meeting, by=year.by, at=timezone.now() + timedelta(minutes=50))
    year.vote(held, year.voters[:5])
    services.advance(held, stage="ballot", by=year.by, on=year.today)
    meetings.close_meeting(meeting, by=year.by, at=timezone.now() + timedelta(minutes=50))
    assert Minutes.objects.get(meeting=meeting).state == MinutesState.DRAFT


def walked(year, held):
    """Bring what began in the meeting to the end of the meeting; return appraisal and minutes."""
    meeting = held.meeting
    services.hand_in(year.part(held, "member"), text="A year.", by=year.world.user("member"), on=year.today)
    held = services.advance(held, stage="peers", by=year.by, on=year.today)
    year.vote(held, year.voters[:5])
    held = services.advance(held, stage="ballot", by=year.by, on=year.today)
    meetings.close_meeting(meeting, by=year.by, at=timezone.now() + timedelta(minutes=50))
    return held, Minutes.objects.get(meeting=meeting)


def ended(year, held):
    held = services.report(year.decided(held, excellent=1), decided_on=year.today, by=year.by, on=year.today)
    held = services.confirm(held, by=year.world.user("college"), on=year.today)
    return services.close(held, by=year.by, on=year.today)


def test_minutes_say_how_many_took_part_and_never_who_was_graded_how(year, held):
    held, minutes = walked(year, held)
    vote = sitting_of(minutes.part).votes[0]
    assert (vote.part_id, vote.is_secret, vote.due, vote.present) == (minutes.part_id, True, 7, 5)
    text = " ".join([vote.title, vote.verdict, *vote.arithmetic])
    everybody = held.people.count()
    # In the language of the university, which a machine without catalogs does not know.
    said = (f"1 of {everybody} participants handed in a self-appraisal.", f"参评 {everybody} 人，提交个人自评 1 份。")
    assert any(words in text for words in said)
    assert not any(person.name in text for person in year.voters)
    assert "Confirmed" not in text
    ended(year, held)
    vote = sitting_of(minutes.part).votes[0]
    assert any(words in vote.verdict for words in ("excellent 1、qualified 5", "优秀 1、合格 5"))
    assert not Addendum.objects.exists()


def test_minutes_sealed_before_the_superior_confirmed_get_an_addendum(year, held):
    held, minutes = walked(year, held)
    Minutes.objects.update(decisions="Everybody spoke.")
    for name in ("secretary", "contact"):
        minutes.refresh_from_db()
        person = year.world.user(name)
        minutes = writing.confirm(minutes, seen=shown(minutes, facts_now(minutes)), by=person)
    assert minutes.is_sealed
    ended(year, held)
    addendum = Addendum.objects.get(minutes=minutes)
    # In the language of the university, which a machine without catalogs does not know.
    assert any(f"{word} 1" in addendum.words for word in ("优秀", "excellent"))
    assert not any(person.name in addendum.words for person in year.voters)


def test_facts_of_many_meetings_cost_the_same(year, held, django_assert_num_queries):
    held, minutes = walked(year, held)
    with django_assert_num_queries(3):
        assert len(vote_facts([held.meeting_id, 0, 10**6])) == 1
    with django_assert_num_queries(1):
        assert vote_facts([0]) == []


def test_the_page_of_the_meeting_leads_through_the_ballot(year, held):
    page = held.meeting.get_absolute_url()
    secretary, member = year.world.client("secretary"), year.world.client("member")
    advance = reverse("members:appraisals:advance", args=[held.pk])
    assert advance in secretary.get(page).content.decode()
    assert advance not in member.get(page).content.decode()
    held = services.advance(held, stage="peers", by=year.by, on=year.today)
    vote = reverse("ballots:ballot-vote", args=[held.ballot.pk])
    assert vote in member.get(page).content.decode()
    detail = secretary.get(held.get_absolute_url())
    assert (detail.context["admit_url"] != "", detail.context["meeting_url"]) == (True, page)
    answer = secretary.post(detail.context["admit_url"])
    assert answer.status_code == 409


def test_choosing_a_meeting_on_the_page(year):
    appraisal = year.announced()
    client, address = year.world.client("secretary"), reverse("members:appraisals:meeting", args=[appraisal.pk])
    empty = client.get(address)
    assert "template=democratic_appraisal" in empty.context["plan_url"]
    meeting = planned(year)
    for wrong in ("", "0", "abc", str(2**63)):
        assert client.post(address, {"meeting": wrong}).context["form"].errors.keys() == {"meeting"}, wrong
    assert client.post(address, {"meeting": meeting.pk})["Location"] == appraisal.get_absolute_url()
    shown = client.get(appraisal.get_absolute_url())
    assert shown.context["meeting"] == meeting
    client.post(shown.context["leave_url"])
    assert Appraisal.objects.get().meeting is None
    year.forward(Appraisal.objects.get(), to=Stage.BALLOT)
    assert client.post(address, {"meeting": meeting.pk}).context["form"].errors


def test_the_ballot_follows_a_meeting_that_was_put_off(year):
    appraisal = services.hold_in(year.announced(), planned(year), by=year.by)
    later = timezone.now() + timedelta(days=4)
    Meeting.objects.update(planned_at=later, planned_until=later + timedelta(hours=1))
    run_daily(year.today)
    appraisal.refresh_from_db()
    assert appraisal.ballot_on == timezone.localdate(later)


def test_days_are_moved_while_they_lie_ahead(year):
    soon, later = year.today + timedelta(days=2), year.today + timedelta(days=5)
    appraisal = year.announced()
    appraisal = services.change_days(appraisal, self_until=soon, ballot_on=later, by=year.by, on=year.today)
    assert (appraisal.self_until, appraisal.ballot_on) == (soon, later)
    told = Notice.objects.filter(message__kind="appraisal_days")
    assert told.count() == appraisal.people.count()
    for days in ((later, soon), (year.today - timedelta(days=1), later), (soon, year.today - timedelta(days=1))):
        with pytest.raises(ValidationError):
            services.change_days(appraisal, self_until=days[0], ballot_on=days[1], by=year.by, on=year.today)
    appraisal = year.forward(appraisal, to=Stage.PEERS)
    with pytest.raises(RuleError, match="is over"):
        services.change_days(appraisal, self_until=later, ballot_on=later, by=year.by, on=year.today)
    appraisal = services.hold_in(appraisal, planned(year, minutes=60 * 24 * 4), by=year.by)
    client, address = year.world.client("secretary"), reverse("members:appraisals:days", args=[appraisal.pk])
    assert list(client.get(address).context["form"].fields) == ["self_until"]
    with pytest.raises(RuleError, match="day of the meeting"):
        services.change_days(appraisal, self_until=soon, ballot_on=later, by=year.by, on=year.today)
    appraisal = services.hold_without(appraisal, by=year.by)
    year.forward(appraisal, to=Stage.BALLOT)
    with pytest.raises(RuleError, match="has been opened"):
        services.change_days(
            appraisal, self_until=soon, ballot_on=later + timedelta(days=9), by=year.by, on=year.today
        )


def test_what_was_announced_by_mistake_is_taken_back(year):
    appraisal = year.announced()
    people = appraisal.people.count()
    client = year.world.client("secretary")
    address = client.get(appraisal.get_absolute_url()).context["call_off_url"]
    assert client.post(address, {"words": " "}).context["form"].errors.keys() == {"words"}
    assert client.post(address, {"words": "The wrong year"})["Location"] == reverse("members:appraisals:appraisal-list")
    assert not AppraisalPerson.objects.exists()
    assert Notice.objects.filter(message__kind="appraisal_called_off").count() == people
    assert AuditEntry.objects.get(verb="appraisals.called_off").reason == "The wrong year"
    again = year.forward(year.announced(), to=Stage.SELF)
    services.hand_in(year.part(again, "member"), text="A year.", by=year.world.user("member"), on=year.today)
    assert client.get(again.get_absolute_url()).context["call_off_url"] == ""
    with pytest.raises(RuleError, match="taken part"):
        services.call_off(again, words="No.", by=year.by)
    assert Appraisal.objects.exists()


def test_numbers_of_the_year_count_what_was_told(year):
    def numbers(node, on):
        found = {metric.code: metric.queryset(node, on).count() for metric in metrics if metric.owner == "appraisals"}
        return found["appraisals-closed"], found["appraised-excellent"], found["appraised-qualified"]

    year.closed()
    assert numbers(year.world.root, year.today) == (1, 1, 5)
    assert numbers(year.world.branch, year.today) == (1, 1, 5)
    assert numbers(year.world.sibling, year.today) == (0, 0, 0)
    assert numbers(year.world.root, year.today.replace(year=year.today.year - 1, day=1)) == (0, 0, 0)
