"""What each owes and has paid: ledgers of branches, confirmed standards, payments, reductions."""

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Member
from portal.encryption.fields import EncryptedTextField
from portal.organizations.models import Organization
from portal.rulesets.words import article_words

from . import channels
from .months import in_words
from .rules import Kind

WORDS_MAX = 1000


def _by(label: object) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


class DuesLedger(models.Model):
    """The month from which a branch keeps its dues in the portal; nothing is owed here for months before it."""

    organization = models.OneToOneField(
        Organization, on_delete=models.PROTECT, related_name="dues_ledger", verbose_name=_("branch")
    )
    since = models.DateField(_("first month"))
    opened_by = _by(_("opened by"))
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)

    class Meta:
        verbose_name = _("dues ledger")
        verbose_name_plural = _("dues ledgers")
        constraints = [models.CheckConstraint(name="dues_ledger_month", condition=Q(since__day=1))]

    def __str__(self) -> str:
        return str(self.organization)


class DuesStandard(models.Model):
    """What a person owes each month from a month on, as confirmed; the base behind it is kept encrypted.

    ``until`` is the last day before the next standard; a standard replaced within its first month is ``voided``.
    """

    person = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="dues_standards", verbose_name=_("person")
    )
    kind = models.CharField(_("reckoned from"), max_length=12, choices=Kind)
    base = EncryptedTextField(_("base"), max_length=20, blank=True)
    amount = models.DecimalField(_("dues a month"), max_digits=10, decimal_places=2)
    edition = models.CharField(_("edition of the rules"), max_length=20)
    article = models.CharField(_("article"), max_length=20)
    valid_from = models.DateField(_("from month"))
    until = models.DateField(_("until"), null=True, blank=True)
    voided_at = models.DateTimeField(_("replaced at"), null=True, blank=True)
    confirmed_by = _by(_("confirmed by"))
    confirmed_at = models.DateTimeField(_("confirmed"), default=timezone.now)

    class Meta:
        verbose_name = _("dues standard")
        verbose_name_plural = _("dues standards")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(until=None, voided_at=None),
                name="dues_standard_one_open",
                violation_error_message=_("This person has a standard already."),
            ),
            models.UniqueConstraint(
                fields=["person", "valid_from"],
                condition=Q(voided_at=None),
                name="dues_standard_one_from_month",
                violation_error_message=_("A standard from this month exists already."),
            ),
            models.CheckConstraint(name="dues_standard_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="dues_standard_month", condition=Q(valid_from__day=1)),
            models.CheckConstraint(name="dues_standard_amount", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="dues_standard_months_in_order", condition=Q(until=None) | Q(until__gt=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {in_words(self.valid_from)}"

    @property
    def article_label(self) -> str:
        return article_words(self.article)


class PaymentKind(models.TextChoices):
    PAYMENT = "payment", _("payment")
    REVERSAL = "reversal", _("reversal")


class DuesPaymentQuerySet(models.QuerySet):
    def standing(self) -> "DuesPaymentQuerySet":
        """Keep the payments that no reversal has taken back."""
        taken = DuesPayment.objects.filter(reverses=OuterRef("pk"))
        return self.filter(~Exists(taken), kind=PaymentKind.PAYMENT)


class DuesPayment(models.Model):
    """Dues of one person for one month as recorded. A row is never changed: a reversal takes it back.

    ``owed`` is what was owed as of then; ``round`` counts how often the month was recorded, one more than it was
    taken back. ``token`` is that of the form it came by, so that a form sent twice is counted once.
    """

    person = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="dues_payments", verbose_name=_("person"))
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="dues_payments", verbose_name=_("branch")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=PaymentKind, default=PaymentKind.PAYMENT)
    month = models.DateField(_("month"))
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    owed = models.DecimalField(_("owed"), max_digits=10, decimal_places=2)
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    paid_on = models.DateField(_("paid on"))
    is_makeup = models.BooleanField(_("made up later"), default=False)
    channel = models.CharField(_("way of payment"), max_length=20)
    reference = models.CharField(_("number of the transfer"), max_length=60, blank=True)
    receipt_year = models.PositiveSmallIntegerField(_("year of the receipt"))
    receipt_serial = models.PositiveIntegerField(_("number in the year"))
    receipt_no = models.CharField(_("receipt"), max_length=50, unique=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversal", verbose_name=_("takes back")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    token = models.UUIDField(editable=False)
    recorded_by = _by(_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)

    objects = DuesPaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("dues payment")
        verbose_name_plural = _("dues payments")
        ordering = ["-month", "-pk"]
        indexes = [
            models.Index(fields=["organization", "month"], name="dues_payment_of_branch"),
            models.Index(fields=["token"], name="dues_payment_token"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "month", "round"],
                condition=Q(kind=PaymentKind.PAYMENT),
                name="dues_payment_once_a_month",
                violation_error_message=_("This month is paid already."),
            ),
            models.UniqueConstraint(
                fields=["organization", "receipt_year", "receipt_serial"], name="dues_receipt_numbered_once"
            ),
            models.CheckConstraint(name="dues_payment_kind_known", condition=Q(kind__in=PaymentKind.values)),
            models.CheckConstraint(name="dues_payment_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="dues_payment_enough",
                condition=Q(kind=PaymentKind.REVERSAL) | Q(amount__gt=0, amount__gte=F("owed"), owed__gte=0),
                violation_error_message=_("Less than owed is paid only with an approved reduction."),
            ),
            models.CheckConstraint(
                name="dues_reversal_whole",
                condition=Q(kind=PaymentKind.PAYMENT, reverses=None, reason="")
                | Q(~Q(reason=""), kind=PaymentKind.REVERSAL, reverses__isnull=False, amount__lt=0),
                violation_error_message=_("A reversal names the payment it takes back, and the reason."),
            ),
            models.CheckConstraint(name="dues_payment_has_channel", condition=~Q(channel="")),
        ]

    def __str__(self) -> str:
        return self.receipt_no

    def get_absolute_url(self) -> str:
        return reverse("members:dues:receipt", args=[self.pk])

    @property
    def channel_label(self) -> str:
        return channels.label_of(self.channel)


class ReductionState(models.TextChoices):
    ASKED = "asked", _("waits for the committee")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")


class Reduction(models.Model):
    """Less or no dues for some months: studied by the branch, approved by the committee above (DF08).

    The reason tells of hardship, and is kept encrypted.
    """

    person = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="dues_reductions", verbose_name=_("person")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="dues_reductions", verbose_name=_("branch")
    )
    first = models.DateField(_("first month"))
    last = models.DateField(_("last month"))
    amount = models.DecimalField(
        _("to pay a month"), max_digits=10, decimal_places=2, help_text=_("0 waives the dues.")
    )
    reason = EncryptedTextField(_("reason"), validators=[MaxLengthValidator(WORDS_MAX)])
    decided_on = models.DateField(_("the branch decided on"))
    state = models.CharField(_("state"), max_length=10, choices=ReductionState, default=ReductionState.ASKED)
    asked_by = _by(_("asked by"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    words = models.TextField(_("words of the committee"), blank=True, validators=[MaxLengthValidator(WORDS_MAX)])
    answered_by = _by(_("answered by"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("reduction of dues")
        verbose_name_plural = _("reductions of dues")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state=ReductionState.ASKED),
                name="dues_reduction_one_asked",
                violation_error_message=_("A reduction for this person waits for the committee already."),
            ),
            models.CheckConstraint(name="dues_reduction_state_known", condition=Q(state__in=ReductionState.values)),
            models.CheckConstraint(
                name="dues_reduction_months", condition=Q(first__day=1, last__day=1, last__gte=F("first"))
            ),
            models.CheckConstraint(name="dues_reduction_amount", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="dues_reduction_answer_whole",
                condition=Q(state=ReductionState.ASKED, answered_at=None, answered_by=None, words="")
                | Q(~Q(state=ReductionState.ASKED), answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="dues_reduction_refused_in_words",
                condition=~Q(state=ReductionState.REFUSED) | ~Q(words=""),
                violation_error_message=_("Say why it is refused."),
            ),
            models.CheckConstraint(
                name="dues_reduction_two_people",
                condition=Q(asked_by=None) | Q(answered_by=None) | ~Q(asked_by=F("answered_by")),
                violation_error_message=_("Whoever asked for a reduction does not approve it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {in_words(self.first)} – {in_words(self.last)}"

    def get_absolute_url(self) -> str:
        return reverse("members:dues:reduction-detail", args=[self.pk])

    @property
    def is_waiver(self) -> bool:
        return self.amount == 0
