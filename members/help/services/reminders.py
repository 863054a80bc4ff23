"""What the schedule does each morning: promises that end today, promises broken, and those told one node higher."""

from datetime import date

from django.db import transaction

from portal.notifications.posting import Posting, post_many
from portal.rulesets.queries import calendar

from ..models import HelpMessage, HelpRequest, Said
from ..queries.limits import promises_on
from ..queries.requests import hearers
from ..rules.promises import Mark, mark_of

CHUNK = 500


def run_daily(on: date) -> int:
    """Tell of every promise that ends or is broken; return how many requests were told above. Repeating adds nothing.

    A day the schedule missed is made up for: the keys follow from the promised day.
    """
    promises, days = promises_on(on), calendar()
    rows = HelpRequest.objects.waiting().filter(promised_on__lte=on).select_related("organization").order_by("pk")
    held: dict[str, tuple[set[int], set[int]]] = {}
    postings, escalated = [], []
    for row in rows.iterator(chunk_size=CHUNK):
        mark = mark_of(row.promised_on, on, promises, days)
        if mark is None:
            continue
        path = row.organization.path
        if path not in held:
            held[path] = hearers(path)
        near, above = held[path]
        people = {row.assignee_id} if row.assignee_id else set(near)
        if mark != Mark.LAST_DAY:
            people |= near
        if mark == Mark.ESCALATED:
            people |= above
            if row.escalated_on is None:
                escalated.append(row)
        people.discard(row.requester_id)
        kind = "help_due" if mark == Mark.LAST_DAY else "help_late"
        postings.append(
            Posting(
                kind,
                key=f"help:{row.pk}:{row.promised_on.isoformat()}:{mark}",
                recipients=frozenset(people),
                params={"kind": row.kind, "day": row.promised_on},
                url=row.get_absolute_url(),
            )
        )
    with transaction.atomic():
        for row in escalated:
            if HelpRequest.objects.waiting().filter(pk=row.pk, escalated_on=None).update(escalated_on=on):
                HelpMessage.objects.create(request=row, said=Said.ESCALATED, by=None)
        post_many(postings)
    return len(escalated)
