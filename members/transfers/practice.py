"""Transfers of the practice university in every state that a page shows, and people away."""

from datetime import date, timedelta

from members.models import Member
from portal.home.practice.world import PracticeWorld
from portal.organizations.models import Standing
from portal.rulesets.days import add_months
from portal.web.refusals import RuleError

from .models import RelationPeriod, Transfer
from .rules.clocks import RelationState
from .rules.states import State
from .services import (
    BatchLine,
    accept,
    ask_move,
    ask_transfer_out,
    begin_relation,
    check,
    hand_over,
    issue,
    issue_batch,
    receive,
    record_contact,
    reject,
    start_batch,
)

# Names of receivers outside, as they stand on letters.
COMMITTEES = ("中共滨海市教育局机关委员会", "中共东江科技集团有限公司委员会", "中共南山区街道工作委员会")


def make_transfers(world: PracticeWorld) -> None:
    """Move some members of the first branches; what is there stays."""
    if Transfer.objects.exists():
        return
    people = _people(world)
    _complete(world, people)
    _single(world, people)
    _graduates(world, people)
    _away(world, people)


def _people(world: PracticeWorld) -> list[Member]:
    """Return full members of the home branch without account of practice and without a post."""
    rows = Member.objects.with_person().filter(organization=world.home_branch, standing=Standing.FULL_MEMBER)
    taken = [user.pk for user in world.accounts.values()]
    rows = rows.exclude(user__in=taken).exclude(user__appointments__ended_at=None, user__appointments__isnull=False)
    return list(rows.order_by("pk"))


def _checked(row: Transfer, on: date) -> Transfer:
    """Confirm for the branch; whoever still owes dues waits, as in life."""
    try:
        return check(row, dues_paid_to=on, file_checked=True, by=None, on=on)
    except RuleError:
        return row


def _complete(world: PracticeWorld, people: list[Member]) -> None:
    """Let one person have gone to another college half a year ago, through all four sides."""
    branch, start = world.branches[-1], world.today - timedelta(days=40)
    donor = Member.objects.with_person().filter(organization=branch, standing=Standing.FULL_MEMBER)
    person = donor.exclude(user__appointments__isnull=False).order_by("-pk").first()
    if person is None:
        return
    row = ask_move(person, world.home_branch, reason="", by=person.user, on=start)
    row = _checked(row, start + timedelta(days=2))
    if row.state != State.BRANCH_CHECKED:
        return
    row = issue(row, valid_days=90, by=None, on=start + timedelta(days=4))
    row = receive(row, by=None, on=start + timedelta(days=6))
    accept(row, accepted_on=start + timedelta(days=9), by=None, on=start + timedelta(days=9))


def _single(world: PracticeWorld, people: list[Member]) -> None:
    today, committee = world.today, COMMITTEES[0]
    for place, person in enumerate(people[:4]):
        start = today - timedelta(days=70 - 15 * place)
        row = ask_transfer_out(person, committee=committee, unit="", by=person.user, on=start)
        if place == 3:
            continue
        row = _checked(row, start + timedelta(days=3))
        if place == 2 or row.state != State.BRANCH_CHECKED:
            continue
        row = issue(row, valid_days=80 if place == 0 else 90, by=None, on=start + timedelta(days=5))
        if place == 0:
            hand_over(row, by=None, on=start + timedelta(days=6))
    donors = Member.objects.with_person().filter(
        organization=world.branches[1], standing=Standing.FULL_MEMBER, user__appointments__isnull=True
    )
    for place, person in enumerate(donors.order_by("-pk")[:2]):
        row = ask_move(person, world.home_branch, by=person.user, on=today - timedelta(days=8))
        row = _checked(row, today - timedelta(days=5))
        if place and row.state == State.BRANCH_CHECKED:
            reject(row, words="档案中缺少入党志愿书，请补齐后再转。", by=None, on=today - timedelta(days=3))


def _graduates(world: PracticeWorld, people: list[Member]) -> None:
    """Start a batch in the second branch of the first college, half of it issued."""
    branch = world.branches[2]
    rows = Member.objects.with_person().filter(organization=branch, standing=Standing.FULL_MEMBER)
    rows = list(rows.filter(user__appointments__isnull=True).order_by("pk")[:4])
    graduated = world.today - timedelta(days=30)
    Member.objects.filter(pk__in=[row.pk for row in rows]).update(graduated_on=graduated)
    lines = [BatchLine(row, committee=COMMITTEES[place % 3]) for place, row in enumerate(rows)]
    on = world.today - timedelta(days=20)
    batch = start_batch(
        branch,
        lines,
        title=f"{graduated.year}届毕业生",
        dues_paid_to=on,
        file_checked=True,
        by=world.accounts.get("committee"),
        on=on,
    )
    if batch.transfers.filter(state=State.BRANCH_CHECKED).exists():
        issue_batch(batch, valid_days=90, by=world.accounts.get("committee"), on=on + timedelta(days=2))


def _away(world: PracticeWorld, people: list[Member]) -> None:
    if RelationPeriod.objects.exists():
        return
    rows = Member.objects.with_person().filter(
        organization=world.home_branch, standing__in=[Standing.PROBATIONARY, Standing.FULL_MEMBER]
    )
    rows = list(rows.filter(transfers=None).exclude(user__in=[user.pk for user in world.accounts.values()]))
    keeper = Member.objects.get(user=world.accounts["contact"])
    states = (
        (RelationState.ABROAD, 20, "英国 爱丁堡", 5),
        (RelationState.RETAINED, 23, "深圳市", 3),
        (RelationState.FLOATING, 9, "成都市", 7),
        (RelationState.LOST, 7, "", None),
    )
    for person, (state, months, place, heard) in zip(rows, states, strict=False):
        since = add_months(world.today, -months)
        row = begin_relation(
            person,
            state,
            since=since,
            place=place,
            responsible=keeper if keeper != person else None,
            reason_code="3" if state == RelationState.LOST else "",
            by=None,
            on=world.today,
        )
        if heard is not None:
            day = add_months(world.today, -heard)
            record_contact(row, on=day, means="电话", is_reached=True, words="", by=keeper.user, today=world.today)
