"""Prepare a ballot, open it to a settled circle, let latecomers in, annul it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.audit.verbs import label_of
from portal.organizations.models import Organization
from portal.rulesets.editions import edition_on
from portal.rulesets.queries import rules_for
from portal.web.refusals import RuleError

from .. import rules
from ..models import Ballot, BallotOption, Elector, Tally
from ..rules import TERMS, Rule
from ..tasks import forget_versions
from ..vocabulary import BallotKind, BallotState, Mark, Way


@transaction.atomic
def create_ballot(
    organization: Organization,
    *,
    kind: str,
    title: str,
    rule: str,
    options: Sequence[str] = (),
    people: Sequence[User] = (),
    is_secret: bool = True,
    seats: int = 1,
    most: int | None = None,
    words: str = "",
    url: str = "",
    by: User,
) -> Ballot:
    """Prepare a ballot: a proposal, or one about ``people`` or about things named by ``options``.

    ``most`` is how many may be marked (by default as many as there are ``seats``). Raises ``RuleError`` for a rule that
    does not fit the kind, an open ballot where the rule asks a secret one, or too few candidates.
    """
    ballot = Ballot(
        organization=organization, kind=kind, title=title, rule=rule, is_secret=is_secret, seats=seats,
        most=seats if most is None else most, words=words, url=url, created_by=by,
    )  # fmt: skip
    ballot.full_clean()
    names: list[tuple[str, User | None]] = [*_named(people), *((name.strip(), None) for name in options)]
    _refuse_unfit(ballot, names)
    ballot.save()
    _lay_counters(ballot, names)
    audit.record("ballots.created", ballot, by=by, changes={"title": ["", title], "rule": ["", rule]})
    return ballot


def _lay_counters(ballot: Ballot, names: Sequence[tuple[str, User | None]]) -> None:
    made = BallotOption.objects.bulk_create(
        BallotOption(ballot=ballot, number=number, title=name, person=person)
        for number, (name, person) in enumerate(names, start=1)
    )
    targets: list[BallotOption | None] = list(made) if made else [None]
    counters = [Tally(ballot=ballot, option=None, choice=Mark.CAST)]
    counters += [
        Tally(ballot=ballot, option=target, choice=mark)
        for target in targets
        for mark in rules.marks_of(BallotKind(ballot.kind))
    ]
    Tally.objects.bulk_create(counters)


def _refuse_unfit(ballot: Ballot, names: Sequence[tuple[str, User | None]]) -> None:
    kind, rule, terms = BallotKind(ballot.kind), Rule(ballot.rule), TERMS[Rule(ballot.rule)]
    reasons: list[str] = []
    if kind not in terms.kinds:
        reasons.append(_("This rule is not for ballots of this kind."))
    if terms.secret and not ballot.is_secret:
        reasons.append(_("By this rule the ballot is secret."))
    if kind is BallotKind.PROPOSAL and names:
        reasons.append(_("A proposal has no candidates."))
    if kind is not BallotKind.PROPOSAL and not names:
        reasons.append(_("Name at least one candidate."))
    if any(not name for name, _person in names) or len({name for name, person in names if not person}) != sum(
        1 for _name, person in names if not person
    ):
        reasons.append(_("Each candidate has a name of their own."))
    if len({person.pk for _name, person in names if person}) != sum(1 for _name, person in names if person):
        reasons.append(_("Nobody stands on a ballot twice."))
    if kind is BallotKind.ELECTION:
        enough = rules.spare(rule, len(names), ballot.seats, _spare_percent(ballot.organization))
        if not enough.holds:
            reasons.append(enough.words)
        if ballot.most > ballot.seats:
            reasons.append(_("No more candidates can be marked than there are posts."))
    if reasons:
        raise RuleError(reasons)


def _named(people: Sequence[User], beside: Iterable[str] = ()) -> list[tuple[str, User]]:
    """Return people with the name under which they stand: those of the same name carry their number too."""
    names = [person.name for person in people] + list(beside)
    return [
        (f"{person.name} ({person.number})" if names.count(person.name) > 1 else str(person.name), person)
        for person in people
    ]


def _spare_percent(organization: Organization) -> int:
    """Return how many spare candidates are asked here, in hundredths of the posts; a revote has fewer posts anyway."""
    edition = edition_on(timezone.localdate(), regulation="organization")
    return rules_for(edition.code, organization)["election.spare"].amount


def held(ballot: Ballot, *states: BallotState) -> Ballot:
    """Hold a ballot until the transaction ends; raise ``RuleError`` when it is in none of ``states``."""
    found = Ballot.objects.select_for_update(of=("self",)).get(pk=ballot.pk)
    if found.state not in states:
        raise RuleError(_WRONG[BallotState(found.state)]())
    return found


def led(ballot: Ballot, *states: BallotState) -> Ballot:
    """Hold a ballot for a step of whoever leads it; a refusal says who came before them, and when."""
    try:
        return held(ballot, *states)
    except RuleError as refusal:
        raise RuleError([*refusal.messages, *_last_step(ballot)]) from None


def _last_step(ballot: Ballot) -> list[str]:
    step = audit.history_of(ballot).filter(verb__in=_STEPS).first()
    if step is None:
        return []
    time = date_format(timezone.localtime(step.at), "SHORT_DATETIME_FORMAT")
    return [_("%(name)s, %(time)s: %(act)s") % {"name": step.by_label, "time": time, "act": label_of(step.verb)}]


_STEPS = ("ballots.opened", "ballots.closed", "ballots.annulled")
_WRONG = {
    BallotState.PLANNED: lambda: _("This ballot has not been opened yet."),
    BallotState.OPEN: lambda: _("This ballot is open already."),
    BallotState.CLOSED: lambda: _("This ballot is closed."),
    BallotState.ANNULLED: lambda: _("This ballot was annulled."),
}


@transaction.atomic
def open_ballot(
    ballot: Ballot,
    *,
    electors: Iterable[int],
    due: int | None = None,
    present: Iterable[int] | int,
    others: Iterable[int] = (),
    by: User,
    at: datetime | None = None,
) -> Ballot:
    """Open the ballot to ``electors`` (keys of accounts), of whom those in ``present`` may vote in the room.

    ``due`` is the base of quorum and majority, by default all electors. A number as ``present`` lets every elector
    vote. Whoever sent a written opinion is not counted as present. ``others`` are people who may be elected without
    standing as candidates, by whoever votes against one (XJ20). ``at`` dates what was held earlier. Raises
    ``RuleError`` with the arithmetic when too few are present, and when somebody who wrote may not vote after all.
    """
    ballot = led(ballot, BallotState.PLANNED)
    circle = set(electors)
    due = len(circle) if due is None else due
    wrote = dict(ballot.electors.filter(way=Way.WRITTEN).values_list("user_id", "user__name"))
    if outside := sorted(name for pk, name in wrote.items() if pk not in circle):
        raise RuleError(
            _("%(names)s sent a written opinion but may not vote. It cannot be taken out: annul this ballot."),
            params={"names": "、".join(outside)},
        )
    there = circle - wrote.keys() if isinstance(present, int) else (set(present) & circle) - wrote.keys()
    count = present if isinstance(present, int) else len(there)
    if not circle or due < len(circle) or count > due:
        raise RuleError(_("Nobody more can be present or vote than is due, and nobody alone makes no circle."))
    quorum = rules.quorum(Rule(ballot.rule), due, count)
    if not quorum.holds:
        raise RuleError(quorum.words, code="quorum")
    Elector.objects.bulk_create(
        Elector(ballot=ballot, user_id=pk, is_present=pk in there) for pk in sorted(circle - wrote.keys())
    )
    _lay_others(ballot, set(others))
    ballot.state, ballot.due, ballot.present, ballot.opened_at = BallotState.OPEN, due, count, at or timezone.now()
    ballot.save(update_fields=["state", "due", "present", "opened_at"])
    audit.record("ballots.opened", ballot, by=by, changes={"due": [None, due], "present": [None, count]})
    return ballot


def _lay_others(ballot: Ballot, others: set[int]) -> None:
    """Lay a counter for everybody who may be written in, all at once and before the first vote."""
    if ballot.kind != BallotKind.ELECTION or not others:
        return
    stand = list(ballot.options.order_by("number"))
    people = User.objects.filter(pk__in=others - {option.person_id for option in stand}).order_by("name", "pk")
    named = _named(list(people), [option.title for option in stand])
    made = BallotOption.objects.bulk_create(
        BallotOption(ballot=ballot, number=number, title=name, person=person, is_candidate=False)
        for number, (name, person) in enumerate(named, start=len(stand) + 1)
    )
    Tally.objects.bulk_create(Tally(ballot=ballot, option=option, choice=Mark.YES) for option in made)


@transaction.atomic
def admit_present(ballot: Ballot, present: Iterable[int], *, by: User) -> int:
    """Let electors who came in after the opening take part; return how many. Nobody is taken out again."""
    ballot = led(ballot, BallotState.OPEN)
    late = ballot.electors.filter(user__in=set(present), is_present=False, voted_on=None).update(is_present=True)
    if late:
        before, ballot.present = ballot.present, (ballot.present or 0) + late
        ballot.save(update_fields=["present"])
        audit.record("ballots.admitted", ballot, by=by, changes={"present": [before, ballot.present]})
    return late


@transaction.atomic
def annul(ballot: Ballot, reason: str, *, by: User) -> Ballot:
    """Take a ballot out of the world that was not closed; its counters are emptied unseen."""
    ballot = led(ballot, BallotState.PLANNED, BallotState.OPEN)
    ballot.state, ballot.annulled_words = BallotState.ANNULLED, reason.strip()
    ballot.full_clean(validate_constraints=False)
    if not ballot.annulled_words:
        raise RuleError({"reason": _("Say why the ballot is annulled.")})
    ballot.save(update_fields=["state", "annulled_words"])
    ballot.tallies.update(count=0, paper=0)
    forget_versions.delay_on_commit()
    audit.record("ballots.annulled", ballot, by=by, reason=ballot.annulled_words)
    return ballot
