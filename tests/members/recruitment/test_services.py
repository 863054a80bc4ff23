"""Verbs of recruitment beside the straight way: refusals, exceptions, corrections, batches, ends, and who sees what."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from django.apps import apps

from members.development.models import CultivationContact
from members.models import Member
from members.recruitment import services
from members.recruitment.engine.details import (
    ContactsFact,
    Minutes,
    NominationFact,
)
from members.recruitment.models import Ballot, Case, Paper, Sponsor, StepRecord
from members.recruitment.queries import own_papers, own_way
from members.recruitment.queries.own import OwnWay
from members.recruitment.services import RecordRefused
from portal.access.policy import holders, may, scope
from portal.audit.models import AuditEntry
from portal.extensions.registry import daily_jobs
from portal.notifications.models import Notice
from portal.organizations.duties import Post
from portal.organizations.models import Organization, Standing
from portal.organizations.services import appoint
from portal.web.refusals import RuleError

from .way import APPLIED_ON, at, case_at, dossier, make_cast, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(world):
    return make_cast(world)


def codes(refused) -> set[str]:
    return {refusal.code for refusal in refused.value.refusals}


def next_fact(step, kind=None):
    return next(fact for fact in dossier().records if fact.step == step and kind in (None, fact.kind))


def standing(cast) -> str:
    return Member.objects.get(pk=cast.person.pk).standing


def test_a_refusal_tells_the_arithmetic_and_the_article_and_writes_nothing(cast):
    case, fact = case_at(cast, through="propose_target"), next_fact("consent_publicity", "consent")
    with at(fact.on):
        take(cast, case, fact)
    fact = next_fact("consent_publicity", "publicity")
    short = replace(fact.details, ends_on=fact.details.starts_on + timedelta(1))
    rows, trail = StepRecord.objects.count(), AuditEntry.objects.count()
    with at(fact.on), pytest.raises(RecordRefused) as refused:
        services.record(case, fact.step, on=fact.on, details=short, by=cast.actor(fact.role))
    assert codes(refused) == {"publicity_short"}
    assert refused.value.messages == [
        f"The notice hangs 1 working days; it must hang 5, through {fact.details.ends_on}. "
        "(Rules on recruiting members (2026), article 13)"
    ]
    assert (StepRecord.objects.count(), AuditEntry.objects.count()) == (rows, trail)


def test_who_is_named_stands_as_the_portal_knows_not_as_the_form_says(cast):
    case, fact = case_at(cast, before="assign_contacts"), next_fact("assign_contacts")
    probationary = cast.world.member("probationary")
    pretended = ContactsFact((replace(cast.named(fact.details).contacts[0], key=probationary.user_id),))
    with at(fact.on), pytest.raises(RecordRefused) as refused:
        services.record(case, fact.step, on=fact.on, details=pretended, by=cast.actor(fact.role))
    assert codes(refused) == {"contact_not_full"}


def test_contacts_and_sponsors_follow_their_records(cast):
    case = case_at(cast, through="sponsors")
    named = [member.pk for member in list(cast.people.values())[:2]]
    contacts = CultivationContact.objects.current().filter(person=cast.person.pk)
    assert sorted(contacts.values_list("contact_id", flat=True)) == sorted(named)
    assert sorted(Sponsor.objects.current().filter(case=case).values_list("sponsor_id", flat=True)) == sorted(named)
    fact = next_fact("sponsors")
    third = list(cast.people.values())[2]
    details = cast.named(fact.details)
    changed = replace(details, sponsors=(details.sponsors[0], replace(details.sponsors[1], key=third.user_id)))
    with at(fact.on + timedelta(1)):
        services.record(case, "sponsors", on=fact.on + timedelta(1), details=changed, by=cast.actor(fact.role))
    current = Sponsor.objects.current().filter(case=case).order_by("place")
    assert list(current.values_list("sponsor_id", "place")) == [(named[0], 1), (third.pk, 2)]
    assert Sponsor.objects.filter(case=case).count() == 3


def test_an_exception_is_the_superiors_alone_and_lifts_one_rule(cast):
    case = case_at(cast, through="committee_review")
    Case.objects.filter(pk=case.pk).update(leaves_on=next_fact("pre_review").on + timedelta(30))
    fact, world = next_fact("pre_review"), cast.world
    with at(fact.on):
        with pytest.raises(RecordRefused) as refused:
            take(cast, case, fact)
        assert codes(refused) == {"leaves_soon"}
        for name in ("secretary", "neighbor", "member", "lecturer"):
            with pytest.raises(RuleError):
                services.grant_exception(case, "leaves_soon", words="why", on=fact.on, by=world.user(name))
        for rule in ("majority", "cultivation_short", "publicity_short", "nothing"):
            with pytest.raises(RuleError):
                services.grant_exception(case, rule, words="why", on=fact.on, by=world.user("college"))
        grant = services.grant_exception(case, "leaves_soon", words="why", on=fact.on, by=world.user("college"))
        assert grant.node == Organization.objects.get(code="unit")
        take(cast, case, fact)
    assert AuditEntry.objects.filter(verb="recruitment.exception_granted").count() == 1
    assert Notice.objects.filter(message__kind="recruitment_exception", recipient=world.users["secretary"]).count() == 1


def test_staff_of_a_committee_below_the_superior_decides_nothing(cast):
    case, fact, world = case_at(cast, before="file_activist"), next_fact("file_activist"), cast.world
    Organization.objects.filter(code="unit").update(can_approve_members=False)
    with at(fact.on):
        with pytest.raises(RecordRefused) as refused:
            services.record(case, fact.step, on=fact.on, details=fact.details, by=world.user("college"))
        assert codes(refused) == {"role"}
        assert (may(world.user("college"), "decide", case), may(world.user("committee"), "decide", case)) == (
            False,
            True,
        )
        assert set(holders("decide", case)) == {world.users["committee"]}
        services.record(case, fact.step, on=fact.on, details=fact.details, by=world.user("committee"))


def test_a_secretary_has_no_duty_in_the_own_case(cast):
    appoint(cast.person.user, cast.world.branch, Post.ORGANIZER, on=cast.world.since, by=None)
    case, fact = case_at(cast, before="talk"), next_fact("talk")
    with at(fact.on):
        me = cast.actor(next_fact("apply").role)
        assert [may(me, action, case) for action in ("view", "record", "close", "correct", "apply")] == [
            False, False, False, False, True,
        ]  # fmt: skip
        assert cast.person.user not in set(holders("record", case))
        with pytest.raises(RecordRefused) as refused:
            services.record(case, "talk", on=fact.on, details=cast.named(fact.details), by=me)
    assert codes(refused) == {"own_case"}


def test_a_correction_names_the_wrong_row_and_moves_the_standing_with_it(cast):
    case = case_at(cast, through="nominate")
    wrong, fact = StepRecord.objects.get(case=case, step="nominate"), next_fact("nominate")
    by = cast.actor(fact.role)
    with at(fact.on + timedelta(3)):
        row = services.correct(wrong, on=fact.on, details=fact.details, by=by, reason="a typing error")
        assert (row.corrects_id, row.round, row.is_annulment) == (wrong.pk, 1, False)
        assert set(row.papers.values_list("kind", flat=True)) == {"recommendation", "committee_minutes"}
        assert list(StepRecord.objects.valid().filter(step="nominate")) == [row]
        with pytest.raises(RuleError):
            services.correct(wrong, on=fact.on, details=fact.details, by=by, reason="again")
        short = NominationFact(True, fact.details.recommended_on, Minutes(due=5, present=2, yes=2, no=0, abstain=0))
        with pytest.raises(RecordRefused) as refused:
            services.correct(row, on=fact.on, details=short, by=by, reason="other numbers")
        assert codes(refused) == {"committee_quorum"}
        with pytest.raises(RuleError):
            services.annul(row, by=cast.world.user("college"), reason="not theirs")
        assert standing(cast) == Standing.ACTIVIST
        services.annul(row, by=by, reason="it was another person")
    assert (standing(cast), StepRecord.objects.valid().filter(step="nominate").count()) == (Standing.APPLICANT, 0)
    assert Member.objects.get(pk=cast.person.pk).activist_on is None
    assert AuditEntry.objects.filter(verb="recruitment.corrected").count() == 2


def test_nothing_is_taken_back_on_which_later_records_stand(cast):
    case = case_at(cast, through="assign_contacts")
    wrong = StepRecord.objects.get(case=case, step="nominate")
    with at(APPLIED_ON + timedelta(200)), pytest.raises(RecordRefused) as refused:
        services.annul(wrong, by=cast.world.user("secretary"), reason="r")
    assert "order" in codes(refused)
    assert standing(cast) == Standing.ACTIVIST


def test_contacts_of_a_record_that_is_taken_back_end(cast):
    case = case_at(cast, through="assign_contacts")
    wrong = StepRecord.objects.get(case=case, step="assign_contacts")
    with at(wrong.on):
        services.annul(wrong, by=cast.world.user("secretary"), reason="r")
    assert CultivationContact.objects.current().filter(person=cast.person.pk).count() == 0


def test_one_meeting_for_many_examines_each_alone(world):
    casts = [make_cast(world), make_cast(world)]
    cases = [case_at(cast, through="talk") for cast in casts]
    fact = next_fact("nominate")
    unlawful = replace(fact.details, recommended_on=fact.on + timedelta(1))
    details = {cases[0].pk: fact.details, cases[1].pk: unlawful}
    with at(fact.on + timedelta(2)):
        outcome = services.record_batch(
            cases, "nominate", kind="meeting", organization=world.branch, on=fact.on, details=details,
            by=world.user("secretary"),
        )  # fmt: skip
        assert (set(outcome.records), set(outcome.refused)) == ({cases[0].pk}, {cases[1].pk})
        assert [standing(cast) for cast in casts] == [Standing.ACTIVIST, Standing.APPLICANT]
        assert list(outcome.batch.records.values_list("case_id", flat=True)) == [cases[0].pk]
        with pytest.raises(RuleError):
            services.record_batch(
                cases[1:], "nominate", kind="meeting", organization=world.branch, on=fact.on, details=details,
                by=world.user("secretary"),
            )  # fmt: skip


def test_a_withdrawn_case_takes_no_more_records_and_another_may_follow(cast):
    case, fact = case_at(cast, through="talk"), next_fact("nominate")
    by = cast.world.user("secretary")
    with at(fact.on):
        for reason, words in (("archived", "w"), ("withdrawn", " ")):
            with pytest.raises(RuleError):
                services.close(case, reason=reason, on=fact.on, words=words, by=by)
        services.close(case, reason="withdrawn", on=fact.on, words="own wish", by=by)
        assert standing(cast) == Standing.MASS
        with pytest.raises(RuleError):
            take(cast, case, fact)
        again = next_fact("apply")
        person = Member.objects.select_related("user", "organization").get(pk=cast.person.pk)
        services.open_case(person, on=fact.on, details=replace(again.details, received_on=fact.on), by=by)
    assert Case.objects.filter(person=cast.person.pk).count() == 2


def test_only_the_congress_ends_a_probation(cast):
    case = case_at(cast, through="approve")
    with at(next_fact("file_above").on), pytest.raises(RuleError):
        services.close(case, reason="unfit", on=next_fact("file_above").on, words="w", by=cast.world.user("secretary"))


def test_a_case_that_moves_without_its_material_begins_cultivation_anew(cast):
    case, world = case_at(cast, through="assign_contacts"), cast.world
    moved_on = next_fact("assign_contacts").on + timedelta(30)
    ready_on = date(moved_on.year + 1, moved_on.month, moved_on.day)
    with at(moved_on):
        services.move_case(case, world.sibling, on=moved_on, is_handed_over=False, by=world.user("college"))
        assert may(world.user("secretary"), "record", case) is False
    with at(ready_on - timedelta(1)), pytest.raises(RecordRefused) as refused:
        review = next_fact("propose_target", "review").details
        services.record(case, "propose_target", on=ready_on - timedelta(1), details=review, by=world.user("neighbor"))
    assert "cultivation_short" in codes(refused)


def test_figures_change_by_time_alone_and_settle_once_a_day(cast):
    case = case_at(cast, through="apply")
    late = APPLIED_ON + timedelta(60)
    due = date(2027, 4, 1)
    assert (case.current_step, case.next_due, case.overdue_since, case.gap_count) == ("talk", due, None, 1)
    with at(late):
        assert [services.settle_all(on=late), services.settle_all(on=late)] == [1, 0]
        daily_jobs.get("recruitment.settle").run(late)
    case.refresh_from_db()
    assert (case.overdue_since, case.settled_on) == (due + timedelta(1), late)
    assert list(Case.objects.overdue(late)) == [case]


HIDDEN = ("talk", "opinions", "review", "ballot", "political_review", "pre_review", "inspection", "consent", "approval")


def test_what_the_applicant_may_see_of_the_own_case(cast):
    case_at(cast, through="convert_apply")
    me = cast.actor(next_fact("apply").role)
    seen = {
        model.__name__: sorted(map(_shown, scope(me, "view", model)))
        for model in apps.get_app_config("recruitment").get_models()
    }
    assert {name: rows for name, rows in seen.items() if rows} == {
        "StepRecord": ["application", "conversion"],
        "Paper": ["application_letter", "conversion_application", "training_certificate"],
    }
    assert {kind for kind in HIDDEN if StepRecord.objects.filter(kind=kind).exists()} == set(HIDDEN)
    assert Ballot.objects.count() == 1
    assert set(own_papers(me)) == set(scope(me, "view", Paper))


def test_the_applicant_learns_a_standing_when_it_is_decided_and_not_before(cast):
    case = case_at(cast, before="consent_publicity")
    me = cast.actor(next_fact("apply").role)
    assert case.stage == "target"
    told = own_way(me)
    assert (told.standing, told.reached[-1], told.is_open) == (Standing.ACTIVIST, Standing.ACTIVIST, True)
    assert [field.name for field in fields(OwnWay)] == ["branch", "applied_on", "is_open", "standing", "reached"]
    kinds = Notice.objects.filter(recipient=me).values_list("message__kind", "message__params__standing")
    assert sorted(kinds, key=str) == [
        ("contact_assigned", None),
        ("contact_assigned", None),
        ("recruitment_standing", "activist"),
        ("recruitment_standing", "applicant"),
    ]
    assert AuditEntry.objects.filter(about=me, verb__startswith="recruitment").count() == 0


def test_the_committee_is_told_when_its_turn_comes_and_the_branch_what_it_decided(cast):
    case_at(cast, through="file_activist")
    world = cast.world

    def told(name):
        rows = Notice.objects.filter(recipient=world.users[name], message__kind__startswith="recruitment")
        return list(rows.order_by("pk").values_list("message__kind", "message__params__step"))

    assert told("college") == [("recruitment_waiting", "file_activist")]
    assert told("secretary") == [("recruitment_applied", None), ("recruitment_decided", "file_activist")]


def test_a_plan_is_set_and_changed(world):
    by = world.user("committee")
    services.set_quota(world.branch, 2027, 5, by=by)
    assert services.set_quota(world.branch, 2027, 6, by=by).planned == 6
    assert world.branch.recruitment_quotas.count() == 1


def _shown(row) -> str:
    return row.kind if isinstance(row, (StepRecord, Paper)) else str(row)

