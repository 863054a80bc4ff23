"""``scope``, ``may`` and ``holders`` say the same of everything around a ballot; counters are nobody's."""

import pytest

from portal.access.policy import holders, may, policy_of, scope
from portal.ballots import services
from portal.ballots.models import Ballot, BallotOption, Elector, NamedVote, PaperCount, Tally
from tests.world import CAST

ACTORS = [*CAST, "admin", "auditor", "outsider"]
MODELS = [Ballot, BallotOption, Elector, Tally, NamedVote, PaperCount]


@pytest.fixture
def filled(booth):
    """Leave an open, a closed, a planned and a named ballot, and one counted on paper."""
    booth.proposal()
    named = booth.opened(booth.proposal(rule="ordinary", is_secret=False))
    services.cast(named, booth.people[0], {None: "yes"})
    done = booth.opened(booth.proposal(rule="ordinary", is_secret=False))
    services.cast(done, booth.people[0], {None: "yes"})
    services.close_ballot(done, by=booth.chair)
    election = booth.opened(booth.election())
    services.hand_out(election, [booth.people[4].pk], by=booth.chair)
    tellers = [booth.world.user("probationary"), booth.world.user("retired")]
    services.record_paper_count(election, {}, issued=1, returned=1, void=1, tellers=tellers, by=booth.chair)
    return booth.world


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_scope_may_and_holders_agree(filled, model):
    rows, policy = list(model.objects.all()), policy_of(model)
    assert rows
    for name in ACTORS:
        actor = filled.user(name)
        for action in policy.actions:
            scoped = set(scope(actor, action, model).values_list("pk", flat=True))
            assert scoped == {row.pk for row in rows if may(actor, action, row)}, (name, action)
            for row in rows[:6]:
                by_own = model.objects.filter(policy.own(actor, action), pk=row.pk).exists()
                told = holders(action, row).filter(pk=actor.pk).exists()
                assert not told or row.pk in scoped, (name, action, row)
                assert row.pk not in scoped or by_own or told, (name, action, row)


def test_nobody_reads_a_counter(filled):
    assert [name for name in ACTORS if scope(filled.user(name), "view", Tally).exists()] == []


def test_hands_are_seen_after_the_close_by_those_who_were_there(filled):
    seen = [name for name in ACTORS if scope(filled.user(name), "view", NamedVote).exists()]
    assert seen == ["secretary", "committee", "college", "contact", "member"]
    assert scope(filled.user("member"), "view", NamedVote).count() == 1


def test_only_electors_vote_and_not_before_the_opening(filled):
    def count(name: str) -> int:
        return scope(filled.user(name), "vote", Ballot).count()

    assert [count(name) for name in ("member", "secretary", "college", "author")] == [3, 3, 0, 0]
