"""Two at once: minutes of one branch are sealed one after the other, and nobody writes over another unseen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from members.minutes import services
from members.minutes.models import Minutes, MinutesState
from members.minutes.queries.content import check_chain
from portal.web.refusals import RuleError
from tests.portal.notifications.conftest import open_trail

from .way import WORDS, confirm, drafted, written

__all__ = ["open_trail"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture(autouse=True)
def files() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once need PostgreSQL")


def together(*jobs: Callable[[], object]) -> list[object]:
    """Run the jobs in threads that begin at once, and return what each gave, or its refusal."""
    barrier = Barrier(len(jobs))

    def work(job: Callable[[], object]) -> object:
        barrier.wait(30)
        try:
            return job()
        except RuleError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(work, jobs))


def test_two_seals_of_a_branch_follow_each_other(open_trail, world) -> None:
    rows = [confirm(written(world, days_ago=days), world.user("member")) for days in (2, 3)]
    chairs = [world.user("secretary") for _row in rows]
    signs = [services.shown(row, services.facts_now(row)) for row in rows]
    together(*(lambda n=n: services.confirm(rows[n], seen=signs[n], by=chairs[n]) for n in range(2)))
    assert sorted(Minutes.objects.values_list("number", flat=True)) == [1, 2]
    verdict = check_chain(world.branch)
    assert (verdict.holds, verdict.checked) == (True, 2)


def test_of_two_writers_one_is_told(open_trail, world) -> None:
    minutes = drafted(world)

    def write(name: str) -> object:
        return services.write(
            minutes, version=1, speeches=[], disclosure="title", by=users[name], **{**WORDS, "remarks": name}
        )

    users = {name: world.user(name) for name in ("member", "secretary")}
    found = together(lambda: write("member"), lambda: write("secretary"))
    assert sum(isinstance(answer, services.WrittenOver) for answer in found) == 1
    assert Minutes.objects.get(pk=minutes.pk).version == 2


def test_a_change_and_a_confirmation_never_seal_what_was_not_read(open_trail, world) -> None:
    minutes = confirm(written(world), world.user("member"))
    seen = services.shown(minutes, services.facts_now(minutes))
    member, chair = world.user("member"), world.user("secretary")

    def change() -> object:
        return services.write(
            minutes, version=minutes.version, speeches=[], disclosure="title", by=member,
            **{**WORDS, "decisions": "Something else"},
        )  # fmt: skip

    together(change, lambda: services.confirm(minutes, seen=seen, by=chair))
    row = Minutes.objects.get(pk=minutes.pk)
    assert (row.state, row.decisions) in (
        (MinutesState.SEALED, WORDS["decisions"]), (MinutesState.DRAFT, "Something else")
    )  # fmt: skip
