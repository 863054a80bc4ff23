"""A person's archive, and the corrections that the person asks for."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.encryption.fields import EncryptedTextField
from portal.files.models import StoredFile
from portal.organizations.models import Organization, Standing
from portal.web.addresses import address

from . import codes


def _in_order(name: str, earlier: str, later: str, words: Any) -> models.CheckConstraint:
    """Return the constraint that ``later`` does not come before ``earlier`` when both are known."""
    return models.CheckConstraint(
        name=f"member_{name}",
        condition=Q(**{earlier: None}) | Q(**{later: None}) | Q(**{f"{later}__gte": F(earlier)}),
        violation_error_message=words,
    )


def _listed(field: str, values: list[str]) -> models.CheckConstraint:
    """Return the constraint that ``field`` is empty or one of its code list."""
    return models.CheckConstraint(
        name=f"member_{field}_known", condition=Q(**{field: ""}) | Q(**{f"{field}__in": values})
    )


class MemberQuerySet(models.QuerySet):
    def with_person(self) -> "MemberQuerySet":
        """Bring the account and the place along, as every list shows them."""
        return self.select_related("user", "organization")


class Member(models.Model):
    """The archive of one person, member or not yet: the fields of the collection form (domain.md 8.1).

    ``organization``, ``standing`` and ``standing_since`` repeat the current affiliation and are kept by
    ``members.services.place``. ``version`` counts the edits, so that two editors notice each other.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="member", verbose_name=_("person")
    )
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("organization"),
    )
    standing = models.CharField(_("standing"), max_length=20, choices=Standing, default=Standing.MASS)
    standing_since = models.DateField(_("standing since"), null=True, blank=True)

    former_name = models.CharField(_("former name"), max_length=60, blank=True)
    sex = models.CharField(_("sex"), max_length=1, choices=codes.Sex, blank=True)
    ethnicity = models.CharField(_("ethnicity"), max_length=2, choices=codes.ETHNICITIES, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True, help_text=_("As in the personnel file."))
    native_place = models.CharField(_("native place"), max_length=60, blank=True)
    birthplace = models.CharField(_("place of birth"), max_length=60, blank=True)
    id_no = EncryptedTextField(_("identity number"), max_length=18, blank=True)
    photo = models.ForeignKey(
        StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("photo")
    )
    id_no_index = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)

    mobile = EncryptedTextField(_("mobile number"), max_length=20, blank=True)
    mobile_index = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    landline = models.CharField(
        _("landline"),
        max_length=30,
        blank=True,
        validators=[
            RegexValidator(r"^0\d{2,3}-?\d{7,8}(-\d{1,6})?$", _("Write the landline as area code, hyphen, number."))
        ],
    )
    home_address = EncryptedTextField(_("home address"), max_length=200, blank=True)
    current_address = EncryptedTextField(_("current address"), max_length=200, blank=True)
    household_police_station = models.CharField(
        _("police station of the household register"), max_length=100, blank=True
    )

    education_level = models.CharField(_("education"), max_length=3, choices=codes.EducationLevel, blank=True)
    degree = models.CharField(_("degree"), max_length=1, choices=codes.Degree, blank=True)
    education_mode = models.CharField(_("kind of education"), max_length=12, choices=codes.EducationMode, blank=True)
    school = models.CharField(_("school"), max_length=100, blank=True)
    major = models.CharField(_("major"), max_length=100, blank=True)
    enrolled_on = models.DateField(_("enrolled on"), null=True, blank=True)
    graduated_on = models.DateField(_("graduated on"), null=True, blank=True)

    person_kind = models.CharField(_("kind of person"), max_length=16, choices=codes.PersonKind, blank=True)
    college = models.CharField(_("college"), max_length=100, blank=True)
    grade = models.CharField(_("grade"), max_length=20, blank=True)
    class_name = models.CharField(_("class"), max_length=60, blank=True)
    supervisor = models.CharField(_("supervisor"), max_length=60, blank=True)
    counsellor = models.CharField(_("counsellor"), max_length=60, blank=True)
    work_started_on = models.DateField(_("started work on"), null=True, blank=True)
    job_category = models.CharField(_("job category"), max_length=60, blank=True)
    title = models.CharField(_("professional title"), max_length=60, blank=True)
    job = models.CharField(_("position"), max_length=60, blank=True)

    political_status = models.CharField(_("political status"), max_length=2, choices=codes.PoliticalStatus, blank=True)
    application_on = models.DateField(_("applied for membership on"), null=True, blank=True)
    activist_on = models.DateField(_("activist since"), null=True, blank=True)
    target_on = models.DateField(_("development target since"), null=True, blank=True)
    joined_on = models.DateField(
        _("joined the party on"), null=True, blank=True, help_text=_("The day of the branch congress.")
    )
    converted_on = models.DateField(_("full member since"), null=True, blank=True)
    conversion_kind = models.CharField(
        _("how probation ended"), max_length=16, choices=codes.ConversionKind, blank=True
    )
    joined_branch = models.CharField(_("branch when joining"), max_length=120, blank=True)
    sponsors = models.CharField(_("sponsors"), max_length=120, blank=True)
    contact_name = models.CharField(_("cultivation contacts named in the roster"), max_length=120, blank=True)
    entry_kind = models.CharField(
        _("how the person came into the branch"), max_length=28, choices=codes.EntryKind, blank=True
    )
    entered_on = models.DateField(_("came into the branch on"), null=True, blank=True)
    leave_kind = models.CharField(
        _("how the person left the branch"), max_length=20, choices=codes.LeaveKind, blank=True
    )
    left_on = models.DateField(_("left the branch on"), null=True, blank=True)
    file_kept_at = models.CharField(_("where the personnel file is kept"), max_length=120, blank=True)
    notes = models.TextField(_("notes"), blank=True, validators=[MaxLengthValidator(2000)])

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["pk"]
        indexes = [models.Index(fields=["organization", "standing", "id"], name="member_place")]
        constraints = [
            models.CheckConstraint(name="member_standing_known", condition=Q(standing__in=Standing.values)),
            models.CheckConstraint(
                name="member_placed_since",
                condition=Q(organization=None) | Q(standing_since__isnull=False),
                violation_error_message=_("Give the day from which the standing counts."),
            ),
            _listed("sex", codes.Sex.values),
            _listed("ethnicity", [code for code, label in codes.ETHNICITIES]),
            _listed("education_level", codes.EducationLevel.values),
            _listed("degree", codes.Degree.values),
            _listed("education_mode", codes.EducationMode.values),
            _listed("person_kind", codes.PersonKind.values),
            _listed("political_status", codes.PoliticalStatus.values),
            _listed("conversion_kind", codes.ConversionKind.values),
            _listed("entry_kind", codes.EntryKind.values),
            _listed("leave_kind", codes.LeaveKind.values),
            _in_order("born_first", "birth_date", "application_on", _("The application cannot come before birth.")),
            _in_order("studies", "enrolled_on", "graduated_on", _("Graduation cannot come before enrolment.")),
            _in_order("stay", "entered_on", "left_on", _("Leaving the branch cannot come before entering it.")),
            _in_order("activist", "application_on", "activist_on", _("Nobody becomes an activist before applying.")),
            _in_order(
                "target", "activist_on", "target_on", _("Nobody becomes a development target before being an activist.")
            ),
            _in_order("joined", "target_on", "joined_on", _("Nobody joins before being a development target.")),
            _in_order("converted", "joined_on", "converted_on", _("Nobody becomes a full member before joining.")),
        ]

    def __str__(self) -> str:
        return str(self.user)

    def get_absolute_url(self) -> str:
        return address("members:member-detail", self.pk)

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def number(self) -> str:
        return self.user.number

    @property
    def photo_url(self) -> str:
        return self.photo.rendition_url("card") if self.photo else ""


class DocumentKind(models.TextChoices):
    """What a scan in the archive is (domain.md 3.5)."""

    APPLICATION_LETTER = "application_letter", _("application letter")
    AUTOBIOGRAPHY = "autobiography", _("autobiography")
    MEMBERSHIP_FORM = "membership_form", _("membership application form")
    CONVERSION_APPLICATION = "conversion_application", _("conversion application")
    CERTIFICATE = "certificate", _("certificate")
    TRANSFER_LETTER = "transfer_letter", _("transfer letter")
    AWARD = "award", _("award")
    OTHER = "other", _("other")


class ArchiveDocument(models.Model):
    """A document filed in a person's archive; read by the person and by those who keep the archive."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="documents", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=24, choices=DocumentKind)
    title = models.CharField(_("title"), max_length=120)
    dated_on = models.DateField(_("date of the document"), null=True, blank=True)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("file"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("filed by")
    )
    added_at = models.DateTimeField(_("filed"), auto_now_add=True)

    class Meta:
        verbose_name = _("document of the archive")
        verbose_name_plural = _("documents of the archive")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="document_kind_known", condition=Q(kind__in=DocumentKind.values)),
        ]

    def __str__(self) -> str:
        return self.title


class CorrectionState(models.TextChoices):
    OPEN = "open", _("waits for an answer")
    CORRECTED = "corrected", _("corrected")
    DECLINED = "declined", _("declined")


class CorrectionRequest(models.Model):
    """What a person finds wrong in the own archive; answered in words by those who keep it."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="corrections", verbose_name=_("person"))
    field = models.CharField(_("what is wrong"), max_length=40, blank=True)
    words = models.TextField(_("what it should be"), validators=[MaxLengthValidator(1000)])
    state = models.CharField(_("state"), max_length=10, choices=CorrectionState, default=CorrectionState.OPEN)
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    answer = models.TextField(_("answer"), blank=True, validators=[MaxLengthValidator(1000)])
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )

    class Meta:
        verbose_name = _("correction request")
        verbose_name_plural = _("correction requests")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="correction_state_known", condition=Q(state__in=CorrectionState.values)),
            models.CheckConstraint(
                name="correction_answer_whole",
                condition=Q(state=CorrectionState.OPEN, answered_at=None, answered_by=None, answer="")
                | Q(
                    ~Q(state=CorrectionState.OPEN), ~Q(answer=""), answered_at__isnull=False, answered_by__isnull=False
                ),
                violation_error_message=_("An answer has words, a day and a person."),
            ),
            models.UniqueConstraint(
                fields=["member", "field"],
                condition=Q(state=CorrectionState.OPEN),
                name="correction_one_open_per_field",
                violation_error_message=_("You have asked for this already; the answer is still to come."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.field}"

    @property
    def field_label(self) -> str:
        """What the request is about, in words."""
        return str(Member._meta.get_field(self.field).verbose_name if self.field else _("something else"))
