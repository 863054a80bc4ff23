"""What the tree tells people: a term of office that ends, to the superior and to the secretary."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from portal.access.rights import ancestor_paths
from portal.notifications.registry import NoticeKind, kinds
from portal.notifications.services import post

from .duties import Duty, Post
from .models import Appointment, Organization, OrganizationUserObjectPermission
from .queries import terms_ending
from .rules import REMINDER_DAYS, reminder_mark


def _in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    return {**params, "day": date_format(date.fromisoformat(str(params["day"])), "SHORT_DATE_FORMAT")}


_REASON = _("You are the secretary of %(name)s, or you keep the organizations above it.")

TERM_END = NoticeKind(
    code="term_end",
    label=_("a term of office ends"),
    title=_("The term of %(name)s ends on %(day)s"),
    body=_("Prepare the election in time. An earlier or later one needs the approval of the superior."),
    reason=_REASON,
    statutory=True,
    words=_in_words,
)
TERM_OVER = NoticeKind(
    code="term_over",
    label=_("a term of office is over"),
    title=_("The term of %(name)s ended on %(day)s"),
    body=_("Hold the election, or write down the new term if it has been held. This comes back every week."),
    reason=_REASON,
    statutory=True,
    words=_in_words,
)


def register() -> None:
    kinds.register(TERM_END)
    kinds.register(TERM_OVER)


def remind_of_terms(on: date) -> None:
    """Remind of each term that ends within 180, 90 and 30 days, and weekly once it is over; once for each mark.

    Two queries find whom to tell, whatever the number of nodes. Source: RQ18, the superior reminds six months ahead.
    """
    nodes = terms_ending(Organization.objects.all(), by=on + timedelta(days=max(REMINDER_DAYS)))
    if not nodes:
        return
    secretaries: dict[int, set[int]] = defaultdict(set)
    held = Appointment.objects.in_force(on).filter(post=Post.SECRETARY, organization__in=nodes)
    for node_id, user_id in held.values_list("organization_id", "user_id"):
        secretaries[node_id].add(user_id)
    keepers = _keepers_by_path([node.path for node in nodes], on=on)
    for node in nodes:
        mark = reminder_mark(node.term_ends_on, on)
        if mark is None:
            continue
        kind = TERM_OVER if node.term_ends_on < on else TERM_END
        post(
            kind.code,
            key=f"term_end:{node.pk}:{node.term_ends_on.isoformat()}:{mark}",
            recipients=sorted(secretaries[node.pk] | _nearest_above(node.path, keepers)),
            params={"name": node.name, "day": node.term_ends_on.isoformat()},
            url=node.get_absolute_url(),
        )


def _keepers_by_path(paths: Iterable[str], *, on: date) -> dict[str, set[int]]:
    """Return who keeps the tree or appoints on each node above ``paths``."""
    above = ancestor_paths(path[: -Organization.steplen] for path in paths)
    rows = OrganizationUserObjectPermission.objects.filter(
        Q(until=None) | Q(until__gte=on),
        permission__codename__in=[Duty.KEEP_TREE, Duty.APPOINT],
        content_object__path__in=above,
        user__is_active=True,
    )
    found: dict[str, set[int]] = defaultdict(set)
    for path, user_id in rows.values_list("content_object__path", "user_id"):
        found[path].add(user_id)
    return found


def _nearest_above(path: str, keepers: Mapping[str, set[int]]) -> set[int]:
    """Return the keepers of the nearest node above ``path`` that has some: the superior, not everyone up to the top."""
    for end in range(len(path) - Organization.steplen, 0, -Organization.steplen):
        if found := keepers.get(path[:end]):
            return found
    return set()
