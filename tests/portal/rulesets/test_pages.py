"""The page of rules, the calendar, and the administration, where a first save only shows what would change."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.rulesets.impacts import ImpactRow, ImpactSource, impacts
from portal.rulesets.models import CalendarYear, RuleSetting
from tests.portal.rulesets.test_services import EDITION, put

ADD = "admin:rulesets_rulesetting_add"


def typed(world, code="cultivation.min", amount="15", **more):
    return {
        "value": f"{EDITION}:{code}",
        "organization": world.root.pk,
        "amount": amount,
        "words": "Decision 12",
        **more,
    }


def test_rules_page_shows_the_law_beside_what_is_in_force(world):
    put(world, "cultivation.min", 15)
    put(world, "thought_report.interval", 1, node="branch", by="college")
    for name, habits in (("author", True), ("stranger", False)):
        response = world.client(name).get(reverse("rulesets:rules"))
        lines = {line.code: line for line, address in response.context["rows"]}
        line = lines["cultivation.min"]
        assert (line.in_force, line.national, line.is_local, line.reason) == (
            "15 months", "12 months", True, "Decision 12 of the committee"
        )  # fmt: skip
        assert line.article == "Rules on recruiting members (2026), article 13"
        assert (response.context["has_habits"], response.context["may_set"]) == (habits, False)


def test_rules_page_offers_to_set_what_may_be_set_to_those_who_may(world):
    kept = put(world, "cultivation.min", 15)
    rows = world.client("committee").get(reverse("rulesets:rules")).context["rows"]
    addresses = {line.code: address for line, address in rows}
    assert addresses["cultivation.min"] == reverse("admin:rulesets_rulesetting_change", args=[kept.pk])
    assert addresses["oath.within"] == addresses["sponsors.count"] == ""  # nothing is left between floor and ceiling
    assert addresses["inspection.interval"] == reverse(ADD) + f"?value={EDITION}%3Ainspection.interval"


@pytest.mark.parametrize("edition", ["recruitment-2014", "dues-2008", "no-such-edition", ""])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_rules_page_is_drawn_for_every_edition(world, edition, language):
    client = world.client("secretary")
    response = client.get(reverse("rulesets:rules"), {"edition": edition}, headers={"accept-language": language})
    assert response.status_code == 200


def test_rules_page_takes_as_many_queries_with_many_settings(world, django_assert_num_queries):
    client = world.client("committee")
    client.get(reverse("rulesets:rules"))
    for codes in ((), ("cultivation.min", "inspection.interval", "publicity.target", "training.hours")):
        for code in codes:
            put(world, code, {"inspection.interval": 3}.get(code, 26))
        with django_assert_num_queries(6):
            client.get(reverse("rulesets:rules"))


@pytest.mark.parametrize(
    ("query", "status", "year"), [({}, 200, 2026), ({"year": "2027"}, 200, 2027), ({"year": "1850"}, 404, None),
                                  ({"year": "x"}, 404, None)]
)  # fmt: skip
def test_calendar_page_shows_a_year(world, query, status, year, time_machine):
    time_machine.move_to("2026-11-22T04:00:00+00:00")
    response = world.client("author").get(reverse("rulesets:calendar"), query)
    assert response.status_code == status
    if year:
        assert response.context["year"].year == year


def test_first_save_shows_what_would_change_and_writes_nothing(world):
    source = impacts.register(
        ImpactSource("test.cases", "Running cases", lambda edition, changes: [ImpactRow("Case of Author", "/x/")])
    )
    try:
        client = world.client("committee")
        response = client.post(reverse(ADD), typed(world))
        assert (response.status_code, RuleSetting.objects.count()) == (200, 0)
        form = response.context["adminform"].form
        assert [impact.label for impact in form.preview.impacts] == ["Running cases"]
        assert b"Case of Author" in response.content
        response = client.post(reverse(ADD), typed(world, seen=form.preview.fingerprint))
        assert response.status_code == 302
        assert RuleSetting.objects.values_list("amount", "by__name").get() == (15, world.users["committee"].name)
    finally:
        impacts.unregister(source.code)


def test_without_a_room_that_knows_no_case_is_touched(world):
    response = world.client("committee").post(reverse(ADD), typed(world))
    assert "No case is touched." in response.content.decode()
    assert "Now 12 months, then 15 months." in response.content.decode()


def test_a_preview_of_one_amount_saves_no_other(world):
    client = world.client("committee")
    seen = client.post(reverse(ADD), typed(world)).context["adminform"].form.preview.fingerprint
    response = client.post(reverse(ADD), typed(world, amount="18", seen=seen))
    assert (response.status_code, RuleSetting.objects.count()) == (200, 0)
    assert response.context["adminform"].form.preview.after == 18


def test_change_goes_the_same_way(world):
    kept = put(world, "cultivation.min", 15)
    client, url = world.client("committee"), reverse("admin:rulesets_rulesetting_change", args=[kept.pk])
    page = client.get(url).content.decode()
    assert "National text: 12 months" in page
    response = client.post(url, {"amount": "18", "words": "Decision 13"})
    seen = response.context["adminform"].form.preview.fingerprint
    assert client.post(url, {"amount": "18", "words": "Decision 13", "seen": seen}).status_code == 302
    kept.refresh_from_db()
    assert (kept.amount, kept.words) == (18, "Decision 13")


def test_a_choice_is_offered_in_words(world):
    url = reverse(ADD) + f"?value={EDITION}:activist_date.basis"
    field = world.client("committee").get(url).context["adminform"].form.fields["amount"]
    assert [str(label) for _amount, label in field.choices] == ["the committee's decision", "the filing above"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"amount": "11"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "x"}, "amount"),
        ({"amount": ""}, "amount"),
        ({"amount": "99999999999999999999"}, "amount"),
        ({"words": ""}, "words"),
        ({"value": f"{EDITION}:sponsors.count"}, "value"),
        ({"value": "no:such"}, "value"),
        ({"value": ""}, "value"),
        ({"organization": "999999"}, "organization"),
        ({"organization": ""}, "organization"),
    ],
)
def test_bad_input_comes_back_beside_its_field(world, data, field):
    response = world.client("committee").post(reverse(ADD), typed(world, **data))
    assert (response.status_code, RuleSetting.objects.count()) == (200, 0)
    assert list(response.context["adminform"].form.errors) == [field]


def test_staff_of_a_college_set_habits_of_their_branches_only(world):
    client = world.client("college")
    for node, reached in (("root", False), ("far_branch", False), ("branch", True)):
        data = typed(world, code="thought_report.interval", amount="1", organization=world.nodes[node].pk)
        form = client.post(reverse(ADD), data).context["adminform"].form
        assert (form.preview is not None) == reached
        assert "organization" in form.errors or reached


DAYS = "day,kind,name\n2028-01-01,holiday,New Year\n2028-01-08,workday,New Year\n"


def year_of(days=DAYS, **more):
    file = SimpleUploadedFile("days.csv", days.encode())
    return {"year": "2028", "is_announced": "on", "source": "Notice of 2027", "file": file, **more}


def test_a_year_comes_by_file_and_is_shown(world):
    client = world.client("committee")
    assert client.post(reverse("admin:rulesets_calendaryear_add"), year_of()).status_code == 302
    assert CalendarYear.objects.get(year=2028).days.count() == 2
    url = reverse("admin:rulesets_calendaryear_change", args=[2028])
    assert "2028-01-08" in client.get(url).content.decode()
    assert client.post(url, year_of(DAYS.rsplit("2028", 1)[0])).status_code == 302
    assert CalendarYear.objects.get(year=2028).days.count() == 1


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"days": DAYS + "2028-01-05,workday,x\n2028-13-01,holiday,y\n"}, "file"),
        ({"days": ""}, "file"),
        ({"days": "<html>"}, "file"),
        ({"file": ""}, "file"),
        ({"source": ""}, "source"),
        ({"year": "1850", "days": DAYS.replace("2028", "1850").rsplit("1850", 1)[0]}, "year"),
        ({"year": "x"}, "year"),
    ],
)
def test_a_bad_year_comes_back_and_nothing_is_kept(world, data, field):
    response = world.client("committee").post(reverse("admin:rulesets_calendaryear_add"), year_of(**data))
    assert (response.status_code, CalendarYear.objects.exclude(year__in=[2026, 2027]).count()) == (200, 0)
    assert list(response.context["adminform"].form.errors) == [field]


LISTS = [
    ("admin:rulesets_rulesetting_changelist", 6),
    ("admin:rulesets_calendaryear_changelist", 6),
    ("rulesets:calendar", 6),
]


@pytest.mark.parametrize(("route", "queries"), LISTS)
def test_lists_take_as_many_queries_with_many_rows(world, django_assert_num_queries, route, queries):
    client, url = world.client("committee"), reverse(route)
    put(world, "cultivation.min", 15)
    client.get(url)
    for _more in range(2):
        with django_assert_num_queries(queries):
            assert client.get(url).status_code == 200
        for code, amount in {"inspection.interval": 3, "publicity.target": 7, "training.hours": 30}.items():
            put(world, code, amount)
        CalendarYear.objects.bulk_create(
            (CalendarYear(year=number) for number in range(2028, 2040)), ignore_conflicts=True
        )
