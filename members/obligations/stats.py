"""Numbers of organizational life, declared once: nodes that missed something, sittings held, waivers in force."""

from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from members.meetings.models import Meeting, MeetingState
from portal.extensions.registry import Metric, metrics
from portal.organizations.models import Organization
from portal.rulesets.days import add_months

from .engine.evaluate import Status
from .engine.periods import Period, Span
from .models import Waiver
from .queries.places import Place, midnight, windows_of
from .queries.reading import read


def nodes_that_missed(organization: Organization, on: date) -> QuerySet[Organization]:
    """Return the nodes on or below one that missed something due in the month before ``on``."""
    before = Period.of(Span.MONTH, add_months(on, -1))
    reading = read(Place((organization.path,)), windows_of(before.first, before.last), on=on)
    missed = [
        node.pk
        for node in reading.nodes
        if any(
            owed.status is Status.OVERDUE and owed.due_on in before for owed in reading.owed_now(node, before.first)
        )
    ]
    return Organization.objects.filter(pk__in=missed)


def sittings_held(organization: Organization, on: date) -> QuerySet[Meeting]:
    """Return the sittings held on or below a node in the month of ``on``, up to that day."""
    month = Period.of(Span.MONTH, on)
    held = Meeting.objects.filter(organization__path__startswith=organization.path, state=MeetingState.ENDED)
    return held.filter(started_at__gte=midnight(month.first), started_at__lt=midnight(on + timedelta(days=1)))


def waivers_in_force(organization: Organization, on: date) -> QuerySet[Waiver]:
    return Waiver.objects.filter(organization__path__startswith=organization.path, revoked_on=None, on__lte=on)


def register() -> None:
    for metric in (
        Metric(
            "life-missed",
            _("Organizations that missed a duty last month"),
            _("Organizations in which at least one duty of organizational life whose last day lay in the month before "
              "was neither met, waived nor in a vacation."),
            nodes_that_missed,
            "obligations",
            order=50,
        ),
        Metric(
            "life-sittings",
            _("Sittings held this month"),
            _("Sittings that ended, by the day on which they began; one with several kinds counts once."),
            sittings_held,
            "obligations",
            order=51,
        ),
        Metric(
            "life-waivers",
            _("Waivers in force"),
            _("Duties of organizational life that the organization above has waived and not taken back."),
            waivers_in_force,
            "obligations",
            order=52,
        ),
    ):  # fmt: skip
        metrics.register(metric)
