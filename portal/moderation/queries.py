"""Reads around reports: what waits, what one has reported oneself, who decides."""

from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Exists, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Value, When

from portal.access.holding import levels_of
from portal.access.policy import scope, with_power
from portal.access.rights import AnyUser
from portal.organizations.duties import Duty
from portal.organizations.models import Organization

from .models import WAITING, Flag, FlaggedContent, State


def waiting_for(user: AnyUser) -> QuerySet[FlaggedContent]:
    """Return what waits for a decision of ``user``, the promise that ends first on top."""
    return scope(user, "decide", FlaggedContent).select_related("organization").order_by("due_on", "pk")


def read_by(user: AnyUser, *, waits: bool) -> QuerySet[FlaggedContent]:
    """Return what ``user`` reads by duty: what waits, or what was decided, the newest decision first."""
    rows = with_power(scope(user, "read", FlaggedContent), user, "decide").select_related("organization", "author")
    if waits:
        mine_first = Case(When(may_decide=True, then=Value(0)), default=Value(1), output_field=IntegerField())
        return rows.filter(state__in=WAITING).order_by(mine_first, "due_on", "pk")
    return rows.exclude(state__in=WAITING).order_by("-decided_at", "-pk")


def overdue(on: date) -> QuerySet[FlaggedContent]:
    """Return what was promised before ``on``, still waits, and was told to nobody above yet."""
    return FlaggedContent.objects.filter(state__in=WAITING, due_on__lt=on, told_higher_on=None)


def flags_of(user: AnyUser) -> QuerySet[Flag]:
    """Return what ``user`` reported, the newest first."""
    return scope(user, "view", Flag).select_related("flagged__organization").order_by("-at", "-pk")


def marked(user: AnyUser, model: type[Model]) -> dict[str, Exists | Subquery]:
    """Return annotations for a queryset of ``model``, for whoever reads its rows.

    ``is_flagged``: ``user`` reported it and it is not decided; ``may_appeal``: ``user`` wrote it and may ask for
    another look; ``appeal_due``: until when that is promised; ``report_id``: what waits for a decision about it, for
    those who moderate.
    """
    about = Q(content_type=ContentType.objects.get_for_model(model), object_id=OuterRef("pk"))
    own = scope(user, "view", Flag).filter(
        flagged__content_type=ContentType.objects.get_for_model(model), flagged__object_id=OuterRef("pk"),
        flagged__state__in=WAITING,
    )  # fmt: skip
    read = scope(user, "read", FlaggedContent).filter(about, state__in=WAITING).order_by("-pk")
    appealed = scope(user, "view", FlaggedContent).filter(about, state=State.APPEALED, author=user.pk).order_by("-pk")
    return {
        "is_flagged": Exists(own),
        "may_appeal": Exists(scope(user, "appeal", FlaggedContent).filter(about)),
        "appeal_due": Subquery(appealed.values("due_on")[:1]),
        "report_id": Subquery(read.values("pk")[:1]),
    }


def kept_as_evidence(model: type[Model], *, since: datetime) -> Q:
    """Return the condition that a row of ``model`` is not to be deleted: a decision waits, or was made since then."""
    owner = ContentType.objects.get_for_model(model)
    about = FlaggedContent.objects.filter(content_type=owner, object_id=OuterRef("pk"))
    return Q(Exists(about.filter(Q(state__in=WAITING) | Q(decided_at__gte=since))))


def deciding_node(
    organization: Organization, *, without: Iterable[int | None], above: bool = False
) -> tuple[Organization, frozenset[int]] | None:
    """Return the nearest node at or above ``organization`` where somebody decides, and who.

    ``above`` leaves the node itself out. ``None`` when nobody but those in ``without`` holds the duty there.
    """
    left_out = [pk for pk in without if pk is not None]
    for path, people in levels_of(organization.path, Duty.MODERATE, without=left_out):
        if not (above and path == organization.path):
            return Organization.objects.get(path=path), people
    return None
