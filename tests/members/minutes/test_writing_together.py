"""Minutes are written on the spot and by several: nobody's text is lost, and each is told of the others."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from members.meetings import services as meetings
from members.meetings.models import Meeting, MeetingKind
from members.minutes import services
from members.minutes.models import Minutes, MinutesState
from members.minutes.rules import VoteFact
from members.minutes.sources import VoteSource, vote_sources
from portal.drafts.models import Draft
from portal.drafts.services import save_draft
from portal.notifications.models import Notice
from portal.web.refusals import RuleError

from .way import WORDS, begins, confirm, drafted, sealed, written

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"members:minutes:{name}", args=args)


def sitting(world) -> Meeting:
    """Open a congress that goes on."""
    at = begins(0) if begins(0) < timezone.now() else begins(1)
    by = world.user("secretary")
    meeting = meetings.plan(
        world.branch, kinds=[MeetingKind.BRANCH_CONGRESS], title="Going on", planned_at=at,
        planned_until=at + timedelta(hours=2), chair=by, recorder=world.user("member"), by=by,
        at=at - timedelta(days=2), agenda=[meetings.Matter(MeetingKind.BRANCH_CONGRESS, "The plan", 20)],
    )  # fmt: skip
    meeting = meetings.convene(meeting, by=by, at=at - timedelta(days=1))
    meeting = meetings.open_meeting(meeting, by, at)
    meetings.check_in(meeting, world.user("member"), means="list", at=at)
    return meeting


def told(world, name: str, kind: str) -> int:
    return Notice.objects.filter(recipient=world.users[name], message__kind=kind).count()


# On the spot.


def test_minutes_are_written_while_the_meeting_is_on_and_confirmed_after_it(world) -> None:
    meeting = sitting(world)
    recorder = world.client("member")
    assert "Write the minutes during the meeting" in recorder.get(meeting.get_absolute_url()).content.decode()
    assert url("minutes-begin", meeting.parts.get().pk) not in world.client("contact").get(
        meeting.get_absolute_url()
    ).content.decode()
    answer = recorder.post(url("minutes-begin", meeting.parts.get().pk))
    minutes = Minutes.objects.get(meeting=meeting)
    assert answer.status_code == 302 and told(world, "member", "minutes_to_write") == 0
    page = recorder.get(url("minutes-edit", minutes.pk)).content.decode()
    assert "The meeting is still on" in page and '<option value="Member">' in page
    minutes = written(world, minutes)
    assert minutes.facts["present_names"] == ["Member"] and minutes.facts["absent"] == []
    assert url("minutes-confirm", minutes.pk) not in recorder.get(minutes.get_absolute_url()).content.decode()
    with pytest.raises(RuleError, match="still on"):
        confirm(minutes, minutes.recorder)
    assert Minutes.objects.get(pk=minutes.pk).state == MinutesState.DRAFT
    meetings.close_meeting(meeting, meeting.chair, meeting.started_at + timedelta(hours=1))
    assert Minutes.objects.filter(meeting=meeting).count() == 1 and told(world, "member", "minutes_to_write") == 1
    minutes = sealed(world, Minutes.objects.get(pk=minutes.pk))
    assert "Contact" in [row["name"] for row in minutes.facts["absent"]] and minutes.facts["ended_at"]


def test_minutes_are_not_begun_before_the_meeting_is_open(world) -> None:
    meeting = sitting(world)
    Meeting.objects.filter(pk=meeting.pk).update(state="convened", started_at=None)
    with pytest.raises(RuleError, match="opened"):
        services.begin(meeting.parts.all(), by=world.user("member"))
    assert Minutes.objects.count() == 0


def test_the_list_of_attendance_stands_once_minutes_are_sealed(world) -> None:
    minutes = written(world)
    row = minutes.meeting.attendances.get(user=world.users["contact"])
    by, now = world.user("secretary"), timezone.now()
    assert meetings.call_roll(minutes.meeting, [row.pk], by=by, at=now) == 1
    minutes = sealed(world, Minutes.objects.get(pk=minutes.pk))
    with pytest.raises(RuleError, match="adding to the minutes"):
        meetings.undo_check_in(minutes.meeting, [row.pk], by=by, at=now)
    row.refresh_from_db()
    assert row.state == "present"


def test_two_confirm_the_same_in_two_languages(world) -> None:
    def results(meeting_ids):
        from django.utils.translation import gettext

        return [VoteFact(pk, "Admission", verdict=gettext("sealed")) for pk in meeting_ids]

    vote_sources.register(VoteSource("test", results))
    try:
        minutes = written(world)
        with override("zh-hans"):
            minutes = confirm(minutes, minutes.recorder)
        with override("en"):
            minutes = confirm(minutes, minutes.chair)
    finally:
        vote_sources.unregister("test")
    assert minutes.state == MinutesState.SEALED


# Several writers.


def form_of(minutes: Minutes, **fields: str) -> dict[str, str]:
    return {"version": str(minutes.version), "disclosure": "title", **WORDS, **fields}


def sent_version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


def test_a_draft_begun_before_anothers_change_never_writes_over_it(world) -> None:
    minutes = drafted(world)
    first = world.client("member")
    page = first.get(url("minutes-edit", minutes.pk)).content.decode()
    assert sent_version(page) == "1"
    written(world, minutes)  # somebody else saves
    # The open page goes on saving its draft, with the version it was begun from.
    save_draft(world.user("member"), f"minutes:{minutes.pk}", form_of(minutes, decisions="Mine"), version=0)
    Minutes.objects.filter(pk=minutes.pk).update(changed_by=world.users["secretary"])
    page = first.get(url("minutes-edit", minutes.pk)).content.decode()
    assert sent_version(page) == "1" and "Secretary changed these minutes" in page
    assert "Mine" in page and WORDS["decisions"] in page
    answer = first.post(url("minutes-edit", minutes.pk), form_of(minutes, decisions="Mine"))
    assert answer.status_code == 200 and "save once more" in answer.content.decode()
    assert Minutes.objects.get(pk=minutes.pk).decisions == WORDS["decisions"]
    again = form_of(minutes, decisions="Mine", version=sent_version(answer.content.decode()))
    assert first.post(url("minutes-edit", minutes.pk), again).status_code == 302
    assert Minutes.objects.get(pk=minutes.pk).decisions == "Mine"


def test_an_overtaken_draft_can_be_dropped(world) -> None:
    minutes = drafted(world)
    save_draft(world.user("member"), f"minutes:{minutes.pk}", form_of(minutes, decisions="Mine"), version=0)
    written(world, minutes)
    client = world.client("member")
    assert client.post(url("minutes-edit", minutes.pk), {"then": "drop"}).status_code == 302
    assert not Draft.objects.exists()
    page = client.get(url("minutes-edit", minutes.pk)).content.decode()
    assert "Mine" not in page and sent_version(page) == "2"


@pytest.mark.parametrize("version", ["0", "-1", "x", "9" * 30, "²", "3"])
def test_a_draft_that_does_not_say_its_version_is_of_today(world, version) -> None:
    minutes = drafted(world)
    save_draft(world.user("member"), f"minutes:{minutes.pk}", form_of(minutes, version=version), version=0)
    assert sent_version(world.client("member").get(url("minutes-edit", minutes.pk)).content.decode()) == "1"


def test_writing_after_a_confirmation_was_taken_back_is_told_of_it(world) -> None:
    minutes = written(world)
    version = minutes.version
    services.take_back(confirm(minutes, minutes.recorder), by=minutes.recorder)
    Minutes.objects.filter(pk=minutes.pk).update(changed_by=None, changed_at=None)
    with pytest.raises(services.WrittenOver):
        services.write(
            minutes, version=version, speeches=[], disclosure="title", by=world.user("secretary"), **WORDS
        )


def test_writers_are_told_of_each_other_without_a_word_of_the_text(world) -> None:
    minutes = drafted(world)
    now = timezone.now()
    save_draft(world.user("member"), f"minutes:{minutes.pk}", {"decisions": "Nobody else reads this"}, version=0)
    chair = world.client("secretary")
    text = chair.get(url("minutes-writers", minutes.pk) + "?version=1").content.decode()
    assert "Member is writing these minutes too" in text and "Nobody else" not in text
    assert "Member is writing" in chair.get(url("minutes-edit", minutes.pk)).content.decode()
    assert chair.get(url("minutes-writers", minutes.pk) + "?version=1").headers["Cache-Control"].count("no-store")
    Draft.objects.update(saved_at=now - timedelta(minutes=10))
    assert "is not saved into the minutes yet" in chair.get(url("minutes-writers", minutes.pk)).content.decode()
    Draft.objects.update(saved_at=now - timedelta(days=8))
    assert chair.get(url("minutes-writers", minutes.pk)).content.strip() == b""
    assert world.client("member").get(url("minutes-writers", minutes.pk)).content.strip() == b""


def test_writers_learn_that_the_minutes_were_saved_meanwhile(world) -> None:
    minutes = written(world)
    client = world.client("secretary")
    address = url("minutes-writers", minutes.pk)
    assert "Member changed the minutes" in client.get(f"{address}?version=1").content.decode()
    for version in ("2", "", "x", "99", "0" * 40):
        assert client.get(f"{address}?version={version}").content.strip() == b"", version


def test_a_draft_comes_back_with_its_rows_and_three_to_spare(world) -> None:
    minutes = drafted(world)
    rows = {f"{name}_{number}": "" for name in ("speaker", "gist") for number in range(8)}
    data = form_of(minutes, **rows) | {"gist_4": "Half a row"}
    save_draft(world.user("member"), f"minutes:{minutes.pk}", data, version=0)
    page = world.client("member").get(url("minutes-edit", minutes.pk)).content.decode()
    assert "Half a row" in page and 'name="gist_7"' in page and 'name="gist_8"' not in page


def test_a_row_for_a_further_speaker_is_offered_to_the_script(world) -> None:
    minutes = drafted(world)
    page = world.client("member").get(url("minutes-edit", minutes.pk)).content.decode()
    assert 'name="speaker___n__"' in page and 'name="gist___n__"' in page and 'data-most="60"' in page
