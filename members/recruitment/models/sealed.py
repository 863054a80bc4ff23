"""The sealed part of a file: letters and replies of the political review, and who opened them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.files.models import StoredFile

from .cases import Case


class SealedKind(models.TextChoices):
    INQUIRY = "inquiry", _("letter of inquiry")
    REPLY = "reply", _("reply to an inquiry")
    PROOF = "proof", _("statement about a relative")
    OTHER = "other", _("other paper of the political review")


class SealedFile(models.Model):
    """A scan of the political review: about relatives more than about the candidate, and not for the candidate's eyes.

    It is in no paper of the file, in no search and in no list but its own; each look gives its reason.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sealed_files", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=8, choices=SealedKind)
    subject = models.CharField(_("whom it is about"), max_length=60)
    dated_on = models.DateField(_("date on the paper"), null=True, blank=True)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("file"))
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("filed by")
    )
    filed_at = models.DateTimeField(_("filed at"), auto_now_add=True)

    class Meta:
        verbose_name = _("sealed file")
        verbose_name_plural = _("sealed files")
        ordering = ["case", "pk"]
        constraints = [
            models.CheckConstraint(name="sealed_kind_known", condition=models.Q(kind__in=SealedKind.values)),
            models.CheckConstraint(name="sealed_has_subject", condition=~models.Q(subject="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.case_id}"


class SealedOpening(models.Model):
    """One look at a sealed file: for a few minutes after it the reader gets the file itself."""

    sealed = models.ForeignKey(
        SealedFile, on_delete=models.CASCADE, related_name="openings", verbose_name=_("sealed file")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    opened_at = models.DateTimeField(_("opened at"))

    class Meta:
        verbose_name = _("opening of a sealed file")
        verbose_name_plural = _("openings of sealed files")
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["sealed", "by", "opened_at"], name="sealed_opened")]

    def __str__(self) -> str:
        return f"{self.sealed_id} · {self.opened_at:%Y-%m-%d %H:%M}"
