"""Steps as they are taken: what is written, refused, recorded and told; two at once; what the database holds."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from members.dues import services as dues
from members.models import Member
from members.transfers import services
from members.transfers.models import Event, Letter, Transfer
from members.transfers.rules.states import State
from members.transfers.services.batches import BatchLine
from members.transfers.signals import transferred
from members.transfers.sources import DuesSource, MatterSource, dues_sources, matter_sources
from portal.audit.services import history_of
from portal.notifications.models import Notice
from portal.organizations.duties import Post
from portal.organizations.models import Affiliation, Organization, Standing
from portal.organizations.services import appoint
from portal.web.refusals import RuleError
from tests.factories.people import make_member, make_people

from .conftest import OUTSIDE


def told(user, kind="transfer_turn"):
    return Notice.objects.filter(recipient=user, message__kind=kind).count()


def test_move_within_one_committee_is_checked_and_accepted(office, django_capture_on_commit_callbacks):
    world, heard = office.world, []

    def listen(**sent):
        heard.append((sent["person"], sent["origin"], sent["destination"], sent["on"]))

    transferred.connect(listen)
    row = office.move()
    assert (row.route, row.state, told(world.users["secretary"]), told(world.users["neighbor"])) == (
        "within", "requested", 1, 0,
    )  # fmt: skip
    row = services.check(
        row, dues_paid_to=office.today, file_checked=True, by=world.user("secretary"), on=office.today
    )
    assert told(world.users["neighbor"]) == 1
    assert row.answering(office.today) == "branch"
    row = services.accept(row, accepted_on=office.today, by=world.user("neighbor"), on=office.today)
    transferred.disconnect(listen)
    person = world.member("member")
    assert (row.state, row.answering(office.today), person.organization) == ("accepted", "sibling", world.sibling)
    assert row.answering(office.today - timedelta(days=1)) == "branch"
    assert (person.entry_kind, person.entered_on) == ("internal_move", office.today)
    assert heard == [(person, world.branch, world.sibling, office.today)]
    places = Affiliation.objects.filter(user=person.user).order_by("since")
    assert list(places.values_list("organization", "until")) == [
        (world.branch.pk, office.today - timedelta(days=1)), (world.sibling.pk, None),
    ]  # fmt: skip
    assert list(history_of(row).order_by("pk").values_list("verb", flat=True)) == [
        "transfers.requested", "transfers.checked", "transfers.accepted",
    ]  # fmt: skip
    assert (told(person.user, "transfer_step"), told(world.users["secretary"], "transfer_ended")) == (2, 1)


def test_move_between_committees_takes_all_four_sides(office):
    world, today = office.world, office.today
    row = office.move("far_branch")
    assert row.route == "between"
    row = services.check(row, dues_paid_to=today, file_checked=True, by=world.user("secretary"), on=today)
    row = services.issue(row, valid_days=30, by=world.user("college"), on=today)
    assert row.expires_on == today + timedelta(days=30)
    row = services.receive(row, by=office.far_college.user, on=today)
    row = services.accept(row, accepted_on=today, by=office.far.user, on=today)
    assert (row.state, office.member().organization) == ("accepted", world.far_branch)
    assert list(row.events.values_list("side", flat=True)) == [
        "person", "sender_branch", "sender_committee", "receiver_committee", "receiver_branch",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "name"),
    [("issue", "secretary"), ("issue", "far"), ("receive", "college"), ("accept", "far_college")],
)
def test_steps_of_another_side_are_refused(office, verb, name):
    world, today = office.world, office.today
    users = {"far": office.far.user, "far_college": office.far_college.user}
    user = users.get(name) or world.user(name)
    row = office.checked(office.move("far_branch"))
    if verb == "receive":
        row = services.issue(row, valid_days=9, by=None, on=today)
    if verb == "accept":
        row = services.issue(row, valid_days=9, by=None, on=today)  # the committee has not passed it on yet
    more = {"issue": {"valid_days": 9}, "accept": {"accepted_on": today}}.get(verb, {})
    with pytest.raises(RuleError):
        getattr(services, verb)(row, by=user, on=today, **more)


def test_nobody_checks_the_own_transfer(office):
    world = office.world
    row = office.out("secretary")
    with pytest.raises(RuleError):
        services.check(row, dues_paid_to=office.today, file_checked=True, by=world.user("secretary"), on=office.today)


def test_check_refuses_with_every_gap(office):
    person = office.member()
    appoint(person.user, office.world.branch, Post.GROUP_LEADER, on=office.world.since, by=None)
    Member.objects.filter(pk=person.pk).update(sex="")
    row = office.out()
    with pytest.raises(RuleError) as refusal:
        services.check(row, dues_paid_to=None, file_checked=False, by=None, on=office.today)
    assert len(refusal.value.messages) == 4
    assert Transfer.objects.get().state == "requested"


def test_registered_sources_are_asked_before_what_was_typed(office):
    person, today = office.member(), office.today
    dues = dues_sources.register(DuesSource("test", lambda people, on: {person.pk: today - timedelta(days=62)}))
    matters = matter_sources.register(MatterSource("test", lambda people, on: {person.pk: ["A correction period"]}))
    try:
        with pytest.raises(RuleError) as refusal:
            office.checked(office.out())
    finally:
        dues_sources.unregister(dues.code)
        matter_sources.unregister(matters.code)
    assert len(refusal.value.messages) == 2


def test_record_of_dues_says_up_to_which_month_they_are_paid(office):
    today, by = office.today, office.world.user("committee")
    person = office.member()
    dues.open_ledgers(office.world.branch, month=today, by=by, on=today)
    dues.set_standard(person, kind="student", base=None, month=today, by=by, on=today)
    row = office.out()
    with pytest.raises(RuleError) as refusal:  # whatever the branch types
        office.checked(row)
    assert len(refusal.value.messages) == 1
    dues.record_payment(
        person, today, branch=office.world.branch, paid_on=today, channel="cash", by=by, on=today, token=UUID(int=7)
    )
    row = services.check(row, dues_paid_to=None, file_checked=True, by=None, on=today)
    assert row.dues_paid_to == today.replace(day=1)


def test_one_open_transfer_for_one_person(office):
    office.out()
    with pytest.raises(RuleError):
        office.move()
    assert Transfer.objects.count() == 1


@pytest.mark.parametrize("name", ["author", "target", "applicant"])
def test_those_without_a_relation_move_within_only(office, name):
    with pytest.raises(RuleError):
        office.out(name)
    assert office.move(name=name).state == "requested"


def test_only_a_committee_that_approves_members_issues(office):
    row = office.checked(office.out())
    Organization.objects.filter(pk=office.world.unit.pk).update(can_approve_members=False)
    with pytest.raises(RuleError):
        services.issue(row, valid_days=90, by=None, on=office.today)
    assert Letter.objects.count() == 0
    Organization.objects.filter(pk=office.world.root.pk).update(can_approve_members=False)
    with pytest.raises(RuleError):
        office.out("contact")


@pytest.mark.parametrize("days", [0, 91])
def test_letter_of_impossible_length_is_refused(office, days):
    row = office.checked(office.out())
    with pytest.raises(RuleError):
        services.issue(row, valid_days=days, by=None, on=office.today)


def test_letters_are_numbered_by_year_and_committee(office):
    first, second = office.issued(office.out()), office.issued(office.out("contact"))
    far = make_member(office.world.far_branch, Standing.FULL_MEMBER, sex="1", ethnicity="01",
                      birth_date=office.today - timedelta(days=9000), id_no="11010519491231002X")  # fmt: skip
    third = services.ask_transfer_out(far, committee=OUTSIDE, by=None, on=office.today)
    third = office.issued(third)
    assert [row.letters.get().number for row in (first, second, third)] == [1, 2, 1]
    assert first.letters.get().serial == f"{office.today.year}-0001"


def test_receipt_ends_the_membership_here_and_keeps_its_history(office):
    row = office.carried()
    with pytest.raises(RuleError):
        services.accept(row, accepted_on=office.today, receiver=" ", by=None, on=office.today)
    row = services.accept(row, accepted_on=office.today, receiver="Clerk", by=None, on=office.today)
    person = office.member()
    assert (person.organization, person.leave_kind, person.left_on) == (None, "transfer_out", office.today)
    assert (row.state, row.letters.get().receiver, row.answering(office.today)) == ("accepted", "Clerk", OUTSIDE)


def test_late_receipt_counts_when_the_day_lies_within_the_letter(office):
    start = office.today - timedelta(days=20)
    row = services.expire(office.carried(on=start, days=10), on=office.today)
    assert row is not None and row.state == State.EXPIRED
    with pytest.raises(RuleError):
        services.accept(row, accepted_on=office.today, receiver="Clerk", by=None, on=office.today)
    row = services.accept(row, accepted_on=start + timedelta(days=10), receiver="Clerk", by=None, on=office.today)
    assert row.state == State.ACCEPTED


def test_expired_letter_is_issued_again_with_an_explanation(office):
    start = office.today - timedelta(days=20)
    row = services.expire(office.carried(on=start, days=10), on=office.today)
    with pytest.raises(RuleError):
        services.reissue(row, valid_days=30, words=" ", by=office.world.user("college"), on=office.today)
    row = services.reissue(row, valid_days=30, words="It was ill.", by=office.world.user("college"), on=office.today)
    assert (row.state, list(row.letters.values_list("number", "is_void"))) == ("reissued", [(1, True), (2, False)])
    assert row.expires_on == office.today + timedelta(days=30)


def test_rejection_says_why_and_leaves_the_sender_answering(office):
    row = office.checked(office.move())
    with pytest.raises(RuleError):
        services.reject(row, words=" ", by=office.world.user("neighbor"), on=office.today)
    row = services.reject(row, words="No file came.", by=office.world.user("neighbor"), on=office.today)
    assert (row.state, row.end_words, row.answering(office.today)) == ("rejected", "No file came.", "branch")
    assert office.move().state == "requested"  # and it may be asked for again


def test_person_withdraws_before_the_check_and_not_after(office):
    row, user = office.out(), office.world.user("member")
    assert services.withdraw(row, by=user, on=office.today).state == "withdrawn"
    row = office.checked(office.out())
    with pytest.raises(RuleError):
        services.withdraw(row, by=user, on=office.today)


def test_arrival_is_checked_by_the_branch_and_accepted_by_the_committee(office):
    world, row = office.world, office.arrive()
    assert row.answering(office.today) == OUTSIDE
    with pytest.raises(RuleError):
        services.check(row, dues_paid_to=None, file_checked=False, by=world.user("secretary"), on=office.today)
    row = services.check(row, dues_paid_to=None, file_checked=True, by=world.user("secretary"), on=office.today)
    with pytest.raises(RuleError):
        services.accept(row, accepted_on=office.today, by=world.user("secretary"), on=office.today)
    row = services.accept(row, accepted_on=office.today, by=world.user("college"), on=office.today)
    person = Member.objects.get(pk=row.person_id)
    assert (person.organization, person.standing, row.answering(office.today)) == (
        world.branch, "full_member", "branch",
    )  # fmt: skip


def test_arrival_of_a_member_or_with_a_dead_letter_is_refused(office):
    with pytest.raises(RuleError):
        office.arrive(office.member())
    with pytest.raises(RuleError):
        office.arrive(issued=office.today - timedelta(days=31))
    with pytest.raises(RuleError):
        office.arrive(issued=office.today + timedelta(days=1))
    assert Transfer.objects.count() == 0


def test_arrival_is_renewed_by_a_new_letter_of_the_sender(office):
    row = services.expire(office.arrive(), on=office.today + timedelta(days=31))
    assert row is not None
    row = services.renew_arrival(
        row, number="A-8", issued_on=office.today, valid_days=60, words="", by=office.world.user("secretary"),
        on=office.today,
    )  # fmt: skip
    assert (row.state, list(row.letters.values_list("foreign_number", "is_void"))) == (
        "reissued", [("A-7", True), ("A-8", False)],
    )  # fmt: skip


def lines(people, committee=OUTSIDE):
    return [BatchLine(person, committee=committee) for person in people]


def start(office, people, **more):
    fields = {"title": "Graduates", "dues_paid_to": office.today, "file_checked": True, "on": office.today}
    return services.start_batch(
        office.world.branch, lines(people), by=office.world.user("secretary"), **{**fields, **more}
    )


def ready(office, count):
    people = make_people(office.world.branch, count, standing=Standing.FULL_MEMBER)
    for number, person in enumerate(people):
        Member.objects.filter(pk=person.pk).update(
            sex="1", ethnicity="01", birth_date=office.today - timedelta(days=9000), id_no_index=f"batch{number}"
        )
    return people


def test_batch_confirms_who_is_ready_and_leaves_the_others_waiting(office):
    first, second = ready(office, 2)
    Member.objects.filter(pk=second.pk).update(sex="")
    batch = start(office, [first, second])
    states = dict(batch.transfers.values_list("person", "state"))
    assert states == {first.pk: "branch_checked", second.pk: "requested"}
    college = office.world.users["college"]
    assert (told(college, "transfer_batch_turn"), told(first.user, "transfer_batch_step")) == (1, 1)
    issued = services.issue_batch(batch, valid_days=60, by=office.world.user("college"), on=office.today)
    assert [row.person_id for row in issued] == [first.pk]
    assert Letter.objects.get().expires_on == office.today + timedelta(days=60)
    with pytest.raises(RuleError):
        services.issue_batch(batch, valid_days=60, by=office.world.user("college"), on=office.today)


def test_batch_names_everyone_it_refuses_and_writes_nothing(office):
    people = [*ready(office, 1), office.member("author"), office.world.member("neighbor")]
    with pytest.raises(RuleError) as refusal:
        start(office, people)
    assert len(refusal.value.messages) == 2
    assert Transfer.objects.count() == 0


@pytest.mark.parametrize("count", [2, 30])
def test_batch_takes_the_same_number_of_statements_for_any_number(office, count, django_assert_num_queries):
    people = [Member.objects.with_person().get(pk=person.pk) for person in ready(office, count)]
    with django_assert_num_queries(39):
        batch = start(office, people)
    with django_assert_num_queries(22):
        services.issue_batch(batch, valid_days=60, by=office.world.user("college"), on=office.today)


def test_daily_job_reminds_once_and_lets_letters_run_out(office):
    world, row = office.world, office.carried(days=40)
    letter_ends = row.expires_on

    def run(day):
        services.run_daily(day)
        services.run_daily(day)
        return [told(world.users[name], "transfer_pending") for name in ("member", "secretary", "college")]

    assert run(letter_ends - timedelta(days=31)) == [0, 0, 0]
    assert run(letter_ends - timedelta(days=28)) == [1, 1, 1]
    assert run(letter_ends - timedelta(days=7)) == [2, 2, 2]
    assert run(letter_ends) == [3, 3, 3]
    assert Transfer.objects.get().state == "carried"
    assert run(letter_ends + timedelta(days=1)) == [3, 3, 3]
    assert Transfer.objects.get().state == "expired"
    assert [told(world.users[name], "transfer_late") for name in ("member", "college", "committee")] == [1, 1, 0]
    run(letter_ends + timedelta(days=8))
    assert [told(world.users[name], "transfer_late") for name in ("member", "college", "committee")] == [2, 2, 1]


def test_relations_are_begun_kept_up_and_ended(office):
    world, today = office.world, office.today
    keeper = world.member("contact")
    row = services.begin_relation(
        office.member(), "abroad", since=today - timedelta(days=150), responsible=keeper, by=world.user("secretary"),
        on=today,
    )  # fmt: skip
    with pytest.raises(RuleError):
        services.begin_relation(office.member("author"), "abroad", since=today, by=None, on=today)
    services.run_daily(row.contact_due)
    services.run_daily(row.contact_due)
    assert told(keeper.user, "abroad_contact") == 1
    services.record_contact(
        row, on=today, means="letter", is_reached=True, words="Well.", by=keeper.user, today=today
    )
    row.refresh_from_db()
    assert row.last_contact_on == today
    row = services.end_relation(row, until=today, words="Back", by=world.user("secretary"), on=today)
    with pytest.raises(RuleError):
        services.end_relation(row, until=today, words="Back", by=world.user("secretary"), on=today)


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "lost"},
        {"state": "accepted"},
        {"state": "committee_issued"},
        {"state": "rejected"},
        {"route": "within"},
        {"organization": None},
        {"outside_committee": ""},
    ],
)
def test_database_refuses_half_a_transfer(office, broken):
    row = office.out()
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.filter(pk=row.pk).update(**broken)


@pytest.mark.parametrize(
    "broken", [{"valid_days": 91}, {"valid_days": 0}, {"receiver": "Clerk"}, {"number": None}, {"foreign_number": "X"}]
)
def test_database_refuses_half_a_letter(office, broken):
    office.issued(office.out())
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.update(**broken)


def test_database_refuses_an_unknown_event(office):
    office.out()
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.update(verb="forget")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
def test_receiver_accepts_while_sender_withdraws(office, _round):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    row, barrier, outcomes = office.checked(office.move()), threading.Barrier(2), []

    def act(verb, name, more):
        user = office.world.user(name)
        barrier.wait()
        try:
            getattr(services, verb)(row, by=user, on=office.today, **more)
            outcomes.append("done")
        except RuleError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=act, args=("accept", "neighbor", {"accepted_on": office.today})),
        threading.Thread(target=act, args=("withdraw", "secretary", {})),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    state, place = Transfer.objects.get(pk=row.pk).state, office.member().organization.short_name
    assert (sorted(outcomes), (state, place)) in (
        (["done", "refused"], ("accepted", "sibling")),
        (["done", "refused"], ("withdrawn", "branch")),
    )
