"""What a light shows, made once so that templates ask nothing."""

from dataclasses import dataclass
from datetime import date

from portal.organizations.models import Organization

from ..addresses import duty_url
from ..engine.evaluate import Obligation, Status
from ..wording import STATUS_ICONS, STATUS_LABELS, STATUS_TONES, day_words, period_words


@dataclass(frozen=True, slots=True)
class Light:
    """One light: icon and word, where its reason stands, and by which key a script finds it again."""

    key: str
    status: str
    words: str
    icon: str
    tone: str
    title: str
    url: str
    count: str = ""


def light_of(node: Organization, owed: Obligation) -> Light:
    words = str(STATUS_LABELS[owed.status])
    title = f"{node} · {owed.kind.label} · {period_words(owed.period)}: {words}"
    count = f"{owed.held}/{owed.needed}" if owed.needed > 1 else ""
    if owed.status is Status.PLANNED:
        # The day in digits: a light is small.
        title, count = f"{title} ({day_words(owed.planned[0].on)})", f"{owed.planned[0].on:%m-%d}"
    return Light(
        key=f"{node.pk}-{owed.kind}-{owed.period.code}",
        status=str(owed.status),
        words=words,
        icon=STATUS_ICONS[owed.status],
        tone=STATUS_TONES[owed.status],
        title=title,
        url=duty_url(node, owed),
        count=count,
    )


@dataclass(frozen=True, slots=True)
class Coming:
    """Something still to be held: the light with its last day, and where it is planned or stands in the plan."""

    light: Light
    label: str
    period: str
    due_on: date
    plan_url: str
    planned_on: date | None = None
