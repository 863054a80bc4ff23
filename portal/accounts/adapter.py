"""How allauth behaves here: nobody signs up, accounts lock, links carry the site's own address."""

from functools import partial
from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.notifications import wake

from . import devices, locks, mail, notices
from .languages import remember_language
from .models import User
from .signals import happened


def site_url(path: str) -> str:
    """Return ``path`` under the configured address of the site, whatever Host the request claims."""
    return urljoin(settings.SITE_ADDRESS.rstrip("/") + "/", path.lstrip("/"))


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The number, e-mail address or password is not right."),
        "email_password_mismatch": _("The number, e-mail address or password is not right."),
        "too_many_login_attempts": _("Too many wrong passwords. Wait ten minutes, or choose a new password by e-mail."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from rosters, never from strangers."""
        return False

    # --- Signing in ---------------------------------------------------------------------------

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try in place of allauth's own limit, which goes by spelling and outlives a right password.

        The limit per address (``login``) is allauth's and was asked before.
        """
        name = _typed_name(credentials)
        user = locks.account_called(name)
        number = locks.claim_try(locks.key_of(user, name), now=timezone.now())
        self._attempt = (user, name, number)
        if not number:
            self._tell("accounts.sign_in_refused", outcome="refused")
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user = super().authenticate(request, **credentials)
        if user is not None:
            locks.forgive(user)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        self._tell("accounts.sign_in_failed", outcome="failed")
        if self._attempt[2] >= locks.TRIES:
            self._tell("accounts.locked", outcome="refused")

    def _tell(self, verb: str, *, outcome: str) -> None:
        """Report an attempt; a name that nobody has may be a password typed into the wrong field and stays hidden."""
        user, name, _number = self._attempt
        changes = {} if user else {"name": ["", f"#{locks.hash_of_name(name)[:12]}"]}
        happened.send(AccountAdapter, verb=verb, user=user, by=None, outcome=outcome, changes=changes)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        if user.language:
            remember_language(response, user.language)
        self._recognise(request, response, user)
        return response

    def _recognise(self, request: HttpRequest, response: HttpResponse, user: User) -> None:
        """Mark the device, and tell the account when it is a further one."""
        carried = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
        token = carried if devices.is_token(carried) else devices.new_token()
        with transaction.atomic():
            if known := devices.note_sign_in(user, token, on=timezone.localdate()):
                device = devices.device_of(request.headers.get("User-Agent", ""))
                notices.tell_of_new_device(user, known, device=device, at=timezone.now())
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME, token, max_age=devices.KEPT_DAYS * 86400, httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip

    def is_safe_url(self, url: str) -> bool:
        """Accept addresses on this host only; spellings that browsers read as another host are refused."""
        text = str(url or "")
        if "\\" in text or text.startswith("//") or any(ord(sign) <= 32 or ord(sign) == 127 for sign in text):
            return False
        return super().is_safe_url(text)

    def set_password(self, user: User, password: str) -> None:
        user.set_password(password)
        user.password_changed_at = timezone.now()
        user.save(update_fields=["password", "password_changed_at"])
        locks.forgive(user)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return where the request came from; a server on a socket file does not know and says 0.0.0.0."""
        try:
            return super().get_client_ip(request)
        except PermissionDenied:
            return "0.0.0.0"  # noqa: S104

    # --- Mail ---------------------------------------------------------------------------------

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        domain = urlsplit(settings.SITE_ADDRESS).netloc
        site = SimpleNamespace(name=settings.SITE_NAME or domain, domain=domain)
        words = {"request": allauth_context.request, "email": email, "current_site": site, **context}
        mail_id = mail.queue(self.render_mail(template_prefix, email, words))
        transaction.on_commit(partial(wake.account_mail, mail_id))

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        return site_url(reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token}))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return site_url(reverse("account_confirm_email", args=[emailconfirmation.key]))


def _typed_name(credentials: dict[str, Any]) -> str:
    return str(credentials.get("username") or credentials.get("email") or "")
