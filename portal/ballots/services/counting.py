"""Papers and tellers, and the close of a ballot: count, judge, freeze, seal."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.web.refusals import RuleError

from .. import rules, signals
from ..counts import Papers, Result, Row, digest_of
from ..models import Ballot, Elector, PaperCount, Tally
from ..rules import Decision, Rule, Sum, too_many_others
from ..tasks import forget_versions
from ..vocabulary import BallotKind, BallotState, Mark, Outcome, Way
from .preparing import led


@transaction.atomic
def hand_out(ballot: Ballot, people: Iterable[int] | None = None, *, by: User) -> int:
    """Give papers to ``people`` (by default to all present who have not voted); who has one cannot vote otherwise."""
    ballot = led(ballot, BallotState.OPEN)
    waiting = Elector.objects.filter(ballot=ballot, is_present=True, voted_on=None)
    if people is not None:
        wanted = set(people)
        if waiting.filter(user__in=wanted).count() != len(wanted):
            raise RuleError(_("Somebody chosen here has voted meanwhile, or is not present."))
        waiting = waiting.filter(user__in=wanted)
    given = waiting.update(voted_on=timezone.localdate(), way=Way.PAPER)
    if not given:
        raise RuleError(_("Nobody is left who could be given a paper."))
    audit.record("ballots.papers_issued", ballot, by=by, changes={"papers": [None, given]})
    return given


@transaction.atomic
def record_paper_count(
    ballot: Ballot,
    counts: Mapping[tuple[int | None, str], int],
    *,
    issued: int,
    returned: int,
    void: int,
    tellers: Sequence[User],
    by: User,
) -> PaperCount:
    """Enter what two tellers counted; entering it again before the close replaces it.

    ``counts`` is by option (``None``: the proposal) and mark. Raises ``RuleError`` when papers were issued that nobody
    was given, or the numbers do not add up. More papers back than issued are taken as they are: such a ballot is void.
    """
    ballot = led(ballot, BallotState.OPEN)
    _refuse_sums(ballot, counts, issued, returned, void)
    if len(tellers) != 2 or tellers[0].pk == tellers[1].pk:
        raise RuleError(_("Two different people count the papers."))
    if candidates := set(ballot.options.filter(person__in=tellers, is_candidate=True).values_list("title", flat=True)):
        raise RuleError(
            _("%(names)s stands on this ballot and cannot count it."), params={"names": "、".join(sorted(candidates))}
        )
    counters = {(row.option_id, row.choice): row for row in Tally.objects.filter(ballot=ballot)}
    if not counts.keys() <= counters.keys() - {(None, Mark.CAST.value)}:
        raise RuleError(_("This is not on the ballot."))
    for key, row in counters.items():
        row.paper = returned - void if key == (None, Mark.CAST.value) else counts.get(key, 0)
    Tally.objects.bulk_update(counters.values(), ["paper"])
    found, _is_new = PaperCount.objects.update_or_create(
        ballot=ballot,
        defaults={
            "issued": issued, "returned": returned, "void": void, "first_teller": tellers[0],
            "second_teller": tellers[1], "counted_at": timezone.now(), "recorded_by": by,
        },
    )  # fmt: skip
    numbers = {"issued": [None, issued], "returned": [None, returned], "void": [None, void]}
    audit.record("ballots.papers_counted", ballot, by=by, changes=numbers)
    return found


def _refuse_sums(
    ballot: Ballot, counts: Mapping[tuple[int | None, str], int], issued: int, returned: int, void: int
) -> None:
    given = ballot.electors.filter(way=Way.PAPER).count()
    kind = BallotKind(ballot.kind)
    valid, total = returned - void, sum(counts.values())
    if kind is BallotKind.ELECTION:  # votes against are free; what is limited are those in favor
        total = sum(count for (_option, mark), count in counts.items() if mark == Mark.YES)
    reasons: list[str] = []
    if issued != given:
        reasons.append(
            _("%(issued)s papers are entered as issued; %(given)s people were given one.")
            % {"issued": issued, "given": given}
        )
    if min((issued, returned, void, *counts.values())) < 0 or void > returned:
        reasons.append(_("There cannot be more invalid papers than came back."))
    if kind is BallotKind.PROPOSAL and total != valid:
        reasons.append(
            _("%(counted)s answers were counted on %(valid)s valid papers.") % {"counted": total, "valid": valid}
        )
    elif kind is not BallotKind.PROPOSAL and total > max(valid, 0) * _marks_on_paper(ballot):
        reasons.append(_("More marks were counted than the valid papers can bear."))
    on_one: dict[int | None, int] = {}
    for (option, _mark), count in counts.items():
        on_one[option] = on_one.get(option, 0) + count
    if any(count > max(valid, 0) for option, count in on_one.items() if option is not None):
        reasons.append(_("Nobody can have more marks than there are valid papers."))
    others = set(ballot.options.filter(is_candidate=False).values_list("pk", flat=True))
    against = sum(count for (_option, mark), count in counts.items() if mark == Mark.NO)
    if too_many_others(sum(count for (option, _mark), count in counts.items() if option in others), against):
        reasons.append(_("More people were written in than candidates voted against."))
    if reasons:
        raise RuleError(reasons)


def _marks_on_paper(ballot: Ballot) -> int:
    return ballot.options.count() if ballot.kind == BallotKind.GRADING else ballot.most


@transaction.atomic
def close_ballot(ballot: Ballot, *, by: User, at: datetime | None = None) -> Result:
    """Close an open ballot: no vote comes in any more, the result is frozen with its arithmetic and sealed.

    Raises ``RuleError`` while papers are out that nobody has counted, and when the votes in the box are not as many as
    the people who took part: then nothing may be concluded from them. ``at`` dates what was held earlier.
    """
    ballot = led(ballot, BallotState.OPEN)
    ways = _ways(ballot)
    count = PaperCount.objects.filter(ballot=ballot).first()
    if ways[Way.PAPER] and (count is None or count.issued != ways[Way.PAPER]):
        raise RuleError(_("Papers were handed out; enter first what the tellers counted."))
    papers = Papers(ways[Way.ONLINE], ways[Way.WRITTEN])
    if count:
        papers = Papers(ways[Way.ONLINE], ways[Way.WRITTEN], count.issued, count.returned, count.void)
    tallies = list(Tally.objects.filter(ballot=ballot).select_related("option").order_by("option__number", "pk"))
    box = next(row for row in tallies if row.choice == Mark.CAST)
    if box.count != papers.online + papers.written:
        raise RuleError(
            _("%(votes)s votes are in the box of %(people)s people. Annul this ballot and hold it again."),
            params={"votes": box.count, "people": papers.online + papers.written},
        )
    result = _judged(ballot, papers, [row for row in tallies if row.choice != Mark.CAST])
    ballot.state, ballot.closed_at, ballot.result = BallotState.CLOSED, at or timezone.now(), result.to_json()
    ballot.digest = _digest(ballot)
    ballot.save(update_fields=["state", "closed_at", "result", "digest"])
    changes = {"outcome": ["", result.outcome], "digest": ["", ballot.digest]}
    audit.record("ballots.closed", ballot, by=by, changes=changes)
    signals.closed.send(Ballot, ballot=ballot, result=result, by=by)
    forget_versions.delay_on_commit()
    return result


def _ways(ballot: Ballot) -> dict[Way, int]:
    counts = {way: Count("pk", filter=Q(way=way)) for way in Way.values}
    found = Elector.objects.filter(ballot=ballot).aggregate(**counts)
    return {Way(way): number for way, number in found.items()}


def _judged(ballot: Ballot, papers: Papers, tallies: Sequence[Tally]) -> Result:
    rows = tuple(
        Row(row.option_id, row.option.title if row.option else "", row.choice, row.count + row.paper)
        for row in tallies
        # Of those who may be written in, whoever was.
        if row.option is None or row.option.is_candidate or row.count + row.paper
    )
    options = [row.option for row in _in_favor(rows)]
    first = [_in_words(papers), rules.returned(papers.issued, papers.returned)][: 2 if papers.issued else 1]
    can_count = all(line.holds for line in first)
    decision = _decided(ballot, rows) if can_count else Decision(Outcome.VOID)
    elected = tuple(option for place in decision.elected if (option := options[place]))
    is_filling = ballot.kind == BallotKind.ELECTION and decision.outcome != Outcome.VOID
    return Result(
        outcome=decision.outcome.value,
        rule=ballot.rule,
        due=ballot.due or 0,
        present=ballot.present or 0,
        papers=papers,
        rows=rows,
        sums=(*first, *decision.sums),
        elected=elected,
        tied=tuple(option for place in decision.tied if (option := options[place])),
        open_seats=ballot.seats - len(elected) if is_filling else 0,
    )


def _in_words(papers: Papers) -> Sum:
    numbers = {
        "cast": papers.cast, "online": papers.online, "written": papers.written,
        "valid": max(papers.returned - papers.void, 0), "void": papers.void,
    }  # fmt: skip
    return Sum("papers", True, numbers)


def _decided(ballot: Ballot, rows: Sequence[Row]) -> Decision:
    rule, due, present = Rule(ballot.rule), ballot.due or 0, ballot.present or 0
    if ballot.kind == BallotKind.PROPOSAL:
        found = {row.choice: row.count for row in rows}
        return rules.decide_proposal(rule, due=due, present=present, yes=found[Mark.YES], no=found[Mark.NO])
    votes, names = [row.count for row in _in_favor(rows)], [row.title for row in _in_favor(rows)]
    if ballot.kind == BallotKind.ELECTION:
        return rules.decide_election(rule, due=due, present=present, seats=ballot.seats, votes=votes, names=names)
    if ballot.kind == BallotKind.CHOICE:
        return rules.decide_choice(seats=ballot.seats, votes=votes)
    return Decision(Outcome.COUNTED, (rules.quorum(rule, due, present),) if rules.TERMS[rule].quorum else ())


def _in_favor(rows: Sequence[Row]) -> list[Row]:
    """Return the rows that elect or choose, one for each option."""
    return [row for row in rows if row.option is not None and row.choice == Mark.YES]


def _digest(ballot: Ballot) -> str:
    facts = {
        "ballot": ballot.pk, "title": ballot.title, "kind": ballot.kind, "rule": ballot.rule, "seats": ballot.seats,
        "is_secret": ballot.is_secret, "result": ballot.result,
    }  # fmt: skip
    return digest_of(facts, Elector.objects.filter(ballot=ballot).values_list("user_id", "way"))


def is_intact(ballot: Ballot) -> bool:
    """Say whether a closed ballot still says what it said when it closed."""
    return ballot.state == BallotState.CLOSED and ballot.digest == _digest(ballot)
