"""What an edit of a rule would change in open cases is said before it is saved."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.recruitment import impact
from members.recruitment.engine.steps import STEPS
from members.recruitment.models import Case
from portal.rulesets.editions import EDITION_2014, EDITION_2026_05
from portal.rulesets.impacts import Change, impacts
from portal.rulesets.services import preview_setting

from .test_reminding import APPLIED, DAY, applied
from .way import at, case_at, make_cast

pytestmark = pytest.mark.django_db
EDITION = EDITION_2026_05
ON = APPLIED + 20 * DAY


def answer(code, before, after, on=ON, edition=EDITION):
    with at(on):
        return list(impact.rows(edition, {code: Change(before, after)}))


def test_every_value_and_step_of_the_table_is_known():
    assert impacts.get("recruitment")
    assert set(impact.TOUCHED) <= {value.code for value in EDITION.values}
    assert {step for steps in impact.TOUCHED.values() for step in steps} <= set(STEPS)


def test_longer_cultivation_moves_the_earliest_day(world):
    case = case_at(make_cast(world), through="assign_contacts")
    on = case.records.get(step="assign_contacts").on
    rows = answer("cultivation.min", 12, 18, on=on)
    assert len(rows) == 1 and case.person.name in rows[0].words
    assert rows[0].url.endswith(f"/cases/{case.pk}/")
    assert answer("cultivation.min", 12, 18, on=on, edition=EDITION_2014) == []


def test_nothing_is_touched_where_the_step_lies_behind(world):
    case = case_at(make_cast(world), through="sponsors")
    on = case.records.get(step="sponsors").on
    assert answer("cultivation.min", 12, 18, on=on) == []


def test_new_lateness_comes_first(world):
    # After five months no half-yearly inspection is missing, but of those every two months two are.
    case = case_at(make_cast(world), through="assign_contacts")
    on = case.records.get(step="assign_contacts").on + timedelta(days=150)
    applied(world)
    rows = answer("inspection.interval", 6, 2, on=on)
    assert case.person.name in rows[0].words


def test_statements_do_not_grow_with_the_number_of_cases(world):
    def statements(count):
        cases = applied(world, count=count)
        Case.objects.exclude(pk__in=[case.pk for case in cases]).update(state="open")
        with at(ON), CaptureQueriesContext(connection) as seen:
            found = list(impact.rows(EDITION, {"person.min_age": Change(18, 30)}))
        return len(seen), len(found) > 0

    few = statements(1)
    assert statements(6)[0] == few[0]


def test_preview_of_the_edit_names_the_cases(world):
    case = case_at(make_cast(world), through="assign_contacts")
    with at(case.records.get(step="assign_contacts").on):
        found = preview_setting(EDITION.code, "cultivation.min", amount=18, organization=world.root)
    assert [(str(item.label) != "", item.count, item.more) for item in found.impacts] == [(True, 1, 0)]
