"""What was said, to whom, and how far each person's copy has come: the queue of record for every channel."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audiences.models import Audience
from portal.organizations.models import Organization

LEASE = timedelta(minutes=2)


class Message(models.Model):
    """One text as its kind and parameters; rendered for each reader in the reader's language."""

    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(_("key"), max_length=120)
    # Fingerprint of kind, parameters and address: one key may carry one text per person.
    digest = models.CharField(max_length=32, editable=False)
    params = models.JSONField(_("parameters"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    url = models.CharField(_("address"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("written at"), default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sent by"),
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("sent for")
    )
    audience = models.ForeignKey(
        Audience, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("audience")
    )
    # When every person of the audience had a row; empty while the fan-out is still to do or to resume.
    fanned_out_at = models.DateTimeField(_("distributed at"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )

    class Meta:
        verbose_name = _("notice text")
        verbose_name_plural = _("notice texts")
        constraints = [models.UniqueConstraint(fields=["key", "digest"], name="message_one_per_text")]
        indexes = [
            models.Index(fields=["by", "-id"], condition=Q(by__isnull=False), name="message_sent"),
            models.Index(
                fields=["id"], condition=Q(audience__isnull=False, fanned_out_at=None), name="message_to_fan_out"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class MailState(models.TextChoices):
    """How far the e-mail copy of a notice has come."""

    PENDING = "pending", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    SKIPPED = "skipped", _("not wanted")
    FAILED = "failed", _("failed")


class NoticeQuerySet(models.QuerySet):
    """Reads on people's copies."""

    def shown(self) -> "NoticeQuerySet":
        """Keep what stands in an inbox: everything but texts withdrawn before the person read them."""
        return self.filter(withdrawn=False)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None, withdrawn=False)

    def deliverable(self, now: datetime) -> "NoticeQuerySet":
        """Keep what a worker may take for mailing: due, or left by a worker whose lease has run out."""
        return self.filter(mail_due_at__lte=now)


class Notice(models.Model):
    """One person's copy of a message. Rows are narrow, because one message may have a hundred thousand."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="notices", verbose_name=_("text"))
    # The unique constraint begins with the recipient and serves as the index.
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notices",
        db_index=False,
        verbose_name=_("recipient"),
    )
    # 64 bits of the message's key: the database itself refuses the same key twice to one person.
    key_hash = models.BigIntegerField(editable=False)
    created_at = models.DateTimeField(_("received at"), default=timezone.now, editable=False)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True, editable=False)
    withdrawn = models.BooleanField(_("withdrawn unread"), default=False, editable=False)
    mail_state = models.CharField(
        _("e-mail"), max_length=8, choices=MailState, default=MailState.PENDING, editable=False
    )
    mail_claimed_at = models.DateTimeField(_("taken by a worker at"), null=True, blank=True, editable=False)
    mail_attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    # When a worker may take the row: its turn, or the end of the lease of the one that has it; empty when all is done.
    mail_due_at = models.DateTimeField(
        _("next attempt at"), null=True, blank=True, default=timezone.now, editable=False
    )
    mail_error = models.CharField(_("last error"), max_length=200, default="", blank=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key_hash"], name="notice_one_per_key"),
            models.CheckConstraint(name="notice_mail_state_known", condition=Q(mail_state__in=MailState.values)),
            models.CheckConstraint(
                name="notice_sending_is_claimed", condition=~Q(mail_state="sending") | Q(mail_claimed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="notice_mail_due_while_open",
                condition=Q(mail_state__in=["pending", "sending"], mail_due_at__isnull=False)
                | Q(mail_state__in=["sent", "skipped", "failed"], mail_due_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_inbox"),
            models.Index(fields=["recipient"], condition=Q(read_at=None, withdrawn=False), name="notice_unread"),
            models.Index(fields=["message"], condition=Q(read_at__isnull=False), name="notice_read"),
            models.Index(fields=["mail_due_at"], condition=Q(mail_due_at__isnull=False), name="notice_mail_due"),
            models.Index(fields=["-id"], condition=Q(mail_state="failed"), name="notice_mail_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} → {self.recipient_id}"

    def get_absolute_url(self) -> str:
        return reverse("notifications:notice", args=[self.pk])

    @property
    def is_read(self) -> bool:
        return self.read_at is not None


class Preference(models.Model):
    """What a person does not want to be told, or not by e-mail; no row means everything."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preferences", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=60)
    in_site = models.BooleanField(_("in the portal"), default=True)
    email = models.BooleanField(_("by e-mail"), default=True)

    class Meta:
        verbose_name = _("notice preference")
        verbose_name_plural = _("notice preferences")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="preference_one_per_kind"),
            models.CheckConstraint(
                name="preference_mail_needs_inbox",
                condition=Q(in_site=True) | Q(email=False),
                violation_error_message=_("What does not reach the inbox is not mailed either."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.kind}"
