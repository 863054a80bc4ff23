"""What somebody is typing, kept on the server until it is handed in."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

KEY_PATTERN = r"[a-z0-9][a-z0-9_.:-]{0,99}"


class Draft(models.Model):
    """The last state of one long form of one person; ``version`` counts its savings, ``device`` names the open page."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts", verbose_name=_("person")
    )
    key = models.CharField(_("form"), max_length=100, validators=[RegexValidator(rf"^{KEY_PATTERN}$")])
    data = models.JSONField(_("fields"), default=dict, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    device = models.CharField(_("open page"), max_length=64, blank=True)
    # Counts the savings of one open page, so that one that comes late does not undo a newer one.
    sequence = models.PositiveIntegerField(_("saving of this page"), default=0)
    saved_at = models.DateTimeField(_("saved at"), db_index=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"],
                name="draft_one_per_form",
                violation_error_message=_("A draft of this form is kept already."),
            ),
            models.CheckConstraint(name="draft_version_from_one", condition=Q(version__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.key}"
