"""Who may record what: every kind of record tried by everybody whose turn it is not, on the day it is due."""

from datetime import timedelta

import pytest
from django.db import transaction

from members.models import Member
from members.recruitment import services
from members.recruitment.engine.details import DETAILS
from members.recruitment.engine.people import Role
from members.recruitment.services import RecordRefused

from .way import APPLIED_ON, at, dossier, make_cast, take

pytestmark = pytest.mark.django_db

A, B, C, S, T = Role.APPLICANT, Role.BRANCH, Role.CONTACT, Role.SUPERIOR, Role.TRAINER
# Step, kind: in which capacities it may be recorded (domain.md 3.1); nobody else.
RECORDERS = {
    ("apply", "application"): {A, B},
    ("talk", "talk"): {B},
    ("nominate", "nomination"): {B},
    ("file_activist", "filing"): {S},
    ("assign_contacts", "contacts"): {B},
    ("cultivate", "report"): {A, B, C},
    ("cultivate", "contact_note"): {B, C},
    ("cultivate", "inspection"): {B},
    ("propose_target", "opinions"): {B},
    ("propose_target", "review"): {B},
    ("consent_publicity", "consent"): {S},
    ("consent_publicity", "publicity"): {B},
    ("consent_publicity", "publicity_result"): {B},
    ("sponsors", "sponsors"): {B},
    ("political_review", "political_review"): {B},
    ("training", "training"): {S, T},
    ("committee_review", "review"): {B},
    ("pre_review", "pre_review"): {S},
    ("fill_form", "form"): {B},
    ("congress", "publicity"): {B},
    ("congress", "publicity_result"): {B},
    ("congress", "ballot"): {B},
    ("superior_talk", "superior_talk"): {S},
    ("approve", "approval"): {S},
    ("file_above", "filing"): {S},
    ("assign_branch", "assignment"): {B, S},
    ("oath", "oath"): {B, S},
    ("probation", "report"): {A, B, C},
    ("probation", "contact_note"): {B, C},
    ("probation", "inspection"): {B},
    ("convert_apply", "conversion"): {A, B},
    ("convert_congress", "opinions"): {B},
    ("convert_congress", "publicity"): {B},
    ("convert_congress", "publicity_result"): {B},
    ("convert_congress", "review"): {B},
    ("convert_congress", "ballot"): {B},
    ("convert_approve", "approval"): {S},
    ("archive", "archive"): {B, S},
}
STRANGERS = ("neighbor", "member", "admin", "auditor")


def attempt(case, fact, cast, by):
    """Return whether ``by`` is refused for the capacity; what is written is taken back."""
    try:
        with transaction.atomic():
            services.record(case, fact.step, on=fact.on, details=cast.named(fact.details), by=by)
            transaction.set_rollback(True)
    except RecordRefused as refused:
        return bool({refusal.code for refusal in refused.refusals} & {"role", "own_case"})
    return False


def test_the_table_names_every_kind_of_record():
    assert set(RECORDERS) == {(step, kind.kind) for step, kinds in DETAILS.items() for kind in kinds}


def test_each_record_by_everybody(world):
    cast, case, tried, wrong = make_cast(world), None, set(), []
    for fact in dossier().records:
        key = (fact.step, fact.kind)
        with at(fact.on):
            if case is not None and key not in tried:
                for role in (A, B, C, S, T):
                    is_contact_yet = role is not C or "assign_contacts" in {step for step, _kind in tried}
                    expected = role not in RECORDERS[key] or not is_contact_yet
                    if attempt(case, fact, cast, cast.actor(role)) is not expected:
                        wrong.append((key, role))
                wrong += [
                    (key, name) for name in STRANGERS if not attempt(case, fact, cast, world.user(name))
                ]
            case = take(cast, case, fact).case
        tried.add(key)
    assert wrong == []
    assert tried == set(RECORDERS)


@pytest.mark.parametrize("name", ["neighbor", "member", "college", "lecturer", "peer"])
def test_an_application_is_taken_by_the_branch_or_handed_in_by_the_person(world, name):
    cast = make_cast(world)
    person = Member.objects.select_related("user", "organization").get(pk=cast.person.pk)
    fact = dossier().records[0]
    with at(APPLIED_ON + timedelta(1)), pytest.raises(RecordRefused) as refused:
        services.open_case(person, on=fact.on, details=fact.details, by=world.user(name))
    assert [refusal.code for refusal in refused.value.refusals] == ["role"]
    assert person.recruitment_cases.count() == 0
