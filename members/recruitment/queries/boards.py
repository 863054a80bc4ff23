"""What a board counts: the cases of a node by stage and step, what is late in them, and what the next months bring.

Whoever keeps or decides on cases counts them by duty; the own case is never among them. Every figure is an aggregate
of the columns that ``services.settling`` keeps, so that twenty thousand cases cost as many statements as two hundred.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Left

from members.models import Member
from portal.access.policy import policy_of
from portal.access.rights import AnyUser, ancestor_paths, rights_of, under
from portal.organizations.duties import Duty
from portal.organizations.models import Organization

from ..engine.steps import STAGE_LABELS, STEPS, Stage
from ..models import Case

DUTIES = (Duty.RECRUIT, Duty.APPROVE_MEMBERS)
# Half a year at its longest, and the quarter in which a conversion is prepared.
READY_DAYS, PROBATION_DAYS = 184, 90
SHOWN = 6


def kept_by(user: AnyUser) -> QuerySet[Case]:
    """Return the cases that ``user`` keeps or decides on by duty, without the own one."""
    held = policy_of(Case).by_duty(user, "view")
    if held is None:
        return Case.objects.none()
    # One key, found once, in place of a join with every person of the university; 0 for whoever has no archive.
    own = Subquery(Member.objects.filter(user_id=user.pk).values("pk")[:1])
    return Case.objects.filter(held).exclude(person_id=Coalesce(own, 0))


def held_paths(user: AnyUser) -> tuple[str, ...]:
    """Return the highest paths on which ``user`` holds a duty of recruitment."""
    rights = rights_of(user)
    paths = sorted({path for duty in DUTIES for path in rights.duties.get(str(duty), ())})
    return tuple(path for path in paths if not any(path != other and path.startswith(other) for other in paths))


def nodes_of(user: AnyUser) -> QuerySet[Organization]:
    """Return the organizations whose recruitment ``user`` keeps or decides on."""
    return Organization.objects.filter(under("", held_paths(user)))


def around(user: AnyUser, node: Organization) -> list[Organization]:
    """Return what can be chosen from ``node``: the way up to it, itself, what lies directly below; one query.

    Where duties are held on several nodes, each of them can be chosen too.
    """
    paths = held_paths(user)
    near = Q(path__in=[*ancestor_paths([node.path]), *paths]) | Q(path__startswith=node.path, depth=node.depth + 1)
    return list(nodes_of(user).filter(near).order_by("path"))


@dataclass(slots=True)
class Tally:
    """Cases counted together."""

    cases: int = 0
    overdue: int = 0
    missing: int = 0
    for_superior: int = 0
    eligible: int = 0
    ready: int = 0
    ending: int = 0

    def add(self, other: "Tally") -> None:
        """Count those of another tally too."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class StepRow:
    """The cases whose first open step is this one; ``code`` is empty for those in which nothing is open."""

    code: str
    label: str
    number: int
    tally: Tally


@dataclass(slots=True)
class StageRow:
    """The cases of a stage, step by step."""

    code: str
    label: str
    tally: Tally = field(default_factory=Tally)
    steps: list[StepRow] = field(default_factory=list)
    share: int = 0  # per cent of all cases of the board


@dataclass(slots=True)
class PartRow:
    """A node directly below, with what lies under it; ``stages`` in the order of the chart."""

    node: Organization
    tally: Tally = field(default_factory=Tally)
    stages: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Board:
    """The funnel of a node on a day."""

    total: Tally
    stages: list[StageRow]
    parts: list[PartRow]


def board_of(user: AnyUser, node: Organization, below: Iterable[Organization], *, on: date) -> Board:
    """Count the open cases on ``node`` and under it; ``below`` are the nodes directly under it. One query.

    Of those below, a closed one is shown as long as it has cases.
    """
    length = len(node.path) + Organization.steplen
    rows = (
        kept_by(user)
        .open()
        .filter(organization__path__startswith=node.path)
        .order_by()
        .annotate(part=Left("organization__path", length))
        .values_list("part", "stage", "current_step")
        .annotate(**{f"count_{name}": Count("pk", filter=condition) for name, condition in _counted(on).items()})
    )
    board = Board(
        total=Tally(),
        stages=[StageRow(stage.value, str(STAGE_LABELS[stage])) for stage in Stage],
        parts=[],
    )
    stages = {row.code: row for row in board.stages}
    steps: dict[tuple[str, str], StepRow] = {}
    parts = {found.path: PartRow(found) for found in below if found.path.startswith(node.path) and found != node}
    for path, stage, step, *counts in rows:
        tally = Tally(*counts)  # in the order of its fields
        board.total.add(tally)
        stages[stage].tally.add(tally)
        row = steps.setdefault((stage, step), _step_row(step))
        row.tally.add(tally)
        if path in parts:
            parts[path].tally.add(tally)
            parts[path].stages[stage] = parts[path].stages.get(stage, 0) + tally.cases
    for (stage, _step), row in sorted(steps.items(), key=lambda item: item[1].number):
        stages[stage].steps.append(row)
    for stage_row in board.stages:
        stage_row.share = round(100 * stage_row.tally.cases / board.total.cases) if board.total.cases else 0
    board.parts = [part for part in parts.values() if part.tally.cases or part.node.stood_on(on)]
    return board


def _counted(on: date) -> dict[str, Q]:
    """Return which cases each figure of a tally counts."""
    return {
        "cases": Q(),
        "overdue": Q(overdue_since__lte=on),
        "missing": Q(gap_count__gt=0),
        "for_superior": Q(waits_for_superior=True),
        "eligible": Q(ready_on__lte=on),
        "ready": Q(ready_on__gt=on, ready_on__lte=on + timedelta(READY_DAYS)),
        "ending": Q(probation_ends_on__gte=on, probation_ends_on__lte=on + timedelta(PROBATION_DAYS)),
    }


def _step_row(code: str) -> StepRow:
    step = STEPS.get(code)
    return StepRow(code, str(step.label) if step else "", step.number if step else len(STEPS) + 1, Tally())


def coming_ready(user: AnyUser, node: Organization, *, on: date, limit: int = SHOWN) -> list[Case]:
    """Return who will have been cultivated long enough within half a year, the earliest first."""
    span = {"ready_on__gt": on, "ready_on__lte": on + timedelta(READY_DAYS)}
    return list(_here(user, node).filter(**span).order_by("ready_on", "pk")[:limit])


def coming_ends(user: AnyUser, node: Organization, *, on: date, limit: int = SHOWN) -> list[Case]:
    """Return whose probation ends within ninety days, the earliest first."""
    span = {"probation_ends_on__gte": on, "probation_ends_on__lte": on + timedelta(PROBATION_DAYS)}
    return list(_here(user, node).filter(**span).order_by("probation_ends_on", "pk")[:limit])


def _here(user: AnyUser, node: Organization) -> QuerySet[Case]:
    return kept_by(user).open().filter(organization__path__startswith=node.path).with_people()
