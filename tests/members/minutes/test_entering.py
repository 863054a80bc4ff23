"""Minutes of the past are sealed in sets, each branch in the order in which it sat."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.minutes.models import Minutes, Resolution
from members.minutes.practice import make_minutes
from members.minutes.queries.content import check_chain
from members.minutes.services.entering import Book, Resolve, enter_sealed
from portal.spaces.models import StreamEntry

from .way import held

pytestmark = pytest.mark.django_db


def books(world, meetings) -> list[Book]:
    today = timezone.localdate()
    Minutes.objects.filter(meeting__in=meetings).delete()
    return [
        Book(
            part_id=meeting.parts.get().pk,
            decisions="Adopted.",
            second_id=world.users["member"].pk,
            resolutions=[Resolve("See to it", world.users["contact"].pk, today, today if meeting.pk % 2 else None)],
        )
        for meeting in meetings
    ]


def test_enter_sealed_chains_in_the_order_of_the_sittings(world) -> None:
    later, earlier = held(world, days_ago=2, title="Later"), held(world, days_ago=9, title="Earlier")
    made = enter_sealed(books(world, [later, earlier]), by=None)
    assert [row.title for row in sorted(made, key=lambda row: row.number)] == ["Earlier", "Later"]
    verdict = check_chain(world.branch)
    assert (verdict.holds, verdict.checked) == (True, 2)
    assert Resolution.objects.count() == 2
    told = StreamEntry.objects.filter(organization=world.branch, kind="minutes.sealed").order_by("at")
    assert [(entry.title, entry.at) for entry in told] == [
        (row.title, row.sealed_at) for row in Minutes.objects.order_by("number")
    ]
    assert Minutes.objects.get(title="Later").facts["resolutions"][0]["owner"] == "Contact"
    # Those that have minutes are left out.
    again = [Book(part_id=later.parts.get().pk, decisions="Again", second_id=world.users["member"].pk)]
    assert enter_sealed(again, by=None) == []
    assert check_chain(world.branch).checked == 2


def test_enter_sealed_asks_no_more_for_more(world) -> None:
    def asked(meetings) -> int:
        told = books(world, meetings)
        with CaptureQueriesContext(connection) as queries:
            enter_sealed(told, by=None)
        return len(queries)

    first = asked([held(world, days_ago=20)])
    assert asked([held(world, days_ago=days) for days in range(3, 9)]) <= first


def test_enter_sealed_refuses_one_person_for_both(world) -> None:
    told = books(world, [held(world)])
    told = [Book(part_id=row.part_id, decisions="x", second_id=world.users["secretary"].pk) for row in told]
    with pytest.raises(IntegrityError), transaction.atomic():
        enter_sealed(told, by=None)
    assert Minutes.objects.count() == 0


def test_practice_seals_what_was_held_and_leaves_the_latest_open(world) -> None:
    Minutes.objects.filter(meeting__in=[held(world, days_ago=days, title=f"Held {days}") for days in (3, 40)]).delete()
    practice = SimpleNamespace(today=timezone.localdate(), branches=[world.branch], home_branch=world.branch)
    for _twice in range(2):
        make_minutes(practice)
    rows = {row.title: row for row in Minutes.objects.all()}
    assert {title: row.state for title, row in rows.items()} == {"Held 40": "sealed", "Held 3": "draft"}
    assert rows["Held 3"].speeches and rows["Held 40"].speeches
    assert check_chain(world.branch).checked == 1
