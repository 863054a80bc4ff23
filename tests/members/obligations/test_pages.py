"""The pages: what they show, to whom, in how many statements, and what they make of bad addresses."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from members.meetings.models import MeetingKind
from members.obligations.engine.periods import Period, Span
from members.obligations.kinds import DutyKind
from members.obligations.models import LectureMark, Waiver
from members.obligations.services import waive
from portal.access.rights import rights_of
from portal.audit.models import AuditEntry
from portal.organizations.models import OrganizationType
from portal.organizations.services import create_organization
from portal.rulesets.days import add_months
from tests.members.obligations.conftest import Hall

K = DutyKind
BOARD = reverse("members:obligations:board")


def code(hall: Hall, before: int = 0) -> str:
    return Period.of(Span.MONTH, add_months(hall.month, -before)).code


def duty(hall: Hall, kind: str = K.THEME_PARTY_DAY, period: str | None = None, name: str = "duty", node=None) -> str:
    pk = (node or hall.world.branch).pk
    return reverse(f"members:obligations:{name}", args=[pk, kind, period or code(hall)])


def lights(page) -> dict[str, str]:
    """Return the status of each light of a board by node and duty."""
    return {
        light.key.rpartition("-")[0] if "-Q" in light.key else light.key: light.status
        for row in page.context["rows"]
        for _label, light in row["lights"]
        if light
    }


def test_the_board_shows_the_lights_of_the_reader_and_what_is_below(hall: Hall) -> None:
    world = hall.world
    hall.held(world.branch, hall.today, MeetingKind.THEME_PARTY_DAY)
    page = world.client("college").get(BOARD)
    assert {row["node"] for row in page.context["rows"]} == {world.unit, world.branch, world.sibling}
    found = lights(page)
    assert found[f"{world.branch.pk}-theme_party_day-{code(hall)}"] == "met"
    assert found[f"{world.sibling.pk}-theme_party_day-{code(hall)}"] == "due"
    own = world.client("secretary").get(BOARD)
    assert {row["node"] for row in own.context["rows"]} == {world.branch}


def test_every_number_leads_to_the_nodes_behind_it(hall: Hall) -> None:
    hall.held(hall.world.branch, hall.today, MeetingKind.THEME_PARTY_DAY)
    client = hall.world.client("committee")
    page = client.get(BOARD)
    for row in page.context["summary"]:
        for cell in row["cells"]:
            behind = client.get(cell["url"])
            assert len(behind.context["rows"]) == cell["count"], cell
    total = {stat["label"]: stat["value"] for stat in page.context["stats"]}
    assert sum(total.values()) == sum(cell["count"] for row in page.context["summary"] for cell in row["cells"])


@pytest.mark.parametrize("rows", [1, 12])
def test_the_board_costs_the_same_for_any_number_of_rows(hall: Hall, django_assert_num_queries, rows: int) -> None:
    for number in range(rows):
        node = create_organization(
            parent=hall.world.unit, by=None, name=f"B{number}", code=f"B{number}", org_type=OrganizationType.BRANCH
        )
        hall.came(hall.held(node, hall.today, MeetingKind.THEME_PARTY_DAY), contact="present")
    client = hall.world.client("committee")
    client.get(BOARD)
    with django_assert_num_queries(BOARD_QUERIES):
        assert client.get(BOARD).status_code == 200


BOARD_QUERIES = 9


@pytest.mark.parametrize("rows", [1, 12])
def test_the_year_costs_the_same_for_any_number_of_meetings(hall: Hall, django_assert_num_queries, rows: int) -> None:
    for number in range(rows):
        on = hall.today.replace(month=1, day=1) + timedelta(days=number)
        hall.came(hall.held(hall.world.branch, on, MeetingKind.THEME_PARTY_DAY), contact="present")
    client, address = hall.world.client("secretary"), reverse("members:obligations:year", args=[hall.world.branch.pk])
    client.get(address)
    with django_assert_num_queries(10):
        assert client.get(address).status_code == 200


def test_the_year_spreads_periods_over_twelve_months(hall: Hall) -> None:
    page = hall.world.client("secretary").get(reverse("members:obligations:year", args=[hall.world.branch.pk]))
    for row in page.context["rows"]:
        assert sum(cell["width"] for cell in row["cells"]) == 12
    assert [row.label for row in page.context["coming"]] == [
        str(K(row.light.key.split("-")[1]).label) for row in page.context["coming"]
    ]
    assert all(f"organization={hall.world.branch.pk}" in row.plan_url for row in page.context["coming"])


def test_the_plan_link_names_kind_and_a_day_within_the_period(hall: Hall) -> None:
    page = hall.world.client("secretary").get(duty(hall, K.INTEGRITY_LECTURE, str(hall.today.year)))
    assert "kind=party_lecture" in page.context["plan_url"]
    on = page.context["plan_url"].rpartition("on=")[2]
    assert hall.today.isoformat() <= on <= f"{hall.today.year}-12-31"
    # Whoever only watches from above without convening sees no such link; a missed month has none either.
    missed = hall.world.client("secretary").get(duty(hall, period=code(hall, 1)))
    assert missed.context["plan_url"] == ""


def test_the_reason_names_rule_article_and_records(hall: Hall) -> None:
    meeting = hall.held(hall.world.branch, hall.today, MeetingKind.THEME_PARTY_DAY, title="A day at the museum")
    page = hall.world.client("secretary").get(duty(hall)).content.decode()
    assert "A day at the museum" in page
    assert meeting.get_absolute_url() in page
    assert "article 16" in page
    assert "1 was held" in page


def test_a_superior_waives_and_takes_back_and_the_branch_reads_why(hall: Hall) -> None:
    college, secretary = hall.world.client("college"), hall.world.client("secretary")
    address = duty(hall, period=code(hall, 1))
    assert college.get(address).context["waive_url"]
    assert not secretary.get(address).context["waive_url"]
    refused = college.post(duty(hall, period=code(hall, 1), name="waiver-create"), {"reason": "  "})
    assert refused.status_code == 200
    assert refused.context["form"].errors
    answer = college.post(duty(hall, period=code(hall, 1), name="waiver-create"), {"reason": "Internship elsewhere."})
    assert (answer.status_code, answer.url) == (302, address)
    assert "Internship elsewhere." in secretary.get(address).content.decode()
    waiver = Waiver.objects.get()
    revoke = reverse("members:obligations:waiver-revoke", args=[waiver.pk])
    assert secretary.get(revoke).status_code == 403
    assert college.post(revoke, {"words": "They are back."}).status_code == 302
    assert college.post(revoke, {"words": "Twice."}).context["form"].errors
    year = secretary.get(reverse("members:obligations:year", args=[hall.world.branch.pk]), {"year": code(hall, 1)[:4]})
    assert "They are back." in year.content.decode()


def test_nobody_waives_what_they_owe_themselves(hall: Hall) -> None:
    own = duty(hall, K.DEMOCRATIC_LIFE_MEETING, str(hall.today.year), "waiver-create", hall.world.unit)
    assert hall.world.client("college").post(own, {"reason": "We have no time."}).status_code == 403
    assert hall.world.client("committee").get(own).status_code == 200
    assert not Waiver.objects.exists()


def test_the_form_says_why_nothing_can_be_waived(hall: Hall) -> None:
    hall.held(hall.world.branch, hall.today, MeetingKind.THEME_PARTY_DAY)
    page = hall.world.client("college").get(duty(hall, name="waiver-create"))
    assert "nothing to waive" in page.content.decode()
    answer = hall.world.client("college").post(duty(hall, name="waiver-create"), {"reason": "Still."})
    assert answer.context["form"].errors
    assert not Waiver.objects.exists()


def test_a_lecture_is_said_to_be_one_on_integrity(hall: Hall) -> None:
    part = hall.held(hall.world.branch, hall.today, MeetingKind.PARTY_LECTURE).parts.get()
    client, year = hall.world.client("secretary"), str(hall.today.year)
    address = duty(hall, K.INTEGRITY_LECTURE, year)
    assert client.get(address).context["light"].status == "due"
    mark = duty(hall, K.INTEGRITY_LECTURE, year, "lecture-mark")
    assert client.post(mark, {"part": part.pk, "counts": "1"}).url == address
    assert client.get(address).context["light"].status == "met"
    client.post(mark, {"part": part.pk, "counts": "0"})
    assert client.get(address).context["light"].status == "due"


@pytest.mark.parametrize("part", ["", "0", "1_2", "abc", str(2**63), "-1", "１"])
def test_a_mark_of_nothing_writes_nothing(hall: Hall, part: str) -> None:
    mark = duty(hall, K.INTEGRITY_LECTURE, str(hall.today.year), "lecture-mark")
    answer = hall.world.client("secretary").post(mark, {"part": part, "counts": "1"})
    assert 400 <= answer.status_code < 500
    assert not LectureMark.objects.exists()


def test_a_lecture_of_another_branch_is_not_to_be_marked(hall: Hall) -> None:
    part = hall.held(hall.world.sibling, hall.today, MeetingKind.PARTY_LECTURE).parts.get()
    mark = duty(hall, K.INTEGRITY_LECTURE, str(hall.today.year), "lecture-mark")
    assert hall.world.client("secretary").post(mark, {"part": part.pk, "counts": "1"}).status_code == 404
    elsewhere = duty(hall, K.INTEGRITY_LECTURE, str(hall.today.year), "lecture-mark", hall.world.sibling)
    assert hall.world.client("secretary").post(elsewhere, {"part": part.pk, "counts": "1"}).status_code == 403
    theme = duty(hall, name="lecture-mark")
    assert hall.world.client("secretary").post(theme, {"part": part.pk, "counts": "1"}).status_code == 409
    assert not LectureMark.objects.exists()


@pytest.mark.parametrize(
    "query", ["node=0", "node=1_2", "node=abc", f"node={2**63}", "node=-1", "node=１", "node=99999999"]
)
def test_a_board_of_nothing_is_not_found(hall: Hall, query: str) -> None:
    for path in (BOARD, reverse("members:obligations:pulse")):
        assert hall.world.client("committee").get(f"{path}?{query}").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["month=2026-13", "month=abc", "month=2026", "kind=nothing", "status=none", "page=x", "page=99"],
)
def test_filters_of_nothing_filter_nothing(hall: Hall, query: str) -> None:
    assert hall.world.client("committee").get(f"{BOARD}?{query}").status_code == 200


@pytest.mark.parametrize(
    ("kind", "period"),
    [
        ("nothing", "2026-03"),
        ("theme_party_day", "2026"),
        ("theme_party_day", "2026-Q1"),
        ("theme_party_day", "2026-13"),
        ("theme_party_day", "abc"),
        ("branch_congress", "2026-03"),
        ("democratic_appraisal", "99999"),
    ],
)
@pytest.mark.parametrize("name", ["duty", "waiver-create"])
def test_a_duty_of_nothing_is_not_found(hall: Hall, name: str, kind: str, period: str) -> None:
    address = f"/members/obligations/nodes/{hall.world.branch.pk}/{kind}/{period}/" + ("waive/" * (name != "duty"))
    assert hall.world.client("college").get(address).status_code == 404


def test_a_duty_that_is_not_owed_says_so(hall: Hall) -> None:
    page = hall.world.client("secretary").get(duty(hall, K.GROUP_MEETING))
    assert (page.status_code, page.context["owed"]) == (200, None)
    long_ago = hall.world.client("secretary").get(duty(hall, period="2001-01"))
    assert (long_ago.status_code, long_ago.context["owed"]) == (200, None)


def test_the_workbook_holds_the_shown_lines_and_is_recorded(hall: Hall) -> None:
    hall.held(hall.world.branch, hall.today, MeetingKind.THEME_PARTY_DAY)
    given = {"node": hall.world.unit.pk, "month": code(hall), "kind": K.THEME_PARTY_DAY, "status": "met"}
    answer = hall.world.client("college").post(reverse("members:obligations:board-export"), given)
    rows = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)
    assert [row[0] for row in rows[1:]] == ["The branch"]
    entry = AuditEntry.objects.get(verb="obligations.exported")
    assert (entry.organization_id, entry.changes["rows"]) == (hall.world.unit.pk, [0, 1])


def test_a_planned_sitting_is_named_with_its_day_and_not_planned_twice(hall: Hall) -> None:
    client, last = hall.world.client("secretary"), add_months(hall.month, 1) - timedelta(days=1)
    meeting = hall.planned(hall.world.branch, last, MeetingKind.THEME_PARTY_DAY)
    page = client.get(duty(hall))
    assert (page.context["light"].status, page.context["plan_url"]) == ("planned", "")
    assert meeting.get_absolute_url() in page.content.decode()
    year = client.get(reverse("members:obligations:year", args=[hall.world.branch.pk]))
    coming = {row.label: row for row in year.context["coming"]}
    row = coming[str(K.THEME_PARTY_DAY.label)]
    assert (row.planned_on, row.plan_url, row.light.count) == (last, "", f"{last:%m-%d}")
    assert coming[str(K.PARTY_LECTURE.label)].plan_url
    # Whoever may not see the sitting reads of what kind it is, without a link.
    board = hall.world.client("college").get(BOARD)
    assert lights(board)[f"{hall.world.branch.pk}-theme_party_day-{code(hall)}"] == "planned"


def test_the_page_of_talks_shows_numbers_and_leads_to_the_plan(hall: Hall) -> None:
    address = duty(hall, K.HEART_TALKS, str(hall.today.year))
    page = hall.world.client("secretary").get(address)
    assert f"organization={hall.world.branch.pk}" in page.context["talks_url"]
    assert hall.world.client("secretary").get(page.context["talks_url"]).status_code == 200
    text = page.content.decode()
    assert f"{page.context['owed'].held} of {page.context['owed'].needed}" in text
    inside = text.split("<main")[1].split("</main")[0]
    assert not any(hall.world.users[name].name in inside for name in ("contact", "member"))
    hall.all_talked(hall.today.year)
    assert hall.world.client("secretary").get(address).context["light"].status == "met"


def test_the_branch_is_told_who_can_waive(hall: Hall) -> None:
    address = duty(hall, period=code(hall, 1))
    assert hall.world.client("secretary").get(address).context["waived_by"] == str(hall.world.unit)
    assert hall.world.client("college").get(address).context["waived_by"] == ""
    hall.held(hall.world.branch, hall.ago(1), MeetingKind.THEME_PARTY_DAY)
    assert hall.world.client("secretary").get(address).context["waived_by"] == ""


@pytest.mark.parametrize("rows", [1, 5])
def test_the_other_pages_cost_the_same_for_any_number_of_rows(hall: Hall, rows: int) -> None:
    branch, year = hall.world.branch, str(hall.today.year)
    last = add_months(hall.month, 1) - timedelta(days=1)
    for _number in range(rows):
        hall.came(hall.held(branch, hall.month, MeetingKind.PARTY_LECTURE), contact="absent", member="absent")
        hall.planned(branch, last, MeetingKind.ORGANIZATIONAL_LIFE_MEETING)
    client = hall.world.client("secretary")
    pages = {
        "lecture": duty(hall, K.INTEGRITY_LECTURE, year),
        "planned": duty(hall, K.ORGANIZATIONAL_LIFE_MEETING, year),
        "absences": reverse("members:obligations:absence-list", args=[branch.pk]),
        "pulse": reverse("members:obligations:pulse"),
    }
    costs = {}
    for name, address in pages.items():
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        costs[name] = len(queries)
    assert costs == {"lecture": 12, "planned": 11, "absences": 8, "pulse": 5}


def test_only_the_officers_of_a_branch_see_who_was_away(hall: Hall) -> None:
    address = reverse("members:obligations:absence-list", args=[hall.world.branch.pk])
    meeting = hall.held(hall.world.branch, add_months(hall.today, -1), MeetingKind.THEME_PARTY_DAY)
    hall.came(meeting, contact="absent")
    page = hall.world.client("secretary").get(address)
    assert [row.name for row in page.context["page"]] == ["Contact"]
    for name in ("college", "committee", "neighbor", "contact", "retired"):
        assert hall.world.client(name).get(address).status_code == 403
    year = reverse("members:obligations:year", args=[hall.world.branch.pk])
    assert hall.world.client("secretary").get(year).context["absences_url"] == address
    assert hall.world.client("college").get(year).context["absences_url"] == ""


def test_the_pulse_changes_when_a_light_may_have(hall: Hall) -> None:
    client, address = hall.world.client("college"), reverse("members:obligations:pulse")
    seen = {client.get(address).json()["version"]}
    meeting = hall.held(hall.world.branch, hall.today, MeetingKind.PARTY_LECTURE)
    seen.add(client.get(address).json()["version"])
    meeting.parts.get().lecture_marks.create(kind=K.INTEGRITY_LECTURE)
    seen.add(client.get(address).json()["version"])
    period = Period.of(Span.MONTH, hall.today)
    waiver = waive(hall.world.branch, K.THEME_PARTY_DAY, period, reason="x", by=None, on=hall.today)
    seen.add(client.get(address).json()["version"])
    Waiver.objects.filter(pk=waiver.pk).update(revoked_on=hall.today, revoked_words="y")
    seen.add(client.get(address).json()["version"])
    planned = hall.planned(hall.world.branch, hall.today, MeetingKind.THEME_PARTY_DAY)
    seen.add(client.get(address).json()["version"])
    hall.call_off(planned)
    seen.add(client.get(address).json()["version"])
    hall.talked(hall.world.users["secretary"], hall.world.users["member"])
    seen.add(client.get(address).json()["version"])
    assert len(seen) == 7  # what was planned and called off is as before
    assert client.get(address).json()["version"] in seen


def test_the_workbench_names_what_is_to_be_held_and_what_was_missed(
    hall: Hall, django_assert_num_queries
) -> None:
    from members.obligations.work import missed_below, still_to_hold

    secretary, college = hall.world.user("secretary"), hall.world.user("college")
    rights_of(college)
    own = still_to_hold(secretary, hall.today)
    assert any("theme party day" in item.title for item in own.items)
    assert own.items[0].due_on >= hall.today
    # What the whole year asks for is not read before its last quarter.
    with django_assert_num_queries(2):
        spring = still_to_hold(secretary, hall.today.replace(month=5, day=15))
    with django_assert_num_queries(2):
        autumn = still_to_hold(secretary, hall.today.replace(month=11, day=15))
    assert autumn.count > spring.count
    with django_assert_num_queries(2):
        below = missed_below(college, hall.today)
    # Both branches missed the theme day of last month; in January the college its meeting of the year.
    assert below.items[0].title.startswith("3 " if hall.month.month == 1 else "2 ")
    with django_assert_num_queries(0):
        assert missed_below(college, hall.today) == below
    assert hall.world.client("college").get(below.items[0].url).status_code == 200


def test_panels_of_a_node_say_what_it_owes(hall: Hall, django_assert_num_queries) -> None:
    from members.obligations import panels

    world = hall.world
    hall.held(world.branch, hall.today, MeetingKind.THEME_PARTY_DAY)
    committee, peer = world.user("committee"), world.user("peer")
    assert len(panels.doors(world.branch, committee)["links"]) == 2
    assert panels.doors(world.branch, peer) is None
    nodes = [world.branch, world.sibling, world.far_branch]
    panels.lights(nodes[:1], committee, hall.today)
    with django_assert_num_queries(3):
        found = panels.lights(nodes, committee, hall.today)
    assert {node.pk for node in nodes} == set(found)
    assert panels.lights(nodes, peer, hall.today) == {}
    last = add_months(hall.month, 1) - timedelta(days=1)
    days = panels.due_days(world.sibling, committee, hall.month, last)
    assert {item.on for item in days} >= {last}
    assert panels.due_days(world.sibling, peer, hall.month, last) == []
    block = panels.year_in_figures(world.branch, committee, hall.today.year)
    assert block.figures[0][1] == 1
    assert panels.year_in_figures(world.branch, peer, hall.today.year) is None


def test_metrics_count_what_the_pages_show(hall: Hall) -> None:
    from members.obligations import stats

    world = hall.world
    assert {world.branch, world.sibling} <= set(stats.nodes_that_missed(world.unit, hall.today))
    hall.all_talked(hall.today.year - 1)
    lecture = hall.held(world.branch, hall.ago(1), *MeetingKind.values)
    hall.speaker(lecture, world.users["secretary"])
    lecture.parts.get(kind="party_lecture").lecture_marks.create(kind=K.INTEGRITY_LECTURE)
    assert world.branch not in stats.nodes_that_missed(world.unit, hall.today)
    hall.held(world.branch, hall.today, MeetingKind.THEME_PARTY_DAY)
    assert stats.sittings_held(world.root, hall.today).count() == 1
    assert stats.waivers_in_force(world.root, hall.today).count() == 0
