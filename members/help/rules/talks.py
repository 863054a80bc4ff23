"""Heart-to-heart talks of a year (domain.md 5.1): who with whom, how often, and what is still missing.

Members of the branch committee talk with each other, pair by pair; with each ordinary member somebody of the committee
talks; and each ordinary member talks with another one. Pure: people are keys, nothing is read or written here.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, cycle

from django.db import models
from django.utils.translation import gettext_lazy as _


class TalkKind(models.TextChoices):
    """Between whom a talk is."""

    COMMITTEE_COMMITTEE = "committee_committee", _("committee members with each other")
    COMMITTEE_MEMBER = "committee_member", _("the committee with a member")
    MEMBER_MEMBER = "member_member", _("members with each other")


Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Want:
    """How many talks of a kind a year asks for, and which article says so (``KEY number``)."""

    times: int
    article: str


@dataclass(frozen=True, slots=True)
class MissingTalk:
    """A pair of the committee, or one member, without enough talks of a kind this year."""

    kind: TalkKind
    people: tuple[int, ...]
    held: int
    wanted: int
    article: str


def pair_of(one: int, other: int) -> Pair:
    """Return two people in the one order in which a pair is kept; raises ``ValueError`` for one person twice."""
    if one == other:
        raise ValueError("nobody talks with oneself")
    return (one, other) if one < other else (other, one)


def kind_of(pair: Pair, committee: Collection[int]) -> TalkKind:
    """Say between whom a talk is."""
    seated = sum(person in committee for person in pair)
    return (TalkKind.MEMBER_MEMBER, TalkKind.COMMITTEE_MEMBER, TalkKind.COMMITTEE_COMMITTEE)[seated]


def wanted_talks(committee: Collection[int], members: Collection[int]) -> dict[TalkKind, int]:
    """Return how many pairs, or people, a year asks about in each kind: what ``missing_talks`` can find missing."""
    seated = len(set(committee) & set(members))
    ordinary = len(set(members)) - seated
    return {
        TalkKind.COMMITTEE_COMMITTEE: seated * (seated - 1) // 2,
        TalkKind.COMMITTEE_MEMBER: ordinary if seated else 0,
        TalkKind.MEMBER_MEMBER: ordinary if ordinary > 1 else 0,
    }


def missing_talks(
    committee: Collection[int], members: Collection[int], held: Iterable[Pair], wants: Mapping[TalkKind, Want]
) -> list[MissingTalk]:
    """Return every pair and person still without a talk, in the order of the people's keys.

    ``members`` are all party members of the branch; those of them in ``committee`` are no ordinary members. ``held``
    are the talks of the year that count. Whoever has nobody to talk with is asked for nothing. Source: ZB.
    """
    seated = sorted(set(committee) & set(members))
    ordinary = sorted(set(members) - set(seated))
    pairs = Counter(pair_of(*pair) for pair in held)
    found: list[MissingTalk] = []

    def ask(kind: TalkKind, people: tuple[int, ...], done: int) -> None:
        want = wants[kind]
        if done < want.times:
            found.append(MissingTalk(kind, people, done, want.times, want.article))

    for pair in combinations(seated, 2):
        ask(TalkKind.COMMITTEE_COMMITTEE, pair, pairs[pair])
    if seated:
        for person in ordinary:
            done = sum(pairs[pair_of(person, other)] for other in seated)
            ask(TalkKind.COMMITTEE_MEMBER, (person,), done)
    if len(ordinary) > 1:
        for person in ordinary:
            done = sum(pairs[pair_of(person, other)] for other in ordinary if other != person)
            ask(TalkKind.MEMBER_MEMBER, (person,), done)
    return found


def suggested_pairs(
    committee: Collection[int], members: Collection[int], missing: Iterable[MissingTalk], planned: Iterable[Pair]
) -> list[Pair]:
    """Return pairs that would fill what is missing, one talk for each gap, beyond those ``planned`` already.

    Ordinary members are shared out evenly among the committee and paired with each other; an odd one talks with
    somebody who has another talk as well.
    """
    seated = sorted(set(committee) & set(members))
    ordinary = sorted(set(members) - set(seated))
    known = {pair_of(*pair) for pair in planned}
    chosen: list[Pair] = []

    def take(one: int, other: int) -> None:
        pair = pair_of(one, other)
        if pair not in known:
            known.add(pair)
            chosen.append(pair)

    turn, alone = cycle(seated), []
    for gap in missing:
        if gap.kind == TalkKind.COMMITTEE_COMMITTEE:
            take(gap.people[0], gap.people[1])
        elif gap.kind == TalkKind.COMMITTEE_MEMBER:
            if not _has_partner(gap.people[0], seated, known):
                take(gap.people[0], next(turn))
        elif not _has_partner(gap.people[0], ordinary, known):
            alone.append(gap.people[0])
    for one, other in zip(alone[::2], alone[1::2], strict=False):
        take(one, other)
    if len(alone) % 2:
        take(alone[-1], next(person for person in ordinary if person != alone[-1]))
    return chosen


def _has_partner(person: int, among: Iterable[int], known: Collection[Pair]) -> bool:
    return any(pair_of(person, other) in known for other in among if other != person)
