"""The dump test of architecture.md 4 for the appraisal: swapped grades leave the same tables, files and logs."""

from types import SimpleNamespace

import pytest

from members.appraisals.rules import PeersForm, Stage
from portal.ballots.models import Ballot
from tests.portal.ballots.test_secrecy import both_ways, same_behind

HIGH, LOW = "excellent", "unqualified"


@pytest.fixture
def clients(world):
    return {name: world.client(name) for name in ("contact", "member")}


def ballot_of(year, stage: Stage) -> Ballot:
    """Return the ballot of the branch, or the one of its mutual appraisal."""
    appraisal = year.forward(year.announced(peers=PeersForm.WHOLE), to=stage)
    return appraisal.ballot if stage == Stage.BALLOT else appraisal.peer_ballots.get().ballot


@pytest.mark.parametrize("stage", [Stage.PEERS, Stage.BALLOT])
def test_t32_swapped_grades_of_an_appraisal_leave_the_same_behind(year, clients, stage):
    ballot = ballot_of(year, stage)
    first, second = ballot.options.exclude(person__in=[year.world.users[name] for name in clients]).order_by("pk")[:2]
    one = {f"mark_{first.pk}": HIGH, f"mark_{second.pk}": LOW}
    other = {f"mark_{first.pk}": LOW}
    same_behind(*both_ways(SimpleNamespace(chair=year.by), ballot, clients, one, other))
