"""Tables count right, agree with the pure rules, and ask as much for few people as for many."""

import random
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from members.dues import services
from members.dues.models import DuesLedger, DuesPayment
from members.dues.months import as_text, last_day, shifted
from members.dues.queries.facts import facts_of
from members.dues.queries.owing import owing, unsettled
from members.dues.queries.people import branch_of
from members.dues.queries.tables import month_of_node
from members.dues.rules import owed_in
from members.dues.work import months_to_collect, own_months, reductions
from members.models import Member
from portal.access.rights import rights_of
from portal.organizations.models import Affiliation, Organization, OrganizationType, Standing
from portal.organizations.services import create_organization
from tests.factories.people import make_member, make_people

# page: who looks, and the number of queries
PAGES = {
    "month": ("secretary", 15),
    "overview": ("college", 16),
    "statement": ("secretary", 8),
    "receipt-list": ("secretary", 6),
    "reduction-list": ("secretary", 6),
    "my-dues": ("member", 16),
}
COLLECT = 13


def fill(desk, rows):
    """Give the branch twice as many members: half have paid this month, for the others a reduction is asked."""
    people = make_people(desk.world.branch, rows * 2, standing=Standing.FULL_MEMBER, since=desk.first)
    Member.objects.filter(pk__in=[person.pk for person in people]).update(person_kind="undergraduate")
    desk.student("member")
    paid = [*people[:rows], desk.world.member("member")]
    services.record_payments(
        [services.Line(person.pk, desk.month) for person in paid], branch=desk.world.branch, paid_on=desk.today,
        channel="cash", token=uuid.uuid4(), by=None, on=desk.today,
    )  # fmt: skip
    for person in people[rows:]:
        services.ask_reduction(
            person, first=desk.month, last=desk.month, amount=0, reason="Illness", decided_on=desk.today, by=None,
            on=desk.today,
        )  # fmt: skip
    for months in range(1, min(rows, 6)):
        desk.pay("member", desk.ago(months))
    return people


@pytest.mark.parametrize("rows", [2, 9])
@pytest.mark.parametrize("page", PAGES)
def test_page_asks_a_constant_number_of_questions(desk, rows, page, django_assert_num_queries):
    fill(desk, rows)
    name, queries = PAGES[page]
    client = desk.world.client(name)
    address = reverse(f"members:dues:{page}")
    place = desk.world.unit if page == "overview" else desk.world.branch
    query = {} if page == "my-dues" else {"organization": place.pk}
    client.get(address, query)  # the first page of a session notes the time in it
    with django_assert_num_queries(queries):
        response = client.get(address, query)
    assert response.status_code == 200


@pytest.mark.parametrize("rows", [2, 9])
def test_collection_asks_a_constant_number_of_questions(desk, rows, django_assert_num_queries):
    people = fill(desk, rows)
    lines = [f"{person.pk}.{as_text(desk.ago(1))}" for person in people]
    client = desk.world.client("secretary")
    address, query = reverse("members:dues:collect"), {"organization": desk.world.branch.pk, "line": lines}
    client.get(address, query)
    with django_assert_num_queries(COLLECT):
        response = client.get(address, query)
    assert len(response.context["lines"]) == len(people)


@pytest.mark.parametrize("rows", [2, 30])
def test_recording_writes_in_sets(desk, rows, django_assert_num_queries):
    people = make_people(desk.world.branch, rows, standing=Standing.FULL_MEMBER, since=desk.first)
    Member.objects.filter(pk__in=[person.pk for person in people]).update(person_kind="undergraduate")
    by = desk.world.user("secretary")
    with django_assert_num_queries(25):
        services.record_payments(
            [services.Line(person.pk, desk.month) for person in people], branch=desk.world.branch,
            paid_on=desk.today, channel="cash", token=uuid.uuid4(), by=by, on=desk.today,
        )  # fmt: skip
    assert DuesPayment.objects.count() == rows


@pytest.mark.parametrize("rows", [2, 9])
def test_workbench_asks_little(desk, rows, django_assert_num_queries):
    fill(desk, rows)
    secretary, college, member = (desk.world.user(name) for name in ("secretary", "college", "member"))
    for user in (secretary, college, member):
        rights_of(user)
    with django_assert_num_queries(1):
        group = months_to_collect(secretary, desk.today)
    assert group.count == 2
    with django_assert_num_queries(1):
        assert reductions(college, desk.today).count == min(rows, 6)
    with django_assert_num_queries(1):
        assert own_months(member, desk.today).count == 0
    owing_member = desk.world.user("contact")
    rights_of(owing_member)
    with django_assert_num_queries(1):
        assert own_months(owing_member, last_day(desk.month)).count == 2


def test_owing_agrees_with_the_pure_rules(desk):
    """Random lives of twelve people: who owes which month where is the same by the statement and by the facts."""
    dice = random.Random(7)
    nodes = [desk.world.branch, desk.world.sibling, desk.world.far_branch, desk.world.office]
    DuesLedger.objects.filter(organization=desk.world.far_branch).update(since=desk.ago(3))
    standings = [Standing.DEVELOPMENT_TARGET, Standing.PROBATIONARY, Standing.FULL_MEMBER, Standing.MASS]
    people = []
    for _number in range(12):
        person = make_member(nodes[0], Standing.ACTIVIST)
        Affiliation.objects.filter(user=person.user).delete()
        day = desk.first - timedelta(days=20)
        while day < desk.today:
            until = day + timedelta(days=dice.randint(0, 70))
            Affiliation.objects.create(
                user=person.user, organization=dice.choice(nodes), standing=dice.choice(standings), since=day,
                until=until if until < desk.today else None,
            )  # fmt: skip
            day = until + timedelta(days=1)
        Member.objects.filter(pk=person.pk).update(
            standing=dice.choice(standings),
            joined_on=dice.choice([None, desk.first + timedelta(days=dice.randint(0, 250))]),
        )
        people.append(person.pk)
    facts = facts_of(people, shifted(desk.first, -1), desk.month)
    paths = dict(Organization.objects.values_list("path", "pk"))
    for months in range(-1, 10):
        month = shifted(desk.first, months)
        rows = owing(month).filter(user__member__in=people).values_list("user__member__pk", "collecting")
        asked = {pk: paths[path] for pk, path in rows}
        told = {pk: owed_in(facts[pk], month) for pk in people if owed_in(facts[pk], month)}
        assert asked == told, month


def test_group_of_a_branch_pays_to_the_branch(desk):
    group = create_organization(
        parent=Organization.objects.get(pk=desk.world.branch.pk), by=None, name="G", code="g",
        org_type=OrganizationType.GROUP, established_on=desk.world.since,
    )  # fmt: skip
    person = make_member(group, Standing.FULL_MEMBER, person_kind="undergraduate")
    row = next(row for row in month_of_node(desk.world.branch, desk.month, on=desk.today) if row.pk == person.pk)
    assert (row.branch, row.state) == (desk.world.branch.path, "open")
    person = Member.objects.select_related("organization").get(pk=person.pk)
    assert branch_of(person) == desk.world.branch
    paid = services.record_payment(
        person, desk.month, branch=desk.world.branch, paid_on=desk.today, channel="cash", by=None, on=desk.today
    )
    assert paid.organization == desk.world.branch
    assert person.user not in [row.user for row in unsettled(desk.month).select_related("user")]


def test_month_says_how_each_person_stands(desk):
    for name in ("member", "contact"):
        desk.student(name)
    desk.pay("member")
    desk.pay("contact", desk.ago(4))
    rows = {row.name: row for row in month_of_node(desk.world.branch, desk.month, on=desk.today)}
    assert (rows["Member"].state, rows["Member"].paid.amount > 0, rows["Member"].run) == ("paid", True, 9)
    assert (rows["Contact"].state, rows["Contact"].run, rows["Contact"].risk) == ("open", 3, "warned")
    assert sorted(rows) == ["Contact", "Disabled", "Member", "Probationary", "Retired", "Secretary"]
