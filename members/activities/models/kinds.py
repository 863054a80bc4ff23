"""The words an activity is described by."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActivityKind(models.TextChoices):
    SPEECH_CONTEST = "speech_contest", _("speech contest")
    ESSAY_CONTEST = "essay_contest", _("essay or works contest")
    THEME_PARTY_DAY = "theme_party_day", _("theme party day")
    VOLUNTEERING = "volunteering", _("volunteering")
    READING = "reading", _("reading circle")
    VISIT = "visit", _("visit")
    SPORTS = "sports", _("sports and arts")
    OTHER = "other", _("other")


class Mode(models.TextChoices):
    """In what form people come together."""

    ON_SITE = "on_site", _("at a place")
    ONLINE = "online", _("online")
    MIXED = "mixed", _("at a place and online")


class State(models.TextChoices):
    """What people have decided about an activity; whether enrolment is open follows from the clock (``Phase``)."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting for approval")
    RETURNED = "returned", _("returned")
    APPROVED = "approved", _("approved")
    HELD = "held", _("held")
    FINISHED = "finished", _("finished")
    CANCELLED = "cancelled", _("called off")


class Phase(models.TextChoices):
    """Where an activity is at a moment."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting for approval")
    RETURNED = "returned", _("returned")
    APPROVED = "approved", _("enrolment opens later")
    OPEN = "open", _("enrolment is open")
    CLOSED = "closed", _("enrolment has closed")
    HELD = "held", _("held")
    FINISHED = "finished", _("finished")
    CANCELLED = "cancelled", _("called off")


class EnrolmentState(models.TextChoices):
    ENROLLED = "enrolled", _("enrolled")
    WAITING = "waiting", _("on the waiting list")
    WITHDRAWN = "withdrawn", _("gave the place up")


# What others than its starter and those who approve may know of.
SHOWN = (State.APPROVED, State.HELD, State.FINISHED)
# What its starter may still write on.
WRITABLE = (State.DRAFT, State.RETURNED)
# What can be called off: nothing is known of a draft, and what was held has happened.
CANCELLABLE = (State.SUBMITTED, State.RETURNED, State.APPROVED)
