"""Who owes dues for a month, and in which branch: asked of the affiliations as they were then, in one statement.

``rules.owed_in`` says the same of one person's facts; a test holds the two together.
"""

from collections.abc import Sequence
from datetime import date

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Left, Length

from portal.organizations.models import Affiliation, Organization, OrganizationType

from ..models import DuesLedger, DuesPayment, Reduction, ReductionState
from ..months import last_day
from ..rules import MEMBERS


def collecting_path() -> Case:
    """Return the path of the branch that collects from an affiliation: of a party group it is the branch above."""
    above = Left("organization__path", Length("organization__path") - Organization.steplen)
    is_group = Q(organization__org_type=OrganizationType.GROUP)
    return Case(When(is_group, then=above), default=F("organization__path"), output_field=CharField())


def _counting(month: date) -> QuerySet[Affiliation]:
    """Return every affiliation for which dues of ``month`` could be owed (``rules.counts``)."""
    last = last_day(month)
    admitted = Q(user__member__joined_on__lte=last, user__member__standing__in=MEMBERS)
    ledger = DuesLedger.objects.filter(since__lte=month, organization__path=OuterRef("collecting"))
    return (
        Affiliation.objects.filter(since__lte=last)
        .filter(Q(until=None) | Q(until__gte=month))
        .filter(Q(standing__in=MEMBERS) | admitted)
        .annotate(collecting=collecting_path())
        .filter(Exists(ledger))
    )


def owing(month: date, paths: Sequence[str] | None = None) -> QuerySet[Affiliation]:
    """Return the affiliation by which each person owes ``month``: the first of the month.

    ``paths`` keeps those whose branch lies on or under one of them today. Each row carries ``collecting``, the path of
    the branch that collects. Only people with an archive owe.
    """
    earlier = _counting(month).filter(user=OuterRef("user"), since__lt=OuterRef("since"))
    found = _counting(month).filter(user__member__isnull=False)
    if paths is not None:
        under = Q(pk__in=[])
        for path in paths:
            under |= Q(organization__path__startswith=path)
        found = found.filter(under)
    return found.filter(~Exists(earlier))


def unsettled(month: date, paths: Sequence[str] | None = None) -> QuerySet[Affiliation]:
    """Return those of ``owing`` who have neither paid ``month`` nor had it waived."""
    paid = DuesPayment.objects.standing().filter(person__user=OuterRef("user"), month=month)
    waived = Reduction.objects.filter(
        person__user=OuterRef("user"), state=ReductionState.APPROVED, amount=0, first__lte=month, last__gte=month
    )
    return owing(month, paths).filter(~Exists(paid), ~Exists(waived))
