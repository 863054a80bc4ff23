"""A whole case from the application to the archive, through the services only, on the days it happens."""

import pytest

from members.models import Member
from members.recruitment.engine.steps import STEPS
from members.recruitment.models import Case
from portal.organizations.models import Affiliation, Standing

from .way import dossier, make_cast, walk

pytestmark = pytest.mark.django_db

# From which record on the person has which standing.
STANDINGS = {
    ("apply", "application"): Standing.APPLICANT,
    ("nominate", "nomination"): Standing.ACTIVIST,
    ("consent_publicity", "publicity_result"): Standing.DEVELOPMENT_TARGET,
    ("approve", "approval"): Standing.PROBATIONARY,
    ("convert_approve", "approval"): Standing.FULL_MEMBER,
}


def test_a_case_from_application_to_archive(world):
    cast, facts = make_cast(world), dossier()
    expected, seen = Standing.MASS, []
    for row in walk(cast, facts):
        expected = STANDINGS.get((row.step, row.kind), expected)
        person = Member.objects.get(pk=cast.person.pk)
        place = Affiliation.objects.get(user=cast.person.user_id, until=None)
        case = Case.objects.get(pk=row.case_id)
        assert (person.standing, place.standing, case.standing) == (expected, expected, expected), row
        seen.append(row.step)
    assert set(seen) == set(STEPS)
    assert (case.state, case.closed_reason, case.current_step, case.gap_count) == ("closed", "archived", "", 0)
    on = {(fact.step, fact.kind): fact.on for fact in facts.records}
    person = Member.objects.get(pk=cast.person.pk)
    held_on = on["congress", "ballot"]
    assert (
        person.application_on, person.activist_on, person.target_on, person.joined_on, person.converted_on,
    ) == (
        on["apply", "application"], on["nominate", "nomination"], on["consent_publicity", "publicity_result"], held_on,
        held_on.replace(year=held_on.year + 1),
    )  # fmt: skip
