"""Where the candidate's side stands in menus and on the workbench, and what the trail's verbs of letters are called."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.policy import scope
from portal.access.prepared import ask_as, count_as
from portal.access.rights import AnyUser, Rights
from portal.accounts.models import User
from portal.audit.verbs import name_verbs
from portal.extensions.registry import NavigationItem, WorkGroup, WorkItem, WorkSource, navigation, work_sources
from portal.organizations.duties import Duty
from portal.organizations.models import Standing
from portal.reviews.rules import State

from .models import Letter
from .queries.letters import letters_that_wait

SHOWN = 5
COUNTED = 100
# Whoever can have a letter that came back: before the application is received, and in probation.
WRITERS = frozenset({Standing.MASS, Standing.APPLICANT, Standing.PROBATIONARY})


def letters_to_answer(user: User, on: date) -> WorkGroup:
    """Name the letters that wait for the reader's branch, the oldest first."""
    rows = ask_as(user, letters_that_wait, on, SHOWN + 1)
    items = [
        WorkItem(
            title=_("%(kind)s of %(name)s") % {"kind": row.get_kind_display(), "name": row.person.name},
            url=reverse("members:recruitment:letter-answer", args=[row.pk]),
            due_on=row.review.due_on,
            note=str(row.person.organization),
        )
        for row in rows[:SHOWN]
    ]
    count = len(rows) if len(rows) <= SHOWN else count_as(user, letters_that_wait, on, COUNTED)
    return WorkGroup(items, count, reverse("members:recruitment:letter-list"))


def letters_returned(user: User, on: date) -> WorkGroup:
    """Name the own letters that the branch has given back."""
    items = [
        WorkItem(
            title=_("Change your letter and hand it in again: %(kind)s") % {"kind": row.get_kind_display()},
            url=reverse("members:recruitment:letter-write", args=[row.kind]),
        )
        for row in ask_as(user, _returned, SHOWN)
    ]
    return WorkGroup(items, len(items), reverse("members:recruitment:my-way"))


def _returned(user: AnyUser, limit: int) -> QuerySet[Letter]:
    mine = scope(user, "write", Letter).open().filter(review__state=State.RETURNED.value)
    return mine.only("kind").order_by("pk")[:limit]


def _receives(rights: Rights) -> bool:
    return rights.holds(Duty.RECRUIT)


ITEMS = (
    NavigationItem(
        code="my-way",
        label=gettext_lazy("My way into the party"),
        url_name="members:recruitment:my-way",
        section="me",
        group="own",
        order=15,
        icon="signpost-split",
        visible=lambda rights: rights.user_id is not None and rights.standing != Standing.FULL_MEMBER,
        prefixes=("/members/recruitment/mine/",),
    ),
    NavigationItem(
        code="candidates-letters",
        label=gettext_lazy("Letters of candidates"),
        url_name="members:recruitment:letter-list",
        section="work",
        group="recruitment",
        order=36,
        icon="envelope",
        visible=_receives,
        prefixes=("/members/recruitment/letters/",),
    ),
)
SOURCES = (
    WorkSource("candidates-letters", gettext_lazy("Letters of candidates"), letters_to_answer, 19, _receives,
               waits=lambda user, on, now: letters_that_wait(user, on, 1)),
    WorkSource(
        "my-letters-returned", gettext_lazy("My letters"), letters_returned, 11,
        lambda rights: rights.standing in WRITERS, waits=lambda user, on, now: _returned(user, 1),
    ),
)  # fmt: skip
VERBS = {
    "recruitment.letter_handed_in": gettext_lazy("handed in a letter"),
    "recruitment.letter_withdrawn": gettext_lazy("took a letter back"),
    "recruitment.letter_returned": gettext_lazy("returned a letter"),
    "recruitment.letter_received": gettext_lazy("received a letter"),
    "recruitment.letter_scan_attached": gettext_lazy("attached a scan to a letter"),
    "recruitment.letter_scan_removed": gettext_lazy("removed a scan from a letter"),
    "recruitment.letter.exported": gettext_lazy("printed a letter"),
}


def register() -> None:
    for item in ITEMS:
        navigation.register(item)
    for source in SOURCES:
        work_sources.register(source)
    name_verbs(VERBS)
