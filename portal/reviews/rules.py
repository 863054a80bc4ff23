"""The review flow as data: states, verbs, and which verb leads from where to where. Knows no database and no clock."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a text stands between its author and its readers (domain.md 4.1, architecture.md 2)."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    UNDER_REVIEW = "under_review", _("being read")
    RETURNED = "returned", _("returned for rewriting")
    ACCEPTED = "accepted", _("accepted")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Verb(models.TextChoices):
    """What somebody does to a text; each is one row of its history."""

    SUBMIT = "submit", _("handed in")
    TAKE_UP = "take_up", _("taken up for reading")
    RETURN = "return", _("returned for rewriting")
    ACCEPT = "accept", _("accepted")
    PUBLISH = "publish", _("published")
    WITHDRAW = "withdraw", _("withdrawn")


class Visibility(models.TextChoices):
    """Who sees a comment."""

    AUTHOR = "author", _("the author and the readers")
    READERS = "readers", _("the readers only")
    ALL = "all", _("everyone who may see the text")


WAITING = frozenset({State.SUBMITTED, State.UNDER_REVIEW})
DECIDED = frozenset({State.RETURNED, State.ACCEPTED, State.PUBLISHED})
# What stands beside the word of a state; those that wait share one.
ICONS = {
    State.ACCEPTED: "check-circle",
    State.PUBLISHED: "check-circle",
    State.RETURNED: "arrow-return-left",
    State.DRAFT: "pencil",
    State.WITHDRAWN: "x-circle",
}
WRITABLE = frozenset({State.DRAFT, State.RETURNED, State.WITHDRAWN})

TRANSITIONS: dict[Verb, dict[State, State]] = {
    Verb.SUBMIT: {
        State.DRAFT: State.SUBMITTED,
        State.RETURNED: State.SUBMITTED,
        State.WITHDRAWN: State.SUBMITTED,
    },
    Verb.TAKE_UP: {State.SUBMITTED: State.UNDER_REVIEW},
    Verb.RETURN: {State.SUBMITTED: State.RETURNED, State.UNDER_REVIEW: State.RETURNED},
    Verb.ACCEPT: {State.SUBMITTED: State.ACCEPTED, State.UNDER_REVIEW: State.ACCEPTED},
    Verb.PUBLISH: {State.ACCEPTED: State.PUBLISHED},
    Verb.WITHDRAW: {
        State.DRAFT: State.WITHDRAWN,
        State.SUBMITTED: State.WITHDRAWN,
        State.UNDER_REVIEW: State.WITHDRAWN,
        State.RETURNED: State.WITHDRAWN,
        State.PUBLISHED: State.WITHDRAWN,
    },
}


def next_state(state: str, verb: str) -> State | None:
    """Return where ``verb`` leads from ``state``, or ``None`` when it is not allowed there."""
    return TRANSITIONS[Verb(verb)].get(State(state))


def sources(verb: str) -> list[State]:
    """Return the states in which ``verb`` is allowed."""
    return list(TRANSITIONS[Verb(verb)])
