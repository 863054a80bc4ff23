"""What the dues put on a person's workbench."""

from collections import Counter
from collections.abc import Callable
from datetime import date

from django.db.models import DateField, QuerySet, Value
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.policy import scope
from portal.access.prepared import ask_as
from portal.access.rights import AnyUser, Rights, rights_of
from portal.accounts.models import User
from portal.extensions.registry import WorkGroup, WorkItem, WorkSource, work_sources
from portal.organizations.duties import Duty, Post
from portal.organizations.models import Affiliation

from .models import Reduction, ReductionState
from .months import as_text, in_words, last_day, month_of, shifted
from .queries.owing import unsettled
from .rules import MEMBERS

SHOWN = 5
# In the last days of a month the person is asked for it.
LAST_DAYS = 7
CLERKS = (Post.SECRETARY, Post.ORGANIZATION_COMMISSIONER)


def months_to_collect(user: User, on: date) -> WorkGroup:
    """Name the last two months in which somebody of the clerk's own branches has not paid: one query.

    Counted are the branches in which the person holds the post itself, not all below.
    """
    items = []
    counts = Counter(row["open_month"] for row in ask_as(user, _open_here, on, _collected_by(user)))
    for month, count in sorted(counts.items()):
        title = _("Dues for %(month)s: %(count)d have not paid") % {"month": in_words(month), "count": count}
        query = urlencode({"month": as_text(month), "show": "unpaid"})
        items.append(WorkItem(title=title, url=f"{reverse('members:dues:month')}?{query}", due_on=last_day(month)))
    return WorkGroup(items, len(items), reverse("members:dues:month"))


def _collected_by(user: AnyUser) -> tuple[str, ...]:
    rights = rights_of(user)
    return tuple(sorted({path for post in CLERKS for path in rights.posts.get(post, ())}))


def _open_here(user: AnyUser, on: date, paths: tuple[str, ...]) -> QuerySet[Affiliation]:
    return _open_months(on, lambda rows: rows.filter(collecting__in=paths), list(paths))


def _open_for_me(user: AnyUser, on: date) -> QuerySet[Affiliation]:
    return _open_months(on, lambda rows: rows.filter(user_id=user.pk))


def _open_months(
    on: date, narrow: Callable[[QuerySet[Affiliation]], QuerySet[Affiliation]], paths: list[str] | None = None
) -> QuerySet[Affiliation]:
    """Return last month and this one, each as often as somebody of those narrowed down to has not settled it."""
    now, before = (
        narrow(unsettled(month, paths)).order_by().annotate(open_month=Value(month, DateField())).values("open_month")
        for month in (month_of(on), shifted(month_of(on), -1))
    )
    return before.union(now, all=True)


def own_months(user: User, on: date) -> WorkGroup:
    """Remind the person of the month that is over and not paid, and of this one in its last week: one query."""
    ends = last_day(month_of(on))
    items = [
        WorkItem(
            title=_("Pay your dues for %(month)s") % {"month": in_words(month)},
            url=reverse("members:dues:my-dues"),
            due_on=last_day(month),
        )
        for month in sorted(row["open_month"] for row in ask_as(user, _open_for_me, on))
        if month < month_of(on) or (ends - on).days < LAST_DAYS
    ]
    return WorkGroup(items, len(items), reverse("members:dues:my-dues"))


def reductions(user: User, on: date) -> WorkGroup:
    """Name the reductions that wait for the committee."""
    rows = ask_as(user, _asked, SHOWN + 1)
    items = [
        WorkItem(
            title=_("Decide on a reduction of the dues of %(name)s") % {"name": row.person.user.name},
            url=row.get_absolute_url(),
            note=str(row.organization),
        )
        for row in rows[:SHOWN]
    ]
    return WorkGroup(items, len(rows), reverse("members:dues:reduction-list"))


def _asked(user: AnyUser, limit: int) -> QuerySet[Reduction]:
    rows = scope(user, "answer", Reduction).filter(state=ReductionState.ASKED)
    return rows.select_related("person__user", "organization").order_by("asked_at", "pk")[:limit]


def _keeps(rights: Rights) -> bool:
    return any(rights.posts.get(post) for post in CLERKS)


def register() -> None:
    for source in (
        WorkSource("dues-to-collect", gettext_lazy("Dues to collect"), months_to_collect, 40, _keeps,
                   waits=lambda user, on, now: _open_here(user, on, _collected_by(user))),
        WorkSource(
            "dues-reductions", gettext_lazy("Reductions of dues"), reductions, 41,
            lambda rights: rights.holds(Duty.APPROVE_REDUCTIONS), waits=lambda user, on, now: _asked(user, 1),
        ),
        WorkSource("my-dues", gettext_lazy("My dues"), own_months, 12, lambda rights: rights.standing in MEMBERS,
                   waits=lambda user, on, now: _open_for_me(user, on)),
    ):  # fmt: skip
        work_sources.register(source)
