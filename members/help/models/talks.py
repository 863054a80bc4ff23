"""A heart-to-heart talk of two people: planned, held, and what they wrote down for themselves."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.encryption.fields import EncryptedTextField
from portal.organizations.models import Organization

from ..rules.talks import TalkKind

RECORD_MAX = 6000


class TalkState(models.TextChoices):
    PLANNED = "planned", _("planned")
    HELD = "held", _("held")
    DROPPED = "dropped", _("dropped")


class TalkQuerySet(models.QuerySet):
    def of_year(self, year: int) -> "TalkQuerySet":
        return self.filter(year=year)

    def counting(self) -> "TalkQuerySet":
        """Keep the talks that both have confirmed: only these fill a gap of the year."""
        return self.filter(state=TalkState.HELD, first_confirmed_on__isnull=False, second_confirmed_on__isnull=False)

    def of_person(self, user_id: int) -> "TalkQuerySet":
        return self.filter(Q(first=user_id) | Q(second=user_id))

    def without_record(self) -> "TalkQuerySet":
        """Bring the people along and leave the record where it is: nobody but the two reads it."""
        return self.defer("record").select_related("first", "second", "organization")


class HeartTalk(models.Model):
    """A talk of two people of one branch. ``record`` is theirs alone; the branch sees that it took place."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="heart_talks", verbose_name=_("organization")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    kind = models.CharField(_("kind"), max_length=20, choices=TalkKind)
    first = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("other person")
    )
    state = models.CharField(_("state"), max_length=8, choices=TalkState, default=TalkState.PLANNED)
    planned_on = models.DateField(_("planned on"), null=True, blank=True)
    held_on = models.DateField(pgettext_lazy("talk", "held on"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    record = EncryptedTextField(_("record"), max_length=RECORD_MAX, blank=True)
    first_confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True, editable=False)
    second_confirmed_on = models.DateField(_("confirmed by the other on"), null=True, blank=True, editable=False)
    dropped_words = models.CharField(_("why it was dropped"), max_length=300, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("planned by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = TalkQuerySet.as_manager()

    class Meta:
        verbose_name = _("heart-to-heart talk")
        verbose_name_plural = _("heart-to-heart talks")
        ordering = ["-year", "-pk"]
        indexes = [
            models.Index(fields=["organization", "year", "state"], name="heart_talk_by_year"),
            models.Index(fields=["first", "state"], name="heart_talk_first"),
            models.Index(fields=["second", "state"], name="heart_talk_second"),
        ]
        constraints = [
            models.CheckConstraint(
                name="heart_talk_two_people",
                condition=Q(first__lt=F("second")),
                violation_error_message=_("A talk takes two people."),
            ),
            models.UniqueConstraint(
                fields=["organization", "year", "first", "second"],
                condition=Q(state="planned"),
                name="heart_talk_planned_once",
                violation_error_message=_("A talk of these two is planned already."),
            ),
            models.CheckConstraint(name="heart_talk_state_known", condition=Q(state__in=TalkState.values)),
            models.CheckConstraint(name="heart_talk_kind_known", condition=Q(kind__in=TalkKind.values)),
            models.CheckConstraint(
                name="heart_talk_held_has_day",
                condition=Q(state="held", held_on__isnull=False) | (~Q(state="held") & Q(held_on=None)),
            ),
            models.CheckConstraint(
                name="heart_talk_confirmed_when_held",
                condition=Q(state="held") | Q(first_confirmed_on=None, second_confirmed_on=None),
            ),
            models.CheckConstraint(
                name="heart_talk_dropped_has_words",
                condition=~Q(state="dropped") | ~Q(dropped_words=""),
                violation_error_message=_("Say why the talk is dropped."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} · {self.second} · {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("members:help:talk-detail", args=[self.pk])

    @property
    def pair(self) -> tuple[int, int]:
        return (self.first_id, self.second_id)

    @property
    def is_confirmed(self) -> bool:
        return self.first_confirmed_on is not None and self.second_confirmed_on is not None

    @property
    def tone(self) -> str:
        if self.state == TalkState.HELD:
            return "success" if self.is_confirmed else "waiting"
        return "neutral" if self.state == TalkState.DROPPED else "info"

    @property
    def state_words(self) -> Any:
        """Say the state as the branch reads it: a talk counts when both have confirmed it."""
        if self.state == TalkState.HELD and not self.is_confirmed:
            return _("held, not confirmed by both")
        return self.get_state_display()

    def has_confirmed(self, user_id: int) -> bool:
        day = self.first_confirmed_on if user_id == self.first_id else self.second_confirmed_on
        return user_id in self.pair and day is not None

    def other_of(self, user_id: int) -> Any:
        """Return the one who is not ``user_id``."""
        return self.second if user_id == self.first_id else self.first
