"""What the schedule tells of open cases each morning (domain.md 3.7).

Every reminder has a key that follows from the data: a day run twice, or a day late, tells nobody twice, and a run
that comes late tells the latest only.
"""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from portal.notifications.posting import Posting, post_many
from portal.rulesets.days import Calendar
from portal.rulesets.queries import Rulebook, rulebook
from portal.rulesets.queries import calendar as kept_calendar

from .. import notices
from ..deadlines import CAPACITIES, OWN_KEYS, SENT_ELSEWHERE
from ..engine.people import Role
from ..engine.reminders import Occasion, Reminder, reminders
from ..models import Case
from ..queries.facts import facts_of
from ..queries.told import Circle, circles_of

CHUNK = 1000


def send_reminders(*, on: date) -> int:
    """Send what is due through ``on`` in every open case, and return how many notices are new.

    The statements that read do not depend on the number of cases in a chunk.
    """
    book, calendar = rulebook(), kept_calendar()
    keys = list(Case.objects.open().order_by("pk").values_list("pk", flat=True))
    return sum(
        _send_chunk(keys[start : start + CHUNK], book, calendar, on) for start in range(0, len(keys), CHUNK)
    )


def _send_chunk(keys: list[int], book: Rulebook, calendar: Calendar, on: date) -> int:
    waiting = Case.objects.open().filter(pk__in=keys).with_people().select_related("person__organization")
    cases = list(waiting.order_by("pk"))
    facts, circles = facts_of(cases), circles_of(cases, on)
    postings: list[Posting] = []
    for case in cases:
        postings += _strayed(case, circles[case.pk])
        rules = book.rules(case.edition, case.organization_id)
        for reminder in reminders(facts[case.pk].until(on), rules, calendar, on):
            occasion = reminder.latest(on)
            if occasion and reminder.key not in SENT_ELSEWHERE:
                postings += _postings(case, reminder, occasion, circles[case.pk])
    return post_many(postings)


def _strayed(case: Case, circle: Circle) -> Iterator[Posting]:
    """Yield the notice that the person was placed elsewhere and left the case behind: once for each new place."""
    there = case.person.organization
    if there is None or there == case.organization:
        return
    params = {"name": case.person.name, "branch": str(case.organization), "there": str(there)}
    key = f"recruitment:{case.pk}:strayed:{there.pk}"
    url = reverse("members:recruitment:case-detail", args=[case.pk])
    yield Posting(notices.STRAYED.code, key, circle.told(Role.BRANCH), params, url)


def _postings(case: Case, reminder: Reminder, occasion: Occasion, circle: Circle) -> Iterator[Posting]:
    """Yield one notice for each capacity in which people are told; of somebody in two the first counts."""
    params = {
        "name": case.person.name,
        "branch": str(case.organization),
        "key": reminder.key,
        "article": reminder.article,
        "due_on": reminder.due_on.isoformat(),
        "sent_on": occasion.on.isoformat(),
        "own": False,
    }
    key = f"recruitment:{case.pk}:{occasion.key}"
    page = reverse("members:recruitment:case-coming", args=[case.pk])
    for role in CAPACITIES:
        if role not in reminder.recipients:
            continue
        people = circle.told(role)
        if role is Role.APPLICANT:
            if reminder.key in OWN_KEYS:
                yield Posting(
                    notices.OWN_DUE.code, key, people, params | {"own": True}, reverse("members:recruitment:my-way")
                )
            continue
        url = page if role in (Role.BRANCH, Role.SUPERIOR) else reverse("members:recruitment:coming-list")
        yield Posting(notices.DUE_KINDS[role].code, key, people, params, url)
        if occasion.level:
            yield Posting(notices.LATE.code, key, circle.told(role, occasion.level), params, page)
