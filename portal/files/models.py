"""A stored file: what it is, where it lies, and whose it is."""

import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a file is uploaded as; decides which types and sizes are taken (``rules.py``)."""

    IMAGE = "image", _("picture")
    DOCUMENT = "document", _("document")
    VIDEO = "video", _("video")
    SCAN = "scan", _("scan")
    ATTACHMENT = "attachment", _("attachment")
    VOICE = "voice", _("voice message")


class StoredFile(models.Model):
    """One upload, under a random name outside the web root.

    Whoever may view the owner may view the file. Without an owner it is its uploader's alone and is swept after a day.
    """

    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    file = models.FileField(_("place on disk"), max_length=120, editable=False)
    name = models.CharField(_("file name"), max_length=120)
    mime = models.CharField(_("type"), max_length=100, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    # Pictures only, as stored: turned upright and re-encoded.
    width = models.PositiveIntegerField(_("width"), null=True, blank=True, editable=False)
    height = models.PositiveIntegerField(_("height"), null=True, blank=True, editable=False)
    # Recordings only, where the container tells it.
    seconds = models.PositiveIntegerField(_("length in seconds"), null=True, blank=True, editable=False)
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, null=True, blank=True, editable=False, related_name="+"
    )
    object_id = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    owner = GenericForeignKey("content_type", "object_id")

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="file_owner"),
            models.Index(fields=["uploaded_by", "uploaded_at"], condition=Q(object_id=None), name="file_loose"),
        ]
        constraints = [
            models.CheckConstraint(name="file_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(
                name="file_owner_whole",
                condition=Q(content_type=None, object_id=None) | Q(content_type__isnull=False, object_id__isnull=False),
            ),
            models.CheckConstraint(
                name="file_picture_has_size",
                condition=Q(width=None, height=None) | Q(width__gt=0, height__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("files:download", args=[self.token, self.name])

    @property
    def is_picture(self) -> bool:
        """Whether it was re-encoded as a picture, so that renditions exist and it may be shown in a page."""
        return self.width is not None

    @property
    def extension(self) -> str:
        return self.name.rpartition(".")[2].upper()

    def rendition_url(self, rendition: str) -> str:
        """Return the address of ``thumb``, ``card`` or ``wide``; empty for what is no picture."""
        return reverse("files:rendition", args=[self.token, rendition]) if self.is_picture else ""

    def rendition_name(self, rendition: str) -> str:
        """Return where the rendition lies in the storage."""
        return f"{self.file.name.rpartition('.')[0]}-{rendition}.webp"
