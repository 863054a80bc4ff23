"""Ballots whose papers do not exist: counters, and beside them who took part on which day (architecture.md 4).

A secret ballot keeps no row per vote. Each vote adds to the counters of its ballot in one statement that touches all
of them, so that neither a row, its order nor its version joins a voter to a choice.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.organizations.models import Organization

from .rules import Rule
from .vocabulary import BallotKind, BallotState, Mark, Way


class Ballot(models.Model):
    """One question put to a settled circle of electors; ``result`` is frozen with its sums when it closes."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="ballots", verbose_name=_("organization")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=BallotKind)
    title = models.CharField(_("title"), max_length=200)
    words = models.TextField(_("what is voted on"), max_length=4000, blank=True)
    is_secret = models.BooleanField(_("secret"), default=True)
    rule = models.CharField(_("rule"), max_length=20, choices=Rule)
    # How many posts are filled, or things chosen.
    seats = models.PositiveSmallIntegerField(pgettext_lazy("ballot", "posts"), default=1)
    # How many may be marked on one ballot.
    most = models.PositiveSmallIntegerField(_("marks at most"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=BallotState, default=BallotState.PLANNED)
    due = models.PositiveIntegerField(pgettext_lazy("ballot", "due"), null=True, blank=True, editable=False)
    present = models.PositiveIntegerField(_("present"), null=True, blank=True, editable=False)
    opened_at = models.DateTimeField(pgettext_lazy("ballot", "opened at"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(pgettext_lazy("ballot", "closed at"), null=True, blank=True, editable=False)
    # Written by ``services.counting`` alone, read by ``counts.Result``.
    result = models.JSONField(null=True, blank=True, editable=False)
    digest = models.CharField(_("digest"), max_length=64, blank=True, editable=False)
    annulled_words = models.CharField(_("why it was annulled"), max_length=300, blank=True)
    # Where it belongs: the page its electors go back to.
    url = models.CharField(max_length=200, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("prepared by")
    )
    created_at = models.DateTimeField(_("prepared at"), auto_now_add=True)

    class Meta:
        verbose_name = pgettext_lazy("ballot", "ballot")
        verbose_name_plural = pgettext_lazy("ballot", "ballots")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="ballot_kind_known", condition=Q(kind__in=BallotKind.values)),
            models.CheckConstraint(name="ballot_rule_known", condition=Q(rule__in=Rule.values)),
            models.CheckConstraint(name="ballot_state_known", condition=Q(state__in=BallotState.values)),
            models.CheckConstraint(
                name="ballot_state_has_times",
                condition=(
                    Q(state="planned", opened_at=None, closed_at=None)
                    | Q(state="open", opened_at__isnull=False, closed_at=None)
                    | Q(state="closed", opened_at__isnull=False, closed_at__gte=F("opened_at"))
                    | Q(state="annulled")
                ),
            ),
            models.CheckConstraint(
                name="ballot_opened_has_numbers",
                condition=Q(opened_at=None) | Q(due__isnull=False, present__isnull=False, present__lte=F("due")),
            ),
            models.CheckConstraint(
                name="ballot_closed_has_result",
                condition=~Q(state="closed") | (Q(result__isnull=False) & ~Q(digest="")),
            ),
            models.CheckConstraint(
                name="ballot_annulled_has_words", condition=~Q(state="annulled") | ~Q(annulled_words="")
            ),
            models.CheckConstraint(name="ballot_marks_in_order", condition=Q(seats__gte=1, most__gte=1)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == BallotState.OPEN

    @property
    def is_closed(self) -> bool:
        return self.state == BallotState.CLOSED


class BallotOption(models.Model):
    """One candidate, one person to be graded, or one thing to choose.

    An election also holds everybody who may be elected without standing as candidate, from its opening on: a row made
    when somebody is written in would tell when, and beside it by whom (docs/decisions/0010).
    """

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="options")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("name"), max_length=160)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("person"),
    )  # fmt: skip
    is_candidate = models.BooleanField(_("stands as candidate"), default=True)

    class Meta:
        verbose_name = _("candidate of a ballot")
        verbose_name_plural = _("candidates of a ballot")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "number"], name="ballot_option_number_once"),
            models.UniqueConstraint(
                fields=["ballot", "person"], condition=Q(person__isnull=False), name="ballot_option_person_once"
            ),
            models.CheckConstraint(name="ballot_option_number_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="ballot_option_others_are_people", condition=Q(is_candidate=True) | Q(person__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Elector(models.Model):
    """One person who may take part, and on which day they did; no time, and nothing of what was chosen."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="electors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_present = models.BooleanField(_("present"), default=False)
    voted_on = models.DateField(_("took part on"), null=True, blank=True)
    way = models.CharField(_("how"), max_length=10, choices=Way, blank=True)

    class Meta:
        verbose_name = _("elector")
        verbose_name_plural = _("electors")
        indexes = [models.Index(fields=["user", "ballot"], name="elector_by_person")]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "user"], name="elector_once"),
            models.CheckConstraint(
                name="elector_voted_whole",
                condition=Q(voted_on=None, way="") | Q(voted_on__isnull=False, way__in=Way.values),
            ),
            # Whoever votes in the room is in it; a written opinion is of one who is not.
            models.CheckConstraint(
                name="elector_way_fits_presence",
                condition=Q(way="")
                | Q(way="written", is_present=False)
                | Q(way__in=["online", "paper"], is_present=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Tally(models.Model):
    """One counter. ``count`` grows by votes in the portal and written opinions, ``paper`` is what the tellers found."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="tallies")
    option = models.ForeignKey(BallotOption, on_delete=models.CASCADE, null=True, blank=True, related_name="tallies")
    choice = models.CharField(max_length=20, choices=Mark)
    count = models.PositiveIntegerField(default=0)
    paper = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("counter of a ballot")
        verbose_name_plural = _("counters of a ballot")
        ordering = ["option__number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "option", "choice"], name="tally_once"),
            models.UniqueConstraint(fields=["ballot", "choice"], condition=Q(option=None), name="tally_once_of_all"),
            models.CheckConstraint(name="tally_choice_known", condition=Q(choice__in=Mark.values)),
        ]

    def __str__(self) -> str:
        return str(self.get_choice_display())


class NamedVote(models.Model):
    """What somebody chose in an open ballot, where everybody sees the hands."""

    elector = models.OneToOneField(Elector, on_delete=models.CASCADE, related_name="named_vote")
    # ``[[option or null, mark], …]``
    choices = models.JSONField(default=list)

    class Meta:
        verbose_name = _("vote by name")
        verbose_name_plural = _("votes by name")

    def __str__(self) -> str:
        return str(self.elector)


class PaperCount(models.Model):
    """The papers of a ballot as two tellers counted them."""

    ballot = models.OneToOneField(Ballot, on_delete=models.CASCADE, related_name="paper_count")
    issued = models.PositiveIntegerField(_("papers issued"))
    returned = models.PositiveIntegerField(_("papers returned"))
    void = models.PositiveIntegerField(_("invalid papers"), default=0)
    first_teller = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("first teller")
    )
    second_teller = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("second teller")
    )
    counted_at = models.DateTimeField(_("counted at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )

    class Meta:
        verbose_name = _("count of papers")
        verbose_name_plural = _("counts of papers")
        constraints = [
            models.CheckConstraint(
                name="paper_count_two_tellers",
                condition=~Q(first_teller=F("second_teller")),
                violation_error_message=_("Two different people count the papers."),
            ),
            models.CheckConstraint(name="paper_count_void_of_returned", condition=Q(void__lte=F("returned"))),
        ]

    def __str__(self) -> str:
        return f"{self.returned}/{self.issued}"

