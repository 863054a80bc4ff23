"""Approve an activity or give it back, and say where approvals are asked for."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.organizations.models import Organization
from portal.reviews import services as reviews
from portal.web.refusals import RuleError

from .. import notices
from ..models import Activity, ApprovalRule, State
from .telling import ANNOUNCED, held, jury, leave, tell, tell_stream


@transaction.atomic
def approve(
    activity: Activity, *, words: str = "", version: int | None = None, by: User, at: datetime | None = None
) -> Activity:
    """Let an activity take place; ``version`` is the one that was read. Raises ``RuleError`` for one's own."""
    activity = held(activity, State.SUBMITTED)
    _refuse_own(activity, by)
    return settle_approval(activity, words=words, by=by, now=at or timezone.now(), version=version)


@transaction.atomic
def return_(activity: Activity, *, words: str, version: int | None = None, by: User) -> Activity:
    """Give an activity back with words on what to change."""
    activity = held(activity, State.SUBMITTED)
    _refuse_own(activity, by)
    reviews.return_(activity.review, words, by, version=version)
    activity.state = State.RETURNED
    activity.save(update_fields=["state"])
    leave(activity, "returned", by=by, reason=words, state=[State.SUBMITTED, State.RETURNED])
    key = f"{activity.review_id}:{activity.review.version_count}"
    tell(notices.RETURNED, activity, {activity.author_id}, key=key, by=by, words=words)
    return activity


def settle_approval(activity: Activity, *, words: str, by: User, now: datetime, version: int | None) -> Activity:
    """Write an approval; ``activity`` is held and waits."""
    if activity.begins_at <= now:
        raise RuleError(_("The activity would have begun already. Return it for another day."))
    reviews.accept(activity.review, words, by, version=version, at=now)
    activity.state, activity.approved_at = State.APPROVED, now
    activity.save(update_fields=["state", "approved_at"])
    leave(activity, "approved", by=by, reason=words, state=[State.SUBMITTED, State.APPROVED])
    people = {activity.author_id} - {by.pk}
    tell(notices.APPROVED, activity, people, key="approved", by=by, words=words, at=activity.enrol_from)
    tell(notices.JURY, activity, jury(activity), key="jury", by=by, at=activity.begins_at)
    tell_stream(activity, ANNOUNCED, at=now, words=activity.words)
    return activity


def _refuse_own(activity: Activity, by: User) -> None:
    if activity.author_id == by.pk:
        raise RuleError(_("Nobody approves an activity of their own."))


@transaction.atomic
def set_rule(organization: Organization, *, is_needed: bool | None, by: User) -> None:
    """Say for a node and below whether activities need an approval; ``None``: as the node above says."""
    before = ApprovalRule.objects.filter(organization=organization).values_list("is_needed", flat=True).first()
    if before == is_needed:
        return
    if is_needed is None:
        ApprovalRule.objects.filter(organization=organization).delete()
    else:
        ApprovalRule.objects.update_or_create(
            organization=organization,
            defaults={"is_needed": is_needed, "changed_by": by, "changed_at": timezone.now()},
        )
    audit.record(
        "activities.rule_set", organization, by=by, at=organization, changes={"is_needed": [before, is_needed]}
    )
