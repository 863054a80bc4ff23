"""One ledger of the hours people studied and volunteered, whichever room they come from."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.organizations.models import Organization

# A single occasion: more than a month of days and nights is a slip of the pen.
MINUTES_MAX = 31 * 24 * 60


class HourKind(models.TextChoices):
    """What the time was given to; the two are never added up."""

    STUDY = "study", _("study")
    VOLUNTEERING = "volunteering", _("volunteering")


class HourEntryQuerySet(models.QuerySet):
    def standing(self) -> "HourEntryQuerySet":
        """Keep the entries that count."""
        return self.filter(annulled_at=None)


class HourEntry(models.Model):
    """Minutes of one person on one occasion.

    ``source`` is the code of the room and ``key`` names the occasion there: it counts for a person once. An entry is
    never changed; a wrong one is annulled and, if need be, entered anew.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hour_entries", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=HourKind)
    minutes = models.PositiveIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(MINUTES_MAX)]
    )
    on = models.DateField(_("on"))
    source = models.CharField(_("source"), max_length=40)
    key = models.CharField(_("occasion"), max_length=80)
    title = models.CharField(_("title"), max_length=120)
    # Who held the occasion; the entry itself belongs to the person and goes along wherever the person goes.
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("held by")
    )
    url = models.CharField(_("address"), max_length=200, blank=True)
    # Marks what one call has written, so that it can be read back whatever stood there before.
    batch = models.UUIDField(editable=False, db_index=True)
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    annulled_at = models.DateTimeField(_("annulled at"), null=True, blank=True)
    annulled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("annulled by"),
    )
    annulled_words = models.CharField(_("why annulled"), max_length=200, blank=True)

    objects = HourEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of hours")
        verbose_name_plural = _("entries of hours")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["person", "-on"], name="hours_of_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "source", "key"], condition=Q(annulled_at=None), name="hours_once_an_occasion"
            ),
            models.CheckConstraint(name="hours_kind_known", condition=Q(kind__in=HourKind.values)),
            models.CheckConstraint(
                name="hours_minutes_in_bounds", condition=Q(minutes__gte=1, minutes__lte=MINUTES_MAX)
            ),
            models.CheckConstraint(name="hours_source_named", condition=~Q(source="") & ~Q(key="")),
            models.CheckConstraint(
                name="hours_annulled_with_words",
                condition=Q(annulled_at=None, annulled_words="")
                | (Q(annulled_at__isnull=False) & ~Q(annulled_words="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.minutes}"
