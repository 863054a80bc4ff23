"""The pages of minutes: what they show to whom, what bad input meets, and that their statements do not grow."""

import re
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.meetings.models import Attendance, Meeting, MeetingPart
from members.minutes import services
from members.minutes.finding import CODE
from members.minutes.models import Minutes, MinutesState, Resolution
from members.minutes.papers import draw_volume
from members.minutes.queries import finding
from members.minutes.queries.content import check_chain
from members.minutes.queries.finding import Wanted, found, readable
from members.minutes.queries.volumes import volume_of, years_of
from members.minutes.work import minutes_to_finish, my_resolutions
from portal.access.policy import scope
from portal.audit.models import AuditEntry
from portal.drafts.models import Draft
from portal.extensions.registry import search_sources
from portal.notifications.models import Notice
from portal.search.services import index
from portal.web.refusals import RuleError
from tests.world import CAST

from .test_services import lift_guards
from .way import WORDS, confirm, drafted, held, sealed, written

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"members:minutes:{name}", args=args)


def form_of(minutes: Minutes, **fields: str) -> dict[str, str]:
    return {"version": str(minutes.version), "disclosure": "title", **WORDS, **fields}


def test_minutes_edit_saves_and_keeps_the_speeches_in_order(world) -> None:
    minutes = drafted(world)
    client = world.client("member")
    page = client.get(url("minutes-edit", minutes.pk))
    assert b"speaker_2" in page.content and b"speaker_3" not in page.content
    sent = form_of(minutes, speaker_0="Secretary", gist_0="Read the plan.", speaker_2="Member", gist_2="Agreed.")
    assert client.post(url("minutes-edit", minutes.pk), sent).status_code == 302
    minutes.refresh_from_db()
    assert [row["person"] for row in minutes.speeches] == ["Secretary", "Member"]
    page = client.get(url("minutes-edit", minutes.pk))
    assert b"Read the plan." in page.content and b"speaker_4" in page.content


@pytest.mark.parametrize(
    "fields",
    [
        {"version": "x"}, {"version": ""}, {"version": "0"}, {"version": "9" * 40}, {"disclosure": "all"},
        {"speaker_0": "", "gist_0": "Words of nobody"}, {"speaker_0": "Somebody", "gist_0": ""},
        {"decisions": "x" * 20_001},
    ],
)  # fmt: skip
def test_minutes_edit_refuses_what_it_cannot_read_and_keeps_what_was_typed(world, fields) -> None:
    minutes = drafted(world)
    sent = form_of(minutes, remarks="What I typed") | fields
    page = world.client("member").post(url("minutes-edit", minutes.pk), sent)
    assert page.status_code == 200 and b"What I typed" in page.content
    assert Minutes.objects.get(pk=minutes.pk).version == 1
    assert Draft.objects.get(user=world.users["member"]).data["remarks"] == "What I typed"


def test_minutes_edit_tells_the_second_of_two_writers(world) -> None:
    minutes = drafted(world)
    first, second = world.client("member"), world.client("secretary")
    assert first.post(url("minutes-edit", minutes.pk), form_of(minutes, remarks="First")).status_code == 302
    page = second.post(url("minutes-edit", minutes.pk), form_of(minutes, remarks="Second"))
    assert page.status_code == 200
    text = page.content.decode()
    assert "Member changed these minutes" in text and "Second" in text
    version = re.search(r'name="version" value="(\d+)"', text)
    assert version and version[1] == "2"
    again = form_of(minutes, remarks="Second", version="2")
    assert second.post(url("minutes-edit", minutes.pk), again).status_code == 302
    assert Minutes.objects.get(pk=minutes.pk).remarks == "Second"


def test_minutes_confirm_by_both_seals(world) -> None:
    minutes = written(world)
    for name in ("member", "secretary"):
        client = world.client(name)
        page = client.get(url("minutes-confirm", minutes.pk))
        seen = re.search(r'name="seen" value="([0-9a-f]+)"', page.content.decode())
        assert seen and client.post(url("minutes-confirm", minutes.pk), {"seen": seen[1]}).status_code == 302
    minutes.refresh_from_db()
    assert minutes.state == MinutesState.SEALED
    page = world.client("contact").get(url("minutes-detail", minutes.pk)).content.decode()
    assert minutes.digest in page and "What stands here has the digest it was sealed with" in page


def test_minutes_confirm_shows_anew_what_changed_meanwhile(world) -> None:
    minutes = written(world)
    client = world.client("secretary")
    page = client.post(url("minutes-confirm", minutes.pk), {"seen": "0" * 20})
    assert page.status_code == 200 and b"have changed since you opened them" in page.content
    assert f'value="{services.shown(minutes, services.facts_now(minutes))}"' in page.content.decode()
    assert Minutes.objects.get(pk=minutes.pk).state == MinutesState.DRAFT


def test_sealed_minutes_offer_no_page_to_change_them(world) -> None:
    minutes = sealed(world)
    client = world.client("member")
    for name in ("minutes-edit", "files-add", "minutes-confirm", "resolution-create"):
        assert client.get(url(name, minutes.pk)).status_code == 409, name
        assert client.post(url(name, minutes.pk), form_of(minutes)).status_code == 409, name
    page = client.get(minutes.get_absolute_url()).content.decode()
    assert url("minutes-edit", minutes.pk) not in page and url("addendum-create", minutes.pk) in page
    page = world.client("contact").get(minutes.get_absolute_url()).content.decode()
    assert url("addendum-create", minutes.pk) not in page


def test_addendum_stands_below_the_sealed_text(world) -> None:
    minutes = sealed(world)
    client = world.client("secretary")
    assert client.post(url("addendum-create", minutes.pk), {"words": "", "reason": "x"}).status_code == 200
    sent = {"words": "Present were five.", "reason": "Miscounted."}
    assert client.post(url("addendum-create", minutes.pk), sent).status_code == 302
    page = world.client("contact").get(minutes.get_absolute_url()).content.decode()
    assert "Present were five." in page and "Miscounted." in page


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_paper_is_sent_and_kept_in_the_trail(world, form) -> None:
    minutes = sealed(world)
    services.add(minutes, words="补充说明", reason="笔误", by=world.user("member"))
    answer = world.client("contact").post(url("minutes-paper", minutes.pk, form))
    assert answer.status_code == 200
    if form == "pdf":
        assert answer.content.startswith(b"%PDF")
    else:
        text = ZipFile(BytesIO(answer.content)).read("word/document.xml").decode()
        for words in ("党支部党员大会会议记录", "The plan for the term is adopted.", minutes.digest, "补充说明"):
            assert words in text
    assert AuditEntry.objects.filter(verb="minutes.paper.exported", by=world.users["contact"]).count() == 1


@pytest.mark.parametrize("form", ["exe", "xlsx", "html"])
def test_paper_of_an_unknown_form_is_not_there(world, form) -> None:
    assert world.client("secretary").post(url("minutes-paper", sealed(world).pk, form)).status_code == 404


def test_volume_binds_the_year_in_one_file(world) -> None:
    rows = [sealed(world, days_ago=days, title=f"Congress {days}") for days in (2, 3)]
    draft = drafted(world, days_ago=4, title="Left open")
    year = rows[0].held_on.year
    facts = volume_of(world.branch, year)
    of_year = [row for row in rows if row.held_on.year == year]
    assert [sheet.digest for sheet in facts.sheets] == [row.digest for row in sorted(of_year, key=lambda r: r.held_at)]
    assert facts.holds is True and facts.links == 2
    assert (draft.held_on.year != year) or "Left open" in facts.open_words[0]
    assert len([block for block in draw_volume(facts).blocks if block.kind == "newpage"]) == len(of_year) + 1
    assert sum(row.sealed for row in years_of(world.branch)) == 2


@pytest.mark.parametrize("year", [0, 1900, 9999, 10**20])
def test_volume_of_no_year_is_not_there(world, year) -> None:
    assert world.client("secretary").post(url("volume", world.branch.pk, year)).status_code == 404


@pytest.mark.parametrize("pk", [0, 2**31, 2**63, 10**25])
@pytest.mark.parametrize(
    "name",
    ["minutes-detail", "minutes-edit", "minutes-confirm", "files-add", "addendum-create", "resolution-create",
     "resolution-detail", "resolution-note", "resolution-close", "chain-detail"],
)  # fmt: skip
def test_pages_of_nothing_are_not_there(world, name, pk) -> None:
    assert world.client("secretary").get(url(name, pk)).status_code == 404


def test_chain_detail_says_whether_it_holds(world) -> None:
    minutes = sealed(world)
    client = world.client("college")
    page = client.get(url("chain-detail", world.branch.pk)).content.decode()
    assert "The chain holds" in page and minutes.digest in page
    lift_guards()
    Minutes.objects.filter(pk=minutes.pk).update(decisions="Something else")
    page = client.get(url("chain-detail", world.branch.pk)).content.decode()
    assert "The chain does not hold" in page and "it was changed after it was sealed" in page
    page = client.get(minutes.get_absolute_url()).content.decode()
    assert "What stands here is not what was sealed" in page


def test_begin_draws_minutes_of_a_sitting_that_has_none(world) -> None:
    meeting = held(world)
    Minutes.objects.filter(meeting=meeting).delete()
    part = meeting.parts.get()
    client = world.client("member")
    page = client.get(meeting.get_absolute_url())
    assert page.status_code == 200
    assert client.post(url("minutes-begin", part.pk)).status_code == 302
    assert client.post(url("minutes-begin", part.pk)).status_code == 302
    assert Minutes.objects.get(part=part).chair_id == world.users["secretary"].pk


# Finding.


def fill(world) -> list[Minutes]:
    for row in Minutes.objects.filter(state=MinutesState.SEALED):
        index(search_sources.get(CODE), [row.pk])
    return list(Minutes.objects.order_by("pk"))


def test_found_is_what_may_be_seen_for_everybody(world, monkeypatch) -> None:
    sealed(world, days_ago=2)
    written(world, days_ago=3)
    minutes = drafted(world, days_ago=4, kinds=["branch_committee"], recorder="secretary", came=("secretary",))
    services.write(minutes, version=1, speeches=[], disclosure="full", by=minutes.recorder, **WORDS)
    kinds = ["branch_congress", "branch_committee", "democratic_appraisal"]
    meeting = held(world, days_ago=5, kinds=kinds)
    for row in Minutes.objects.filter(meeting=meeting).select_related("recorder"):
        sealed(world, row)
    fill(world)
    # A word is looked for in another way when the database calls it frequent; the answer is the same.
    for share in (0.0, 1.0):
        monkeypatch.setattr(finding, "share_holding", lambda words, share=share: share)
        for name in [*CAST, "admin", "auditor", "outsider"]:
            user = world.user(name)
            seen = set(scope(user, "view", Minutes))
            assert set(readable(user)) == seen, name
            holding = {row for row in seen if row.is_sealed}
            assert set(found(user, Wanted(words="plan term"))) == holding, (name, share)
            assert not found(user, Wanted(words="plan nowhere")).exists(), (name, share)


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        ({}, ["One", "Two"]),
        ({"words": "reading group"}, ["One", "Two"]),
        ({"words": "nothing of the kind"}, []),
        ({"words": "。。"}, []),
        ({"words": "One"}, ["One"]),
        ({"kind": "branch_congress"}, ["One", "Two"]),
        ({"kind": "party_lecture"}, []),
        ({"person": "Contact"}, ["Two"]),
        ({"person": "Contact", "role": "chaired"}, []),
        ({"person": "Secretary", "role": "chaired"}, ["One", "Two"]),
        ({"person": "Nobody at all"}, []),
        ({"state": "open"}, []),
        ({"state": "sealed"}, ["One", "Two"]),
    ],
)
def test_found_narrows(world, wanted, titles) -> None:
    sealed(world, days_ago=2, title="One")
    sealed(world, days_ago=3, title="Two", came=("secretary", "contact"))
    fill(world)
    rows = found(world.user("college"), Wanted(**wanted)).order_by("title")
    assert [row.title for row in rows] == titles
    assert found(world.user("neighbor"), Wanted(**wanted)).count() == 0


def test_found_by_days_and_place(world) -> None:
    row = sealed(world)
    for since, until, count in ((-1, 1, 1), (1, 2, 0), (-2, -1, 0), (0, 0, 1)):
        first, last = (row.held_on + timedelta(days=days) for days in (since, until))
        wanted = Wanted(organization=world.unit, since=first, until=last)
        assert found(world.user("committee"), wanted).count() == count
    assert found(world.user("committee"), Wanted(organization=world.far_unit)).count() == 0


@pytest.mark.parametrize(
    "query",
    [
        "kind=picnic", "organization=x", "organization=99999999999999999999", "since=2026-13-40", "until=x", "role=x",
        "state=x", "person=%22", "words=%E2%80%AE", "words=%22%27%3B%28", "after=abc", "per_page=9999",
        "since=0000-00-00",
    ],
)  # fmt: skip
def test_minutes_list_takes_any_address(world, query) -> None:
    sealed(world)
    for name in ("secretary", "contact", "outsider"):
        assert world.client(name).get(f"{url('minutes-list')}?{query}").status_code == 200
        assert world.client(name).get(f"{url('resolution-list')}?{query}").status_code == 200


def copies(minutes: Minutes, count: int) -> None:
    """Write ``count`` more drafts of the same kind without their sittings' rows growing."""
    for number in range(count):
        meeting = Meeting.objects.get(pk=minutes.meeting_id)
        people = list(Attendance.objects.filter(meeting=meeting))
        meeting.pk, meeting.title = None, f"Copy {number}"
        meeting.template = None
        meeting.save(force_insert=True)
        for row in people:
            row.pk, row.meeting = None, meeting
        Attendance.objects.bulk_create(people)
        part = MeetingPart.objects.create(meeting=meeting, kind=minutes.kind, number=1)
        row = Minutes.objects.get(pk=minutes.pk)
        row.pk, row.part, row.meeting, row.title = None, part, meeting, meeting.title
        row.save(force_insert=True)
        Resolution.objects.create(
            organization=row.organization, minutes=row, words=f"Copy {number}", owner=row.recorder,
            due_on=timezone.localdate() + timedelta(days=number),
        )  # fmt: skip


def test_minutes_list_shows_where_the_words_stand(world) -> None:
    sealed(world)
    fill(world)
    page = world.client("contact").get(f"{url('minutes-list')}?words=reading%20GROUP").content.decode()
    assert "<mark>reading</mark> <mark>group</mark>" in page
    assert "<mark>" not in world.client("contact").get(url("minutes-list")).content.decode()


def test_minutes_list_refuses_a_zero_byte(world) -> None:
    assert world.client("secretary").get(f"{url('minutes-list')}?words=%00").status_code == 400


def test_lists_keep_their_statements(world) -> None:
    minutes = written(world)
    services.resolve(minutes, words="One", owner=minutes.recorder, due_on=timezone.localdate(), by=minutes.recorder)
    client = world.client("secretary")
    addresses = [url("minutes-list"), f"{url('minutes-list')}?words=plan&person=Member&kind=branch_congress",
                 url("resolution-list"), url("chain-detail", world.branch.pk), url("chain-list")]  # fmt: skip

    def asked() -> list[int]:
        counts = []
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    few = asked()
    copies(minutes, 12)
    assert asked() == few
    assert few == [6, 7, 6, 13, 6]


def test_detail_and_edit_keep_their_statements(world) -> None:
    client = world.client("member")

    def asked(minutes: Minutes) -> list[int]:
        counts = []
        for name in ("minutes-detail", "minutes-edit", "minutes-confirm"):
            address = url(name, minutes.pk)
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    few = asked(drafted(world, days_ago=6))
    rich = drafted(world, days_ago=3, agenda=[f"Matter {n}" for n in range(12)],
                   came=("secretary", "member", "contact", "probationary", "author", "peer"))  # fmt: skip
    for number in range(8):
        services.resolve(
            rich, words=f"Resolution {number}", owner=world.user("contact"), due_on=timezone.localdate(),
            by=rich.recorder,
        )  # fmt: skip
    rich.refresh_from_db()
    services.write(
        rich, version=rich.version, disclosure="title", by=rich.recorder,
        speeches=[{"person": f"P{n}", "gist": "Words"} for n in range(10)], **WORDS,
    )  # fmt: skip
    assert asked(Minutes.objects.get(pk=rich.pk)) == few


# Resolutions.


def resolution(world, **fields) -> Resolution:
    minutes = drafted(world)
    given = {"words": "Visit the museum", "owner": world.user("contact"), "due_on": timezone.localdate()} | fields
    return services.resolve(minutes, by=minutes.recorder, **given)


@pytest.mark.parametrize(
    "fields",
    [
        {"words": ""}, {"words": "x" * 501}, {"due_on": "2026-02-30"}, {"due_on": "x"}, {"due_on": "1999-01-01"},
        {"owner": "x"}, {"owner": "0"}, {"owner": "99999999999999999999999"}, {"owner": ""},
    ],
)  # fmt: skip
def test_resolution_create_refuses_bad_input(world, fields) -> None:
    minutes = drafted(world)
    sent = {"words": "Visit", "owner": str(world.users["contact"].pk), "due_on": f"{timezone.localdate()}"} | fields
    page = world.client("member").post(url("resolution-create", minutes.pk), sent)
    assert page.status_code == 200 and Resolution.objects.count() == 0


def test_resolution_owner_is_one_of_the_branch(world) -> None:
    minutes = drafted(world)
    sent = {"words": "Visit", "owner": str(world.users["neighbor"].pk), "due_on": f"{timezone.localdate()}"}
    assert world.client("member").post(url("resolution-create", minutes.pk), sent).status_code == 200
    sent["owner"] = str(world.users["contact"].pk)
    assert world.client("member").post(url("resolution-create", minutes.pk), sent).status_code == 302
    row = Resolution.objects.get()
    assert Minutes.objects.get(pk=minutes.pk).facts["resolutions"][0]["owner"] == "Contact"
    page = world.client("contact").get(row.get_absolute_url()).content.decode()
    # Whoever sees to it reads the resolution, not the minutes that are still a draft.
    assert "Visit" in page and minutes.get_absolute_url() not in page


def test_resolution_goes_on_and_ends(world) -> None:
    row = resolution(world)
    owner = world.client("contact")
    assert owner.post(url("resolution-note", row.pk), {"words": "Tickets are bought."}).status_code == 302
    assert owner.post(url("resolution-note", row.pk), {"words": " "}).status_code == 200
    page = owner.post(url("resolution-close", row.pk), {"state": "dropped", "words": "No time"})
    assert page.status_code == 200 and b"by those who keep its minutes" in page.content
    assert owner.post(url("resolution-close", row.pk), {"state": "open", "words": ""}).status_code == 200
    assert owner.post(url("resolution-close", row.pk), {"state": "done", "words": "All went."}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.closed_on, row.closed_by_id) == ("done", timezone.localdate(), world.users["contact"].pk)
    assert owner.post(url("resolution-note", row.pk), {"words": "More"}).status_code == 409
    assert owner.post(url("resolution-close", row.pk), {"state": "done"}).status_code == 409


def test_resolution_dropped_needs_words(world) -> None:
    row = resolution(world)
    client = world.client("secretary")
    assert client.post(url("resolution-close", row.pk), {"state": "dropped", "words": ""}).status_code == 200
    sent = {"state": "dropped", "words": "The museum is closed"}
    assert client.post(url("resolution-close", row.pk), sent).status_code == 302
    assert Resolution.objects.get().state == "dropped"


def test_resolution_is_struck_only_before_the_seal(world) -> None:
    row = resolution(world)
    assert world.client("contact").post(url("resolution-strike", row.pk)).status_code == 404
    assert world.client("member").post(url("resolution-strike", row.pk)).status_code == 302
    assert Resolution.objects.count() == 0
    minutes = Minutes.objects.get()
    owner, today = world.user("contact"), timezone.localdate()
    services.resolve(minutes, words="Stay", owner=owner, due_on=today, by=minutes.recorder)
    sealed(world, Minutes.objects.get())
    assert world.client("member").post(url("resolution-strike", Resolution.objects.get().pk)).status_code == 409


def test_resolutions_of_sealed_minutes_go_on(world) -> None:
    row = resolution(world)
    minutes = sealed(world, Minutes.objects.get())
    services.note(row, words="Begun", by=world.user("contact"))
    services.close(row, state="done", words="", by=world.user("contact"), on=timezone.localdate())
    assert check_chain(minutes.organization).holds
    assert minutes.facts["resolutions"][0]["state"] == "open"


def test_work_names_what_waits(world) -> None:
    row = resolution(world)
    today = timezone.localdate()
    assert [item.title for item in my_resolutions(world.user("contact"), today).items] == [row.words]
    assert minutes_to_finish(world.user("member"), today).count == 1
    assert minutes_to_finish(world.user("secretary"), today).count == 0
    minutes = confirm(written(world, Minutes.objects.get()), world.user("member"))
    assert minutes_to_finish(world.user("member"), today).count == 0
    assert minutes_to_finish(world.user("secretary"), today).count == 1
    with pytest.raises(RuleError):
        confirm(minutes, world.user("member"))


def test_reminders_come_once(world) -> None:
    row = resolution(world, due_on=timezone.localdate() + timedelta(days=3))

    def told(kind: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for name in Notice.objects.filter(message__kind=kind).values_list("recipient__name", flat=True):
            found[name] = found.get(name, 0) + 1
        return found

    for _twice in range(2):
        services.remind(row.due_on - timedelta(days=3))
    assert told("resolution_soon") == {"Contact": 1}
    services.remind(row.due_on)
    assert told("resolution_soon") == {"Contact": 2}
    for days in (1, 2, 3, 9):
        services.remind(row.due_on + timedelta(days=days))
    assert told("resolution_late") == {"Contact": 2}
    assert told("resolution_late_here") == {"Secretary": 1}
    services.close(row, state="done", words="", by=world.user("contact"), on=row.due_on)
    services.remind(row.due_on + timedelta(days=400))
    assert told("resolution_late") == {"Contact": 2}
