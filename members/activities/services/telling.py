"""Hold an activity, and tell people, the stream and the trail."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audiences.models import Visibility
from portal.audit import services as audit
from portal.notifications.registry import NoticeKind
from portal.notifications.services import post
from portal.search.services import touch
from portal.spaces import services as spaces
from portal.spaces.models import Reach
from portal.web.refusals import RuleError

from ..models import Activity, Enrolment, EnrolmentState, Juror, Mode, State

ANNOUNCED, FINISHED = "activities.announced", "activities.finished"
LIVING = (EnrolmentState.ENROLLED, EnrolmentState.WAITING)


def held(activity: Activity, *states: str) -> Activity:
    """Hold a row until the transaction ends; raise ``RuleError`` when it is in none of ``states``."""
    found = Activity.objects.select_for_update(of=("self",)).with_people().get(pk=activity.pk)
    if found.state not in states:
        raise RuleError(
            _("This cannot be done now: the activity is in the state “%(state)s”.")
            % {"state": State(found.state).label},
            code="moved_on",
        )
    return found


def leave(activity: Activity, verb: str, *, by: User | None, reason: str = "", **changes: Any) -> None:
    """Write the trail, and let the search know."""
    audit.record(f"activities.{verb}", activity, by=by, about=activity.author, changes=changes, reason=reason)
    touch(activity)


def tell(kind: NoticeKind, activity: Activity, recipients: Iterable[int], *, key: str, by: User | None = None,
         url: str = "", **params: Any) -> None:  # fmt: skip
    """Leave one notice per person; ``key`` says what of this activity it is about."""
    post(
        kind.code,
        key=f"{kind.code}:{activity.pk}:{key}",
        recipients=set(recipients),
        params={"title": activity.title, **params},
        url=url or activity.get_absolute_url(),
        by=by,
    )


def taking_part(activity: Activity, *states: str) -> set[int]:
    """Return who is enrolled, or in other ``states`` of an enrolment."""
    rows = Enrolment.objects.filter(activity=activity, state__in=states or (EnrolmentState.ENROLLED,))
    return set(rows.values_list("user_id", flat=True))


def jury(activity: Activity) -> set[int]:
    return set(Juror.objects.filter(activity=activity).values_list("user_id", flat=True))


def where(activity: Activity) -> str:
    """Say in one line where an activity is held."""
    parts = [activity.place] if activity.mode != Mode.ONLINE else []
    return " · ".join([*parts, *([activity.online_url] if activity.mode != Mode.ON_SITE else [])])


def tell_stream(activity: Activity, kind: str, *, at: datetime, words: str) -> None:
    """Put the activity into the stream of its organization, as far as it may be seen."""
    if activity.visibility == Visibility.AUDIENCE:
        reach: str = Reach.SPACE
    else:
        reach = Reach.PUBLIC if activity.visibility == Visibility.PUBLIC else Reach.INTERNAL
    is_over = kind == FINISHED
    address = "members:activities:results" if is_over else "members:activities:activity-detail"
    spaces.tell(
        activity.organization,
        kind=kind,
        key=f"{kind}:{activity.pk}",
        title=activity.title,
        words=words,
        url=reverse(address, args=[activity.pk]),
        at=at,
        by=activity.author,
        visibility=reach,
    )
