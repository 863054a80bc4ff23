"""What ballots are about, how far they are, and what may be marked on them. Knows no table."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BallotKind(models.TextChoices):
    """What is asked: for or against, who shall hold a post, one grade for each person, or one thing of several."""

    PROPOSAL = "proposal", _("proposal")
    ELECTION = "election", _("election")
    GRADING = "grading", _("grading")
    CHOICE = "choice", _("choice")


class BallotState(models.TextChoices):
    """A ballot only goes on; one that went wrong is annulled and held anew."""

    PLANNED = "planned", _("prepared")
    OPEN = "open", pgettext_lazy("ballot", "open")
    CLOSED = "closed", _("closed")
    ANNULLED = "annulled", _("annulled")


class Way(models.TextChoices):
    """How somebody took part."""

    ONLINE = "online", _("in the portal")
    WRITTEN = "written", _("by a written opinion")
    PAPER = "paper", _("on paper")


class Mark(models.TextChoices):
    """What is counted. ``CAST`` counts papers, whatever they say; grades are those of domain.md 5.4."""

    CAST = "cast", _("ballots")
    YES = "yes", pgettext_lazy("ballot", "in favor")
    NO = "no", pgettext_lazy("ballot", "against")
    ABSTAIN = "abstain", pgettext_lazy("ballot", "abstained")
    EXCELLENT = "excellent", _("excellent")
    QUALIFIED = "qualified", _("qualified")
    BASICALLY_QUALIFIED = "basically_qualified", _("basically qualified")
    UNQUALIFIED = "unqualified", _("unqualified")


ANSWERS = (Mark.YES, Mark.NO, Mark.ABSTAIN)
GRADES = (Mark.EXCELLENT, Mark.QUALIFIED, Mark.BASICALLY_QUALIFIED, Mark.UNQUALIFIED)


class Outcome(models.TextChoices):
    """What came of a ballot."""

    PASSED = "passed", pgettext_lazy("ballot", "passed")
    REJECTED = "rejected", pgettext_lazy("ballot", "not passed")
    ELECTED = "elected", pgettext_lazy("ballot", "elected")
    # Some posts are filled, or none is; the others need another ballot.
    REVOTE = "revote", _("another ballot is needed")
    COUNTED = "counted", _("counted")
    VOID = "void", pgettext_lazy("ballot", "void")
