"""What the schedule does each morning: talks of the day, promises that end or are broken, who is told higher up."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from portal.notifications.posting import Posting, post_many
from portal.rulesets.queries import calendar

from ..models import HeartTalk, HelpMessage, HelpRequest, Said, TalkState
from ..queries.limits import promises_on
from ..queries.requests import hearers
from ..rules.promises import Mark, mark_of

CHUNK = 500


# So long after its day a planned talk that nobody wrote down is asked about.
ASKED_AFTER_DAYS = 2


def remind_of_talks(on: date) -> int:
    """Remind the two of talks of today and tomorrow, and ask about those of days gone by; return how many are new.

    The keys follow from the day of the talk: running it again, or a day late, tells nobody twice.
    """
    soon = Q(planned_on__range=(on, on + timedelta(days=1)))
    gone = Q(planned_on__range=(on - timedelta(days=30), on - timedelta(days=ASKED_AFTER_DAYS)))
    rows = HeartTalk.objects.without_record().filter(soon | gone, state=TalkState.PLANNED).order_by("pk")
    postings = []
    for talk in rows.iterator(chunk_size=CHUNK):
        assert talk.planned_on is not None  # the query asks for it
        kind = "heart_talk_soon" if talk.planned_on >= on else "heart_talk_open"
        for person, other in ((talk.first, talk.second), (talk.second, talk.first)):
            postings.append(
                Posting(
                    kind,
                    key=f"heart_talk:{talk.pk}:{kind}:{talk.planned_on.isoformat()}",
                    recipients=frozenset({person.pk}),
                    params={"name": other.name, "day": talk.planned_on, "place": talk.place or "–"},
                    url=talk.get_absolute_url(),
                )
            )
    return post_many(postings)


def run_daily(on: date) -> int:
    """Remind of talks, tell of every promise that ends or is broken; return how many requests were told above.

    A day the schedule missed is made up for: the keys follow from the promised day.
    """
    remind_of_talks(on)
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
