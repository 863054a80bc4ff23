"""The board, the table, the calendar and the plan: what they count, whom they lead to, and who may look."""

from datetime import date, timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from members.recruitment.engine.steps import STEPS, XZ14, Stage
from members.recruitment.models import Case, Quota, StepRecord
from members.recruitment.queries import agenda as calendars
from members.recruitment.queries import boards
from members.recruitment.queries.plans import plans_of
from members.recruitment.work import cases_to_decide, overdue_cases
from portal.access.policy import may
from portal.access.rights import rights_of
from portal.audit.models import AuditEntry
from portal.organizations.duties import Post
from portal.organizations.models import OrganizationType
from portal.organizations.services import appoint, create_organization
from tests.world import CAST, World

from .filling import fill
from .way import at, case_at, make_cast

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 15)


@pytest.fixture(autouse=True)
def today(world):
    """Hold the clock, so that days before and after are what a test says."""
    with at(TODAY):
        yield TODAY


def day(distance: int) -> date:
    return TODAY + timedelta(distance)


def url(name: str, *args, **query) -> str:
    text = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"members:recruitment:{name}", args=args) + (f"?{text}" if text else "")


def shown(client, **query) -> set[int]:
    page = client.get(url("case-list", **query, per_page=100))
    assert page.status_code == 200
    return {row["case"].pk for row in page.context["rows"]}


def filled(world: World) -> dict[str, list[Case]]:
    """Put cases of every look into three branches."""
    return {
        "talk": fill(world.branch, 3, current_step="talk", overdue_since=day(-3), gap_count=1, waits_for_branch=True),
        "filing": fill(
            world.branch, 2, stage=Stage.ACTIVIST.value, current_step="file_activist", gap_count=2,
            waits_for_superior=True, waits_for_branch=True, ready_on=day(100),
        ),
        "cultivating": fill(
            world.sibling, 4, stage=Stage.ACTIVIST.value, current_step="cultivate", ready_on=day(184), next_due=day(20)
        ),
        "too_far": fill(world.sibling, 1, stage=Stage.ACTIVIST.value, current_step="cultivate", ready_on=day(185)),
        "eligible": fill(
            world.branch, 1, stage=Stage.TARGET.value, current_step="propose_target", ready_on=day(0), gap_count=1,
            waits_for_branch=True,
        ),
        "admission": fill(
            world.far_branch, 2, stage=Stage.ADMISSION.value, current_step="approve", waits_for_superior=True,
            gap_count=1, next_due=day(5),
        ),
        "ending": fill(
            world.branch, 2, stage=Stage.PROBATION.value, current_step="probation", probation_ends_on=day(90),
            next_due=day(-1),
        ),
        "ended": fill(
            world.branch, 1, stage=Stage.PROBATION.value, current_step="convert_congress", probation_ends_on=day(-1),
            overdue_since=day(0), gap_count=3, waits_for_branch=True, edition=XZ14,
        ),
        "closed": fill(
            world.branch, 2, state="closed", closed_on=day(-10), closed_reason="withdrawn", current_step="talk"
        ),
    }  # fmt: skip


def keys(cases: list[Case]) -> set[int]:
    return {case.pk for case in cases}


@pytest.mark.parametrize("actor", ["secretary", "college", "committee"])
def test_every_number_of_the_board_leads_to_as_many_cases(world, actor):
    filled(world)
    client = world.client(actor)
    page = client.get(url("board"))
    numbers = [(stat["value"], stat["url"]) for stat in page.context["stats"]]
    board, cases_url = page.context["board"], page.context["cases_url"]
    for stage in board.stages:
        numbers.append((stage.tally.cases, f"{cases_url}&stage={stage.code}"))
        numbers.append((stage.tally.overdue, f"{cases_url}&stage={stage.code}&overdue=on"))
        numbers += [(row.tally.cases, f"{cases_url}&stage={stage.code}&step={row.code}") for row in stage.steps]
    for row in page.context["parts"]:
        numbers.append((row["part"].tally.cases, row["cases_url"]))
        numbers += [(count, f"{row['cases_url']}&stage={code}") for code, _label, count in row["stages"]]
    numbers.append((board.total.ready, f"{cases_url}&soon=ready"))
    numbers.append((board.total.ending, f"{cases_url}&soon=ending"))
    assert sum(count for count, _address in numbers) > 20
    for count, address in numbers:
        query = {name: value for name, (value, *_more) in parse_qs(urlsplit(address).query).items()}
        assert (len(shown(client, **query)), address) == (count, address)


def test_board_counts_a_subtree_by_stage_and_step(world):
    filled(world)
    board = world.client("committee").get(url("board")).context["board"]
    assert (board.total.cases, board.total.overdue, board.total.missing) == (16, 4, 9)
    assert (board.total.for_superior, board.total.eligible) == (4, 1)
    assert (board.total.ready, board.total.ending) == (6, 2)
    assert [(row.code, row.tally.cases) for row in board.stages] == [
        ("application", 3), ("activist", 7), ("target", 1), ("admission", 2), ("probation", 3),
    ]  # fmt: skip
    activist = board.stages[1]
    assert [(row.code, row.tally.cases) for row in activist.steps] == [("file_activist", 2), ("cultivate", 5)]
    parts = {part.node.pk: part.tally.cases for part in board.parts}
    assert parts == {world.office.pk: 0, world.unit.pk: 14, world.far_unit.pk: 2}
    below = world.client("committee").get(url("board", node=world.unit.pk)).context["board"]
    assert {part.node.pk: part.tally.cases for part in below.parts} == {world.branch.pk: 9, world.sibling.pk: 5}


def test_boards_hold_what_the_policies_allow_and_never_the_own_case(world):
    filled(world)
    for name in ("secretary", "college", "author"):
        person = world.member(name)
        Case.objects.create(
            person=person, organization=world.branch, edition="e", opened_on=day(-5), overdue_since=day(-1),
            next_due=day(1), ready_on=day(3), probation_ends_on=day(3), waits_for_superior=True,
        )  # fmt: skip
    for name in CAST:
        user = world.user(name)
        kept = set(boards.kept_by(user).values_list("pk", flat=True))
        known = {
            case.pk for case in Case.objects.all() if may(user, "record", case) or may(user, "decide", case)
        }
        assert kept == known, name
    own = Case.objects.get(person__user=world.users["secretary"])
    client = world.client("secretary")
    assert own.pk not in shown(client, state="all")
    assert "Secretary" not in {case.person.name for case in client.get(url("board")).context["ready"]}
    listed = client.get(url("calendar")).context["agenda"]
    assert own.pk not in {entry.case.pk for found in listed.days for entry in found.entries}


@pytest.mark.parametrize("page", ["board", "case-list", "calendar", "quota-list"])
def test_pages_are_for_those_who_keep_or_decide(world, page):
    for name in ("author", "contact", "lecturer", "admin", "auditor", "outsider", "retired"):
        assert world.client(name).get(url(page)).status_code == 403, name
    client = world.client("secretary")
    for wrong in (world.sibling.pk, world.unit.pk, 10**30, 99999999, "x", "-1", "１"):
        assert client.get(url(page, node=wrong)).status_code == 404, wrong
    assert client.get(url(page)).context["node"] == world.branch
    assert world.client("committee").get(url(page)).context["node"] == world.root


@pytest.mark.parametrize("rows", [1, 15])
@pytest.mark.parametrize(
    ("page", "expected"), [("board", 11), ("case-list", 7), ("calendar", 11), ("quota-list", 9)]
)
def test_pages_cost_the_same_for_any_size(world, django_assert_num_queries, page, rows, expected):
    for number in range(rows):
        branch = create_organization(
            parent=world.unit, by=None, name=f"More {number}", code=f"M{number}", org_type=OrganizationType.BRANCH
        )
        fill(
            branch, 1, current_step="talk", next_due=day(3), ready_on=day(4), probation_ends_on=day(5),
            waits_for_superior=True,
        )  # fmt: skip
        Quota.objects.create(organization=branch, year=TODAY.year, planned=1)
    client = world.client("college")
    client.get(url(page))
    with django_assert_num_queries(expected):
        assert client.get(url(page)).status_code == 200


FILTERS = [
    ({}, "talk filing cultivating too_far eligible ending ended"),
    ({"stage": "activist"}, "filing cultivating too_far"),
    ({"step": "talk"}, "talk"),
    ({"overdue": "on"}, "talk ended"),
    ({"missing": "on"}, "talk filing eligible ended"),
    ({"waits": "superior"}, "filing"),
    ({"waits": "branch"}, "talk filing eligible ended"),
    ({"waits": "school"}, ""),
    ({"waits": "nobody"}, "cultivating too_far ending"),
    ({"soon": "due"}, "cultivating ending"),
    ({"soon": "eligible"}, "eligible"),
    ({"soon": "ready"}, "filing cultivating"),
    ({"soon": "ending"}, "ending"),
    ({"edition": XZ14}, "ended"),
    ({"state": "closed"}, "closed"),
    ({"state": "all", "step": "talk"}, "talk closed"),
    ({"due_on": "2026-07-05"}, "cultivating"),
    # What nobody offers filters nothing.
    (
        {
            "stage": "nowhere", "step": "x", "state": "gone", "soon": "never", "due_on": "31", "sort": "luck",
            "waits": "me",
        },
        "talk filing cultivating too_far eligible ending ended",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("query", "expected"), FILTERS, ids=lambda value: str(value)[:40])
def test_table_is_filtered_by_the_address(world, query, expected):
    cases = filled(world)
    found = shown(world.client("college"), **query)
    assert found == set().union(*(keys(cases[name]) for name in expected.split()))


def test_table_leads_the_branch_to_the_people_who_may_apply(world):
    fill(world.branch)
    people = f"{reverse('members:member-list')}?organization={world.branch.pk}"
    assert people in world.client("secretary").get(url("case-list")).content.decode()
    assert people not in world.client("college").get(url("case-list", node=world.branch.pk)).content.decode()


def test_table_finds_by_name_and_number(world):
    cases = filled(world)
    wanted = cases["talk"][1].person.user
    client = world.client("secretary")
    assert shown(client, words=wanted.number) == {cases["talk"][1].pk}
    assert cases["talk"][1].pk in shown(client, words=wanted.name)
    assert shown(client, words="nobody at all") == set()


@pytest.mark.parametrize("sort", ["due", "overdue", "missing", "branch", "name", "opened"])
def test_table_is_read_to_its_end_in_every_order(world, sort):
    cases = filled(world)
    fill(world.branch, 30)
    client = world.client("college")
    expected = Case.objects.open().filter(organization__path__startswith=world.unit.path).count()
    assert expected == 14 + 30
    seen, query = [], {"sort": sort}
    for _page in range(5):
        page = client.get(url("case-list", **query))
        seen += [row["case"].pk for row in page.context["rows"]]
        if not page.context["page"].after:
            break
        query["after"] = page.context["page"].after
    assert len(seen) == len(set(seen)) == expected
    first = {"due": "ending", "overdue": "talk", "missing": "ended"}.get(sort)
    assert first is None or seen[0] in keys(cases[first])


def test_export_takes_the_filtered_table_along_and_says_so(world):
    cases = filled(world)
    client = world.client("college")
    assert client.get(url("case-export")).status_code == 405
    answer = client.post(url("case-export", node=world.unit.pk, stage="activist", words="F"))
    rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True))
    expected = cases["filing"] + cases["cultivating"] + cases["too_far"]
    assert {row[1] for row in rows[1:]} == {case.person.number for case in expected}
    filing = next(row for row in rows if row[1] == cases["filing"][0].person.number)
    assert str(STEPS["file_activist"].label) in filing and 2 in filing
    entry = AuditEntry.objects.get(verb="recruitment.cases.exported")
    assert (entry.organization, entry.by) == (world.unit, world.users["college"])
    assert entry.changes == {"rows": [0, 7], "stage": ["", "activist"]}
    assert world.client("author").post(url("case-export")).status_code == 403
    assert world.client("secretary").post(url("case-export", node=world.sibling.pk)).status_code == 404


def test_somebody_without_an_archive_sees_the_board_of_the_post(world):
    cases = filled(world)
    appoint(world.user("admin"), world.branch, Post.ORGANIZER, on=day(-1), by=None)
    assert shown(world.client("admin"), step="talk") == keys(cases["talk"])


def kinds_by_day(agenda) -> dict[date, list[str]]:
    return {found.on: sorted(entry.kind.value for entry in found.entries) for found in agenda.days}


def test_calendar_tells_what_falls_into_a_month(world):
    filled(world)
    client = world.client("college")
    june = client.get(url("calendar"))
    assert kinds_by_day(june.context["agenda"]) == {day(-1): ["due", "due", "probation_ends"], day(0): ["ready"]}
    july = client.get(url("calendar", month="2026-07")).context["agenda"]
    assert kinds_by_day(july) == {day(20): ["due"] * 4}
    assert july.days[0].due == 4
    assert june.context["later"] == "2026-07" and june.context["earlier"] == "2026-05"
    for wrong in ("x", "2026-13", "9999-99", "1700-01", "2026-07-01"):
        assert client.get(url("calendar", month=wrong)).context["month"] == TODAY.replace(day=1)


def test_calendar_says_when_it_holds_too_much(world, monkeypatch):
    monkeypatch.setattr(calendars, "LIMIT", 3)
    fill(world.branch, 4, next_due=day(2), current_step="talk")
    page = world.client("secretary").get(url("calendar"))
    agenda = page.context["agenda"]
    assert agenda.is_cut and (agenda.days[0].due, len(agenda.days[0].entries)) == (4, 3)
    assert len(shown(world.client("secretary"), due_on=day(2).isoformat())) == 4


def test_calendar_and_plan_follow_a_real_case(world):
    """A notice is shown while the case is open; an approved admission counts in the year of its approval."""
    case = case_at(make_cast(world), through="approve")
    records = {(row.step, row.kind): row for row in StepRecord.objects.filter(case=case)}
    notice = records["consent_publicity", "publicity"].details
    starts, ends = (date.fromisoformat(notice[name]) for name in ("starts_on", "ends_on"))
    user = world.user("secretary")
    for on, kind in ((starts, "notice_begins"), (ends, "notice_ends")):
        found = kinds_by_day(calendars.agenda_of(user, world.branch, on.replace(day=1)))
        assert kind in found[on]
    approved = records["approve", "approval"].on
    years = {year: plans_of(user, [world.branch], year)[0].admitted for year in (approved.year - 1, approved.year)}
    assert years == {approved.year - 1: 0, approved.year: 1}
    assert plans_of(world.user("neighbor"), [world.branch], approved.year)[0].admitted == 0


def test_plan_adds_up_and_shows_what_is_too_much(world):
    for node, planned in ((world.branch, 2), (world.sibling, 3), (world.unit, 4), (world.far_branch, 1)):
        Quota.objects.create(organization=node, year=2026, planned=planned)
    fill(world.branch, 3, stage=Stage.ADMISSION.value, current_step="approve")
    page = world.client("committee").get(url("quota-list"))
    rows = {row["plan"].node.pk: row["plan"] for row in page.context["rows"]}
    top = rows[world.root.pk]
    assert (top.own, top.below, top.planned, top.left, top.coming) == (None, 5, 5, 5, 3)
    unit = rows[world.unit.pk]
    assert (unit.own, unit.below, unit.planned, unit.is_shared_out, unit.is_short) == (4, 5, 4, True, False)
    below = world.client("college").get(url("quota-list")).context["rows"]
    branch = next(row["plan"] for row in below if row["plan"].node == world.branch)
    assert (branch.own, branch.below, branch.coming, branch.is_short) == (2, None, 3, True)
    past = world.client("college").get(url("quota-list", year=2025)).context["top"]["plan"]
    assert (past.planned, past.left) == (None, None)


def test_committee_sets_the_plan(world):
    client, address = world.client("college"), url("quota-set", world.branch.pk, 2026)
    assert client.get(address).status_code == 200
    for wrong in ("", "-1", "x", "1.5", "10001", "9" * 400):
        answer = client.post(address, {"planned": wrong})
        assert answer.status_code == 200 and answer.context["form"].errors, wrong
    assert not Quota.objects.exists()
    assert client.post(address, {"planned": "5"}).status_code == 302
    assert client.post(address, {"planned": "6"}).status_code == 302
    quota = Quota.objects.get()
    assert (quota.organization, quota.year, quota.planned) == (world.branch, 2026, 6)
    trail = AuditEntry.objects.filter(verb="recruitment.quota_set").order_by("pk")
    assert [entry.changes["planned"] for entry in trail] == [["", 5], [5, 6]]
    for year in (1999, 2101):
        assert client.get(url("quota-set", world.branch.pk, year)).status_code == 404
    assert world.client("secretary").post(address, {"planned": "9"}).status_code == 403
    assert world.client("neighbor").post(address, {"planned": "9"}).status_code == 404
    assert client.post(url("quota-set", world.far_branch.pk, 2026), {"planned": "9"}).status_code == 404
    assert Quota.objects.get().planned == 6


@pytest.mark.parametrize("rows", [2, 9])
def test_workbench_names_what_is_late_and_what_waits_for_the_committee(world, rows, django_assert_num_queries):
    fill(world.branch, rows, current_step="talk", overdue_since=day(-3), waits_for_branch=True)
    fill(world.branch, rows, stage=Stage.ACTIVIST.value, current_step="file_activist", waits_for_superior=True)
    fill(world.far_branch, 1, current_step="talk", overdue_since=day(-3), waits_for_superior=True)
    secretary, college = world.user("secretary"), world.user("college")
    for user in (secretary, college):
        rights_of(user)
    expected = 1 if rows <= 5 else 2
    with django_assert_num_queries(expected):
        late = overdue_cases(secretary, timezone.localdate())
    with django_assert_num_queries(expected):
        waiting = cases_to_decide(college, timezone.localdate())
    assert (late.count, waiting.count) == (rows, rows)
    assert len(late.items) == len(waiting.items) == min(rows, 5)
    assert {item.due_on for item in late.items} == {day(-3)}
    assert cases_to_decide(world.user("committee"), timezone.localdate()).count == rows + 1
    for group, client in ((late, world.client("secretary")), (waiting, world.client("college"))):
        page = client.get(group.more_url)
        assert len(page.context["rows"]) == rows


def test_a_nodes_page_leads_to_its_board(world):
    address = url("board", node=world.branch.pk)
    place = reverse("organizations:organization-detail", args=[world.branch.pk])
    assert address in world.client("secretary").get(place).content.decode()
    assert address not in world.client("author").get(place).content.decode()
    assert address not in world.client("neighbor").get(place).content.decode()
