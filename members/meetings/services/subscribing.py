"""Calendars that a phone or a mail program subscribes to; the address is shown once and only its digest kept."""

import secrets
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.organizations.models import Organization
from portal.web.refusals import RuleError

from ..models import CalendarFeed

TOKEN_BYTES = 32
TOKEN_LENGTHS = range(20, 100)


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


@transaction.atomic
def make_feed(user: User, organization: Organization | None = None, *, at: datetime) -> tuple[CalendarFeed, str]:
    """Give ``user`` a calendar of the own meetings, or of a node's; an earlier address of the same is revoked.

    Returns the row and the token of its address, which nobody can read again.
    """
    User.objects.select_for_update().get(pk=user.pk)
    user.calendar_feeds.filter(organization=organization, revoked_at=None).update(revoked_at=at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = CalendarFeed.objects.create(user=user, organization=organization, digest=digest_of(token))
    audit.record("meetings.feed_made", row, by=user, about=user, at=organization)
    return row, token


@transaction.atomic
def revoke_feed(feed: CalendarFeed, *, by: User, at: datetime) -> None:
    """Make the address of a calendar worth nothing from now on."""
    if not CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=at):
        raise RuleError(_("This calendar has been revoked already."))
    audit.record("meetings.feed_revoked", feed, by=by, about=feed.user, at=feed.organization)


def note_asked(feed: CalendarFeed, *, on: date) -> None:
    """Keep the day on which the calendar was last asked for, by one write a day: its owner sees whether it is used."""
    if feed.asked_on != on:
        CalendarFeed.objects.filter(pk=feed.pk).exclude(asked_on=on).update(asked_on=on)


def feed_for(token: str) -> CalendarFeed | None:
    """Return the calendar behind an address, or ``None`` when it is revoked, unknown, or its owner's account closed."""
    if len(token) not in TOKEN_LENGTHS:
        return None
    rows = CalendarFeed.objects.select_related("user", "organization")
    return rows.filter(digest=digest_of(token), revoked_at=None, user__is_active=True).first()
