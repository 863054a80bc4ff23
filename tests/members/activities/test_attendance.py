"""Who was there: those who waited, those who just came, a list put right later; hours follow the list."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from members.activities import services
from members.activities.models import Activity, Enrolment
from portal.audit.models import AuditEntry
from portal.hours.models import HourEntry
from portal.notifications.models import Notice
from portal.web.refusals import RuleError


def desk(season, row, by="member"):
    return season.world.client(by).get(reverse("members:activities:activity-desk", args=[row.pk]))


def counted(row):
    return set(HourEntry.objects.standing().filter(key=str(row.pk)).values_list("person__name", flat=True))


def finished(season, row, *came):
    rows = Enrolment.objects.filter(activity=row, user__in=[season.user(name) for name in came])
    services.record_attendance(row, rows.values_list("pk", flat=True), by=row.author, now=season.begun(row))
    return services.finish(row, story="", by=row.author, now=season.over(row))


def test_whoever_waited_and_came_is_ticked_and_gets_the_hours(season):
    row = season.approved(limit=1)
    first, second = season.enrol(row, "author", "peer")
    season.enrol(row, "target")
    row = services.record_attendance(row, [first.pk, second.pk], by=row.author, now=season.begun(row))
    assert season.states(row) == {"author": "enrolled", "peer": "enrolled", "target": "waiting"}
    assert dict(Enrolment.objects.values_list("user__name", "attended")) == {
        "Author": True, "Peer": True, "Target": None,
    }  # fmt: skip
    services.finish(row, story="", by=row.author, now=season.over(row))
    assert counted(row) == {"Author", "Peer"}


def test_people_who_just_came_are_put_on_the_list(season):
    row = season.approved()
    season.enrol(row, "author", "peer")
    services.withdraw(row, season.user("peer"))
    came = [season.user(name) for name in ("peer", "target", "target")]
    row = services.record_attendance(row, [], more=came, by=row.author, now=season.begun(row))
    assert dict(Enrolment.objects.values_list("user__name", "attended")) == {
        "Author": False, "Peer": True, "Target": True,
    }  # fmt: skip
    assert len(set(Enrolment.objects.values_list("place", flat=True))) == 3
    assert AuditEntry.objects.filter(verb="activities.walked_in").count() == 2


def test_jurors_and_people_outside_are_not_put_on_the_list(season):
    row = season.approved(details=season.contest())
    came = [season.user(name) for name in ("contact", "stranger", "author")]
    with pytest.raises(RuleError) as refusal:
        services.record_attendance(row, [], more=came, by=row.author, now=season.begun(row))
    words = refusal.value.message_dict["more"]
    assert ["Contact" in words[0], "Stranger" in words[1], "Author" in "".join(words)] == [True, True, False]
    assert not Enrolment.objects.exists()
    assert Activity.objects.get().state == "approved"


def test_a_list_put_right_after_the_end_moves_the_hours(season):
    row = season.approved()
    season.enrol(row, "author", "peer")
    row = finished(season, row, "author")
    peer, target = Enrolment.objects.get(user=season.user("peer")), season.user("target")
    later = row.finished_at + timedelta(days=1)
    services.record_attendance(row, [peer.pk], more=[target], by=row.author, now=later)
    assert counted(row) == {"Peer", "Target"}
    assert HourEntry.objects.get(person=season.user("author")).annulled_words
    services.record_attendance(row, [peer.pk], by=row.author, now=later)
    assert counted(row) == {"Peer"}
    assert Activity.objects.get().state == "finished"
    with pytest.raises(RuleError, match="60 days"):
        services.record_attendance(row, [], by=row.author, now=row.finished_at + timedelta(days=61))
    assert counted(row) == {"Peer"}


def test_hours_annulled_by_hand_do_not_come_back_with_a_list_put_right(season):
    row = season.approved()
    season.enrol(row, "author", "peer")
    row = finished(season, row, "author", "peer")
    peer = HourEntry.objects.filter(person=season.user("peer"))
    peer.update(annulled_at=row.finished_at, annulled_words="Not there.")
    keys = Enrolment.objects.values_list("pk", flat=True)
    later = row.finished_at + timedelta(days=1)
    services.record_attendance(row, keys, more=[season.user("target")], by=row.author, now=later)
    assert counted(row) == {"Author", "Target"}


def test_the_desk_takes_ticks_of_the_queue_and_numbers_and_keeps_them_when_refused(season):
    row = season.approved(limit=1)
    first, second = season.enrol(row, "author", "peer")
    season.shift(row, days=7, minutes=1)
    page = desk(season, row)
    assert [(place.user.name, place.ticked) for place in [*page.context["enrolled"], *page.context["waiting"]]] == [
        ("Author", True), ("Peer", False),
    ]  # fmt: skip
    client, address = season.world.client("member"), reverse("members:activities:attendance", args=[row.pk])
    refused = client.post(address, {"present": [second.pk], "more": "nobody"})
    assert (refused.status_code, refused.context["form"].errors.keys()) == (422, {"more"})
    assert [place.ticked for place in [*refused.context["enrolled"], *refused.context["waiting"]]] == [False, True]
    outside = client.post(address, {"present": [second.pk], "more": season.user("stranger").number})
    assert (outside.status_code, outside.context["form"].errors.keys()) == (422, {"more"})
    assert not Enrolment.objects.filter(attended=True).exists()
    sent = {"present": [first.pk, second.pk], "more": season.user("target").number}
    assert client.post(address, sent).status_code == 302
    assert Enrolment.objects.filter(attended=True).count() == 3


def test_scores_are_closed_without_those_who_did_not_end(season):
    row = season.approved(details=season.contest())
    season.enrol(row, "author", "peer")
    works = [services.contribute(row, season.user(name), title=name) for name in ("author", "peer")]
    criteria = list(row.criteria.values_list("pk", flat=True))
    begun = season.begun(row)
    whole = {(work.pk, criterion): 5 + place for place, work in enumerate(works) for criterion in criteria}
    services.score(row, season.user("contact"), whole, now=begun)
    services.score(row, season.user("secretary"), {(works[0].pk, criteria[0]): 10}, now=begun)
    with pytest.raises(RuleError, match="Secretary"):
        services.close_scores(row, by=row.author, now=begun)
    services.close_scores(row, leave_out=True, by=row.author, now=begun)
    assert list(row.contributions.order_by("pk").values_list("score", "rank")) == [(1000, 2), (1200, 1)]


def test_a_contest_whose_jury_never_came_can_be_ended(season):
    row = season.approved(details=season.contest())
    season.enrol(row, "author")
    services.contribute(row, season.user("author"), title="Mine")
    season.shift(row, days=8)
    client = season.world.client("member")
    client.post(reverse("members:activities:attendance", args=[row.pk]), {"present": []})
    close = reverse("members:activities:scores-close", args=[row.pk])
    assert b"No juror has scored yet" in client.post(close, follow=True).content
    client.post(close, {"leave_out": "on"})
    client.post(reverse("members:activities:activity-finish", args=[row.pk]), {"story": ""})
    row.refresh_from_db()
    assert (row.state, row.contributions.get().rank) == ("finished", None)
    assert client.get(reverse("members:activities:results", args=[row.pk])).status_code == 200


def test_teams_are_changed_until_it_begins(season):
    row = season.approved(details=season.contest(team_size=2))
    season.enrol(row, "author", "peer", team="Two")
    season.enrol(row, "target")
    services.contribute(row, season.user("target"), title="Alone")
    services.contribute(row, season.user("author"), title="Ours")
    with pytest.raises(RuleError, match="full"):
        services.change_team(row, season.user("target"), team="Two")
    assert row.contributions.count() == 2
    services.change_team(row, season.user("peer"), team="")
    services.change_team(row, season.user("target"), team="Two")
    assert list(row.contributions.values_list("title", flat=True)) == ["Ours"]
    services.change_team(row, season.user("author"), team="Three")
    services.change_team(row, season.user("target"), team="Three")
    assert (list(row.teams.values_list("name", flat=True)), row.contributions.count()) == (["Three"], 0)
    with pytest.raises(RuleError, match="begun"):
        services.change_team(row, season.user("peer"), team="Three", now=season.begun(row))
    page = season.world.client("peer").get(row.get_absolute_url())
    assert "Change my team" in [action["label"] for action in page.context["actions"]]
    sent = season.world.client("peer").post(reverse("members:activities:team-change", args=[row.pk]), {"team": "Three"})
    assert sent.context["form"].errors.keys() == {"team"}


def test_an_activity_is_put_off_and_everybody_concerned_is_told(season):
    row = season.approved(limit=2)
    season.enrol(row, "author", "peer", "target")
    begins, ends, closes = row.begins_at, row.ends_at, row.enrol_until
    services.adjust(
        row, place=row.place, online_url="", limit=3, begins_at=begins + timedelta(days=7),
        ends_at=ends + timedelta(days=7), by=row.author,
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.begins_at, row.enrol_until) == (begins + timedelta(days=7), closes + timedelta(days=7))
    assert season.states(row) == {"author": "enrolled", "peer": "enrolled", "target": "enrolled"}
    told = set(Notice.objects.filter(message__kind="activity_moved").values_list("recipient__name", flat=True))
    assert {"Author", "Peer", "Target"} < told
    assert "Member" not in told
    for wrong in (season.now - timedelta(days=1), season.now + timedelta(days=800)):
        with pytest.raises(RuleError, match="begins"):
            services.adjust(
                row, place=row.place, online_url="", limit=3, begins_at=wrong, ends_at=wrong + timedelta(hours=1),
                by=row.author,
            )  # fmt: skip
    with pytest.raises(ValidationError, match="after the beginning"):
        services.adjust(
            row, place=row.place, online_url="", limit=3, ends_at=row.begins_at - timedelta(hours=1), by=row.author
        )


def test_another_like_an_earlier_one_begins_with_its_words(season):
    row = season.shift(season.approved(limit=12, place="West gate"), days=30)
    client, address = season.world.client("member"), reverse("members:activities:activity-create")
    initial = client.get(address, {"like": row.pk}).context["form"].initial
    assert (initial["title"], initial["limit"], initial["place"]) == ("Sweeping snow", 12, "West gate")
    assert "version" not in initial
    plain = client.get(address).context["form"].initial
    assert "title" not in plain
    for odd in ("abc", str(2**63), "1_2", ""):
        assert client.get(address, {"like": odd}).status_code == 200
    assert client.get(address, {"like": "0"}).status_code == 404
    assert season.world.client("stranger").get(address, {"like": row.pk}).status_code == 404


def test_of_two_who_record_the_list_the_second_learns_of_the_first(season):
    row = season.shift(season.approved(), days=7, minutes=1)
    for name in ("author", "peer"):
        Enrolment.objects.create(
            activity=row, user=season.user(name), state="enrolled", place=season.user(name).pk, enrolled_at=season.now
        )
    author, peer = Enrolment.objects.order_by("user__name")
    seen = desk(season, row, "secretary").context["sign"]
    member, address = season.world.client("member"), reverse("members:activities:attendance", args=[row.pk])
    assert member.post(address, {"present": [author.pk], "more": season.user("target").number, "seen": seen}).url
    late = season.world.client("secretary").post(address, {"present": [author.pk, peer.pk], "seen": seen})
    assert (late.status_code, "has changed" in late.context["form"].non_field_errors()[0]) == (422, True)
    shown = {place.user.name: place.ticked for place in late.context["enrolled"]}
    assert shown == {"Author": True, "Peer": False, "Target": True}
    again = {"present": [author.pk, peer.pk], "seen": late.context["sign"]}
    assert season.world.client("secretary").post(address, again).status_code == 302
    assert set(Enrolment.objects.filter(attended=True).values_list("user__name", flat=True)) == {"Author", "Peer"}
