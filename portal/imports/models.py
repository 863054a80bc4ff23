"""A run of an import, and its rows as they were read, judged and written."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from portal.organizations.models import Organization

from .registry import ImportKind, Outcome, kinds

UNDO_DAYS = 7


class State(models.TextChoices):
    UPLOADED = "uploaded", _("waiting to be checked")
    CHECKING = "checking", _("being checked")
    UNCLEAR = "unclear", _("columns to be named")
    READY = "ready", _("ready to confirm")
    APPLYING = "applying", _("being imported")
    DONE = "done", _("imported")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")
    FAILED = "failed", _("failed")
    DISCARDED = "discarded", _("discarded")


# What a worker works on; everything else waits for a person or is over.
BUSY = (State.UPLOADED, State.CHECKING, State.APPLYING, State.UNDOING)


_TONES = {State.READY: "info", State.UNCLEAR: "warning", State.DONE: "success", State.FAILED: "danger"}


class Take(models.TextChoices):
    """Which rows are taken when the run is confirmed."""

    VALID = "valid", _("All rows without errors")
    CLEAN = "clean", _("Only rows in which nothing was found to check")
    ALL = "all", _("All or none: nothing is imported while one row has an error")


class RowState(models.TextChoices):
    STAGED = "staged", _("staged")
    APPLIED = "applied", _("imported")
    LEFT = "left", _("left out")
    UNDONE = "undone", _("undone")
    KEPT = "kept", _("kept")


def place_of_file(run: "ImportRun", filename: str) -> str:
    """Return a storage name that says nothing about the list; the name the person gave is a column."""
    return f"imports/{timezone.localdate():%Y/%m}/{get_random_string(32)}.sealed"


class ImportRun(models.Model):
    """One workbook on its way in: read and checked, shown, confirmed, written, and for seven days undone on request."""

    kind = models.CharField(_("kind"), max_length=30)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="import_runs", verbose_name=_("by")
    )
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("organization"),
        help_text=_("Only people of this organization and below it are imported."),
    )
    file = models.FileField(_("file"), upload_to=place_of_file, blank=True)
    filename = models.CharField(_("file name"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UPLOADED)
    failure = models.JSONField(default=list, blank=True)  # [code, {parameters}]
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    header_row = models.PositiveIntegerField(_("heading row"), default=0)
    headings = models.JSONField(default=list, blank=True)
    mapping = models.JSONField(default=list, blank=True)  # a column code, or "", for each heading
    skipped = models.JSONField(default=list, blank=True)  # [[row number, reason], ...]
    proposals = models.JSONField(default=list, blank=True)
    created = models.JSONField(default=list, blank=True)  # what ``prepare`` created, for undo
    take = models.CharField(_("rows to take"), max_length=5, choices=Take, default=Take.VALID)
    create_missing = models.BooleanField(_("create what is missing"), default=False)

    total = models.PositiveIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    same_count = models.PositiveIntegerField(default=0)
    error_count = models.PositiveIntegerField(default=0)
    suspicious_count = models.PositiveIntegerField(default=0)
    applied_count = models.PositiveIntegerField(default=0)
    left_count = models.PositiveIntegerField(default=0)
    kept_count = models.PositiveIntegerField(default=0)

    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    place = models.PositiveIntegerField(default=0)  # the last row of the workbook that is finished in this state
    prepared = models.BooleanField(default=False)
    claim = models.PositiveIntegerField(
        default=0
    )  # rises with every worker that takes the run, so that a late one stops
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    created_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    applied_at = models.DateTimeField(_("imported at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["by", "-id"], name="importrun_by"),
            models.Index(fields=["claimed_at"], condition=Q(state__in=BUSY), name="importrun_busy"),
        ]
        constraints = [
            models.CheckConstraint(name="importrun_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="importrun_take_known", condition=Q(take__in=Take.values)),
            models.CheckConstraint(
                name="importrun_progress_in_bounds", condition=Q(progress_done__lte=F("progress_total"))
            ),
            models.CheckConstraint(
                name="importrun_done_has_time", condition=~Q(state=State.DONE) | Q(applied_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    def get_absolute_url(self) -> str:
        return reverse("imports:run", args=[self.pk])

    @property
    def spec(self) -> ImportKind:
        found = kinds.get(self.kind)
        if found is None:
            raise LookupError(f"No room imports {self.kind} any more.")
        return found

    @property
    def tone(self) -> str:
        """How the state is marked on pages."""
        return _TONES.get(State(self.state), "waiting" if self.is_busy else "neutral")

    @property
    def is_busy(self) -> bool:
        return self.state in BUSY

    @property
    def undo_until(self):
        return self.applied_at + timedelta(days=UNDO_DAYS) if self.applied_at else None

    @property
    def can_be_undone(self) -> bool:
        return self.state == State.DONE and self.purged_at is None and timezone.now() < self.undo_until


class ImportRow(models.Model):
    """One row of the workbook. Sensitive values in ``data``, ``diff`` and ``written`` are encrypted."""

    # The unique constraint below serves as the index of the key. Rows are written by the ten thousand, always while
    # their run is locked, and runs are never deleted: the database need not look the run up again for each row.
    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="rows", db_index=False, db_constraint=False
    )
    number = models.PositiveIntegerField(_("row"))
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome)
    suspicious = models.BooleanField(_("to be checked"), default=False)
    key = models.CharField(max_length=40, blank=True)
    label = models.CharField(max_length=80, blank=True)
    data = models.JSONField(default=dict)
    diff = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    state = models.CharField(max_length=7, choices=RowState, default=RowState.STAGED)
    object_id = models.BigIntegerField(null=True)
    written = models.JSONField(default=dict)  # what undo needs
    note = models.JSONField(default=list)  # a finding: why the row was left out, or what undo kept

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="importrow_once"),
            models.CheckConstraint(name="importrow_outcome_known", condition=Q(outcome__in=Outcome.values)),
            models.CheckConstraint(name="importrow_state_known", condition=Q(state__in=RowState.values)),
        ]
        indexes = [models.Index(fields=["run", "outcome", "number"], name="importrow_by_outcome")]

    def __str__(self) -> str:
        return f"{self.number} · {self.label}"
