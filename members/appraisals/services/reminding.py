"""What the schedule does each morning: remind of self-appraisals, and move the ballot with a meeting that was moved."""

from datetime import date, timedelta

from django.utils import timezone

from portal.notifications.posting import Posting, post_many

from ..models import Appraisal, AppraisalPerson
from ..queries.gathering import COMING
from ..rules import BEFORE_BALLOT, Stage

LEAD_DAYS = 2


def run_daily(on: date) -> int:
    """Remind everybody without a self-appraisal whose last day is near; return how many notices are new.

    The keys follow from the last day: running it again, or a day late, reminds nobody twice.
    """
    _follow_meetings()
    near = AppraisalPerson.objects.filter(
        appraisal__state=Stage.SELF,
        appraisal__self_until__range=(on, on + timedelta(days=LEAD_DAYS)),
        handed_in_on=None,
    )
    waiting: dict[int, tuple[AppraisalPerson, set[int]]] = {}
    for row in near.select_related("appraisal__organization").order_by("appraisal_id", "pk"):
        waiting.setdefault(row.appraisal_id, (row, set()))[1].add(row.user_id)
    return post_many(
        Posting(
            "appraisal_self",
            key=f"appraisal:{pk}:remind:{row.appraisal.self_until.isoformat()}",
            recipients=frozenset(people),
            params={
                "branch": str(row.appraisal.organization),
                "year": row.appraisal.year,
                "day": row.appraisal.self_until,
            },
            url=row.appraisal.get_absolute_url(),
        )
        for pk, (row, people) in waiting.items()
    )


def _follow_meetings() -> None:
    """Let the day of the ballot be that of a meeting which has been put on another day since."""
    rows = Appraisal.objects.filter(state__in=BEFORE_BALLOT, meeting__state__in=COMING).select_related("meeting")
    for row in rows:
        assert row.meeting is not None  # the query asks for it
        day = timezone.localdate(row.meeting.planned_at)
        if day != row.ballot_on and day >= row.self_until:
            Appraisal.objects.filter(pk=row.pk, state__in=BEFORE_BALLOT).update(ballot_on=day)
