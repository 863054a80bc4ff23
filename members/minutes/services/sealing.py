"""Confirm minutes by two, seal them into the chain of their branch, and add to what is sealed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.meetings.models import MeetingState
from portal.access.policy import holders
from portal.access.rights import rights_of
from portal.accounts.models import User
from portal.audit import services as audit
from portal.notifications.services import post
from portal.organizations.duties import Duty
from portal.organizations.models import Appointment, Organization
from portal.organizations.queries import COMMITTEE_POSTS
from portal.search.services import touch
from portal.spaces.services import Told
from portal.spaces.services import tell_many as tell_spaces
from portal.web.refusals import RuleError

from .. import signals
from ..models import Addendum, Chain, Disclosure, Minutes, MinutesState
from ..papers import title_of
from ..queries.content import addendum_content, content_of
from ..rules import Seat, digest_of, fingerprint, seat_of
from .drafting import facts_now
from .writing import held


def shown(minutes: Minutes, facts: dict[str, Any]) -> str:
    """Return the sign of what a page shows of minutes: ``confirm`` wants it back."""
    return fingerprint({"version": minutes.version, "facts": facts, **minutes.told()})


def seat(minutes: Minutes, user: User) -> Seat | None:
    """Return for whom ``user`` would confirm ``minutes`` today, whose organization, chair and recorder are loaded."""
    rights = rights_of(user)
    path = minutes.organization.path
    return seat_of(
        user.pk,
        chair_id=minutes.chair_id,
        recorder_id=minutes.recorder_id,
        keeps=rights.holds_on(Duty.HOLD_MEETINGS, path),
        on_committee=any(path in rights.posts.get(name, ()) for name in COMMITTEE_POSTS),
        gone=[person.pk for person in (minutes.chair, minutes.recorder) if not person.is_active],
    )


@transaction.atomic
def confirm(minutes: Minutes, *, seen: str, by: User) -> Minutes:
    """Confirm minutes as they were ``shown``; the second confirmation seals them.

    Raises ``RuleError`` for sealed minutes, when they say something else by now, for somebody who is neither side,
    and for a second confirmation by the same person. When the meeting's own record was corrected after the first
    confirmation, that one no longer counts, and this one is the first.
    """
    minutes = held(minutes.pk)
    if minutes.meeting.state != MeetingState.ENDED:
        raise RuleError(_("The meeting is still on. Its minutes are confirmed once it has ended."))
    facts = facts_now(minutes)
    if shown(minutes, facts) != seen:
        raise RuleError(_("The minutes have changed since you opened them. Read them again, then confirm."))
    place = seat(minutes, by)
    if place is None:
        raise RuleError(_("Chair and recorder confirm the minutes; you are neither."))
    if by.pk in (minutes.chair_confirmed_by_id, minutes.recorder_confirmed_by_id):
        raise RuleError(_("You have confirmed these minutes already; somebody else confirms for the other side."))
    if getattr(minutes, f"{place}_confirmed_by_id"):
        raise RuleError(_("This side has confirmed already."))
    if not (minutes.decisions or minutes.speeches or minutes.remarks):
        raise RuleError(_("The minutes say nothing of what was discussed and decided yet."))
    now = timezone.now()
    if minutes.state == MinutesState.CONFIRMED and minutes.facts != facts:
        _withdraw(minutes, by)
    setattr(minutes, f"{place}_confirmed_by", by)
    setattr(minutes, f"{place}_confirmed_at", now)
    minutes.facts = facts
    audit.record("minutes.confirmed", minutes, by=by, changes={"side": ["", str(place)]})
    if minutes.chair_confirmed_by_id and minutes.recorder_confirmed_by_id:
        _seal(minutes, at=now, by=by)
        return minutes
    minutes.state = MinutesState.CONFIRMED
    minutes.save(update_fields=[*_CONFIRMATION, "facts", "state"])
    _ask_other(minutes, place, by)
    return minutes


_CONFIRMATION = ("chair_confirmed_by", "chair_confirmed_at", "recorder_confirmed_by", "recorder_confirmed_at")


def _withdraw(minutes: Minutes, by: User) -> None:
    confirmed = (minutes.chair_confirmed_by_id, minutes.recorder_confirmed_by_id)
    told = [pk for pk in confirmed if pk is not None and pk != by.pk]
    for name in _CONFIRMATION:
        setattr(minutes, name, None)
    minutes.state = MinutesState.DRAFT
    minutes.version += 1
    minutes.changed_by, minutes.changed_at = by, timezone.now()
    minutes.save(update_fields=[*_CONFIRMATION, "state", "version", "changed_by", "changed_at"])
    audit.record("minutes.confirmation_withdrawn", minutes, by=by)
    post(
        "minutes_withdrawn",
        key=f"minutes-withdrawn:{minutes.pk}:{minutes.version}",
        recipients=told,
        params={"title": minutes.title, "name": by.name, "day": minutes.held_on},
        url=minutes.get_absolute_url(),
    )


def _ask_other(minutes: Minutes, place: Seat, by: User) -> None:
    """Tell the other side that it is its turn; where one person was both, the rest of the committee."""
    other = minutes.recorder_id if place == Seat.CHAIR else minutes.chair_id
    people: Iterable[int] = [other]
    if other == by.pk:
        held = Appointment.objects.in_force(timezone.localdate()).filter(
            organization=minutes.organization, post__in=sorted(COMMITTEE_POSTS), user__is_active=True
        )
        people = held.exclude(user=by.pk).values_list("user_id", flat=True).distinct()
        # A branch of one officer: those who keep the meetings above.
        people = people or holders("confirm", minutes).exclude(pk=by.pk).values_list("pk", flat=True)
    post(
        "minutes_to_confirm",
        key=f"minutes-confirm:{minutes.pk}:{minutes.version}",
        recipients=list(people),
        params={"title": minutes.title, "name": by.name, "day": minutes.held_on},
        url=minutes.get_absolute_url(),
    )


@transaction.atomic
def take_back(minutes: Minutes, *, by: User) -> Minutes:
    """Take the own confirmation back, as long as the other side has not given its own."""
    minutes = held(minutes.pk)
    if by.pk not in (minutes.chair_confirmed_by_id, minutes.recorder_confirmed_by_id):
        raise RuleError(_("You have not confirmed these minutes."))
    _withdraw(minutes, by)
    return minutes


def chain_of(organization: Organization) -> Chain:
    """Return where the organization's chain has got to, held until the transaction ends."""
    Chain.objects.get_or_create(organization=organization)
    return Chain.objects.select_for_update().get(organization=organization)


def _seal(minutes: Minutes, *, at: datetime, by: User | None) -> None:
    chain = chain_of(minutes.organization)
    assert minutes.chair_confirmed_by is not None and minutes.recorder_confirmed_by is not None
    close_row(minutes, chain, at=at)
    minutes.save()
    chain.save(update_fields=["number", "head"])
    audit.record(
        "minutes.sealed", minutes, by=by, changes={"number": [None, minutes.number], "digest": ["", minutes.digest]}
    )
    touch(minutes)
    tell([minutes], by=by)
    signals.sealed.send(Minutes, minutes=minutes, by=by)


def close_row(minutes: Minutes, chain: Chain, *, at: datetime) -> None:
    """Make ``minutes`` the next link of ``chain``; neither is saved."""
    assert minutes.chair_confirmed_by is not None and minutes.recorder_confirmed_by is not None
    minutes.facts = {
        **minutes.facts,
        "confirmed": {"chair": minutes.chair_confirmed_by.name, "recorder": minutes.recorder_confirmed_by.name},
    }
    minutes.state, minutes.sealed_at = MinutesState.SEALED, at
    minutes.number, minutes.prev_digest = chain.number + 1, chain.head
    minutes.digest = digest_of(chain.head, content_of(minutes))
    chain.number, chain.head = minutes.number, minutes.digest


@transaction.atomic
def add(minutes: Minutes, *, words: str, reason: str, by: User) -> Addendum:
    """Add to sealed minutes what was missing or wrong, with the reason; the sealed text stays as it is."""
    minutes = Minutes.objects.select_related("organization", "chair", "recorder").get(pk=minutes.pk)
    if not minutes.is_sealed:
        raise RuleError(_("These minutes are not sealed yet: write into them."))
    words, reason = (text.replace("\0", "").replace("\r\n", "\n").strip() for text in (words, reason))
    if not words or not reason:
        raise RuleError(_("Say what is added, and why."))
    chain = chain_of(minutes.organization)
    row = Addendum(
        minutes=minutes,
        organization=minutes.organization,
        words=words,
        reason=reason,
        by=by,
        by_name=by.name,
        at=timezone.now(),
        number=chain.number + 1,
        prev_digest=chain.head,
    )
    row.digest = digest_of(chain.head, addendum_content(row))
    row.full_clean()
    row.save(force_insert=True)
    chain.number, chain.head = row.number, row.digest
    chain.save(update_fields=["number", "head"])
    audit.record(
        "minutes.added_to", minutes, by=by, reason=reason,
        changes={"number": [None, row.number], "digest": ["", row.digest]},
    )  # fmt: skip
    touch(minutes)
    post(
        "minutes_added_to",
        key=f"minutes-addendum:{row.pk}",
        recipients={minutes.chair_id, minutes.recorder_id} - {by.pk},
        params={"title": minutes.title, "name": by.name, "day": minutes.held_on},
        url=minutes.get_absolute_url(),
    )
    return row


STREAM_KIND = "minutes.sealed"


def tell(rows: Iterable[Minutes], *, by: User | None) -> None:
    """Let the spaces of the organizations say that there are minutes, as far as they are disclosed.

    The title is told; its address opens the minutes for those who read them, and tells the others who does.
    """
    tell_spaces(
        Told(
            minutes.organization,
            kind=STREAM_KIND,
            key=f"minutes.sealed:{minutes.pk}",
            title=minutes.title,
            words=title_of(minutes.kind),
            url=reverse("members:minutes:minutes-told", args=[minutes.pk]),
            at=minutes.sealed_at or timezone.now(),
            by=by,
        )
        for minutes in rows
        if minutes.disclosure != Disclosure.NONE
    )
