"""Whom a case waits for and its two coming days, settled with every record of a lawful way."""

from datetime import date, timedelta

import pytest

from members.recruitment import services
from members.recruitment.models import Case
from members.recruitment.services.settling import WAITS
from portal.rulesets.days import add_months

from .way import at, case_at, dossier, make_cast, walk

pytestmark = pytest.mark.django_db

SIDES = {name: name.removeprefix("waits_for_") for name in WAITS}


def waits(case: Case) -> set[str]:
    return {side for name, side in SIDES.items() if getattr(case, name)}


def test_every_record_settles_whom_the_case_waits_for(world):
    cast = make_cast(world)
    found = {}
    for row in walk(cast, dossier()):
        case = Case.objects.get(pk=row.case_id)
        found[row.step, row.kind] = (waits(case), case.ready_on, case.probation_ends_on)
    sides = {key: value[0] for key, value in found.items()}
    assert sides["apply", "application"] == {"branch"}
    assert "superior" in sides["nominate", "nomination"] and "superior" not in sides["file_activist", "filing"]
    assert sides["propose_target", "review"] == {"superior"}
    assert sides["consent_publicity", "consent"] == {"branch"}
    assert sides["consent_publicity", "publicity_result"] == {"branch", "school"}
    assert sides["committee_review", "review"] == {"superior"}
    assert sides["pre_review", "pre_review"] == {"branch"}
    assert sides["congress", "ballot"] == {"superior"} == sides["superior_talk", "superior_talk"]
    assert sides["convert_congress", "ballot"] == {"superior"}
    assert sides["archive", "archive"] == set()
    # Cultivation ends with the proposal, probation with the approval of the conversion.
    days = {key: value[1:] for key, value in found.items()}
    decided_on = next(fact.on for fact in dossier().records if fact.step == "nominate")
    assert days["nominate", "nomination"] == (add_months(decided_on, 12), None)
    assert days["propose_target", "review"] == (None, None)
    admitted_on = next(fact.on for fact in dossier().records if (fact.step, fact.kind) == ("congress", "ballot"))
    assert days["congress", "ballot"] == (None, None)
    assert days["approve", "approval"] == (None, add_months(admitted_on, 12))
    assert days["convert_congress", "ballot"] == (None, add_months(admitted_on, 12))
    assert days["convert_approve", "approval"] == (None, None)


def test_time_alone_changes_what_is_waited_for(world):
    """The candidate is waited for once the conversion application may be handed in, not before."""
    case = case_at(make_cast(world), before="convert_apply")
    ends = case.probation_ends_on
    for days, is_waited_for in ((100, False), (5, True)):
        on = ends - timedelta(days=days)
        Case.objects.update(settled_on=None)
        with at(on):
            services.settle_all(on=on)
        assert ("applicant" in waits(Case.objects.get(pk=case.pk))) is is_waited_for


def test_a_closed_case_waits_for_nobody(world):
    case = case_at(make_cast(world), before="file_activist")
    assert waits(case) and case.ready_on
    on = date(2028, 12, 1)
    with at(on):
        services.close(case, reason="withdrawn", on=on, words="Asked to.", by=world.user("secretary"))
    case = Case.objects.get(pk=case.pk)
    assert (waits(case), case.ready_on, case.probation_ends_on, case.next_due) == (set(), None, None, None)
