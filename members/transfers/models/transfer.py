"""One transfer of an organization relation, its letters, its history, and the batch it may belong to."""

from datetime import date

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.models import Member
from portal.organizations.models import Organization, Standing

from ..rules.clocks import Clock, clock
from ..rules.states import CLOSED, OPEN, Answering, Kind, Route, Side, State, Verb, answers_for
from ..rules.values import NATIONAL

WORDS_MAX = 500
_OPEN = sorted(state.value for state in OPEN)
_CLOSED = sorted(state.value for state in CLOSED)
_TONES = {
    State.ACCEPTED: "success",
    State.REJECTED: "danger",
    State.EXPIRED: "danger",
    State.WITHDRAWN: "neutral",
}


class Batch(models.Model):
    """Transfers that a branch started together, as at graduation."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch")
    )
    title = models.CharField(_("title"), max_length=80)
    made_on = models.DateField(_("started on"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("started by"),
    )

    class Meta:
        verbose_name = _("batch of transfers")
        verbose_name_plural = _("batches of transfers")
        ordering = ["-made_on", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("members:transfers:batch-detail", args=[self.pk])


class TransferQuerySet(models.QuerySet):
    def open(self) -> "TransferQuerySet":
        return self.filter(state__in=_OPEN)

    def with_sides(self) -> "TransferQuerySet":
        """Bring along what every list and page shows."""
        return self.select_related(
            "person__user", "organization", "destination", "sender_committee", "receiver_committee"
        )


class Transfer(models.Model):
    """The way of one relation from a sender to a receiver.

    ``organization`` and ``sender_committee`` are the sender inside the university, ``destination`` and
    ``receiver_committee`` the receiver; where one side is outside, ``outside_committee`` and ``outside_unit`` name it.
    The committees are those that could approve members when the transfer began. ``expires_on`` is the clock of the
    letter in force.
    """

    person = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="transfers", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    route = models.CharField(_("route"), max_length=8, choices=Route)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.REQUESTED)
    standing = models.CharField(_("standing"), max_length=20, choices=Standing)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sender")
    )
    sender_committee = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("committee of the sender"),
    )  # fmt: skip
    destination = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("receiver")
    )
    receiver_committee = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("committee of the receiver"),
    )  # fmt: skip
    outside_committee = models.CharField(_("committee outside"), max_length=120, blank=True)
    outside_unit = models.CharField(_("unit outside"), max_length=120, blank=True)
    reason = models.TextField(_("reason"), blank=True, validators=[MaxLengthValidator(WORDS_MAX)])
    dues_paid_to = models.DateField(_("dues paid up to"), null=True, blank=True)
    file_checked = models.BooleanField(_("file gone through"), default=False)
    asked_on = models.DateField(_("asked for on"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    changed_on = models.DateField(_("last step on"))
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    end_words = models.TextField(_("why it ended"), blank=True, validators=[MaxLengthValidator(WORDS_MAX)])
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="transfers", verbose_name=_("batch")
    )

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["organization", "state"], name="transfer_from"),
            models.Index(fields=["destination", "state"], name="transfer_to"),
            models.Index(fields=["sender_committee", "state"], name="transfer_issuer"),
            models.Index(fields=["receiver_committee", "state"], name="transfer_receiver"),
            models.Index(fields=["expires_on"], condition=Q(state__in=_OPEN), name="transfer_clock"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=_OPEN),
                name="transfer_one_open",
                violation_error_message=_("A transfer of this person is under way already."),
            ),
            models.CheckConstraint(name="transfer_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="transfer_standing_known", condition=Q(standing__in=Standing.values)),
            models.CheckConstraint(
                name="transfer_route_of_kind",
                condition=Q(kind=Kind.INTERNAL_MOVE, route__in=[Route.WITHIN, Route.BETWEEN])
                | Q(kind=Kind.TRANSFER_OUT, route=Route.OUT)
                | Q(kind=Kind.TRANSFER_IN, route=Route.IN),
            ),
            models.CheckConstraint(
                name="transfer_sides_named",
                condition=(
                    Q(kind=Kind.INTERNAL_MOVE, organization__isnull=False, destination__isnull=False,
                      sender_committee__isnull=False, receiver_committee__isnull=False, outside_committee="")
                    | (Q(kind=Kind.TRANSFER_OUT, organization__isnull=False, sender_committee__isnull=False,
                         destination=None, receiver_committee=None) & ~Q(outside_committee=""))
                    | (Q(kind=Kind.TRANSFER_IN, destination__isnull=False, receiver_committee__isnull=False,
                         organization=None, sender_committee=None) & ~Q(outside_committee=""))
                ),
                violation_error_message=_("Name the sender and the receiver."),
            ),  # fmt: skip
            models.CheckConstraint(
                name="transfer_elsewhere",
                condition=Q(organization=None) | Q(destination=None) | ~Q(organization=F("destination")),
                violation_error_message=_("The person belongs to this branch already."),
            ),
            models.CheckConstraint(
                name="transfer_accepted_has_day",
                condition=Q(state=State.ACCEPTED, accepted_on__isnull=False)
                | (~Q(state=State.ACCEPTED) & Q(accepted_on=None)),
            ),
            models.CheckConstraint(
                name="transfer_closed_has_day",
                condition=Q(state__in=_CLOSED, closed_on__isnull=False) | Q(state__in=_OPEN, closed_on=None),
            ),
            models.CheckConstraint(
                name="transfer_rejected_says_why",
                condition=~Q(state=State.REJECTED) | ~Q(end_words=""),
                violation_error_message=_("Say why."),
            ),
            models.CheckConstraint(
                name="transfer_issued_was_checked",
                condition=Q(kind=Kind.TRANSFER_IN)
                | Q(state__in=[State.REQUESTED, State.REJECTED, State.WITHDRAWN])
                | Q(checked_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.sender} → {self.receiver}"

    def get_absolute_url(self) -> str:
        return reverse("members:transfers:transfer-detail", args=[self.pk])

    @property
    def sender(self) -> str:
        return str(self.organization) if self.organization else self.outside_committee

    @property
    def receiver(self) -> str:
        return str(self.destination) if self.destination else self.outside_committee

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def tone(self) -> str:
        return _TONES.get(State(self.state), "waiting")

    def answering(self, on: date) -> str:
        """Return the name of who answers for the person on a day (DJ art. 25)."""
        side = answers_for(self.state, self.accepted_on, on=on)
        return self.receiver if side == Answering.RECEIVER else self.sender

    def clock(self, on: date) -> Clock | None:
        return clock(self.expires_on, on=on) if self.is_open else None


class Letter(models.Model):
    """A transfer letter (three parts: stub, letter, receipt) and what came back of it.

    One that was issued here has ``organization`` and a number of its year; another's has the number it bears.
    """

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="letters", verbose_name=_("transfer"))
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("issued by")
    )
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    foreign_number = models.CharField(_("number of the letter"), max_length=40, blank=True)
    issued_on = models.DateField(_("issued on"))
    valid_days = models.PositiveSmallIntegerField(_("valid for days"))
    expires_on = models.DateField(_("valid until"))
    is_void = models.BooleanField(_("replaced or void"), default=False)
    explanation = models.CharField(_("why it was issued again"), max_length=300, blank=True)
    standing = models.CharField(_("standing"), max_length=20, choices=Standing)
    dues_paid_to = models.DateField(_("dues paid up to"), null=True, blank=True)
    to_committee = models.CharField(_("addressed to"), max_length=120)
    from_unit = models.CharField(_("from the unit"), max_length=120, blank=True)
    to_unit = models.CharField(_("to the unit"), max_length=120, blank=True)
    handler = models.CharField(_("handled by"), max_length=60, blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    fax = models.CharField(_("fax"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    received_on = models.DateField(_("received on"), null=True, blank=True)
    receiver = models.CharField(_("received by"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("transfer letter")
        verbose_name_plural = _("transfer letters")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "year", "number"],
                name="letter_number_once",
                violation_error_message=_("This number has been given already."),
            ),
            models.UniqueConstraint(
                fields=["transfer"], condition=Q(is_void=False), name="letter_one_in_force",
                violation_error_message=_("A letter is in force already."),
            ),
            models.CheckConstraint(
                name="letter_number_whole",
                condition=Q(
                    organization__isnull=False, year__isnull=False, number__isnull=False, number__gte=1,
                    foreign_number="",
                )
                | Q(organization=None, year=None, number=None),
            ),
            models.CheckConstraint(
                name="letter_days_in_range",
                condition=Q(valid_days__gte=1, valid_days__lte=NATIONAL.letter_days_max),
                violation_error_message=_("A letter is valid from 1 to 90 days."),
            ),
            models.CheckConstraint(name="letter_dates_in_order", condition=Q(expires_on__gt=F("issued_on"))),
            models.CheckConstraint(
                name="letter_receipt_whole",
                condition=Q(received_on=None, receiver="") | (Q(received_on__isnull=False) & ~Q(receiver="")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.serial

    @property
    def serial(self) -> str:
        return f"{self.year}-{self.number:04}" if self.number else self.foreign_number


class Event(models.Model):
    """One step a transfer took: the history, never changed."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="events", verbose_name=_("transfer"))
    verb = models.CharField(_("step"), max_length=12, choices=Verb)
    state = models.CharField(_("state after it"), max_length=20, choices=State)
    side = models.CharField(_("taken by"), max_length=20, choices=[(side.value, side.value) for side in Side])
    on = models.DateField(_("on"))
    at = models.DateTimeField(_("recorded"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    words = models.TextField(_("words"), blank=True, validators=[MaxLengthValidator(WORDS_MAX)])

    class Meta:
        verbose_name = _("step of a transfer")
        verbose_name_plural = _("steps of transfers")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="transfer_event_verb_known", condition=Q(verb__in=Verb.values)),
            models.CheckConstraint(name="transfer_event_state_known", condition=Q(state__in=State.values)),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} · {self.on}"
