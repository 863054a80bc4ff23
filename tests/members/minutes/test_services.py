"""Minutes are drafted, written, confirmed by two, sealed, and never changed after that."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from members.meetings.models import AgendaItem, Attendance, Meeting, MeetingKind, MeetingPart
from members.minutes import services, signals
from members.minutes.models import Addendum, Chain, Minutes, MinutesState, Readers, Resolution
from members.minutes.queries.content import check_chain
from members.minutes.rules import Fault, VoteFact
from members.minutes.sources import VoteSource, vote_sources
from portal.access.policy import may
from portal.access.rights import forget_rights
from portal.accounts.models import User
from portal.audit.models import AuditEntry
from portal.files.services import store
from portal.notifications.models import Notice
from portal.organizations.duties import Post
from portal.organizations.services import appoint
from portal.search.models import SearchEntry
from portal.spaces.models import StreamEntry
from portal.web.refusals import RuleError
from tests.portal.files.samples import picture, upload

from .way import WORDS, attendance, confirm, drafted, held, sealed, written

pytestmark = pytest.mark.django_db


def told(user: User, kind: str) -> int:
    return Notice.objects.filter(recipient=user, message__kind=kind).count()


def test_draft_begins_as_the_sitting_ends(world) -> None:
    minutes = drafted(world)
    assert (minutes.state, minutes.title, minutes.kind) == ("draft", "Congress of the term", "branch_congress")
    assert minutes.facts["place"] == "Room 101"
    assert sorted(minutes.facts["present_names"]) == ["Member", "Probationary", "Secretary"]
    assert minutes.facts["probationary_present"] == ["Probationary"]
    assert [row["title"] for row in minutes.facts["agenda"]] == ["The plan for the term"]
    assert "Contact" in [row["name"] for row in minutes.facts["absent"]]
    assert told(minutes.recorder, "minutes_to_write") == 1


def test_each_kind_of_a_sitting_has_minutes_of_its_own(world) -> None:
    kinds = [MeetingKind.BRANCH_CONGRESS, MeetingKind.BRANCH_COMMITTEE, MeetingKind.DEMOCRATIC_APPRAISAL]
    meeting = held(world, kinds=kinds, recorder="member")
    rows = {row.kind: row for row in Minutes.objects.filter(meeting=meeting)}
    assert {kind: row.readers for kind, row in rows.items()} == {
        "branch_congress": Readers.CIRCLE,
        "branch_committee": Readers.COMMITTEE,
        "democratic_appraisal": Readers.KEEPERS,
    }
    # The committee sat within the congress: of those who were there only its own count.
    assert rows["branch_committee"].facts["present_names"] == ["Secretary"]
    assert rows["branch_congress"].facts["present"] == 3
    assert rows["democratic_appraisal"].disclosure == "none"


def test_begin_again_adds_nothing(world) -> None:
    meeting = held(world)
    assert services.begin(meeting.parts.all(), by=None) == []
    assert Minutes.objects.filter(meeting=meeting).count() == 1


def test_begin_refuses_a_meeting_that_has_not_ended(world) -> None:
    meeting = held(world)
    other = Meeting.objects.create(
        organization=world.branch, title="To come", planned_at=timezone.now() + timedelta(days=1),
        planned_until=timezone.now() + timedelta(days=1, hours=1), chair=world.users["secretary"],
        recorder=world.users["member"], code_secret=b"1" * 32,
    )  # fmt: skip
    part = MeetingPart.objects.create(meeting=other, kind=MeetingKind.BRANCH_CONGRESS, number=1)
    with pytest.raises(RuleError):
        services.begin([part, *meeting.parts.all()], by=None)
    assert Minutes.objects.count() == 1


def test_votes_come_from_whoever_counts_them(world) -> None:
    def results(meeting_ids):
        return [VoteFact(pk, "Admission", due=5, present=3, yes=3, passed=True) for pk in meeting_ids]

    vote_sources.register(VoteSource("test", results))
    try:
        minutes = drafted(world)
    finally:
        vote_sources.unregister("test")
    assert [(row["title"], row["yes"], row["passed"]) for row in minutes.facts["votes"]] == [("Admission", 3, True)]


def test_write_refuses_the_version_of_another(world) -> None:
    first = drafted(world)
    written(world, first)
    with pytest.raises(services.WrittenOver) as refusal:
        services.write(
            first, version=first.version, speeches=[], disclosure="title", by=world.user("secretary"),
            decisions="Something else", dissent="", remarks="",
        )  # fmt: skip
    assert refusal.value.minutes.decisions == WORDS["decisions"]
    assert "Member" in refusal.value.messages[0]
    assert Minutes.objects.get(pk=first.pk).decisions == WORDS["decisions"]


def test_write_without_a_change_keeps_confirmations(world) -> None:
    minutes = written(world)
    confirm(minutes, minutes.recorder)
    written(world, Minutes.objects.get(pk=minutes.pk))
    assert Minutes.objects.get(pk=minutes.pk).state == MinutesState.CONFIRMED


@pytest.mark.parametrize(
    "speeches",
    [
        [{"person": "", "gist": "Words"}],
        [{"person": "Member", "gist": ""}],
        [{"person": "Member", "gist": "x" * 4001}],
        [{"person": "Member", "gist": "x"}] * 61,
    ],
)
def test_write_refuses_speeches_of_nobody_empty_and_endless(world, speeches) -> None:
    minutes = drafted(world)
    with pytest.raises(RuleError):
        services.write(minutes, version=1, speeches=speeches, disclosure="title", by=minutes.recorder, **WORDS)
    assert Minutes.objects.get(pk=minutes.pk).speeches == []


def test_write_refuses_a_disclosure_that_does_not_exist(world) -> None:
    minutes = drafted(world)
    with pytest.raises(ValidationError):
        services.write(minutes, version=1, speeches=[], disclosure="all", by=minutes.recorder, **WORDS)


def test_two_confirmations_seal(world) -> None:
    heard = []

    def hear(sender, minutes, by, **kwargs):
        heard.append(minutes.pk)

    signals.sealed.connect(hear)
    minutes = written(world)
    minutes = confirm(minutes, minutes.recorder)
    assert (minutes.state, minutes.digest) == (MinutesState.CONFIRMED, "")
    assert told(minutes.chair, "minutes_to_confirm") == 1
    minutes = confirm(minutes, minutes.chair)
    signals.sealed.disconnect(hear)
    minutes = Minutes.objects.get(pk=minutes.pk)
    assert (minutes.state, minutes.number, minutes.prev_digest) == (MinutesState.SEALED, 1, "")
    assert len(minutes.digest) == 64
    assert minutes.facts["confirmed"] == {"chair": "Secretary", "recorder": "Member"}
    assert heard == [minutes.pk]
    assert AuditEntry.objects.filter(verb="minutes.sealed").get().changes["digest"] == ["", minutes.digest]


def test_nobody_confirms_twice_nor_for_others(world) -> None:
    minutes = confirm(written(world), world.user("member"))
    for name, words in (("member", "already"), ("contact", "neither"), ("probationary", "neither")):
        with pytest.raises(RuleError, match=words):
            confirm(minutes, world.user(name))
    assert Minutes.objects.get(pk=minutes.pk).state == MinutesState.CONFIRMED


def test_who_chaired_and_recorded_needs_another_of_the_committee(world) -> None:
    minutes = written(world, recorder="secretary")
    minutes = confirm(minutes, world.user("secretary"))
    with pytest.raises(RuleError):
        confirm(minutes, world.user("secretary"))
    with pytest.raises(RuleError):
        confirm(minutes, world.user("contact"))
    appoint(world.user("contact"), world.branch, Post.COMMITTEE_MEMBER, on=world.since, by=None)
    contact = world.user("contact")
    assert may(contact, "confirm", minutes) and may(contact, "view", minutes)
    assert confirm(minutes, contact).is_sealed


def test_the_rest_of_the_committee_is_asked_where_one_person_was_both(world) -> None:
    appoint(world.user("contact"), world.branch, Post.COMMITTEE_MEMBER, on=world.since, by=None)
    confirm(written(world, recorder="secretary"), world.user("secretary"))
    assert [told(world.users[name], "minutes_to_confirm") for name in ("contact", "secretary", "college")] == [1, 0, 0]


def test_empty_minutes_are_not_confirmed(world) -> None:
    minutes = drafted(world)
    with pytest.raises(RuleError, match="say nothing"):
        confirm(minutes, minutes.recorder)


def test_confirm_wants_what_was_seen(world) -> None:
    minutes = written(world)
    with pytest.raises(RuleError, match="have changed"):
        services.confirm(minutes, seen="something else", by=minutes.recorder)


def test_a_change_withdraws_the_confirmation(world) -> None:
    minutes = confirm(written(world), world.user("member"))
    services.write(
        minutes, version=minutes.version, speeches=[], disclosure="title", by=world.user("secretary"),
        decisions="The plan is adopted with one change.", dissent="", remarks="",
    )  # fmt: skip
    minutes = Minutes.objects.get(pk=minutes.pk)
    assert (minutes.state, minutes.recorder_confirmed_by) == (MinutesState.DRAFT, None)
    assert told(world.users["member"], "minutes_withdrawn") == 1


def test_a_corrected_attendance_withdraws_the_first_confirmation(world) -> None:
    minutes = confirm(written(world), world.user("member"))
    Attendance.objects.filter(meeting=minutes.meeting_id, user=world.users["contact"]).update(
        state="made_up", made_up_words="Read the minutes"
    )
    minutes = confirm(minutes, world.user("secretary"))
    assert (minutes.state, minutes.recorder_confirmed_by_id) == (MinutesState.CONFIRMED, None)
    assert told(world.users["member"], "minutes_withdrawn") == 1
    assert confirm(minutes, world.user("member")).is_sealed


def test_a_confirmation_is_taken_back(world) -> None:
    minutes = confirm(written(world), world.user("member"))
    with pytest.raises(RuleError):
        services.take_back(minutes, by=world.user("secretary"))
    assert services.take_back(minutes, by=world.user("member")).state == MinutesState.DRAFT


# Every way to change what is sealed.
def by_services(minutes: Minutes, world) -> None:
    services.write(
        minutes, version=minutes.version, speeches=[], disclosure="title", by=minutes.recorder, **WORDS
    )


def by_save(minutes: Minutes, world) -> None:
    minutes.decisions = "Something else"
    minutes.save()


def by_update(minutes: Minutes, world) -> None:
    Minutes.objects.filter(pk=minutes.pk).update(decisions="Something else")


def by_bulk_update(minutes: Minutes, world) -> None:
    minutes.remarks = "Something else"
    Minutes.objects.bulk_update([minutes], ["remarks"])


def by_delete(minutes: Minutes, world) -> None:
    minutes.delete()


def by_queryset_delete(minutes: Minutes, world) -> None:
    Minutes.objects.filter(pk=minutes.pk)._raw_delete("default")


def by_sql(minutes: Minutes, world) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE minutes_minutes SET state = 'draft' WHERE id = %s", [minutes.pk])


def by_sql_delete(minutes: Minutes, world) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM minutes_minutes WHERE id = %s", [minutes.pk])


def by_replacing(minutes: Minutes, world) -> None:
    minutes.decisions = "Something else"
    minutes.save(force_insert=True)


def by_deleting_the_meeting(minutes: Minutes, world) -> None:
    minutes.meeting.delete()


def by_deleting_the_part(minutes: Minutes, world) -> None:
    minutes.part.delete()


def by_resolving(minutes: Minutes, world) -> None:
    services.resolve(
        minutes, words="Later", owner=minutes.recorder, due_on=timezone.localdate(), by=minutes.recorder
    )


def by_file(minutes: Minutes, world) -> None:
    services.add_files(minutes, [store(upload("p.jpg", picture()), kind="image", by=minutes.recorder)],
                       by=minutes.recorder)  # fmt: skip


def by_shrinking_the_chain(minutes: Minutes, world) -> None:
    Chain.objects.filter(organization=minutes.organization).update(number=0, head="")


def by_removing_the_chain(minutes: Minutes, world) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM minutes_chain WHERE organization_id = %s", [minutes.organization_id])


@pytest.mark.parametrize(
    "change",
    [
        by_services, by_save, by_update, by_bulk_update, by_delete, by_queryset_delete, by_sql, by_sql_delete,
        by_replacing, by_deleting_the_meeting, by_deleting_the_part, by_resolving, by_file, by_shrinking_the_chain,
        by_removing_the_chain,
    ],
)  # fmt: skip
def test_sealed_minutes_are_changed_by_nobody(world, change, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    minutes = sealed(world)
    before = Minutes.objects.filter(pk=minutes.pk).values().get()
    with pytest.raises((DatabaseError, RuleError, ProtectedError)), transaction.atomic():
        change(Minutes.objects.get(pk=minutes.pk), world)
    assert Minutes.objects.filter(pk=minutes.pk).values().get() == before
    assert check_chain(minutes.organization).holds


def test_what_is_not_sealed_can_be_given_up_by_the_database(world) -> None:
    minutes = written(world)
    Minutes.objects.filter(pk=minutes.pk).update(remarks="Changed")
    assert Minutes.objects.get(pk=minutes.pk).remarks == "Changed"


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "sealed"},
        {"state": "confirmed"},
        {"digest": "x"},
        {"number": 7},
        {"kind": "picnic"},
        {"readers": "everybody"},
        {"disclosure": "all"},
        {"state": "done"},
        {"chair_confirmed_at": timezone.now()},
    ],
)
def test_half_a_state_is_refused_by_the_database(world, fields) -> None:
    minutes = drafted(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Minutes.objects.filter(pk=minutes.pk).update(**fields)


def test_one_person_for_both_sides_is_refused_by_the_database(world) -> None:
    minutes, now = drafted(world), timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        Minutes.objects.filter(pk=minutes.pk).update(
            state="sealed", chair_confirmed_by=minutes.chair_id, chair_confirmed_at=now, sealed_at=now, number=1,
            recorder_confirmed_by=minutes.chair_id, recorder_confirmed_at=now, digest="x",
        )  # fmt: skip


def test_an_addendum_is_a_link_of_the_chain_and_immutable(world) -> None:
    minutes = sealed(world)
    row = services.add(minutes, words="Present were five.", reason="Miscounted.", by=minutes.recorder)
    later = sealed(world, days_ago=2, title="Later")
    assert (row.number, row.prev_digest, later.number, later.prev_digest) == (2, minutes.digest, 3, row.digest)
    assert check_chain(world.branch).checked == 3
    for change in (
        lambda: Addendum.objects.filter(pk=row.pk).update(words="Four"),
        lambda: Addendum.objects.filter(pk=row.pk)._raw_delete("default"),
        lambda: row.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert told(minutes.chair, "minutes_added_to") == 1


def test_nothing_is_added_to_what_is_not_sealed_nor_without_words(world) -> None:
    with pytest.raises(RuleError):
        services.add(written(world), words="More", reason="Why", by=world.user("member"))
    minutes = sealed(world, days_ago=2)
    for words, reason in (("", "Why"), ("More", " "), ("\0", "Why")):
        with pytest.raises(RuleError):
            services.add(minutes, words=words, reason=reason, by=world.user("member"))


def test_branches_have_chains_of_their_own(world) -> None:
    here = sealed(world)
    there = sealed(world, chair="neighbor", recorder="neighbor_two", node=world.sibling, came=("neighbor",)) if (
        "neighbor_two" in world.users
    ) else None
    assert here.number == 1 and there is None
    assert check_chain(world.sibling).checked == 0


def lift_guards() -> None:
    from importlib import import_module


    guard = import_module("members.minutes.migrations.0002_sealed")
    with connection.cursor() as cursor:
        for statement in guard.REMOVE[connection.vendor]:
            cursor.execute(statement)


def test_checking_finds_what_was_changed_behind_the_database(world) -> None:
    minutes, later = sealed(world), sealed(world, days_ago=2, title="Later")
    assert check_chain(world.branch).checked == 2
    lift_guards()
    Minutes.objects.filter(pk=minutes.pk).update(decisions="Something else")
    verdict = check_chain(world.branch)
    assert (verdict.fault, verdict.at, verdict.label) == (Fault.CHANGED, 1, minutes.title)
    Minutes.objects.filter(pk=minutes.pk).update(decisions=minutes.decisions)
    assert check_chain(world.branch).holds
    Minutes.objects.filter(pk=later.pk)._raw_delete("default")
    assert check_chain(world.branch).fault == Fault.CUT
    Minutes.objects.filter(pk=minutes.pk)._raw_delete("default")
    assert check_chain(world.branch).fault == Fault.CUT


def test_files_are_sealed_with_the_minutes(world, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    minutes = written(world)
    file = store(upload("photo.jpg", picture()), kind="image", by=minutes.recorder)
    minutes = services.add_files(minutes, [file], by=minutes.recorder)
    minutes = confirm(confirm(minutes, minutes.recorder), minutes.chair)
    assert [row["sha256"] for row in minutes.facts["files"]] == [file.sha256]
    assert check_chain(world.branch).holds
    with pytest.raises(RuleError):
        services.remove_file(minutes, file, by=minutes.recorder)
    minutes.files.all()._raw_delete("default")
    assert check_chain(world.branch).fault == Fault.FILES


def test_a_file_is_taken_out_before_the_seal(world, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    minutes = confirm(written(world), world.user("member"))
    file = store(upload("photo.jpg", picture()), kind="image", by=minutes.recorder)
    minutes = services.add_files(minutes, [file], by=minutes.recorder)
    assert minutes.state == MinutesState.DRAFT
    other = drafted(world, days_ago=2)
    with pytest.raises(RuleError):
        services.remove_file(other, file, by=minutes.recorder)
    services.remove_file(minutes, file, by=minutes.recorder)
    assert minutes.files.count() == 0


@pytest.mark.parametrize(("disclosure", "entries"), [("none", 0), ("title", 1), ("full", 1)])
def test_the_space_is_told_as_far_as_minutes_are_disclosed(world, disclosure, entries) -> None:
    minutes = drafted(world)
    minutes = services.write(
        minutes, version=1, speeches=[], disclosure=disclosure, by=minutes.recorder, **WORDS
    )
    confirm(confirm(minutes, minutes.recorder), minutes.chair)
    assert StreamEntry.objects.filter(key=f"minutes.sealed:{minutes.pk}").count() == entries


def test_what_the_space_tells_of_leads_everybody_somewhere(world) -> None:
    minutes = drafted(world, kinds=["branch_committee"], recorder="secretary", came=("secretary",))
    minutes = services.write(minutes, version=1, speeches=[], disclosure="title", by=minutes.recorder, **WORDS)
    appoint(world.user("member"), world.branch, Post.ORGANIZATION_COMMISSIONER, on=timezone.localdate(), by=None)
    confirm(confirm(minutes, minutes.chair), world.user("member"))
    entry = StreamEntry.objects.get(key=f"minutes.sealed:{minutes.pk}")
    answer = world.client("secretary").get(entry.url)
    assert answer.status_code == 302 and answer.headers["Location"] == minutes.get_absolute_url()
    page = world.client("contact").get(entry.url)
    assert page.status_code == 200 and b"You were not asked to come" in page.content
    assert WORDS["decisions"].encode() not in page.content
    assert world.client("contact").get(minutes.get_absolute_url()).status_code == 404
    for name in ("neighbor", "outsider"):
        assert world.client(name).get(entry.url).status_code == 404, name
    lift_guards()
    Minutes.objects.filter(pk=minutes.pk).update(disclosure="none")
    assert world.client("contact").get(entry.url).status_code == 404


def test_only_what_is_sealed_is_found(world, django_capture_on_commit_callbacks) -> None:
    from members.minutes.finding import CODE
    from portal.extensions.registry import search_sources
    from portal.search.services import index

    minutes = written(world)
    source = search_sources.get(CODE)
    index(source, [minutes.pk])
    assert SearchEntry.objects.filter(source=CODE).count() == 0
    with django_capture_on_commit_callbacks(execute=True):
        minutes = confirm(confirm(minutes, minutes.recorder), minutes.chair)
    index(source, [minutes.pk])
    entry = SearchEntry.objects.get(source=CODE)
    assert "reading group" in entry.text and "Contact" not in entry.text


def test_who_reads(world) -> None:
    minutes = sealed(world)
    # Asked to come, there or not; whoever keeps or sees the meetings above; nobody else.
    for name, reads in (
        ("secretary", True), ("member", True), ("contact", True), ("probationary", True), ("college", True),
        ("committee", True), ("neighbor", False), ("stranger", False), ("applicant", False), ("outsider", False),
        ("retired", True), ("admin", False), ("auditor", False),
    ):  # fmt: skip
        assert may(world.user(name), "view", minutes) is reads, name


def test_who_reads_what_is_not_sealed(world) -> None:
    minutes = written(world)
    for name, reads in (("secretary", True), ("member", True), ("contact", False), ("college", True)):
        assert may(world.user(name), "view", minutes) is reads, name


def test_who_reads_a_committee_and_an_appraisal_within_a_congress(world) -> None:
    appoint(world.user("contact"), world.branch, Post.COMMITTEE_MEMBER, on=world.since, by=None)
    kinds = [MeetingKind.BRANCH_CONGRESS, MeetingKind.BRANCH_COMMITTEE, MeetingKind.DEMOCRATIC_APPRAISAL]
    meeting = held(world, kinds=kinds)
    rows = {
        row.kind: sealed(world, row) for row in Minutes.objects.filter(meeting=meeting).select_related("recorder")
    }
    seen = {
        kind: {name for name in ("contact", "probationary", "secretary") if may(world.user(name), "view", row)}
        for kind, row in rows.items()
    }
    assert seen == {
        "branch_congress": {"contact", "probationary", "secretary"},
        "branch_committee": {"contact", "secretary"},
        "democratic_appraisal": {"secretary"},
    }


def test_disclosed_in_full_members_of_the_branch_read(world) -> None:
    kinds = [MeetingKind.BRANCH_COMMITTEE]
    minutes = drafted(world, kinds=kinds, recorder="secretary", came=("secretary",))
    assert not Attendance.objects.filter(meeting=minutes.meeting, user=world.users["member"]).exists()
    minutes = services.write(minutes, version=1, speeches=[], disclosure="full", by=minutes.recorder, **WORDS)
    appoint(world.user("contact"), world.branch, Post.COMMITTEE_MEMBER, on=world.since, by=None)
    forget_rights(minutes.chair)
    minutes = confirm(confirm(minutes, minutes.chair), world.user("contact"))
    assert may(world.user("member"), "view", minutes)
    assert not may(world.user("applicant"), "view", minutes)
    assert not may(world.user("neighbor"), "view", minutes)


def test_open_resolutions_come_first_at_the_next_meeting(world) -> None:
    minutes = drafted(world, days_ago=10)
    for words in ("Buy books", "Visit the museum"):
        services.resolve(
            minutes, words=words, owner=world.user("member"), due_on=timezone.localdate(), by=minutes.recorder
        )
    done = Resolution.objects.get(words="Visit the museum")
    services.close(done, state="done", words="", by=world.user("secretary"), on=minutes.held_on)
    meeting = held(world, days_ago=3, title="Next")
    first = AgendaItem.objects.filter(meeting=meeting).order_by("number").first()
    assert first.number == 0 and "Buy books" in first.words and "museum" not in first.words
    later = Minutes.objects.get(meeting=meeting)
    assert [row["words"] for row in later.facts["earlier"]] == ["Buy books"]
    assert [row["words"] for row in minutes.resolutions.order_by("pk").values("words")] == [
        "Buy books", "Visit the museum"
    ]  # fmt: skip


def test_a_meeting_without_open_resolutions_keeps_its_agenda(world) -> None:
    meeting = held(world)
    assert not AgendaItem.objects.filter(meeting=meeting, number=0).exists()


def test_attendance_way_finds_rows(world) -> None:
    minutes = drafted(world)
    assert attendance(minutes, world.users["member"]).state == "present"
