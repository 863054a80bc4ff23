"""When a session ends, and who must show a second factor."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.access.rights import rights_of
from portal.web.sent import sent_from, typed_texts
from portal.web.views import signed_out

from .doors import ask_second_factor
from .factors import has_second_factor
from .languages import language_of
from .sessions import BEGAN, SEEN

GetResponse = Callable[[HttpRequest], HttpResponse]

WRITE_EVERY_SECONDS = 120


class LanguageMiddleware:
    """Speak the language somebody chose: kept with the account, for visitors in a cookie; Chinese before any choice.

    What a browser asks for is no choice: the machines of a campus speak whatever their seller installed.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # First without the account, so that a page about a database out of reach is in the right language too.
        self._speak(request, None)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            self._speak(request, request.user)
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language())
        return response

    def _speak(self, request: HttpRequest, user: Any) -> None:
        translation.activate(language_of(request, user))
        request.LANGUAGE_CODE = translation.get_language()


class SignInMiddleware(LoginRequiredMiddleware):
    """Ask for sign-in, and lose nothing of a form that comes after the session has ended.

    Afterwards people return to the page of the form; the address it was sent to often has none.
    """

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        page = sent_from(request) if request.method == "POST" else ""
        if not page:
            return super().handle_no_permission(request, view_func)
        sign_in = redirect_to_login(page, self.get_login_url(view_func), self.get_redirect_field_name(view_func))
        return signed_out(request, sign_in.url) if typed_texts(request) else sign_in


class SessionLimitsMiddleware:
    """End a session after idle minutes, fewer in the admin, and after twelve hours whatever happens.

    A request that a page makes by itself says so by the header ``X-Background`` (an event stream, which cannot, by what
    it accepts) and does not count as presence.
    ``request.session_ends_at`` (seconds since 1970) is there for streams, ``seconds_left`` for the page that warns.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.get_response(request)
        now, session = int(time.time()), request.session
        began, seen = session.get(BEGAN, 0), session.get(SEEN, 0)
        idle = _idle_seconds(in_admin(request))
        if began and (now - began > settings.SESSION_COOKIE_AGE or now - seen > idle):
            logout(request)
            if in_admin(request):
                return self._point_out(redirect_to_login(request.get_full_path()))
            return self._point_out(self.get_response(request))
        if not began:
            session[BEGAN] = session[SEEN] = began = seen = now
        elif now - seen >= WRITE_EVERY_SECONDS and not _is_background(request):
            session[SEEN] = seen = now
        request.session_ends_at = min(seen + idle, began + settings.SESSION_COOKIE_AGE)
        return self.get_response(request)

    def _point_out(self, response: HttpResponse) -> HttpResponse:
        """Let the sign-in page say why it stands there."""
        where = response.headers.get("Location", "")
        if where.startswith(reverse("account_login")):
            response.headers["Location"] = f"{where}{'&' if '?' in where else '?'}ended=1"
        return response


def _is_background(request: HttpRequest) -> bool:
    return "X-Background" in request.headers or request.headers.get("Accept") == "text/event-stream"


def seconds_left(request: HttpRequest, *, admin: bool = False) -> int:
    """Return how long the session lasts if nothing more happens; 0 for people not signed in."""
    session = request.session
    ends_at = min(session.get(SEEN, 0) + _idle_seconds(admin), session.get(BEGAN, 0) + settings.SESSION_COOKIE_AGE)
    return max(0, ends_at - int(time.time()))


def may_stay(request: HttpRequest, *, admin: bool = False) -> bool:
    """Say whether staying would put the end off; twelve hours after the sign-in nothing does."""
    session = request.session
    return session.get(SEEN, 0) + _idle_seconds(admin) < session.get(BEGAN, 0) + settings.SESSION_COOKIE_AGE


def go_on(request: HttpRequest, *, admin: bool = False) -> int:
    """Count this moment as presence and return the seconds that are left now."""
    request.session[SEEN] = int(time.time())
    return seconds_left(request, admin=admin)


def _idle_seconds(admin: bool) -> int:
    return 60 * (settings.SESSION_IDLE_ADMIN_MINUTES if admin else settings.SESSION_IDLE_MINUTES)


def in_admin(request: HttpRequest) -> bool:
    return request.path.startswith(_admin())


@cache
def _admin() -> str:
    return reverse("admin:index")


# Open to those who must first set up a factor or choose a new password: what they need for it, and the way out.
_ACCOUNT_PAGES = ("account_", "mfa_", "usersessions_")


def _is_account_page(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is None or match.namespace == "accounts" or (match.url_name or "").startswith(_ACCOUNT_PAGES)


def _is_gated(request: HttpRequest, view: Any) -> bool:
    """Say whether ``view`` is a page of the house: not public, and not one of the account's own pages."""
    return getattr(view, "login_required", True) and not _is_account_page(request) and request.user.is_authenticated


class PasswordAgeMiddleware:
    """Lead people whose password is older than ``PASSWORD_MAX_DAYS`` to a new one; 0 days switch this off."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not settings.PASSWORD_MAX_DAYS or not _is_gated(request, view) or not request.user.has_usable_password():
            return None
        chosen = request.user.password_changed_at or request.user.date_joined
        if timezone.now() - chosen <= timedelta(days=settings.PASSWORD_MAX_DAYS):
            return None
        messages.warning(request, _("Your password has grown old. Choose a new one to go on."))
        return HttpResponseRedirect(reverse("account_change_password"))


class SecondFactorMiddleware:
    """Lead people who hold a duty and have no second factor to the page where they set one up.

    On a page that visitors may open they are a visitor: what is public they read, what is for members they do not.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not settings.SECOND_FACTOR_REQUIRED or _is_account_page(request) or not request.user.is_authenticated:
            return None
        if not rights_of(request.user).has_duties:
            return None
        shown = any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))
        if shown or has_second_factor(request.user):
            return None
        if not getattr(view, "login_required", True):
            request.user = AnonymousUser()
            request.lacks_second_factor = True  # type: ignore[attr-defined]
            return None
        return ask_second_factor(request)
