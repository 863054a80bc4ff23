"""What can be decided without a database: gaps of a plan, the places of a contest, what a juror may give."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from django.db import models
from django.utils.translation import gettext_lazy as _

# Whoever plans for years ahead has mistyped the year.
AHEAD_MAX = timedelta(days=366)
LONGEST = timedelta(days=31)
CRITERIA_MAX = 10
JURORS_MAX = 15


class Gap(models.TextChoices):
    """What keeps a plan from being handed in."""

    NOT_AHEAD = "not_ahead", _("The activity begins in the past. Choose a later day.")
    TOO_FAR = "too_far", _("The activity begins more than a year from now.")
    TOO_LONG = "too_long", _("The activity lasts longer than a month.")
    ENROLMENT_PAST = "enrolment_past", _("Enrolment closes before the activity can be approved. Choose a later moment.")
    CRITERIA_WITHOUT_JURY = "criteria_without_jury", _("There are criteria but no jury.")
    JURY_WITHOUT_CRITERIA = "jury_without_criteria", _("There is a jury but no criterion by which it scores.")
    NOTHING_TO_JUDGE = "nothing_to_judge", _("A jury scores what people hand in; let people hand something in.")
    OWN_JURY = "own_jury", _("Whoever starts a contest does not sit on its jury.")


@dataclass(frozen=True, slots=True)
class Plan:
    """The facts of a plan that are judged together."""

    begins_at: datetime
    ends_at: datetime
    enrol_until: datetime
    takes_contributions: bool
    criteria: int
    jurors: frozenset[int]
    author: int


def gaps_of(plan: Plan, *, now: datetime) -> list[Gap]:
    """Say everything that keeps a plan from being handed in at a moment; an empty list means nothing does."""
    found = []
    if plan.begins_at <= now:
        found.append(Gap.NOT_AHEAD)
    if plan.begins_at > now + AHEAD_MAX:
        found.append(Gap.TOO_FAR)
    if plan.ends_at - plan.begins_at > LONGEST:
        found.append(Gap.TOO_LONG)
    if plan.enrol_until <= now:
        found.append(Gap.ENROLMENT_PAST)
    if plan.criteria and not plan.jurors:
        found.append(Gap.CRITERIA_WITHOUT_JURY)
    if plan.jurors and not plan.criteria:
        found.append(Gap.JURY_WITHOUT_CRITERIA)
    if (plan.jurors or plan.criteria) and not plan.takes_contributions:
        found.append(Gap.NOTHING_TO_JUDGE)
    if plan.author in plan.jurors:
        found.append(Gap.OWN_JURY)
    return found


@dataclass(frozen=True, slots=True)
class Sheets:
    """What the jury gave: for each juror the sum of points of each contribution that the juror has scored in full."""

    sums: Mapping[int, Mapping[int, int]]
    contributions: frozenset[int]

    @property
    def complete(self) -> list[int]:
        """Return the jurors who have scored everything."""
        return sorted(juror for juror, given in self.sums.items() if self.contributions <= given.keys())

    @property
    def partial(self) -> list[int]:
        """Return the jurors who began and did not end: their points would favor what they happened to look at."""
        return sorted(juror for juror, given in self.sums.items() if given and not self.contributions <= given.keys())

    def average(self, contribution: int) -> Fraction | None:
        """Return the average of the jurors who have scored everything, ``None`` when nobody has."""
        given = [self.sums[juror][contribution] for juror in self.complete]
        return Fraction(sum(given), len(given)) if given else None


def hundredths(value: Fraction) -> int:
    """Return a number of points in whole hundredths, rounded half up."""
    return int((value * 100 + Fraction(1, 2)) // 1)


def ranks(values: Mapping[int, Fraction | int | None]) -> dict[int, int]:
    """Give each its rank, the highest value first; equals share a rank and the next one is left out (1, 1, 3).

    Compared are the exact values, never the rounded ones. What has no value has no rank.
    """
    known: Sequence[Fraction | int] = [value for value in values.values() if value is not None]
    return {
        key: 1 + sum(other > value for other in known) for key, value in values.items() if value is not None
    }


def next_places(waiting: Iterable[int], *, enrolled: int, limit: int | None) -> list[int]:
    """Return who of the queue moves up, in its order; without a limit everybody does."""
    queue = list(waiting)
    return queue if limit is None else queue[: max(limit - enrolled, 0)]
