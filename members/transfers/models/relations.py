"""Dated states of a member's relation that is not simply in place: kept after graduation, floating, abroad, lost."""

from datetime import date

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.models import Member

from ..rules.clocks import RelationState, contact_due, limit_of
from ..rules.values import NATIONAL


class LostReason(models.TextChoices):
    """Why contact was lost, as the form of the search asks (domain.md 6.3)."""

    MIGRANT_WORK = "1", _("works elsewhere")
    UNIT_REFORM = "2", _("the unit was reformed or went bankrupt")
    AFTER_GRADUATION = "3", _("whereabouts unknown after graduation")
    CHANGED_UNIT = "4", _("changed the unit")
    ABROAD = "5", _("went abroad")
    MOVED_HOME = "6", _("moved home")
    OTHER = "7", _("other")


class RelationQuerySet(models.QuerySet):
    def current(self) -> "RelationQuerySet":
        return self.filter(until=None)

    def with_person(self) -> "RelationQuerySet":
        return self.select_related("person__user", "person__organization")


class RelationPeriod(models.Model):
    """A state of a member's relation from a day until a day; the branch goes on answering (DJ art. 24, 32, 34)."""

    # What the days below are reckoned by; ``queries.limits.under_limits`` puts the university's in its place.
    limits = NATIONAL

    person = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="relations", verbose_name=_("person"))
    state = models.CharField(_("state"), max_length=28, choices=RelationState)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    place = models.CharField(_("where"), max_length=120, blank=True, help_text=_("Place or country of stay."))
    host = models.CharField(_("organization there"), max_length=120, blank=True)
    contact = models.CharField(_("how to reach the person"), max_length=120, blank=True)
    responsible = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("who keeps in touch"),
    )  # fmt: skip
    reason_code = models.CharField(_("why contact was lost"), max_length=1, choices=LostReason, blank=True)
    words = models.TextField(_("remarks"), blank=True, validators=[MaxLengthValidator(500)])
    last_contact_on = models.DateField(_("last contact on"), null=True, blank=True)
    end_words = models.CharField(_("how it ended"), max_length=200, blank=True)

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of a relation")
        verbose_name_plural = _("states of relations")
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(until=None),
                name="relation_one_current",
                violation_error_message=_("The relation of this person is in such a state already; end that first."),
            ),
            models.CheckConstraint(name="relation_state_known", condition=Q(state__in=RelationState.values)),
            models.CheckConstraint(
                name="relation_dates_in_order",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("The end cannot come before the beginning."),
            ),
            models.CheckConstraint(
                name="relation_lost_has_reason",
                condition=~Q(state=RelationState.LOST) | ~Q(reason_code=""),
                violation_error_message=_("Say why contact was lost."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("members:transfers:relation-detail", args=[self.pk])

    @property
    def limit(self) -> date | None:
        return limit_of(self.state, self.since, self.limits)

    @property
    def contact_due(self) -> date | None:
        if self.until is not None:
            return None
        return contact_due(self.state, self.since, self.last_contact_on, self.limits)


class RelationContact(models.Model):
    """One attempt to reach a person who is away, and what came of it; for the lost this is the log of the search."""

    relation = models.ForeignKey(
        RelationPeriod, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("relation")
    )
    on = models.DateField(_("on"))
    means = models.CharField(_("by what means"), max_length=60)
    is_reached = models.BooleanField(_("the person was reached"), default=True)
    words = models.TextField(_("what was learned"), blank=True, validators=[MaxLengthValidator(500)])
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("contact with a person away")
        verbose_name_plural = _("contacts with people away")
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.on} · {self.means}"
