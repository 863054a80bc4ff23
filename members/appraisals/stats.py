"""Numbers of the democratic appraisal, declared once: branches that are done with it, and members by grade."""

from collections.abc import Callable
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.extensions.registry import Metric, metrics
from portal.organizations.models import Organization

from .models import Appraisal, AppraisalPerson
from .rules import Grade, Stage


def closed_this_year(organization: Organization, on: date) -> QuerySet[Appraisal]:
    """Return the appraisals of the year of ``on``, on or below a node, whose results were told by that day."""
    rows = Appraisal.objects.filter(organization__path__startswith=organization.path, year=on.year)
    return rows.filter(state=Stage.CLOSED, closed_on__lte=on)


def graded(grade: Grade) -> Callable[[Organization, date], QuerySet[AppraisalPerson]]:
    """Return the query for those who got ``grade`` in an appraisal that ``closed_this_year`` counts."""

    def found(organization: Organization, on: date) -> QuerySet[AppraisalPerson]:
        return AppraisalPerson.objects.filter(appraisal__in=closed_this_year(organization, on), grade=grade)

    return found


def register() -> None:
    metrics.register(
        Metric(
            "appraisals-closed",
            _("Branches that closed this year's appraisal"),
            _("Branches whose democratic appraisal of the calendar year was confirmed and told to everybody."),
            closed_this_year,
            "appraisals",
            order=60,
        )
    )
    for order, grade in enumerate(Grade, start=61):
        metrics.register(
            Metric(
                f"appraised-{grade.value.replace('_', '-')}",
                _GRADED[grade],
                _("Members with this grade in an appraisal of the calendar year that was told to everybody."),
                graded(grade),
                "appraisals",
                order=order,
            )
        )


_GRADED = {
    Grade.EXCELLENT: _("Members appraised as excellent"),
    Grade.QUALIFIED: _("Members appraised as qualified"),
    Grade.BASICALLY_QUALIFIED: _("Members appraised as basically qualified"),
    Grade.UNQUALIFIED: _("Members appraised as unqualified"),
}
