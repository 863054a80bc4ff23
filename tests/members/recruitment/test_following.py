"""An open case follows its person: by transfer, with a merged or split branch; it ends when the person leaves."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members import services as people
from members.development import services as development
from members.development.rules import Quarter
from members.models import Member
from members.recruitment import services
from members.recruitment.engine.course import Course
from members.recruitment.engine.details import ApplicationFact
from members.recruitment.models import Case, CaseMove
from members.recruitment.queries.facts import facts_of
from members.recruitment.queries.matters import UNDER_WAY, open_matters
from members.recruitment.services.following import follow_people, reckon_anew
from members.transfers import services as transfers
from portal.audit.models import AuditEntry
from portal.notifications.models import Notice
from portal.organizations import services as organizations
from portal.organizations.models import Standing
from portal.rulesets.queries import calendar, rules_for
from tests.factories.people import make_member

from .way import at, case_at, make_cast

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
APPLIED_ON = TODAY - timedelta(days=20)


def opened(world, *, count=1, branch="branch", by="secretary"):
    cases = []
    for _number in range(count):
        person = make_member(world.nodes[branch], Standing.MASS, on=world.since, birth_date=date(2000, 1, 1))
        person = Member.objects.select_related("user", "organization").get(pk=person.pk)
        details = ApplicationFact(APPLIED_ON)
        cases.append(services.open_case(person, on=APPLIED_ON, details=details, by=world.user(by)))
    return cases


def moved_by_transfer(world, person, destination, on=TODAY):
    transfer = transfers.ask_move(person, destination=destination, reason="other", by=world.user("secretary"), on=on)
    transfer = transfers.check(
        transfer, dues_paid_to=on, file_checked=True, by=world.user("secretary"), on=on
    )
    return transfers.accept(transfer, accepted_on=on, by=world.user("neighbor"), on=on)


def test_accepted_transfer_takes_the_case_along(world):
    case = opened(world)[0]
    moved_by_transfer(world, case.person, world.sibling)
    case.refresh_from_db()
    assert case.organization == world.sibling
    move = CaseMove.objects.get(case=case)
    assert (move.from_branch, move.to_branch, move.on, move.is_handed_over) == (
        world.branch, world.sibling, TODAY, True,
    )  # fmt: skip
    assert AuditEntry.objects.filter(verb="recruitment.moved", organization_id=world.sibling.pk).count() == 1
    told = Notice.objects.filter(message__kind="recruitment_moved").values_list("recipient__name", flat=True)
    assert world.users["secretary"].name not in told


def test_transfer_of_somebody_without_a_case_changes_none(world):
    other = opened(world)[0]
    moved_by_transfer(world, world.member("peer"), world.sibling)
    other.refresh_from_db()
    assert (other.organization, CaseMove.objects.count()) == (world.branch, 0)


def test_matter_under_way_is_named_before_a_transfer(world):
    case = opened(world)[0]
    assert open_matters([case.person_id], TODAY) == {}
    for step in UNDER_WAY:
        Case.objects.filter(pk=case.pk).update(current_step=step)
        assert open_matters([case.person_id, 0], TODAY) == {case.person_id: [str(UNDER_WAY[step])]}
    with pytest.raises(Exception, match="approval is pending"):
        moved_by_transfer(world, case.person, world.sibling)
    services.close(case, reason="withdrawn", on=TODAY, words="Asked to.", by=world.user("secretary"))
    assert open_matters([case.person_id], TODAY) == {}


def test_settled_figures_say_what_is_under_way(world):
    case = case_at(make_cast(world), through="pre_review")
    assert list(open_matters([case.person_id], TODAY)) == [case.person_id]


def test_merger_moves_the_cases_with_their_people(world):
    staying, case = opened(world, branch="sibling", by="neighbor")[0], opened(world)[0]
    organizations.merge_organizations(
        [world.branch], world.sibling, on=TODAY, reason="One branch is enough.", by=world.user("committee")
    )
    for row in (staying, case):
        row.refresh_from_db()
        assert row.organization == world.sibling
    assert list(CaseMove.objects.values_list("case", "is_handed_over")) == [(case.pk, True)]
    facts = facts_of([Case.objects.with_people().get(pk=case.pk)])[case.pk]
    rules = rules_for(case.edition, world.sibling)
    assert Course.of(facts, rules, calendar(), TODAY).day_of("apply") == APPLIED_ON


def test_split_moves_the_cases_of_the_people_who_go(world):
    staying, going = opened(world, count=2)
    made = organizations.split_organization(
        world.branch, people=[going.person.user_id], on=TODAY, reason="Too large.", by=world.user("committee"),
        name="Second branch", code="B2", org_type="branch",
    )  # fmt: skip
    staying.refresh_from_db()
    going.refresh_from_db()
    assert staying.organization == world.branch
    assert going.organization_id == made.pk


def test_following_many_asks_as_often_as_for_few(world):
    def statements(cases, node):
        ids = [case.person.user_id for case in cases]
        with CaptureQueriesContext(connection) as seen:
            assert follow_people(ids, node, on=TODAY, by=world.user("committee")) == len(cases)
        return len(seen)

    cases = opened(world, count=7)
    assert statements(cases[:1], world.sibling) == statements(cases[1:], world.sibling)
    assert follow_people([case.person.user_id for case in cases], world.unit, on=TODAY, by=None) == 0


def test_leaving_the_tree_closes_the_case(world):
    case = opened(world)[0]
    people.leave(case.person, kind="transfer_out", on=TODAY, by=world.user("secretary"))
    case.refresh_from_db()
    assert (case.state, case.closed_reason, case.closed_on) == ("closed", "left", TODAY)
    assert AuditEntry.objects.get(verb="recruitment.closed").changes["leave_kind"] == ["", "transfer_out"]
    assert case.records.count() == 1


def test_refused_leave_leaves_the_case_open(world):
    case = opened(world)[0]
    with pytest.raises(Exception, match="."):
        people.leave(case.person, kind="transfer_out", on=world.since - timedelta(days=1), by=world.user("secretary"))
    case.refresh_from_db()
    assert case.state == "open"


def test_accepted_report_counts_in_the_case_without_a_copy(world, django_capture_on_commit_callbacks):
    cast = make_cast(world)
    case = case_at(cast, through="assign_contacts")
    day = case.records.get(step="assign_contacts").on
    quarter = Quarter.of(day).next
    with at(quarter.last_day):
        author = Member.objects.select_related("user", "organization").get(pk=case.person_id)
        report = development.begin_report(author, quarter, by=author.user, on=quarter.last_day)
        report = development.hand_in(report, title="T", body="Some text. " * 20, by=author.user, on=quarter.last_day)
        records = case.records.count()
        with django_capture_on_commit_callbacks() as callbacks:
            development.accept_report(report, words="Good.", by=world.user("secretary"))
        assert any("reckon_anew" in repr(callback) for callback in callbacks)
        case = Case.objects.with_people().get(pk=case.pk)
        kinds = [(fact.step, fact.kind) for fact in facts_of([case])[case.pk].records]
    assert kinds.count(("cultivate", "report")) == 1
    assert case.records.count() == records


def test_figures_follow_the_contacts_of_the_other_room(world):
    cast = make_cast(world)
    case = case_at(cast, through="assign_contacts")
    day = case.records.get(step="assign_contacts").on + timedelta(days=10)
    with at(day):
        row = case.person.contacts.current().first()
        development.end_contact(row, by=world.user("secretary"), on=day)
        case = Case.objects.with_people().get(pk=case.pk)
        course = Course.of(facts_of([case])[case.pk], rules_for(case.edition), calendar(), day)
        left = set(case.person.contacts.current().values_list("contact__user_id", flat=True))
        assert {person.key for person in course.contacts} == left and left
        Case.objects.filter(pk=case.pk).update(gap_count=99)
        assert reckon_anew(case.person_id)
        assert Case.objects.get(pk=case.pk).gap_count != 99
        assert not reckon_anew(case.person_id)
