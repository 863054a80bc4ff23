"""Start an activity, write on it, hand it in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audiences.models import Visibility
from portal.audiences.services import Circle, save_audience
from portal.organizations.models import Organization
from portal.reviews import services as reviews
from portal.web.refusals import RuleError

from .. import notices
from ..models import WRITABLE, Activity, Criterion, Juror, Mode, State
from ..queries.places import approval_needed, nearest_approvers, startable
from ..rules import CRITERIA_MAX, JURORS_MAX, Plan, gaps_of
from .approving import settle_approval
from .telling import held, jury, leave, tell, where

REVIEW = "activity"


@dataclass(frozen=True, slots=True)
class Details:
    """What the form of an activity says. ``is_for_all``: everyone signed in, otherwise the organization and below."""

    organization: Organization
    kind: str
    title: str
    words: str
    begins_at: datetime
    ends_at: datetime
    enrol_from: datetime
    enrol_until: datetime
    mode: str = Mode.ON_SITE
    place: str = ""
    online_url: str = ""
    limit: int | None = None
    has_waiting_list: bool = True
    team_size: int | None = None
    hour_kind: str = ""
    minutes: int = 0
    takes_contributions: bool = False
    audience_votes: bool = False
    is_for_all: bool = False
    jurors: Sequence[User] = ()
    criteria: Sequence[tuple[str, int]] = ()


_FIELDS = (
    "organization", "kind", "title", "words", "begins_at", "ends_at", "enrol_from", "enrol_until", "mode", "place",
    "online_url", "limit", "has_waiting_list", "team_size", "hour_kind", "minutes", "takes_contributions",
    "audience_votes",
)  # fmt: skip


@transaction.atomic
def start_activity(details: Details, *, by: User, at: datetime | None = None) -> Activity:
    """Begin an activity as a draft that nobody but its starter knows of; ``at`` dates what happened earlier.

    Raises ``RuleError`` for an organization that is not the person's own or above it, and for what cannot be.
    """
    activity = Activity(author=by, created_at=at or timezone.now())
    activity.review = reviews.open_review(REVIEW, author=by)
    _write(activity, details, by=by)
    leave(activity, "started", by=by, title=["", activity.title])
    return activity


@transaction.atomic
def change_activity(activity: Activity, details: Details, *, version: int, by: User) -> Activity:
    """Write a draft, or one that came back, anew; raise ``RuleError`` when somebody else did so since ``version``."""
    activity = held(activity, *WRITABLE)
    if activity.version != version:
        raise RuleError(
            _("This activity was changed in another window meanwhile. Open it again and repeat the change.")
        )
    before = {name: getattr(activity, name) for name in _FIELDS}
    activity.version += 1
    _write(activity, details, by=by)
    changes: dict[str, Any] = {
        name: [str(old), str(getattr(activity, name))]
        for name, old in before.items()
        if name != "words" and old != getattr(activity, name)
    }
    leave(activity, "changed", by=by, **changes)
    return activity


def _write(activity: Activity, details: Details, *, by: User) -> None:
    if not startable(by).filter(pk=details.organization.pk).exists():
        raise RuleError({"organization": _("Start an activity for an organization of yours, or one above it.")})
    if len(details.jurors) > JURORS_MAX or len(details.criteria) > CRITERIA_MAX:
        raise RuleError(
            _("At most %(jurors)d jurors and %(criteria)d criteria.")
            % {"jurors": JURORS_MAX, "criteria": CRITERIA_MAX}
        )
    for name in _FIELDS:
        setattr(activity, name, getattr(details, name))
    if activity.mode == Mode.ONLINE:
        activity.place = ""
    if activity.mode == Mode.ON_SITE:
        activity.online_url = ""
    activity.visibility = Visibility.INTERNAL if details.is_for_all else Visibility.AUDIENCE
    activity.full_clean(exclude=["review", "author", "audience", "ballot"])
    circle = Circle() if details.is_for_all else Circle(organizations=[details.organization])
    if not circle.is_empty:
        activity.audience = save_audience(circle, audience=activity.audience)
    activity.save()
    _write_jury(activity, details)


def _write_jury(activity: Activity, details: Details) -> None:
    activity.jurors.all().delete()
    activity.criteria.all().delete()
    people = {user.pk: user for user in details.jurors}
    Juror.objects.bulk_create(Juror(activity=activity, user=user) for user in people.values())
    criteria = [
        Criterion(activity=activity, number=number, title=title, most=most)
        for number, (title, most) in enumerate(details.criteria, start=1)
    ]
    for row in criteria:
        row.clean_fields(exclude=["activity"])
    Criterion.objects.bulk_create(criteria)


@transaction.atomic
def submit(activity: Activity, *, by: User, at: datetime | None = None) -> Activity:
    """Hand an activity in; where the setting asks for no approval it is approved at once.

    Raises ``RuleError`` with every gap of the plan. Handing in twice changes nothing.
    """
    now = at or timezone.now()
    activity = held(activity, *WRITABLE, State.SUBMITTED)
    if activity.state == State.SUBMITTED:
        return activity
    if gaps := gaps_of(plan_of(activity), now=now):
        raise RuleError([gap.label for gap in gaps])
    version = reviews.submit(activity.review, title=activity.title, body=plan_text(activity), by=by, at=at)
    activity.review = version.review
    before, activity.state = activity.state, State.SUBMITTED
    activity.save(update_fields=["state"])
    leave(activity, "submitted", by=by, state=[before, activity.state])
    if approval_needed(activity.organization):
        tell(
            notices.SUBMITTED, activity, nearest_approvers(activity), key=str(version.number), by=by,
            name=activity.author.name, organization=str(activity.organization), at=activity.begins_at,
        )  # fmt: skip
        return activity
    words = _("No approval is asked for in %(organization)s.") % {"organization": activity.organization}
    return settle_approval(activity, words=words, by=by, now=now, version=version.number)


def plan_of(activity: Activity) -> Plan:
    """Return what the rules judge."""
    return Plan(
        begins_at=activity.begins_at,
        ends_at=activity.ends_at,
        enrol_until=activity.enrol_until,
        takes_contributions=activity.takes_contributions,
        criteria=activity.criteria.count(),
        jurors=frozenset(jury(activity)),
        author=activity.author_id,
    )


def plan_text(activity: Activity) -> str:
    """Return the whole plan as text, so that versions can be compared and an approval stays tied to what it read."""
    names: dict[str, Any] = {name: activity._meta.get_field(name).verbose_name for name in _FIELDS}

    def moment(value: datetime) -> str:
        return date_format(timezone.localtime(value), "Y-m-d H:i")

    lines = [
        f"{names['kind']}: {activity.get_kind_display()}",
        f"{names['organization']}: {activity.organization}",
        f"{names['begins_at']}: {moment(activity.begins_at)} – {moment(activity.ends_at)}",
        f"{names['enrol_from']}: {moment(activity.enrol_from)} – {moment(activity.enrol_until)}",
        f"{names['mode']}: {activity.get_mode_display()} · {where(activity)}",
        f"{names['limit']}: {activity.limit or '–'}",
    ]
    if activity.minutes:
        lines.append(f"{names['minutes']}: {activity.minutes} · {activity.get_hour_kind_display()}")
    jurors = [str(row.user.name) for row in activity.jurors.select_related("user")]
    if jurors:
        lines.append(_("Jury: %(names)s") % {"names": ", ".join(jurors)})
    lines += [f"{row.title}: {row.most}" for row in activity.criteria.all()]
    return "\n".join([*lines, activity.words])
