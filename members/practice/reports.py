"""Two years of thought reports in the practice university, with contacts, answers, returns and a showcase."""

from datetime import date, timedelta
from typing import Any

from members.development.models import CultivationContact, ThoughtReport
from members.development.rules import WRITERS, Quarter
from members.development.services.contacts import assign_contact
from members.development.services.reports import (
    accept_report,
    begin_report,
    comment_on_report,
    hand_in,
    return_report,
    take_up_report,
)
from members.development.services.showcase import consent_to_showcase, propose_for_showcase, publish_showcase
from members.models import Member
from portal.home.practice.world import PracticeWorld, texts
from portal.organizations.models import Organization, Standing
from portal.reviews.rules import Visibility

QUARTERS = 8
# The home branch has everyone's reports; elsewhere one writer has.
ONE_IN = 12


def make_reports(world: PracticeWorld) -> None:
    """Assign contacts everywhere and fill in the reports of eight quarters; what is there stays."""
    data = texts(__file__, "reports.json")
    for branch in world.branches:
        writers = _assign(world, branch)
        if ThoughtReport.objects.filter(author__organization=branch).exists():
            continue
        for place, writer in enumerate(writers):
            if branch == world.home_branch or place % ONE_IN == 0:
                _write(world, data, writer)
    # Put together from a few sentences, nearly all texts are alike, which would say of everybody that they copied.
    ThoughtReport.objects.filter(author__organization__in=world.branches).update(likeness=None)


def _assign(world: PracticeWorld, branch: Organization) -> list[Member]:
    """Give each writer of ``branch`` a contact; the account ``contact`` looks after the account ``activist``."""
    people = list(Member.objects.with_person().filter(organization=branch).order_by("pk"))
    helpers = [member for member in people if member.standing == Standing.FULL_MEMBER]
    writers = [member for member in people if member.standing in WRITERS]
    if branch == world.home_branch:
        known = next(member for member in helpers if member.user == world.accounts["contact"])
        helpers = [known, *(member for member in helpers if member != known)]
        mine = [member for member in writers if member.user in (world.accounts["activist"], world.accounts["target"])]
        writers = [*mine, *(member for member in writers if member not in mine)]
    if CultivationContact.objects.filter(person__in=writers).exists():
        return writers
    for place, writer in enumerate(writers):
        helper = helpers[0] if place < 2 else helpers[place % len(helpers)]
        assign_contact(writer, helper, by=None, on=writer.standing_since or world.today)
    return writers


def _write(world: PracticeWorld, data: dict[str, Any], writer: Member) -> None:
    now = Quarter.of(world.today)
    quarters = [now]
    for _ in range(QUARTERS - 1):
        quarters.append(quarters[-1].previous)
    assert writer.activist_on
    for quarter in reversed(quarters):
        if quarter == now or quarter.last_day - timedelta(days=30) < writer.activist_on:
            continue
        written = quarter.last_day - timedelta(days=world.rng.randint(2, 25))
        latest = quarter.next == now
        _one(world, data, writer, quarter, written, waits=latest and world.rng.random() < 0.5)


def _one(
    world: PracticeWorld, data: dict[str, Any], writer: Member, quarter: Quarter, on: date, *, waits: bool
) -> None:
    rng = world.rng
    report = begin_report(writer, quarter, by=writer.user, on=on)
    title, body = _text(world, data, quarter)
    hand_in(report, title=title, body=body, by=writer.user, on=on)
    contact = CultivationContact.objects.select_related("contact__user").filter(person=writer).first()
    if waits or contact is None:
        return
    reader, answered = contact.contact.user, on + timedelta(days=rng.randint(1, 6))
    report.review.refresh_from_db()
    take_up_report(report, by=reader, on=answered)
    if rng.random() < 0.2:
        comment_on_report(
            report, paragraph=1, body=rng.choice(data["comment"]), visibility=Visibility.AUTHOR, by=reader
        )
        return_report(report, words=rng.choice(data["return"]), by=reader, on=answered)
        report.refresh_from_db()
        again = body + "\n\n" + rng.choice(data["practice"])
        hand_in(report, title=title, body=again, by=writer.user, on=answered + timedelta(days=2))
        answered += timedelta(days=4)
    accept_report(report, words=rng.choice(data["accept"]), by=reader, on=answered)
    if rng.random() < 0.08:
        report.refresh_from_db()
        entry = propose_for_showcase(report, words=rng.choice(data["accept"]), by=reader)
        consent_to_showcase(entry, title=title, body=body, is_named=rng.random() < 0.5, by=writer.user)
        entry.refresh_from_db()
        publish_showcase(entry, by=world.accounts["secretary"], on=answered + timedelta(days=3))


def _text(world: PracticeWorld, data: dict[str, Any], quarter: Quarter) -> tuple[str, str]:
    rng = world.rng
    title = rng.choice(data["titles"]).format(q=data["numerals"][quarter.number - 1])
    parts = [
        rng.choice(data["open"]),
        *rng.sample(data["study"], 4),
        *rng.sample(data["more"], 5),
        *rng.sample(data["practice"], 3),
        rng.choice(data["faults"]),
        rng.choice(data["plan"]),
    ]
    return title, "\n\n".join(parts)
