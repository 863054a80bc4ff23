"""The ledger: entered once whatever is repeated, added up by year, seen by those it concerns, taken back with words."""

from datetime import date
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from portal.access.policy import holders, may, policy_of, scope
from portal.accounts.models import User
from portal.audit.models import AuditEntry
from portal.extensions.registry import person_panels, timeline_sources
from portal.hours.models import MINUTES_MAX, HourEntry, HourKind
from portal.hours.queries import hours_of, in_words, totals_by_year
from portal.hours.services import Hours, annul_hours, enter_hours, occasion
from portal.notifications.models import Notice
from portal.web.refusals import RuleError
from tests.access.test_agreement import ACTORS

DAY = date(2024, 2, 29)


@pytest.fixture
def line(world):
    def make(name="author", *, minutes=90, kind=HourKind.STUDY, on=DAY, key="one", title="Reading"):
        user = world.users[name]
        return Hours(user.pk, kind, minutes, on, "test", key, title, world.branch.pk)

    return make


def test_an_occasion_counts_once_for_each_person(world, line):
    rows = [line("author"), line("peer")]
    assert enter_hours(rows, by=world.user("secretary")) == 2
    assert enter_hours([*rows, line("member")], by=world.user("secretary")) == 1
    assert HourEntry.objects.count() == 3
    trail = AuditEntry.objects.filter(verb="hours.entered").values_list("about_id", flat=True)
    assert sorted(trail) == sorted(world.users[name].pk for name in ("author", "peer", "member"))


def test_entering_costs_the_same_for_many(world, line, django_assert_num_queries):
    def statements(names, key):
        with CaptureQueriesContext(connection, ) as seen:
            enter_hours([line(name, key=key) for name in names], by=None)
        return len(seen)

    statements(["author"], "warm")
    assert statements(["author"], "few") == statements(["author", "peer", "member", "contact", "target"], "many")


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 0}, {"minutes": -5}, {"minutes": MINUTES_MAX + 1}, {"minutes": 1.5}, {"minutes": True},
        {"kind": "sleep"}, {"key": ""}, {"title": " "},
    ],
)  # fmt: skip
def test_a_wrong_line_keeps_all_out(line, wrong):
    with pytest.raises(RuleError):
        enter_hours([line("peer"), line(**wrong)], by=None)
    assert not HourEntry.objects.exists()


def test_annulled_hours_count_no_more_and_may_be_entered_anew(world, line):
    enter_hours([line("author"), line("peer")], by=None)
    mine = occasion("test", "one").filter(person=world.users["author"])
    with pytest.raises(RuleError):
        annul_hours(mine, words="  ", by=None)
    assert annul_hours(mine, words="Was not there", by=world.user("secretary")) == 1
    assert annul_hours(mine, words="Again", by=None) == 0
    assert list(hours_of(world.users["author"])) == []
    assert hours_of(world.users["peer"]).count() == 1
    assert enter_hours([line("author", minutes=30)], by=None) == 1
    assert [row.minutes for row in hours_of(world.users["author"], 2024)] == [30]
    assert HourEntry.objects.count() == 3


def test_totals_keep_years_and_kinds_apart(world, line):
    enter_hours(
        [
            line(key="a", minutes=60, on=date(2024, 12, 31)),
            line(key="b", minutes=45, on=date(2024, 1, 1)),
            line(key="c", minutes=30, on=date(2025, 1, 1)),
            line(key="d", minutes=20, on=date(2025, 1, 1), kind=HourKind.VOLUNTEERING),
        ],
        by=None,
    )
    found = totals_by_year(hours_of(world.users["author"]))
    sums = [(row.year, [total.minutes for total in row.totals]) for row in found]
    assert sums == [(2025, [30, 20]), (2024, [105, 0])]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(1, "1 minute"), (59, "59 minutes"), (60, "1 full hour"), (120, "2 full hours"), (135, "2 h 15 min")],
)
def test_minutes_in_words(minutes, words):
    assert in_words(minutes) == words


@pytest.mark.parametrize(
    "broken",
    [{"minutes": 0}, {"kind": "sleep"}, {"key": ""}, {"annulled_words": "why"}],
)
def test_the_table_refuses_what_cannot_be(line, broken):
    enter_hours([line()], by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        HourEntry.objects.update(**broken)


def test_scope_may_and_holders_agree(world, line):
    enter_hours([line("author"), line("secretary"), line("stranger")], by=None)
    rows = list(HourEntry.objects.all())
    policy = policy_of(HourEntry)
    for action in policy.actions:
        for name in ACTORS:
            actor = world.user(name)
            scoped = set(scope(actor, action, HourEntry).values_list("pk", flat=True))
            assert scoped == {row.pk for row in rows if may(actor, action, row)}, (name, action)
        for row in rows:
            told = set(holders(action, row).values_list("pk", flat=True))
            allowed = {user.pk for user in User.objects.all() if may(user, action, row)}
            own = {row.person_id} if action == "view" else set()
            assert told <= allowed and allowed - own <= told, (row.person, action)


def test_who_sees_the_hours_of_the_author(world, line):
    enter_hours([line("author")], by=None)
    seeing = {name for name in ACTORS if scope(world.user(name), "view", HourEntry).exists()}
    assert seeing == {"author", "secretary", "college", "committee", "lecturer"}
    taking = {name for name in ACTORS if scope(world.user(name), "annul", HourEntry).exists()}
    assert taking == {"secretary", "college", "committee"}


def test_nobody_takes_back_what_counts_for_oneself(world, line):
    enter_hours([line("secretary")], by=None)
    entry = HourEntry.objects.get()
    assert world.client("secretary").get(reverse("hours:entry-annul", args=[entry.pk])).status_code == 403
    assert world.client("college").get(reverse("hours:entry-annul", args=[entry.pk])).status_code == 200


def test_my_page_shows_the_year_asked_for_and_forgives_others(world, line):
    enter_hours([line(key="a", title="Leap day"), line(key="b", on=date(2025, 5, 4), title="Youth day")], by=None)
    client = world.client("author")
    assert client.get(reverse("hours:my-hours")).context["year"] == 2025
    page = client.get(reverse("hours:my-hours"), {"year": "2024"})
    assert [row.title for row in page.context["page"]] == ["Leap day"]
    for odd in ("0", "1_2", "abc", "99999", "-1", "２０２４", "0000"):
        assert client.get(reverse("hours:my-hours"), {"year": odd}).context["year"] == 2025
    assert world.client("peer").get(reverse("hours:my-hours")).context["years"] == []


def test_the_page_asks_the_same_for_one_and_for_many(world, line):
    client = world.client("author")

    def statements():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("hours:my-hours")).status_code == 200
        return len(seen)

    enter_hours([line(key="first")], by=None)
    statements()
    few = statements()
    enter_hours([line(key=f"k{number}") for number in range(18)], by=None)
    assert statements() == few


def test_workbook_holds_the_year_and_is_kept_in_the_trail(world, line):
    enter_hours([line(key="a", title="=1+1"), line(key="b", on=date(2025, 5, 4))], by=None)
    client = world.client("author")
    answer = client.post(reverse("hours:my-hours-export"), {"year": "2024"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)][0][2:] == ["=1+1", "The branch", 90]
    assert sheet.max_row == 2
    assert AuditEntry.objects.get(verb="hours.exported").about_id == world.users["author"].pk
    assert client.get(reverse("hours:my-hours-export")).status_code == 405


def test_annulling_on_the_page(world, line):
    enter_hours([line("author")], by=None)
    entry, client = HourEntry.objects.get(), world.client("secretary")
    address = reverse("hours:entry-annul", args=[entry.pk])
    assert client.post(address, {"words": ""}).context["form"].errors.keys() == {"words"}
    done = client.post(address, {"words": "Entered twice"}, follow=True)
    assert (done.status_code, done.context["years"]) == (200, [])
    assert client.post(address, {"words": "Again"}).status_code == 409
    assert world.client("neighbor").get(reverse("hours:person-hours", args=[entry.person_id])).status_code == 404


def test_archive_and_timeline_show_hours_to_those_who_may(world, line, today=None):
    from django.utils import timezone

    enter_hours([line("author", on=timezone.localdate(), title="Sweeping snow")], by=None)
    panel, source = person_panels.get("hours"), timeline_sources.get("hours")
    person = world.user("author")
    for name, sees in (("author", True), ("secretary", True), ("neighbor", False), ("peer", False)):
        assert (panel.context(person, world.user(name)) is not None) is sees
        assert [entry.title for entry in source.find(person, world.user(name), 9)] == ["Sweeping snow"] * sees
    page = world.client("secretary").get(reverse("members:member-detail", args=[world.member("author").pk]))
    assert b"Sweeping snow" in page.content


def test_people_are_told_once_for_each_occasion_why_hours_were_taken_back(world, line):
    enter_hours([line("author"), line("peer"), line("secretary"), line("author", key="two", title="Sweeping")], by=None)
    annul_hours(HourEntry.objects.all(), words="Not held", by=world.user("secretary"))
    told = Notice.objects.filter(message__kind="hours_annulled").select_related("message", "recipient")
    assert sorted((row.recipient.name, *row.message.params.values()) for row in told) == [
        ("Author", "Reading", "Not held"), ("Author", "Sweeping", "Not held"), ("Peer", "Reading", "Not held"),
    ]  # fmt: skip
    enter_hours([line("author")], by=None)
    annul_hours(occasion("test", "one"), words="Once more", by=None)
    assert Notice.objects.filter(message__kind="hours_annulled", recipient=world.users["author"]).count() == 3


def test_what_was_taken_back_stays_to_be_read_with_the_reason(world, line):
    enter_hours([line("author"), line("author", key="two", title="Sweeping")], by=None)
    annul_hours(occasion("test", "two"), words="It rained", by=world.user("secretary"))
    address = reverse("hours:person-hours", args=[world.users["author"].pk])
    for client, page in ((world.client("author"), reverse("hours:my-hours")), (world.client("secretary"), address)):
        shown = client.get(page)
        assert [row.title for row in shown.context["annulled"]] == ["Sweeping"]
        assert "It rained" in shown.content.decode()
    assert world.client("peer").get(reverse("hours:my-hours")).context["annulled"] == []
