"""Tables of rule sets: what a university or a branch sets beside the national values, and the days of each year."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.organizations.models import Organization

from . import words
from .editions import EDITIONS
from .values import Edition, Value


class RuleSetting(models.Model):
    """An amount set on a node: the university's own layer on the root, a habit (advice only) on a branch."""

    edition = models.CharField(_("edition"), max_length=40)
    code = models.CharField(_("rule"), max_length=60)
    amount = models.PositiveIntegerField(_("amount"))
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="rule_settings", verbose_name=_("organization")
    )
    words = models.CharField(_("reason"), max_length=300, help_text=_("Why, and by which decision of the university."))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("set by")
    )
    at = models.DateTimeField(_("set at"))

    class Meta:
        verbose_name = _("rule setting")
        verbose_name_plural = _("rule settings")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "edition", "code"],
                name="rule_setting_once_per_node",
                violation_error_message=_("This rule is set there already. Change the setting."),
            ),
            models.CheckConstraint(name="rule_setting_has_reason", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return str(words.label(self.code))

    @property
    def kept_edition(self) -> Edition | None:
        return EDITIONS.get(self.edition)

    @property
    def value(self) -> Value | None:
        """Return the national value this stands beside; none when the edition no longer names it."""
        return self.kept_edition.value(self.code) if self.kept_edition else None


class CalendarYear(models.Model):
    """A year whose holidays and shifted workdays are kept; ``is_announced`` once the State Council has named them."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    is_announced = models.BooleanField(
        _("announced"),
        default=False,
        help_text=_("The State Council has announced the days of this year. Until then dates in it are provisional."),
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("entered by")
    )
    at = models.DateTimeField(_("entered at"), null=True)

    class Meta:
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(name="calendar_year_in_range", condition=Q(year__gte=2000, year__lte=2100)),
            models.CheckConstraint(
                name="calendar_year_announced_with_source",
                condition=Q(is_announced=False) | ~Q(source=""),
                violation_error_message=_("Name the notice in which the days were announced."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)


class DayKind(models.TextChoices):
    HOLIDAY = "holiday", _("holiday")
    WORKDAY = "workday", _("shifted workday")


class CalendarDay(models.Model):
    """A day that is not what its weekday says."""

    year = models.ForeignKey(CalendarYear, on_delete=models.CASCADE, related_name="days", verbose_name=_("year"))
    day = models.DateField(_("day"), unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=DayKind)
    name = models.CharField(_("name"), max_length=50, blank=True)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(name="calendar_day_kind_known", condition=Q(kind__in=DayKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"
