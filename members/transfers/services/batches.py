"""Many transfers at once, as at graduation: started by one submit, issued by another; in sets."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from members.models import Member
from portal.accounts.models import User
from portal.audit import services as audit
from portal.notifications.services import post
from portal.organizations import services as organizations
from portal.organizations.models import Organization
from portal.web.refusals import RuleError

from .. import notices
from ..models import Batch, Event, Letter, Transfer
from ..policies import sides_of
from ..queries.facts import committees_of, facts_of
from ..queries.limits import limits_on
from ..queries.people import holders_near
from ..rules.checks import CheckFacts, Gap, gaps_before_check, gaps_before_issue, gaps_before_request
from ..rules.states import Kind, Route, Side, State, Verb
from .letters import draft_letter, next_number
from .requests import committee_above
from .settling import with_article

ISSUE, TRANSFER = "issue_letters", "transfer"


@dataclass(frozen=True, slots=True)
class BatchLine:
    """Where one person goes: a branch of the university, or a committee and unit outside."""

    person: Member
    destination: Organization | None = None
    committee: str = ""
    unit: str = ""

    @property
    def leaves_university(self) -> bool:
        return self.destination is None


def facts_for(
    lines: Sequence[BatchLine], *, dues_paid_to: date | None, file_checked: bool, on: date
) -> dict[int, CheckFacts]:
    """Return the facts of everyone in ``lines``; statements do not grow with their number."""
    found: dict[int, CheckFacts] = {}
    for leaves in (True, False):
        people = [line.person for line in lines if line.leaves_university == leaves]
        if people:
            paid = {person.pk: dues_paid_to for person in people}
            found |= facts_of(
                people, leaves_university=leaves, on=on, dues_paid_to=paid, file_checked=file_checked
            )
    return found


def gaps_of(line: BatchLine, facts: CheckFacts, *, on: date) -> tuple[list[Gap], list[Gap]]:
    """Return what forbids the transfer of one person, and what the branch must settle before it confirms."""
    kind = line.destination.org_type if line.destination else ""
    leaves = line.leaves_university
    forbidding = gaps_before_request(facts, leaves_university=leaves, destination_type=kind)
    if leaves and not line.committee.strip():
        forbidding.append(Gap("no_destination", "", _("Say where the relation goes.")))
    if line.destination is not None and line.destination.pk == line.person.organization_id:
        forbidding.append(Gap("same_place", "", _("The person belongs to this branch already.")))
    return forbidding, gaps_before_check(facts, leaves_university=leaves, on=on)


@transaction.atomic
def start_batch(
    branch: Organization,
    lines: Sequence[BatchLine],
    *,
    title: str,
    dues_paid_to: date | None,
    file_checked: bool,
    by: User | None,
    on: date,
) -> Batch:
    """Start a transfer for everyone in ``lines``; those with nothing left to settle are confirmed by the same submit.

    The number of statements does not depend on the number of people. Raises ``RuleError`` naming each person whose
    transfer is forbidden; nothing is written then.
    """
    places = {line.destination.pk: line.destination for line in lines if line.destination}
    for key in sorted(places):
        organizations.lock_open(places[key], on=on)
    rows = Member.objects.select_for_update(of=("self",)).with_person().order_by("pk")
    people = {row.pk: row for row in rows.filter(pk__in=[line.person.pk for line in lines])}
    lines = [BatchLine(people[x.person.pk], x.destination, x.committee.strip(), x.unit.strip()) for x in lines]
    facts = facts_for(lines, dues_paid_to=dues_paid_to, file_checked=file_checked, on=on)
    gaps = {line.person.pk: gaps_of(line, facts[line.person.pk], on=on) for line in lines}
    _refuse(branch, lines, gaps, by)
    sender = committee_above(branch)
    receivers = committees_of(places.values())
    batch = Batch.objects.create(organization=branch, title=title, made_on=on, made_by=by)
    transfers = Transfer.objects.bulk_create(
        _draft(
            batch,
            line,
            facts[line.person.pk],
            sender,
            receivers,
            is_ready=not gaps[line.person.pk][1],
            by=by,
            on=on,
        )
        for line in lines
    )
    _keep_history(transfers, by=by, on=on)
    _tell_start(batch, transfers, by)
    return batch


def _refuse(
    branch: Organization,
    lines: Sequence[BatchLine],
    gaps: dict[int, tuple[list[Gap], list[Gap]]],
    by: User | None,
) -> None:
    reasons = []
    if not lines:
        reasons.append(_("Choose at least one person."))
    for line in lines:
        words = [with_article(gap) for gap in gaps[line.person.pk][0]]
        if line.person.organization_id != branch.pk:
            words.append(_("The person does not belong to this branch any more."))
        if by is not None and line.person.user_id == by.pk:
            words.append(_("Nobody handles the own transfer."))
        reasons += [_("%(name)s: %(words)s") % {"name": line.person.name, "words": text} for text in words]
    if reasons:
        raise RuleError(reasons)


def _draft(
    batch: Batch,
    line: BatchLine,
    facts: CheckFacts,
    sender: Organization,
    receivers: dict[int, Organization],
    *,
    is_ready: bool,
    by: User | None,
    on: date,
) -> Transfer:
    receiver = None
    if line.destination is not None:
        receiver = receivers.get(line.destination.pk) or committee_above(line.destination)
    within = Route.WITHIN if receiver == sender else Route.BETWEEN
    transfer = Transfer(
        batch=batch,
        person=line.person,
        kind=Kind.TRANSFER_OUT if receiver is None else Kind.INTERNAL_MOVE,
        route=Route.OUT if receiver is None else within,
        standing=line.person.standing,
        organization=batch.organization,
        sender_committee=sender,
        destination=line.destination,
        receiver_committee=receiver,
        outside_committee="" if line.destination else line.committee,
        outside_unit="" if line.destination else line.unit,
        asked_by=by,
        asked_on=on,
        changed_on=on,
    )
    if is_ready:
        transfer.state, transfer.checked_on, transfer.file_checked = State.BRANCH_CHECKED, on, facts.file_checked
        transfer.dues_paid_to = facts.dues_paid_to.replace(day=1) if facts.dues_paid_to else None
    return transfer


def _keep_history(transfers: Sequence[Transfer], *, by: User | None, on: date) -> None:
    ready = [transfer for transfer in transfers if transfer.state == State.BRANCH_CHECKED]
    Event.objects.bulk_create(
        [
            Event(transfer=row, verb=Verb.REQUEST, state=State.REQUESTED, side=Side.SENDER_BRANCH, on=on, by=by)
            for row in transfers
        ]
        + [
            Event(transfer=row, verb=Verb.CHECK, state=State.BRANCH_CHECKED, side=Side.SENDER_BRANCH, on=on, by=by)
            for row in ready
        ]
    )
    for verb, rows in (("transfers.requested", transfers), ("transfers.checked", ready)):
        _trail(verb, rows, by=by)


def _trail(verb: str, rows: Sequence[Transfer], *, by: User | None) -> None:
    audit.record_many(
        verb,
        (
            (Transfer, row.pk, str(row), row.person.user_id, {"state": ["", row.state]}, row.organization_id)
            for row in rows
        ),
        by=by,
    )


def _tell_start(batch: Batch, transfers: Sequence[Transfer], by: User | None) -> None:
    """Tell everyone in the batch, and once for all whoever must act next."""
    params = {"sender": str(batch.organization), "title": batch.title}
    post(
        notices.BATCH_STEP.code,
        key=f"transfer_batch:{batch.pk}:people",
        recipients=[row.person.user_id for row in transfers],
        params=params,
        url=reverse("members:transfers:my-transfer"),
        by=by,
    )
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for row in transfers:
        if row.state != State.BRANCH_CHECKED:
            continue
        node = row.destination if row.route == Route.WITHIN else row.sender_committee
        assert node is not None
        counts[TRANSFER if row.route == Route.WITHIN else ISSUE, node.path] += 1
    address = reverse("members:transfers:transfer-list") + f"?batch={batch.pk}"
    for (duty, path), people in holders_near(counts).items():
        post(
            notices.BATCH_TURN.code,
            key=f"transfer_batch:{batch.pk}:{duty}:{path}",
            recipients=people - ({by.pk} if by else set()),
            params={**params, "count": counts[duty, path]},
            url=address,
            by=by,
        )


@transaction.atomic
def issue_batch(batch: Batch, *, valid_days: int, by: User | None, on: date, **reaching: str) -> list[Transfer]:
    """Issue the letters of everyone in ``batch`` who is checked, in one go; return their transfers.

    Raises ``RuleError`` when nobody waits for a letter, or the committee may not issue.
    """
    committee = organizations.lock_open(committee_above(batch.organization), on=on)
    rows = list(
        batch.transfers.select_for_update(of=("self",))
        .with_sides()
        .filter(state=State.BRANCH_CHECKED, sender_committee=committee)
        .exclude(route=Route.WITHIN)
        .order_by("pk")
    )
    if by is not None:
        rows = [row for row in rows if Side.SENDER_COMMITTEE in sides_of(by, row)]
    if not rows:
        raise RuleError(_("Nobody in this batch waits for a letter of yours."))
    can_approve = committee.can_approve_members
    gaps = gaps_before_issue(can_approve=can_approve, valid_days=valid_days, limits=limits_on(on))
    if gaps:
        raise RuleError([with_article(gap) for gap in gaps])
    first = next_number(committee, on.year)
    letters = [
        draft_letter(row, number=number, valid_days=valid_days, on=on, by=by, reaching=reaching)
        for number, row in enumerate(rows, start=first)
    ]
    Letter.objects.bulk_create(letters)
    for row, letter in zip(rows, letters, strict=True):
        row.state, row.changed_on, row.expires_on = State.COMMITTEE_ISSUED, on, letter.expires_on
    Transfer.objects.bulk_update(rows, ["state", "changed_on", "expires_on"], batch_size=500)
    Event.objects.bulk_create(
        Event(transfer=row, verb=Verb.ISSUE, state=row.state, side=Side.SENDER_COMMITTEE, on=on, by=by) for row in rows
    )
    _trail("transfers.issued", rows, by=by)
    _tell_issued(batch, rows, by)
    return rows


def _tell_issued(batch: Batch, rows: Sequence[Transfer], by: User | None) -> None:
    by_address: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows:
        by_address[row.sender, row.receiver].append(row.person.user_id)
    for (sender, receiver), people in by_address.items():
        post(
            notices.STEP.code,
            key=f"transfer_batch:{batch.pk}:issued",
            recipients=people,
            params={
                "sender": sender, "receiver": receiver, "state": State.COMMITTEE_ISSUED.value, "words": "",
            },
            url=reverse("members:transfers:my-transfer"),
            by=by,
        )  # fmt: skip
    paths = {
        (ISSUE, row.receiver_committee.path): row for row in rows if row.receiver_committee is not None
    }
    for (_duty, path), holders in holders_near(paths).items():
        count = sum(row.receiver_committee is not None and row.receiver_committee.path == path for row in rows)
        post(
            notices.BATCH_TURN.code,
            key=f"transfer_batch:{batch.pk}:receive:{path}",
            recipients=holders - ({by.pk} if by else set()),
            params={"sender": str(batch.organization), "title": batch.title, "count": count},
            url=reverse("members:transfers:transfer-list") + f"?batch={batch.pk}",
            by=by,
        )
