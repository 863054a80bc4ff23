"""The pages of planning as people use them; answers by the link of a mail; calendars to subscribe to."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from members.meetings import services
from members.meetings.links import attendance_behind, mail_url, token_for
from members.meetings.models import Attendance, CalendarFeed, Meeting, MeetingTemplate, SeatRemark
from members.meetings.panels import attended, meetings
from members.meetings.views import single
from members.meetings.work import to_answer, to_convene, to_decide
from portal.audit.models import AuditEntry
from portal.notifications.delivery import compose
from portal.notifications.models import Notice
from portal.organizations.models import Standing
from tests.factories.people import make_people

from .sittings import Planner, planner


@pytest.fixture
def desk(world) -> Planner:
    return planner(world)


def url(name: str, *args: Any) -> str:
    return reverse(f"members:meetings:{name}", args=args)


def form_of(desk: Planner, **values: Any) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=9)
    users = desk.world.users
    return {
        "title": "Congress", "kinds": ["branch_congress"], "day": day.isoformat(), "begins": "14:30", "lasts": "90",
        "place": "Hall", "online_url": "", "chair": users["secretary"].pk, "recorder": users["contact"].pk,
        "words": "", "with_observers": "on", "with_agenda": "on",
    } | values  # fmt: skip


def test_a_meeting_is_planned_changed_convened_and_answered_on_pages(desk):
    client, member = desk.world.client("secretary"), desk.world.client("member")
    page = client.get(url("meeting-create") + "?template=branch_congress")
    assert page.context["form"].initial["title"] == "支部党员大会"
    sent = client.post(url("meeting-create"), form_of(desk))
    meeting = Meeting.objects.get()
    assert sent["Location"] == meeting.get_absolute_url()
    assert (timezone.localtime(meeting.planned_at).hour, meeting.agenda.count()) == (14, 5)
    assert member.get(meeting.get_absolute_url()).status_code == 404
    assert client.post(url("agenda-create", meeting.pk), {
        "title": "One more", "part": meeting.parts.get().pk, "minutes": "10"}).status_code == 302  # fmt: skip
    item = meeting.agenda.get(title="One more")
    client.post(url("agenda-move", item.pk, "up"))
    client.post(url("agenda-edit", item.pk), {"title": "Renamed", "part": item.part_id})
    item.refresh_from_db()
    assert (item.title, item.number, item.minutes) == ("Renamed", 5, None)
    client.post(url("agenda-remove", item.pk))
    seen = client.get(url("meeting-edit", meeting.pk)).context["seen"]
    changed = client.post(url("meeting-edit", meeting.pk), form_of(desk, title="Renamed congress", seen=seen))
    assert changed.status_code == 302
    assert client.post(url("meeting-edit", meeting.pk), form_of(desk, title="Again", seen=seen)).status_code == 200
    assert client.get(url("meeting-convene", meeting.pk)).context["due"] == 6
    assert client.post(url("meeting-convene", meeting.pk)).status_code == 302
    assert client.post(url("meeting-convene", meeting.pk)).status_code == 200
    assert "Renamed congress" in member.get(meeting.get_absolute_url()).content.decode()
    assert member.get(url("meeting-answer", meeting.pk)).status_code == 200
    refused = member.post(url("meeting-answer", meeting.pk), {"answer": "leave", "words": ""})
    assert refused.context["form"].errors.keys() == {"words"}
    member.post(url("meeting-answer", meeting.pk), {"answer": "leave", "words": "Illness"})
    row = Attendance.objects.get(user=desk.world.users["member"])
    assert [entry.pk for entry in client.get(url("leave-list")).context["page"]] == [row.pk]
    refused = client.post(url("leave-decide", row.pk), {"decision": "refuse"})
    assert refused.context["form"].errors.keys() == {"words"}
    assert client.post(url("leave-decide", row.pk), {"decision": "grant"}).status_code == 302
    assert client.get(url("leave-decide", row.pk)).status_code == 200
    row.refresh_from_db()
    assert row.leave_state == "approved"
    page = client.get(meeting.get_absolute_url())
    assert (page.context["counts"].leave_granted, page.context["counts"].due) == (1, 6)
    assert client.post(url("meeting-cancel", meeting.pk), {"words": "Storm"}).status_code == 302
    assert "Storm" in member.get(meeting.get_absolute_url()).content.decode()


def test_members_see_their_own_row_and_nobody_elses(desk):
    meeting = desk.convene()
    services.answer(meeting, desk.world.users["contact"], answer="leave", words="Very private", at=desk.now)
    page = desk.world.client("member").get(meeting.get_absolute_url())
    assert (page.context["circle"], page.context["counts"]) == (None, None)
    assert page.context["own"].user_id == desk.world.users["member"].pk
    assert "Very private" not in page.content.decode()
    assert "Very private" in desk.world.client("secretary").get(meeting.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"day": "2020-01-01"}, "__all__"),
        ({"day": "9999-12-31"}, "day"),
        ({"day": "soon"}, "day"),
        ({"begins": "25:00"}, "begins"),
        ({"lasts": "0"}, "lasts"),
        ({"lasts": "9" * 30}, "lasts"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["democratic_life_meeting"]}, "kinds"),
        ({"chair": "0"}, "chair"),
        ({"chair": "1_2"}, "chair"),
        ({"recorder": str(2**63)}, "recorder"),
        ({"online_url": "javascript:alert(1)"}, "online_url"),
        ({"title": ""}, "title"),
        ({"title": "x\x00"}, "title"),
    ],
)
def test_forms_that_are_refused_leave_nothing(desk, values, field):
    page = desk.world.client("secretary").post(url("meeting-create"), form_of(desk, **values))
    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("wrong", ["0", "1_2", str(2**63), "abc", "-1", "%00"])
def test_addresses_of_nothing_are_not_found(desk, wrong):
    client = desk.world.client("secretary")
    for name in ("meeting-create", "template-create", "remark-create"):
        assert client.get(f"{url(name)}?organization={wrong}").status_code in (400, 404), name
    for name in ("meeting-list", "meeting-calendar", "meeting-year"):
        query = f"organization={wrong}&month={wrong}&year={wrong}&since={wrong}&after={wrong}&kind={wrong}"
        assert client.get(f"{url(name)}?{query}").status_code in (200, 400), name
    assert client.get(f"{url('meeting-create')}?organization={desk.world.branch.pk}&template={wrong}").status_code in (
        200, 400, 404,
    )  # fmt: skip


def test_nobody_plans_for_an_organization_of_others(desk):
    page = desk.world.client("secretary").get(f"{url('meeting-create')}?organization={desk.world.sibling.pk}")
    assert page.status_code == 404
    first = desk.world.client("college").get(url("meeting-create")).context["nodes"][0]
    assert first["url"].endswith(f"?organization={desk.world.unit.pk}")


def test_link_of_the_mail_answers_without_signing_in(desk):
    meeting = desk.convene(place="Hall", online_url="https://meet.example.edu.cn/secret")
    member = desk.world.users["member"]
    notice = Notice.objects.select_related("message", "recipient").get(
        recipient=member, message__kind="meeting_convened"
    )
    address = mail_url({"meeting": meeting.pk}, member.pk)
    assert address in compose(notice).body
    visitor = Client()
    before = AuditEntry.objects.count()
    page = visitor.get(address)
    assert (page.status_code, page["Referrer-Policy"]) == (200, "no-referrer")
    text = page.content.decode()
    assert "Hall" in text
    assert "secret" not in text
    assert AuditEntry.objects.count() == before
    assert Attendance.objects.get(user=member).answer == ""
    assert visitor.post(address, {"answer": "leave", "words": ""}).context["form"].errors.keys() == {"words"}
    assert visitor.post(address, {"answer": "perhaps"}).context["form"].errors.keys() == {"answer"}
    assert visitor.post(address, {"answer": "attend"}).context["done"] is True
    assert Attendance.objects.get(user=member).answer == "attend"
    assert Attendance.objects.exclude(answer="").count() == 1
    assert visitor.get(meeting.get_absolute_url()).status_code == 302


def test_link_is_worth_nothing_once_the_meeting_begins(desk):
    meeting = desk.convene()
    address = mail_url({"meeting": meeting.pk}, desk.world.users["member"].pk)
    Meeting.objects.update(planned_at=desk.now - timedelta(minutes=1))
    page = Client().post(address, {"answer": "attend"})
    assert (page.status_code, page.context["done"]) == (409, False)
    assert not Attendance.objects.exclude(answer="").exists()


def test_links_are_bound_to_person_and_meeting(desk):
    meeting, other = desk.convene(), desk.plan(title="Planned")
    member, stranger = desk.world.users["member"].pk, desk.world.users["stranger"].pk
    good = token_for(meeting.pk, member)
    assert attendance_behind(good).user_id == member
    wrong = [
        good[:-1], good + "A", "x", "x" * 500, token_for(meeting.pk, stranger), token_for(other.pk, member),
        token_for(2**70, member), token_for(meeting.pk, 0), token_for("1_2", "abc"),
        good.split(":")[0] + ":" + ":".join(token_for(meeting.pk, stranger).split(":")[1:]),
    ]  # fmt: skip
    for token in wrong:
        assert attendance_behind(token) is None, token
        assert Client().get(url("answer-by-link", token)).status_code == 404
    desk.world.users["member"].is_active = False
    desk.world.users["member"].save(update_fields=["is_active"])
    assert attendance_behind(good) is None


def feed_of(client: Client, **values: Any) -> str:
    page = client.post(url("feed-make"), values)
    address: str = page.context["address"]
    assert page["Cache-Control"] == "no-store"
    return address.partition("testserver")[2]


def events(answer: Any) -> dict[str, Any]:
    return {str(event["summary"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_calendar_shows_ones_own_meetings_and_no_secrets(desk):
    address = feed_of(desk.world.client("member"))
    meeting = desk.convene(words="Inner words", online_url="https://meet.example.edu.cn/secret", place="Hall",
                           agenda=[services.Matter("branch_congress", "Inner matter")])  # fmt: skip
    desk.plan(title="Planned")
    desk.convene(desk.plan("sibling", title="Elsewhere"))
    answer = Client().get(address)
    found = events(answer)
    assert answer["Content-Type"].startswith("text/calendar")
    assert list(found) == [f"Congress ({desk.world.branch})"]
    event = found[f"Congress ({desk.world.branch})"]
    assert event["dtstart"].dt == meeting.planned_at
    assert (event["status"], event["location"]) == ("CONFIRMED", "Hall")
    for hidden in (b"secret", b"Inner", b"Secretary"):
        assert hidden not in answer.content
    services.cancel(meeting, words="Storm", by=desk.world.user("secretary"), at=desk.now)
    assert events(Client().get(address))[f"Congress ({desk.world.branch})"]["status"] == "CANCELLED"


def test_calendar_asks_the_rights_of_its_owner_each_time(desk):
    desk.convene()
    client = desk.world.client("secretary")
    address = feed_of(client, organization=desk.world.branch.pk)
    assert len(events(Client().get(address))) == 1
    user = desk.world.users["secretary"]
    user.is_active = False
    user.save(update_fields=["is_active"])
    assert Client().get(address).status_code == 404


def test_only_the_digest_of_an_address_is_kept_and_revoking_ends_it(desk):
    client = desk.world.client("member")
    first = feed_of(client)
    token = first.rpartition("/")[2].removesuffix(".ics")
    row = CalendarFeed.objects.get()
    assert token not in str(vars(row))
    assert token not in client.get(url("feed-list")).content.decode()
    second = feed_of(client)
    assert [Client().get(address).status_code for address in (first, second)] == [404, 200]
    row = CalendarFeed.objects.get(revoked_at=None)
    assert desk.world.client("contact").post(url("feed-revoke", row.pk)).status_code == 404
    assert client.post(url("feed-revoke", row.pk)).status_code == 302
    assert Client().get(second).status_code == 404
    assert client.post(url("feed-revoke", row.pk)).status_code == 409


@pytest.mark.parametrize("wrong", ["sibling", "nothing"])
def test_calendar_of_others_is_refused(desk, wrong):
    named = desk.world.sibling.pk if wrong == "sibling" else "1_2"
    assert desk.world.client("member").post(url("feed-make"), {"organization": named}).status_code == 403
    assert not CalendarFeed.objects.exists()


def test_lists_are_filtered_by_the_address(desk):
    congress = desk.convene()
    lecture = desk.plan(kinds=["party_lecture"], title="Lecture about water")
    desk.convene(desk.plan("sibling", title="Elsewhere"))
    college, member = desk.world.client("college"), desk.world.client("member")

    def found(client: Client, query: str = "") -> set[str]:
        return {row["meeting"].title for row in client.get(url("meeting-list") + query).context["rows"]}

    assert found(college) == {"Congress", "Lecture about water", "Elsewhere"}
    assert found(college, f"?organization={desk.world.branch.pk}") == {"Congress", "Lecture about water"}
    assert found(college, "?kind=party_lecture") == {"Lecture about water"}
    assert found(college, "?state=convened") == {"Congress", "Elsewhere"}
    assert found(college, "?words=water") == {"Lecture about water"}
    assert found(college, "?when=past") == set()
    day = timezone.localdate(congress.planned_at)
    assert found(college, f"?node={desk.world.sibling.name}") == {"Elsewhere"}
    assert found(member, f"?node={desk.world.sibling.name}") == {"Congress"}  # no filter of theirs
    assert found(college, f"?since={day}&until={day}") == {"Congress", "Lecture about water", "Elsewhere"}
    assert found(college, f"?since={day + timedelta(days=1)}") == set()
    assert found(college, "?whose=mine") == set()
    assert found(member) == {"Congress"}
    assert found(desk.world.client("outsider")) == set()
    assert lecture.state == "planned"


def test_filtering_stays_on_the_tab_and_with_the_organization(desk):
    college, branch = desk.world.client("college"), desk.world.branch.pk
    page = college.get(url("meeting-list") + f"?when=past&organization={branch}&kind=party_lecture")
    text = page.content.decode()
    for name, value in (("when", "past"), ("organization", branch)):
        assert f'<input type="hidden" name="{name}" value="{value}" id="id_{name}">' in text
    assert page.context["filtered"] is True
    page = college.get(url("meeting-list") + f"?when=past&organization={branch}")
    assert (page.context["filtered"], page.context["clear_url"]) == (False, "")


def test_month_and_year_count_what_is_held(desk):
    meeting = desk.convene(kinds=["branch_congress", "party_lecture"])
    client, day = desk.world.client("member"), timezone.localdate(meeting.planned_at)
    page = client.get(url("meeting-calendar"), {"month": f"{day:%Y-%m}"})
    cells = [cell for week in page.context["weeks"] for cell in week]
    assert [cell["day"] for cell in cells if cell["rows"]] == [day]
    assert (len(cells) % 7, cells[0]["day"].weekday(), page.context["count"]) == (0, 0, 1)
    year = client.get(url("meeting-year"), {"year": day.year})
    sums = {str(row["label"]): row["sum"] for row in year.context["table"]}
    assert sums == {"branch congress": 1, "party lecture": 1}
    empty = client.get(url("meeting-calendar"), {"month": "2001-02"})
    assert (empty.context["month"], empty.context["count"]) == (date(2001, 2, 1), 0)


@pytest.mark.parametrize(
    "month", ["", "2026", "2026-13", "2026-00", "0000-01", "9999-12", "x-y", "٢٠٢٦-01", "2026-1-1"]
)
def test_months_that_are_none_are_this_month(desk, month):
    page = desk.world.client("member").get(url("meeting-calendar"), {"month": month})
    assert page.context["month"] == timezone.localdate().replace(day=1)


def test_templates_are_made_changed_and_switched_on_pages(desk):
    client = desk.world.client("secretary")
    first = client.get(url("template-create") + "?kind=party_lecture").context["form"]
    assert first.initial["kinds"] == ["party_lecture"]
    values = {
        "title": "Each month", "kinds": ["party_lecture", "theme_party_day"], "recurrence": "monthly_weekday",
        "week": "2", "weekday": "3", "begins": "14:30", "lasts_minutes": "90",
        "agenda": "Study | 20\n[theme party day]\nWalk",
    }  # fmt: skip
    refused = client.post(url("template-create"), values | {"agenda": "Study | many"})
    assert refused.context["form"].errors.keys() == {"agenda"}
    refused = client.post(url("template-create"), values | {"week": ""})
    assert refused.status_code == 200
    assert refused.context["form"].errors
    assert not MeetingTemplate.objects.exists()
    assert client.post(url("template-create"), values).status_code == 302
    row = MeetingTemplate.objects.get()
    assert row.agenda == [
        {"kind": "party_lecture", "title": "Study", "minutes": 20},
        {"kind": "theme_party_day", "title": "Walk", "minutes": None},
    ]
    assert "[theme party day]" in client.get(url("template-edit", row.pk)).content.decode()
    client.post(url("template-edit", row.pk), values | {"title": "Renamed"})
    client.post(url("template-switch", row.pk))
    row.refresh_from_db()
    assert (row.title, row.is_active) == ("Renamed", False)
    assert client.get(url("template-list")).context["rows"][0]["template"] == row
    page = client.get(f"{url('meeting-create')}?organization={desk.world.branch.pk}&template={row.pk}")
    assert page.context["form"].initial["title"] == "Renamed"
    client.post(f"{url('meeting-create')}?template={row.pk}", form_of(desk, kinds=["party_lecture"]))
    assert list(Meeting.objects.get().agenda.values_list("title", flat=True)) == ["Study"]


def test_remarks_are_made_and_ended_on_pages(desk):
    client = desk.world.client("secretary")
    people = client.get(url("remark-create")).context["form"].fields["person"].queryset
    assert desk.world.users["secretary"] not in people
    values = {"person": desk.world.users["member"].pk, "kind": "exempt", "words": "Aged",
              "since": timezone.localdate().isoformat()}  # fmt: skip
    stranger = {"person": desk.world.users["stranger"].pk}
    assert client.post(url("remark-create"), values | stranger).context["form"].errors.keys() == {"person"}
    assert client.post(url("remark-create"), values).status_code == 302
    assert client.post(url("remark-create"), values).status_code == 200
    row = SeatRemark.objects.get()
    assert "Aged" in client.get(url("remark-list")).content.decode()
    assert client.post(url("remark-end", row.pk)).status_code == 302
    row.refresh_from_db()
    assert row.until is not None


def test_workbench_panel_and_timeline(desk):
    meeting = desk.convene()
    soon = desk.plan(title="Soon", planned_at=desk.now + timedelta(days=3))
    services.answer(meeting, desk.world.users["contact"], answer="leave", words="Illness", at=desk.now)
    today = timezone.localdate()
    member, secretary = desk.world.user("member"), desk.world.user("secretary")
    assert [item.title for item in to_answer(member, today).items] == ["Answer: Congress"]
    assert to_answer(desk.world.user("contact"), today).count == 0
    assert [item.title for item in to_decide(secretary, today).items] == ["Leave of Contact: Congress"]
    assert to_decide(member, today).count == 0
    assert [item.url for item in to_convene(secretary, today).items] == [soon.get_absolute_url()]
    assert [row.title for row in meetings(desk.world.branch, secretary)["coming"]] == ["Soon", "Congress"]
    assert [row.title for row in meetings(desk.world.branch, member)["coming"]] == ["Congress"]
    assert meetings(desk.world.branch, desk.world.user("stranger")) is None
    assert list(attended(member, member, 5)) == []
    Attendance.objects.filter(user=member).update(state="present")
    assert [entry.title for entry in attended(member, secretary, 5)] == ["Congress"]
    assert list(attended(member, desk.world.user("stranger"), 5)) == []


COSTS = {"meeting-list": 6, "meeting-calendar": 5, "meeting-year": 5, "meeting-detail": 12}


@pytest.mark.parametrize("many", [3, 18])
def test_pages_cost_the_same_for_any_number(desk, many, monkeypatch):
    # What others draw on the page is counted where it is made.
    monkeypatch.setattr(single, "PARTIALS", ())
    make_people(desk.world.branch, many, standing=Standing.FULL_MEMBER)
    agenda = [services.Matter("branch_congress", "A")] * many
    row = desk.plan(agenda=agenda)
    rows = [Meeting(
        organization=desk.world.branch, title=f"Congress {number}", planned_at=desk.now + timedelta(days=10),
        planned_until=desk.now + timedelta(days=11), chair=row.chair, recorder=row.recorder, code_secret=b"x",
    ) for number in range(many)]  # fmt: skip
    for made in Meeting.objects.bulk_create(rows):
        made.parts.create(kind="branch_congress", number=1)
    row = desk.convene(row)
    client, found = desk.world.client("secretary"), {}
    for name in COSTS:
        address = row.get_absolute_url() if name == "meeting-detail" else url(name)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        found[name] = len(queries)
    assert found == COSTS


@pytest.mark.parametrize("many", [1, 40])
def test_convening_costs_the_same_for_any_number_of_people(desk, many, django_assert_num_queries):
    make_people(desk.world.branch, many, standing=Standing.FULL_MEMBER)
    meeting = desk.plan()
    with django_assert_num_queries(50):
        desk.convene(meeting)


def test_a_link_may_carry_the_day_to_plan_for(desk):
    client, today = desk.world.client("secretary"), timezone.localdate()
    usual = client.get(url("meeting-create")).context["form"].initial["day"]
    for carried, shown in (
        (today + timedelta(days=20), today + timedelta(days=20)),
        (today - timedelta(days=1), usual),
        ("2026-02-30", usual),
        ("x", usual),
    ):
        page = client.get(f"{url('meeting-create')}?template=branch_congress&on={carried}")
        assert page.context["form"].initial["day"] == shown


def test_remark_with_a_last_day_ends_by_itself_or_earlier(desk):
    client, today = desk.world.client("secretary"), timezone.localdate()
    values = {"person": desk.world.users["member"].pk, "kind": "exempt", "words": "Illness", "since": today.isoformat()}
    early = {"until": (today - timedelta(days=1)).isoformat()}
    assert "The end cannot come before the beginning." in str(
        client.post(url("remark-create"), values | early).context["form"].errors
    )
    assert not SeatRemark.objects.exists()
    later = {"until": (today + timedelta(days=30)).isoformat()}
    assert client.post(url("remark-create"), values | later).status_code == 302
    row = SeatRemark.objects.get()
    assert row.until == today + timedelta(days=30)
    assert url("remark-end", row.pk) in client.get(url("remark-list")).content.decode()
    assert client.post(url("remark-end", row.pk)).status_code == 302
    row.refresh_from_db()
    assert row.until == today
    assert url("remark-end", row.pk) not in client.get(url("remark-list")).content.decode()
