"""Dated remarks that decide as what somebody sits in meetings for as long as they hold."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.organizations.models import Organization
from portal.organizations.models.people import DatedQuerySet


class SeatRemarkKind(models.TextChoices):
    # Aged or ill members: no hard demand on attendance (DJ 23). They stay in the base of votes.
    EXEMPT = "exempt", _("need not attend")
    # Observation within the party, custody (XJ20 5).
    NO_VOTE = "no_vote", _("the vote rests")
    # Left out of the base with the superior's agreement and the congress's approval (domain.md 3.3).
    NOT_COUNTED = "not_counted", _("not counted among those due in votes")


class SeatRemark(models.Model):
    """What holds for somebody's seat in an organization's meetings from a day until a day, both inclusive."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seat_remarks", verbose_name=_("person")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="seat_remarks", verbose_name=_("organization")
    )
    kind = models.CharField(_("remark"), max_length=12, choices=SeatRemarkKind)
    words = models.CharField(pgettext_lazy("remark", "why"), max_length=200)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark on a seat")
        verbose_name_plural = _("remarks on seats")
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization", "kind"],
                condition=Q(until=None),
                name="seat_remark_one_open",
                violation_error_message=_("This holds for the person already."),
            ),
            models.CheckConstraint(name="seat_remark_kind_known", condition=Q(kind__in=SeatRemarkKind.values)),
            models.CheckConstraint(name="seat_remark_has_words", condition=~Q(words="")),
            models.CheckConstraint(
                name="seat_remark_dates_in_order",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("The end cannot come before the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_kind_display()}"
