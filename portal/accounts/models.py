"""The account: who signs in, and by which name the portal calls them."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Create accounts; a number or an e-mail address is enough to sign in with."""

    use_in_migrations = True

    def create_user(self, number: str, email: str | None = None, password: str | None = None, **fields) -> "User":
        user = self.model(number=number, email=self.normalize_email(email) or None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, number: str | None) -> "User":
        return self.get(number=number)


class User(AbstractBaseUser, PermissionsMixin):
    """A person's account. What the person may do follows from posts on the tree, never from flags here."""

    number = models.CharField(
        _("student or staff number"),
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[0-9A-Za-z_-]+$", _("Use letters, digits, hyphens and underscores only."))],
    )
    email = models.EmailField(_("e-mail address"), null=True, blank=True)
    name = models.CharField(_("name"), max_length=60)
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    password_changed_at = models.DateTimeField(_("password chosen"), null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "number"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_one_per_email",
                violation_error_message=_("Another account uses this e-mail address."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.number

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Whether Django's own admin checks let the account pass; the portal's admin site asks for duties instead."""
        return self.is_active


class SignInLock(models.Model):
    """How often a password was tried for one account in a row, and until when no further try counts.

    ``key`` names an account, or by a keyed hash a name that no account has: both lock alike, so that they cannot be
    told apart. In the database rather than the cache, so that losing the cache opens no door.
    """

    key = models.CharField(max_length=72, unique=True)
    tries = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("lock on sign-in")
        verbose_name_plural = _("locks on sign-in")

    def __str__(self) -> str:
        return self.key


class KnownDevice(models.Model):
    """A device that an account has been used on: a keyed hash of its cookie and the day it was last used."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="known_devices", verbose_name=_("account"))
    token_hash = models.CharField(max_length=64)
    used_on = models.DateField()

    class Meta:
        verbose_name = _("known device")
        verbose_name_plural = _("known devices")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "token_hash"],
                name="known_device_once",
                violation_error_message=_("This device is known already."),
            ),
        ]

    def __str__(self) -> str:
        return self.token_hash[:12]


class AccountMail(models.Model):
    """A mail about an account that waits for a worker; sealed, and gone once it is sent.

    In the database rather than only with the broker, so that a broker that loses everything loses no mail.
    """

    sealed = models.TextField()
    due_at = models.DateTimeField(db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("waiting mail")
        verbose_name_plural = _("waiting mails")

    def __str__(self) -> str:
        return str(self.pk)


def display_name(user: User) -> str:
    """Return the name by which allauth's pages address ``user``."""
    return str(user)
