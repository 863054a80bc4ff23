"""What meetings tell people: each step of one, and who has to decide about leave."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from portal.accounts.models import User
from portal.notifications.posting import Posting
from portal.notifications.services import post

from .. import notices
from ..models import Attendance, Meeting
from ..queries.telling import grantors


def about(meeting: Meeting) -> dict[str, Any]:
    """Return what every notice about a meeting says."""
    return {
        "meeting": meeting.pk,
        "title": meeting.title,
        "organization": str(meeting.organization),
        "begins": meeting.planned_at,
        "place": meeting.place,
    }


def invited(meeting: Meeting) -> QuerySet[User]:
    return User.objects.filter(pk__in=meeting.attendances.values("user"))


def convened(meeting: Meeting, *, by: User | None) -> None:
    post(
        notices.CONVENED.code,
        key=f"meeting:{meeting.pk}:convened",
        recipients=invited(meeting),
        params=about(meeting),
        url=meeting.get_absolute_url(),
        by=by,
    )


def leading(meeting: Meeting, people: Iterable[int], *, by: User | None) -> None:
    """Tell those who chair or record, without whoever settled it."""
    for role, user_id in (("chair", meeting.chair_id), ("recorder", meeting.recorder_id)):
        if user_id in people and (by is None or user_id != by.pk):
            post(
                notices.LEADING.code,
                key=f"meeting:{meeting.pk}:{role}:{user_id}",
                recipients=[user_id],
                params=about(meeting) | {"role": role},
                url=meeting.get_absolute_url(),
                by=by,
            )


def guest_invited(meeting: Meeting, user: User, *, by: User) -> None:
    post(
        notices.CONVENED.code,
        key=f"meeting:{meeting.pk}:convened",
        recipients=[user.pk],
        params=about(meeting),
        url=meeting.get_absolute_url(),
        by=by,
    )


def guest_withdrawn(meeting: Meeting, user: User, *, by: User) -> None:
    post(
        notices.GUEST_WITHDRAWN.code,
        key=f"meeting:{meeting.pk}:guest-withdrawn:{user.pk}",
        recipients=[user.pk],
        params=about(meeting),
        by=by,
    )


def left_open(meeting: Meeting) -> Posting:
    """Return what tells chair and recorder that nobody has closed, or held, the sitting."""
    return Posting(
        notices.LEFT_OPEN.code,
        key=f"meeting:{meeting.pk}:left-open",
        recipients=frozenset({meeting.chair_id, meeting.recorder_id}),
        params=about(meeting),
        url=meeting.get_absolute_url(),
    )


def changed(meeting: Meeting, mark: str, *, by: User | None) -> None:
    """Tell the circle; ``mark`` names this state of the meeting, so that each is told once."""
    post(
        notices.CHANGED.code,
        key=f"meeting:{meeting.pk}:changed:{mark}",
        recipients=invited(meeting),
        params=about(meeting),
        url=meeting.get_absolute_url(),
        by=by,
    )


def cancelled(meeting: Meeting, *, by: User | None) -> None:
    post(
        notices.CANCELLED.code,
        key=f"meeting:{meeting.pk}:cancelled",
        recipients=invited(meeting),
        params=about(meeting) | {"words": meeting.cancelled_words},
        url=meeting.get_absolute_url(),
        by=by,
    )


def leave_asked(meeting: Meeting, row: Attendance, user: User) -> None:
    post(
        notices.LEAVE_ASKED.code,
        key=f"meeting:{meeting.pk}:leave:{user.pk}:{row.answered_at:%Y%m%d%H%M%S}",
        recipients=grantors(meeting.organization, without=user),
        params=about(meeting) | {"name": user.name, "words": row.leave_words},
        url=meeting.get_absolute_url(),
        by=user,
    )


def leave_decided(meeting: Meeting, row: Attendance, *, words: str, by: User) -> None:
    post(
        notices.LEAVE_DECIDED.code,
        key=f"meeting:{meeting.pk}:leave-decided:{row.user_id}:{row.leave_decided_at:%Y%m%d%H%M%S}",
        recipients=[row.user_id],
        params=about(meeting) | {"leave": row.leave_state, "words": words},
        url=meeting.get_absolute_url(),
        by=by,
    )
