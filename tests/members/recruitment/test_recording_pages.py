"""The forms of all records in the browser: a valid one writes, every other comes back with words and writes nothing."""

from collections import Counter
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from members.recruitment.engine.details import KINDS, ContactNoteFact, Details, Letter, Minutes, SuperiorTalkFact
from members.recruitment.engine.facts import Fact
from members.recruitment.engine.people import Named, Role
from members.recruitment.models import Case, Paper, StepRecord
from members.recruitment.records import from_json
from portal.audit.models import AuditEntry
from portal.rulesets.queries import calendar
from tests.factories.dossiers import clean_dossier

from .way import APPLIED_ON, at, dossier, make_cast, take, walk

pytestmark = pytest.mark.django_db

NAMES = {Role.BRANCH: "secretary", Role.SUPERIOR: "college", Role.TRAINER: "lecturer"}


@pytest.fixture
def cast(world):
    return make_cast(world)


def fact_of(step: str, kind: str, nth: int = 0) -> Fact:
    return [fact for fact in dossier().records if (fact.step, fact.kind) == (step, kind)][nth]


def case_before(cast, fact: Fact) -> Case:
    """Return the case as it stands before a record of the lawful way."""
    last = None
    for row in walk(cast, replace(dossier(), records=dossier().records[: dossier().records.index(fact)])):
        last = row
    return Case.objects.with_people().get(pk=last.case_id)


def sent(details: Details, on: date) -> dict[str, Any]:
    """Return a record as a browser sends its form."""
    data: dict[str, Any] = {"on": on.isoformat(), "seen": 2**40}
    for field in fields(details):
        value = getattr(details, field.name)
        if isinstance(value, Named):
            data[field.name] = value.key
        elif isinstance(value, Minutes):
            data |= {part.name: getattr(value, part.name) for part in fields(value)}
        elif isinstance(value, tuple) and value and isinstance(value[0], Named):
            name = field.name.removesuffix("s")
            data |= {f"{name}_{place}": person.key for place, person in enumerate(value, start=1)}
        elif isinstance(value, tuple) and value and isinstance(value[0], Letter):
            for place, letter in enumerate(value, start=1):
                for part in fields(letter):
                    data[f"letter_{place}_{part.name}"] = _text(getattr(letter, part.name))
        elif isinstance(value, tuple):
            data[field.name] = [_text(part) for part in value]
        elif field.name == "by_league":
            data[field.name] = str(value)
        elif isinstance(value, bool):
            data |= {field.name: "on"} if value else {}
        elif value is not None:
            data[field.name] = _text(value)
    return data


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def address(case: Case, step: str, kind: str) -> str:
    return reverse("members:recruitment:record-create", args=[case.pk, step, kind])


def client_of(cast, role: Role):
    return cast.world.client(NAMES[role])


def told(cast, fact: Fact) -> Details:
    """Return the details of the lawful way as the world has them: the talk before the approval is an officer's."""
    details = cast.named(fact.details)
    if isinstance(details, ContactNoteFact):
        return replace(details, note="Comes along well.")
    if isinstance(details, SuperiorTalkFact):
        officer = cast.world.users["college"]
        return replace(details, talker=Named(officer.pk, officer.name))
    return details


# Who enters it: what the candidate does in the portal, the branch enters from paper.
def entering(fact: Fact) -> Role:
    return fact.role if fact.role in NAMES else Role.BRANCH


def test_a_whole_case_is_recorded_by_the_forms(cast):
    """From the talk to the archive; each kind is looked at once before it is written."""
    facts = dossier().records
    with at(facts[0].on):
        case = take(cast, None, facts[0]).case
    looked: set[tuple[str, str]] = set()
    for fact in facts[1:]:
        details = told(cast, fact)
        url, where = address(case, fact.step, fact.kind), (fact.step, fact.kind)
        with at(fact.on):
            client = client_of(cast, entering(fact))
            if where not in looked:
                page = client.get(url)
                assert page.context["form"] is not None, (where, page.context["reasons"])
            answer = client.post(url, sent(details, fact.on))
        assert answer.status_code == 302, (where, answer.context["form"].errors)
        row = StepRecord.objects.filter(case=case).latest("pk")
        assert (row.step, row.kind, row.on) == (fact.step, fact.kind, fact.on)
        assert row.recorded_by == cast.world.users[NAMES[entering(fact)]]
        assert replace_names(from_json(row.kind, row.details)) == replace_names(details)
        looked.add(where)
    assert {kind for _step, kind in looked} == KINDS.keys() - {"application"}
    assert Case.objects.get(pk=case.pk).state == "closed"


def replace_names(details: Details) -> Details:
    """Return ``details`` with the people by their keys alone: the form sends no names."""
    changes: dict[str, Any] = {}
    for field in fields(details):
        value = getattr(details, field.name)
        if isinstance(value, Named):
            changes[field.name] = Named(value.key, "")
        elif isinstance(value, tuple) and value and isinstance(value[0], Named):
            changes[field.name] = tuple(Named(person.key, "") for person in value)
    return replace(details, **changes)


# What is sent in place of the lawful form, the status of the answer, and words that stand in it.
# Step and kind with the number of the round: [(changes, status, words)]; ``None`` leaves a field out.
EARLY = "before its day"
BAD: dict[tuple[str, str, int], list[tuple[dict[str, Any], int, str]]] = {
    ("talk", "talk", 0): [
        ({"topics": []}, 409, "5 are missing. (Rules on recruiting members (2026), article 7)"),
        ({"talker": ""}, 422, "This field is required."),
        ({"talker": "9" * 30}, 422, "Select a valid choice."),
        ({"talker": "candidate"}, 409, "The candidate cannot lead this talk."),
        ({"on": "2099-01-01"}, 409, "2099-01-01 has not come yet."),
        ({"on": "0001-01-01"}, 422, "This day cannot be right."),
        ({"on": "2027-02-30"}, 422, "Enter a valid date."),
        ({"on": "2027-01-31"}, 409, "First this step must be complete: Application letter."),
        ({"opinion": "x" * 2001}, 422, "at most 2000 characters"),
    ],
    ("nominate", "nomination", 0): [
        ({"present": 2, "yes": 2}, 409, "2 of 5 due are present; at least 3 must be."),
        ({"yes": 4}, 409, "The votes do not add up: 4 counted, 5 cast."),
        ({"present": 6, "yes": 6}, 409, "6 took part, but only 5 may."),
        ({"yes": -1}, 422, "greater than or equal to 0"),
        ({"due": "9" * 40}, 422, "less than or equal to 30000"),
        ({"due": None}, 422, "This field is required."),
        ({"recommended_on": "2027-06-30"}, 409, "contradict each other"),
    ],
    ("file_activist", "filing", 0): [({"number": "7" * 61}, 422, "at most 60 characters")],
    ("assign_contacts", "contacts", 0): [
        ({"contact_2": "first"}, 409, "named twice as contact. (Rules on recruiting members (2026), article 9)"),
        ({"contact_1": "probationary"}, 409, "is not a full member with all rights on that day."),
        ({"contact_1": "candidate"}, 409, "Nobody is their own contact."),
        ({"contact_1": "stranger"}, 422, "Select a valid choice."),
    ],
    ("cultivate", "report", 0): [
        ({"quarter": 5}, 422, "less than or equal to 4"),
        ({"year": 1800}, 422, "greater than or equal to 1990"),
    ],
    ("cultivate", "contact_note", 0): [
        ({"author": "retired"}, 422, "Select a valid choice."),
        ({"note": ""}, 422, "This field is required."),
    ],
    ("propose_target", "opinions", 0): [({"heard": []}, 409, "Not everybody was heard; 3 circles are missing.")],
    ("propose_target", "review", 0): [
        ({"yes": 2, "no": 3}, 409, "2 in favor of 5 due; at least 3 are needed."),
        ({"outcome": "rejected"}, 409, "The votes carried the motion"),
        ({"outcome": "extended"}, 422, "Select a valid choice."),
    ],
    ("consent_publicity", "consent", 0): [({"outcome": None}, 422, "This field is required.")],
    ("consent_publicity", "publicity", 0): [
        ({"ends_on": "same"}, 409, "The notice hangs 0 working days; it must hang 5"),
        ({"place": "x" * 121}, 422, "at most 120 characters"),
    ],
    ("consent_publicity", "publicity_result", 0): [({"on": EARLY}, 409, "its result comes after that day.")],
    ("sponsors", "sponsors", 0): [
        ({"sponsor_2": "first"}, 409, "named twice as sponsor. (Rules on recruiting members (2026), article 14)"),
        ({"sponsor_1": "probationary"}, 409, "is not a full member with all rights on that day."),
        ({"sponsor_2": ""}, 422, "This field is required."),
    ],
    ("political_review", "political_review", 0): [
        ({"letter_1_replied_on": ""}, 409, "1 inquiries of the review are not answered."),
        ({"letter_1_subject": ""}, 422, "Say whom the letter is about."),
        ({"letter_1_sent_on": ""}, 422, "Say when the letter was sent."),
        ({"letter_1_replied_on": "2099-01-01"}, 409, "comes before the reply of 2099-01-01."),
    ],
    ("training", "training", 0): [
        ({"hours": 10, "days": 1}, 409, "10 hours on 1 days; 24 hours or 3 days are needed."),
        ({"has_passed": None}, 409, "The training was not passed."),
        ({"hours": 1001}, 422, "less than or equal to 1000"),
    ],
    ("congress", "ballot", 0): [
        ({"present": 5, "issued": 5, "returned": 5, "yes": 5, "abstain": 0}, 409,
         "5 of 10 due are present; at least 6 must be. (Rules on recruiting members (2026), article 19"),
        ({"returned": 10, "yes": 9}, 409, "10 ballots came back of 9 issued: the vote is void."),
        ({"issued": 10, "returned": 9}, 409, "10 ballots were issued to 9 people."),
        ({"yes": 5, "no": 3}, 409, "5 in favor of 10 due; at least 6 are needed."),
        ({"yes": 9}, 409, "The votes do not add up: 10 counted, 9 cast."),
        ({"candidates": 2}, 409, "One ballot was about 2 people; each is voted on alone. (Rules on recruiting"),
        ({"is_secret": None}, 409, "The vote is by secret ballot."),
        ({"candidate_present": None}, 409, "The candidate was not present"),
        ({"sponsors_present": 1}, 409, "1 of 2 sponsors were present"),
        ({"outcome": "extended"}, 422, "Select a valid choice."),
    ],
    ("superior_talk", "superior_talk", 0): [({"talker": "first"}, 409, "cannot be the candidate's sponsor.")],
    ("approve", "approval", 0): [
        ({"probation_to": "2099-01-01"}, 409, "The probation runs from"),
        ({"due": None}, 422, "This field is required."),
    ],
    ("convert_congress", "ballot", 0): [
        ({"months": 3}, 409, "An extension of 3 months; it lasts 6 to 12 months."),
        ({"on": EARLY}, 409, "conversion is possible from"),
    ],
    ("convert_approve", "approval", 0): [
        ({"outcome": "passed"}, 409, "can confirm or reject the congress's resolution"),
    ],
    ("convert_congress", "ballot", 1): [
        ({"outcome": "extended", "months": 6}, 409, "The probation was extended once already."),
    ],
    ("convert_approve", "approval", 1): [({"standing_from": "2027-01-01"}, 409, "The party standing begins on")],
}


def spoiled(cast, fact: Fact, lawful: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    people = {
        "candidate": cast.person.user_id,
        "first": next(iter(cast.people.values())).user_id,
        **{name: cast.world.users[name].pk for name in ("probationary", "stranger", "retired")},
    }
    data = dict(lawful)
    for name, value in changes.items():
        if value is None:
            data.pop(name)
        elif value == EARLY:
            data[name] = (fact.on - timedelta(40 if fact.kind == "ballot" else 1)).isoformat()
        elif value == "same":
            data[name] = lawful["on"]
        else:
            data[name] = people.get(value, value) if isinstance(value, str) else value
    return data


def said(answer) -> str:
    form = (answer.context or {}).get("form")
    if form is None:
        return answer.content.decode()
    return " | ".join(str(error) for errors in form.errors.values() for error in errors)


def counted() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (StepRecord, Paper, Case, AuditEntry))


def test_what_the_rules_forbid_comes_back_with_words_and_article_and_writes_nothing(cast):
    """A case with an extension goes its lawful way; at each record the wrong forms are sent first."""
    facts = clean_dossier(APPLIED_ON, calendar=calendar(), extension=6).records
    seen: Counter[tuple[str, str]] = Counter()
    tried = set()
    case = None
    for fact in facts:
        where = (fact.step, fact.kind, seen[fact.step, fact.kind])
        seen[fact.step, fact.kind] += 1
        for changes, status, words in BAD.get(where, ()):
            with at(fact.on):
                client, url = client_of(cast, entering(fact)), address(case, fact.step, fact.kind)
                lawful = sent(told(cast, fact), fact.on)
                before = counted()
                answer = client.post(url, spoiled(cast, fact, lawful, changes))
                assert answer.status_code == status, (where, changes, answer.status_code, said(answer))
                assert words in said(answer), (where, changes, said(answer))
                assert counted() == before, (where, changes)
            tried.add(where)
        if tried >= BAD.keys():
            break
        with at(fact.on):
            case = take(cast, case, fact).case
    assert tried == BAD.keys()
