"""The trail: one row for each thing done, refused or looked at, chained so that a change shows."""

from typing import NoReturn

from django.conf import settings
from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import verbs


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or delete a row of the trail."""


class Outcome(models.TextChoices):
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    REFUSED = "refused", _("refused")


class EntryQuerySet(models.QuerySet):
    """Reads only: what the database's triggers refuse, the ORM does not even try."""

    def update(self, **kwargs) -> NoReturn:
        raise AppendOnlyError

    def bulk_update(self, *args, **kwargs) -> NoReturn:
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        raise AppendOnlyError

    def _raw_delete(self, using) -> NoReturn:
        raise AppendOnlyError


def _shown(value: object) -> str:
    """Return a stored value as people read it."""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return "" if value is None else str(value)


class AuditEntry(models.Model):
    """Who did what to which object, when, from where and how it ended.

    The foreign keys carry no constraint: the row outlives what it speaks of and keeps the names it was written with.
    ``sequence``, ``prev_hash`` and ``hash`` are empty until ``seal`` chains the row; triggers refuse any other change.
    """

    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+",
        verbose_name=_("by"),
    )
    by_label = models.CharField(_("by"), max_length=100, blank=True)
    verb = models.CharField(_("what"), max_length=60)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, default=Outcome.DONE)
    model = models.CharField(_("kind of object"), max_length=60, blank=True)
    object_pk = models.CharField(_("key of the object"), max_length=64, blank=True)
    object_label = models.CharField(_("object"), max_length=200, blank=True)
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+",
        verbose_name=_("whose record"),
    )
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+",
        verbose_name=_("organization"),
    )
    changes = models.JSONField(_("changes"), default=dict)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    request_id = models.CharField(_("request"), max_length=16, blank=True)
    address = models.CharField(_("address"), max_length=45, blank=True)
    sequence = models.BigIntegerField(_("place in the chain"), null=True, editable=False)
    prev_hash = models.CharField(max_length=64, null=True, editable=False)
    hash = models.CharField(max_length=64, null=True, editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the audit trail")
        verbose_name_plural = _("audit trail")
        ordering = ["-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["id"], condition=Q(hash=None), name="audit_unsealed"),
            models.Index(fields=["model", "object_pk", "id"], name="audit_by_object"),
            models.Index(fields=["about", "id"], condition=Q(about__isnull=False), name="audit_by_person"),
            models.Index(fields=["by", "id"], condition=Q(by__isnull=False), name="audit_by_actor"),
            models.Index(
                fields=["organization", "id"], condition=Q(organization__isnull=False), name="audit_by_organization"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["sequence"], condition=Q(sequence__isnull=False), name="audit_sequence_once"
            ),
            models.CheckConstraint(name="audit_outcome_known", condition=Q(outcome__in=Outcome.values)),
            models.CheckConstraint(
                name="audit_sealed_whole",
                condition=Q(sequence=None, prev_hash=None, hash=None)
                | Q(sequence__isnull=False, prev_hash__isnull=False, hash__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} · {self.object_label or self.by_label}"

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, force_insert=True)

    def delete(self, *args, **kwargs) -> NoReturn:
        raise AppendOnlyError

    @property
    @admin.display(description=_("what"), ordering="verb")
    def verb_label(self) -> str:
        return verbs.label_of(self.verb)

    @property
    def change_rows(self) -> list[tuple[str, str, str]]:
        """Return the changes as field, before and after, ready to be shown."""
        rows = []
        for field, pair in self.changes.items():
            before, after = pair if isinstance(pair, list) and len(pair) == 2 else ("", pair)
            rows.append((field, _shown(before), _shown(after)))
        return rows
