"""Appraisals as their readers see them: lists, participants, counts of closed ballots, results in the archive."""

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from portal.access.policy import policy_of, scope
from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.ballots.models import Ballot
from portal.ballots.queries import result_of
from portal.ballots.vocabulary import BallotState, Mark
from portal.organizations.models import Affiliation, Organization, Standing
from portal.organizations.queries import belonging

from ..models import Appraisal, AppraisalPerson
from ..rules import Counts, Stage, shown_counts

PARTY = (Standing.PROBATIONARY, Standing.FULL_MEMBER)


def party_of(branch: Organization) -> QuerySet[Affiliation]:
    """Return the party members of ``branch`` and its groups today."""
    here = belonging(branch).filter(standing__in=PARTY, user__is_active=True)
    return here.select_related("user").order_by("user_id")


def seen_by(user: AnyUser) -> QuerySet[Appraisal]:
    """Return the appraisals somebody takes part in or sees by duty, with how many handed in their text."""
    return (
        scope(user, "view", Appraisal)
        .with_places()
        .annotate(
            participants=Count("people"), handed_in=Count("people", filter=Q(people__handed_in_on__isnull=False))
        )
        .order_by("-year", "organization__path")
    )


def held_by(user: AnyUser) -> QuerySet[Appraisal]:
    """Return the running appraisals that wait for somebody who holds them."""
    waiting = [Stage.ANNOUNCED, Stage.SELF, Stage.PEERS, Stage.BALLOT, Stage.COMMITTEE, Stage.CONFIRMED]
    return scope(user, "hold", Appraisal).filter(state__in=waiting).with_places()


def confirming(user: AnyUser) -> QuerySet[Appraisal]:
    """Return the reports that wait for somebody's confirmation."""
    return scope(user, "confirm", Appraisal).filter(state=Stage.REPORTED).with_places()


def own_part(user: AnyUser, appraisal: Appraisal) -> AppraisalPerson | None:
    """Return one's own part in an appraisal."""
    return appraisal.people.filter(user=user.pk).select_related("user").first()


def people_of(appraisal: Appraisal) -> list[AppraisalPerson]:
    """Return the participants with their names, those who get a grade first; one query."""
    rows = list(appraisal.people.select_related("user", "place").order_by("user__name", "pk"))
    return sorted(rows, key=lambda row: not row.is_graded)


def count_rows(ballots: list[Ballot]) -> dict[int, Counts]:
    """Return what closed ballots counted of each person, by the key of the account, as far as it may be shown.

    Nothing of a ballot in which too few took part, and nothing of a person whom too few graded.
    """
    least, rows = settings.BALLOT_MIN_GROUP, []
    closed = [ballot for ballot in ballots if ballot.state == BallotState.CLOSED]
    people = {
        pk: person
        for ballot in closed
        for pk, person in ballot.options.values_list("pk", "person_id")
    }
    for ballot in closed:
        result = result_of(ballot)
        if result is None or result.papers.cast < least:
            continue
        rows += [
            (people[row.option], row.choice, row.count)
            for row in result.rows
            if row.option in people and row.choice != Mark.CAST
        ]
    return shown_counts(rows, least=least)


def results_of(person: User, reader: AnyUser) -> QuerySet[AppraisalPerson]:
    """Return the results in a person's archive that ``reader`` may see, latest first; one query."""
    told = AppraisalPerson.objects.filter(policy_of(AppraisalPerson).condition(reader, "result"))
    rows = told.filter(user=person, appraisal__state=Stage.CLOSED)
    return rows.select_related("appraisal__organization").order_by("-appraisal__year", "-pk")


def appraisal_of_ballot(ballot: Ballot) -> Appraisal | None:
    """Return the appraisal for which a ballot is held, or ``None``."""
    held = Q(ballot=ballot.pk) | Q(peer_ballots__ballot=ballot.pk)
    return Appraisal.objects.filter(held).first()
