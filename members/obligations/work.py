"""What the duties put on a workbench: of the own nodes the sittings still to hold, of those below what was missed."""

import hashlib
from datetime import date

from django.core.cache import cache
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.access.rights import Rights, rights_of
from portal.accounts.models import User
from portal.extensions.registry import WorkGroup, WorkItem, WorkSource, work_sources
from portal.organizations.duties import POST_DUTIES, Duty, Post
from portal.organizations.models import Organization
from portal.rulesets.days import add_months

from .addresses import duty_url
from .engine.evaluate import Status
from .engine.periods import Period, Span
from .kinds import DUTIES, SITTINGS
from .queries.places import Place, windows_of
from .queries.reading import read
from .wording import period_words

SHOWN = 5
NEAR_DAYS = 92
KEPT_SECONDS = 300
_KEEPING = tuple(post for post in Post if Duty.HOLD_MEETINGS in POST_DUTIES[post])


def own_paths(rights: Rights) -> tuple[str, ...]:
    """Return the nodes on which somebody holds a post that convenes meetings."""
    return tuple(sorted({path for post in _KEEPING for path in rights.posts.get(post, ())}))


def still_to_hold(user: User, on: date) -> WorkGroup:
    """Name what the person's own nodes still owe and have not planned, the soonest first: two queries."""
    paths = own_paths(rights_of(user))
    # What is due by the end of the year alone waits until its last quarter, and is not read before.
    kinds = [kind for kind in SITTINGS if (Period.of(DUTIES[kind].span, on).last - on).days <= NEAR_DAYS]
    reading = read(Place(paths, exact=True), windows_of(on, on), on=on, kinds=kinds)
    due = [
        (owed.due_on, node, owed)
        for node in reading.nodes
        if node.path in paths
        for owed in reading.owed_now(node, on, kinds)
        if owed.status is Status.DUE
    ]
    due.sort(key=lambda row: (row[0], row[1].path, row[2].kind))
    items = [
        WorkItem(
            title=_("Hold: %(kind)s (%(period)s)") % {"kind": owed.kind.label, "period": period_words(owed.period)},
            url=duty_url(node, owed),
            due_on=day,
            note=str(node),
        )
        for day, node, owed in due[:SHOWN]
    ]
    return WorkGroup(items, len(due), reverse("members:obligations:board"))


def missed_below(user: User, on: date) -> WorkGroup:
    """Say how many nodes below missed a sitting of last month: two queries, none for some minutes after."""
    before = Period.of(Span.MONTH, add_months(on, -1))
    held = tuple(rights_of(user).duties.get(str(Duty.SUPERVISE_LIFE), ()))
    # A whole university is read for one number; it is the same for everybody who watches over the same nodes.
    places = hashlib.sha256(",".join(sorted(held)).encode()).hexdigest()
    count, top = cache.get_or_set(
        f"obligations.missed:{places}:{on.isoformat()}", lambda: _missed(held, before, on), KEPT_SECONDS
    )
    if not count:
        return WorkGroup([], 0)
    words = ngettext(
        "%(count)d organization missed something of %(month)s",
        "%(count)d organizations missed something of %(month)s",
        count,
    ) % {"count": count, "month": period_words(before)}
    query = urlencode({"node": top, "month": before.code, "status": Status.OVERDUE})
    url = f"{reverse('members:obligations:board')}?{query}"
    return WorkGroup([WorkItem(title=words, url=url)], 1, url)


def _missed(held: tuple[str, ...], before: Period, on: date) -> tuple[int, int]:
    """Return how many nodes missed a sitting due at the end of a month, and the key of the first node watched over."""
    reading = read(Place(held), windows_of(before.first, before.last), on=on, kinds=SITTINGS)
    missed = [
        node
        for node in reading.nodes
        if any(
            owed.status is Status.OVERDUE and owed.due_on == before.last
            for owed in reading.owed_now(node, before.first, SITTINGS)
        )
    ]
    tops = [node for node in reading.nodes if node.path in held]
    # A general branch owes no meeting of its own and is not among those read.
    tops = tops or list(Organization.objects.filter(path__in=held)[:1])
    return len(missed), tops[0].pk if tops else 0


def register() -> None:
    for source in (
        WorkSource(
            "obligations-due", gettext_lazy("Organizational life to hold"), still_to_hold, 25,
            lambda rights: bool(own_paths(rights)),
        ),
        WorkSource(
            "obligations-missed", gettext_lazy("Organizational life missed below"), missed_below, 26,
            lambda rights: rights.holds(Duty.SUPERVISE_LIFE),
        ),
    ):  # fmt: skip
        work_sources.register(source)
