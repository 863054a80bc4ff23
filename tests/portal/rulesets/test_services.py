"""Setting rules: layers in the database, what an edit would change, and the calendar of a year."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.imports.exports import workbook
from portal.rulesets import services
from portal.rulesets.calendars import CalendarRow, read_file, read_rows
from portal.rulesets.impacts import Change, ImpactRow, ImpactSource, impacts
from portal.rulesets.models import CalendarDay, CalendarYear, RuleSetting
from portal.rulesets.queries import calendar, rulebook, rules_for
from portal.rulesets.values import Layer
from portal.web.refusals import RuleError

EDITION = "recruitment-2026-05"
ON = date(2026, 11, 22)


def put(world, code, amount, *, node="root", by="committee", seen=None, reason="Decision 12 of the committee"):
    organization = world.nodes[node]
    if seen is None:
        seen = services.preview_setting(EDITION, code, amount=amount, organization=organization).fingerprint
    return services.set_amount(
        EDITION, code, amount=amount, organization=organization, reason=reason, seen=seen, by=world.user(by), on=ON
    )


def test_university_layer_holds_everywhere_and_a_habit_on_its_branch(world):
    put(world, "cultivation.min", 15)
    put(world, "thought_report.interval", 1, node="branch", by="college")
    everywhere, here = rules_for(EDITION), rules_for(EDITION, world.branch)
    assert (here["cultivation.min"].amount, here["cultivation.min"].layer) == (15, Layer.UNIVERSITY)
    assert here["cultivation.min"].words == "Decision 12 of the committee"
    assert (here["thought_report.interval"].amount, here["thought_report.interval"].habit) == (3, 1)
    assert everywhere["thought_report.interval"].habit is None
    assert rules_for(EDITION, world.sibling)["thought_report.interval"].habit is None
    assert rules_for("recruitment-2014", world.branch)["cultivation.min"].amount == 12


def test_rules_of_many_places_take_one_query(world, django_assert_num_queries):
    put(world, "cultivation.min", 15)
    put(world, "thought_report.interval", 1, node="branch", by="college")
    with django_assert_num_queries(1):
        book = rulebook()
        found = [book.rules(EDITION, node.pk) for node in world.nodes.values()]
    assert len({id(rules) for rules in found}) == 2


def test_setting_again_changes_the_row_and_leaves_a_trail(world):
    first = put(world, "cultivation.min", 15)
    again = put(world, "cultivation.min", 12, reason="Decision 13")
    assert (again.pk, RuleSetting.objects.count()) == (first.pk, 1)
    assert rules_for(EDITION)["cultivation.min"].amount == 12
    entries = AuditEntry.objects.filter(verb="rulesets.amount_set").order_by("pk")
    assert [entry.changes for entry in entries] == [
        {"recruitment-2026-05 cultivation.min": [12, 15]},
        {"recruitment-2026-05 cultivation.min": [15, 12]},
    ]


REFUSED = [
    ("cultivation.min", 11, "root", "amount"),
    ("congress.after_pre_review", 2, "root", "amount"),
    ("sponsors.count", 3, "root", "amount"),
    ("publicity.target", 31, "root", "amount"),
    ("cultivation.min", 11, "branch", "amount"),
    ("cultivation.min", 14, "branch", "amount"),
    ("thought_report.interval", 6, "unit", "organization"),
]


@pytest.mark.parametrize(("code", "amount", "node", "field"), REFUSED)
def test_what_would_loosen_is_refused_with_words_and_nothing_written(world, code, amount, node, field):
    put(world, "cultivation.min", 15)
    with pytest.raises(RuleError) as refusal:
        put(world, code, amount, node=node)
    assert list(refusal.value.error_dict) == [field]
    assert RuleSetting.objects.count() == 1


def test_words_name_the_article_that_would_be_loosened(world):
    with pytest.raises(RuleError) as refusal:
        put(world, "cultivation.min", 11)
    assert refusal.value.messages == [
        "At least 12 months are asked (Rules on recruiting members (2026), article 13); "
        "11 months would loosen the rule."
    ]


@pytest.mark.parametrize(("edition", "code"), [("recruitment-2014", "oath.within"), ("no-such", "oath.within")])
def test_a_rule_the_edition_does_not_know_is_refused(world, edition, code):
    with pytest.raises(RuleError):
        services.preview_setting(edition, code, amount=1, organization=world.root)


def test_nothing_is_saved_without_a_look_at_what_it_changes(world):
    for seen in ("", "12-16", "15-15"):
        with pytest.raises(RuleError):
            put(world, "cultivation.min", 15, seen=seen)
    put(world, "cultivation.min", 15, seen="12-15")
    with pytest.raises(RuleError):  # someone else has set it since the preview of 12 to 18
        put(world, "cultivation.min", 18, seen="12-18")
    assert rules_for(EDITION)["cultivation.min"].amount == 15


def test_a_setting_without_reason_is_refused(world):
    with pytest.raises(RuleError) as refusal:
        put(world, "cultivation.min", 15, reason="  ")
    assert list(refusal.value.error_dict) == ["words"]


def test_preview_asks_every_room_and_leaves_out_those_untouched(world):
    asked = []

    def answer(edition, changes):
        asked.append((edition.code, dict(changes)))
        return [ImpactRow(f"Case {number}") for number in range(250)]

    impacts.register(ImpactSource("test.cases", "Cases", answer))
    impacts.register(ImpactSource("test.none", "Others", lambda edition, changes: []))
    try:
        found = services.preview_setting(EDITION, "cultivation.min", amount=15, organization=world.root)
        assert [(impact.label, len(impact.rows), impact.count, impact.more) for impact in found.impacts] == [
            ("Cases", 200, 250, 50)
        ]
        assert services.preview_setting(EDITION, "cultivation.min", amount=12, organization=world.root).impacts == ()
        habit = services.preview_setting(EDITION, "cultivation.min", amount=15, organization=world.branch)
        assert (habit.is_habit, habit.impacts) == (True, ())
        assert asked == [(EDITION, {"cultivation.min": Change(12, 15)})]
    finally:
        impacts.unregister("test.cases")
        impacts.unregister("test.none")


def test_calendar_is_read_in_two_queries(db, django_assert_num_queries):
    with django_assert_num_queries(2):
        found = calendar()
    assert (found.announced, len(found.shifted)) == (frozenset({2026}), 6)


ROWS_2028 = [["日期", "类型", "名称"], ["2028-01-01", "放假", "元旦"], ["2028年1月8日", "补班", "元旦"]]


def numbered(rows):
    return list(enumerate(rows, start=1))


def test_a_year_is_kept_and_replaced_as_a_whole(world):
    rows = read_rows(numbered(ROWS_2028), 2028)
    services.keep_calendar(2028, rows=rows, is_announced=True, source="Notice", by=world.user("committee"))
    kept = services.keep_calendar(2028, rows=rows[:1], is_announced=True, source="Notice", by=world.user("committee"))
    assert [str(day) for day in kept.days.all()] == ["2028-01-01 元旦"]
    assert calendar().announced == frozenset({2026, 2028})
    last = AuditEntry.objects.filter(verb="rulesets.calendar_kept").order_by("pk").last()
    assert last.changes == {"2028-01-08": ["workday 元旦", ""]}


def test_an_announced_year_names_its_source_and_holds_days(world):
    by = world.user("committee")
    with pytest.raises(ValidationError):
        services.keep_calendar(2028, rows=read_rows(numbered(ROWS_2028), 2028), is_announced=True, source="", by=by)
    with pytest.raises(RuleError):
        services.keep_calendar(2028, rows=[], is_announced=False, source="", by=by)
    with pytest.raises(ValidationError):
        services.keep_calendar(
            1999, rows=[CalendarRow(date(1999, 1, 1), "holiday", "")], is_announced=False, source="", by=by
        )
    assert not CalendarYear.objects.filter(year__in=[1999, 2028]).exists()


GOOD = ["2028-01-01", "holiday", "New Year"]
BAD_ROWS = [
    ([], "The file holds no row."),
    ([["a", "b"], GOOD], "The first row must name the columns: day, kind, name."),
    ([["day", "kind"], ["2028-02-30", "holiday"]], "Row 2: “2028-02-30” is no day."),
    ([["day", "kind"], ["", "holiday"]], "Row 2: “” is no day."),
    ([["day", "kind"], ["2027-01-01", "holiday"]], "Row 2: 2027-01-01 does not lie in 2028."),
    ([["day", "kind"], ["2028-01-01", "maybe"]], "Row 2: “maybe” is neither holiday nor workday."),
    ([["day", "kind"], ["2028-01-03", "workday"]],
     "Row 2: 2028-01-03 is a weekday; only a Saturday or Sunday can be shifted."),
    ([["day", "kind"], ["2028-01-01", "holiday"], ["2028/1/1", "workday"]], "Row 3: 2028/1/1 is named twice."),
    ([["day", "kind", "name"], ["2028-01-01", "holiday", "x" * 51]], "Row 2: The name is too long."),
    ([["day", "kind"], ["2028-01-08", "workday"]], "A year without a single holiday is no calendar."),
    ([["day", "kind"], *[["2028-01-01", "holiday"]] * 400], "The file holds more rows than a year has days."),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "words"), BAD_ROWS)
def test_bad_rows_are_named_one_by_one(rows, words):
    with pytest.raises(RuleError) as refusal:
        read_rows(numbered(rows), 2028)
    assert refusal.value.messages == [words]


def test_every_bad_row_is_named_at_once():
    with pytest.raises(RuleError) as refusal:
        read_rows(numbered([["day", "kind"], ["x", "holiday"], GOOD, ["2028-01-05", "?"]]), 2028)
    assert [message[:6] for message in refusal.value.messages] == ["Row 2:", "Row 4:"]


@pytest.mark.parametrize("form", ["csv", "gbk.csv", "xlsx"])
def test_a_file_is_read_as_a_workbook_or_a_simple_list(form):
    if form == "xlsx":
        data = workbook([(text, 20) for text in ROWS_2028[0]], ROWS_2028[1:], sheet="days")
        data = data.read()
    else:
        text = "\n".join(",".join(row) for row in ROWS_2028)
        data = text.encode("gbk" if form == "gbk.csv" else "utf-8")
    found = read_file(SimpleUploadedFile(f"days.{form}", data), 2028)
    assert found == [
        CalendarRow(date(2028, 1, 1), "holiday", "元旦"),
        CalendarRow(date(2028, 1, 8), "workday", "元旦"),
    ]


@pytest.mark.parametrize("data", [b"", b"\0\1\2", b"<html></html>"])
def test_a_file_that_is_no_list_is_refused(data):
    with pytest.raises(RuleError):
        read_file(SimpleUploadedFile("days.csv", data), 2028)


def test_the_database_holds_what_a_row_can_hold(world):
    setting = {"edition": EDITION, "code": "oath.within", "amount": 1, "organization": world.root, "words": "w"}
    RuleSetting.objects.create(**setting, at=timezone.now())
    year = CalendarYear.objects.create(year=2028)
    CalendarDay.objects.create(year=year, day=date(2028, 1, 1), kind="holiday")
    for broken in (
        lambda: RuleSetting.objects.create(**setting, at=timezone.now()),
        lambda: RuleSetting.objects.update(words=""),
        lambda: CalendarDay.objects.create(year=year, day=date(2028, 1, 1), kind="workday"),
        lambda: CalendarDay.objects.update(kind="other"),
        lambda: CalendarYear.objects.filter(year=2028).update(is_announced=True),
        lambda: CalendarYear.objects.create(year=1900),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            broken()
