"""Reads on contests: what each juror gave, the sheet of one, and the table of results."""

from collections import defaultdict
from typing import Any

from django.db.models import Count, F, QuerySet, Sum

from portal.access.policy import scope
from portal.access.rights import AnyUser

from ..models import Activity, Contribution, Criterion, Enrolment, Juror, Score
from ..rules import Sheets


def sheets_of(activity: Activity) -> Sheets:
    """Return what the jury gave; a contribution counts for a juror when every criterion of it has points."""
    needed = Criterion.objects.filter(activity=activity).count()
    sums: dict[int, dict[int, int]] = defaultdict(dict)
    begun: set[int] = set()
    rows = (
        Score.objects.filter(juror__activity=activity)
        .order_by()
        .values("juror", "contribution")
        .annotate(total=Sum("points"), given=Count("pk"))
        .values_list("juror", "contribution", "total", "given")
    )
    half: set[int] = set()
    for juror, contribution, total, given in rows:
        begun.add(juror)
        if given == needed:
            sums[juror][contribution] = total
        else:
            half.add(juror)
    contributions = frozenset(Contribution.objects.filter(activity=activity).values_list("pk", flat=True))
    for juror in half:
        # A half-filled line is begun work: an entry of its own keeps the juror among those who have not ended.
        sums[juror].setdefault(_UNFINISHED, 0)
    return Sheets({juror: dict(sums[juror]) for juror in begun}, contributions)


# No key of a row: stands for a contribution scored in part.
_UNFINISHED = -1


def sheet(activity: Activity, user: AnyUser) -> dict[tuple[int, int], int]:
    """Return what ``user`` gave as a juror, by contribution and criterion."""
    rows = scope(user, "view", Score).filter(contribution__activity=activity)
    return {(row.contribution_id, row.criterion_id): row.points for row in rows}


def table(activity: Activity) -> QuerySet[Contribution]:
    """Return the contributions by rank; those without one come last, in the order they were handed in."""
    rows = Contribution.objects.filter(activity=activity).select_related("user", "team", "file")
    return rows.order_by(F("rank").asc(nulls_last=True), "pk")


def jury_of(activity: Activity) -> list[dict[str, Any]]:
    """Return the jurors and how many contributions each has scored in full: how far, never what."""
    done = sheets_of(activity)
    total = len(done.contributions)
    rows = Juror.objects.filter(activity=activity).select_related("user")
    return [
        {"name": row.user.name, "done": len(set(done.sums.get(row.pk, {})) & done.contributions), "total": total}
        for row in rows
    ]


def own_contribution(activity: Activity, place: Enrolment) -> Contribution | None:
    """Return what somebody with a place has handed in, alone or with the team."""
    rows = Contribution.objects.select_related("file").filter(activity=activity)
    return (rows.filter(team=place.team_id) if place.team_id else rows.filter(user=place.user_id, team=None)).first()
