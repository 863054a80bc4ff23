"""What the schedule does each morning: whoever has not handed in a self-appraisal is reminded before the last day."""

from datetime import date, timedelta

from portal.notifications.posting import Posting, post_many

from ..models import AppraisalPerson
from ..rules import Stage

LEAD_DAYS = 2


def run_daily(on: date) -> int:
    """Remind everybody without a self-appraisal whose last day is near; return how many notices are new.

    The keys follow from the last day: running it again, or a day late, reminds nobody twice.
    """
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
