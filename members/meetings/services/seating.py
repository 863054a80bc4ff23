"""Write the circle of a meeting into its attendances, and keep the remarks that decide about seats."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.organizations.models import Organization
from portal.web.refusals import RuleError

from ..models import Attendance, Meeting, SeatRemark
from ..queries.circles import circle_of

_SEAT = ("capacity", "standing", "may_vote", "exempt_words", "excluded_words")


def reseat(meeting: Meeting) -> int:
    """Bring the attendances up to what is known now of the day, and return how many people the circle has.

    For a meeting that has not ended: standings of the day decide who may vote (domain.md 3.3). Answers and check-ins
    stay; whoever left the circle and has not come in is taken out. Guests stay until they have a seat of their own.
    """
    seats = circle_of(meeting)
    known = {row.user_id: row for row in meeting.attendances.all()}
    fresh, changed = [], []
    for user_id, seat in seats.items():
        row = known.get(user_id)
        facts = {name: getattr(seat, name) for name in _SEAT}
        if row is None:
            fresh.append(Attendance(meeting=meeting, user_id=user_id, **facts))
        elif row.guest_words or any(getattr(row, name) != value for name, value in facts.items()):
            for name, value in [*facts.items(), ("guest_words", "")]:
                setattr(row, name, value)
            changed.append(row)
    Attendance.objects.bulk_create(fresh, batch_size=1000, ignore_conflicts=True)
    if changed:
        Attendance.objects.bulk_update(changed, [*_SEAT, "guest_words"], batch_size=200)
    outside = [row for user_id, row in known.items() if user_id not in seats]
    gone = [row.pk for row in outside if row.checked_in_at is None and not row.guest_words]
    if gone:
        meeting.attendances.filter(pk__in=gone).delete()
    return len(seats)


@transaction.atomic
def remark_seat(
    user: User, organization: Organization, *, kind: str, words: str, since: date, until: date | None = None,
    by: User | None,
) -> SeatRemark:  # fmt: skip
    """Record why somebody need not attend, has no vote, or is not counted, from ``since`` on; never about oneself."""
    if by is not None and by.pk == user.pk:
        raise RuleError(_("Nobody decides about the own seat: ask another officer."))
    row = SeatRemark(
        user=user, organization=organization, kind=kind, words=words.strip(), since=since, until=until, by=by
    )
    row.full_clean()
    row.save()
    audit.record("meetings.seat_remarked", row, by=by, about=user, at=organization, changes={"kind": ["", kind]})
    return row


@transaction.atomic
def end_remark(remark: SeatRemark, *, on: date, by: User | None) -> SeatRemark:
    """Let a remark hold until the day before ``on``; one that would never have held is taken back altogether."""
    if by is not None and by.pk == remark.user_id:
        raise RuleError(_("Nobody decides about the own seat: ask another officer."))
    remark = SeatRemark.objects.select_for_update(of=("self",)).select_related("user", "organization").get(pk=remark.pk)
    if remark.until is not None and remark.until < on:
        raise RuleError(_("This has ended already."))
    before, last = remark.until, on - timedelta(days=1)
    remark.until = max(last, remark.since)
    remark.save(update_fields=["until"])
    audit.record(
        "meetings.seat_remark_ended", remark, by=by, about=remark.user, at=remark.organization,
        changes={"until": [before, remark.until]},
    )  # fmt: skip
    return remark
