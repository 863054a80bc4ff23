"""When a session ends, and who must show a second factor."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.rights import rights_of

from .factors import has_second_factor

GetResponse = Callable[[HttpRequest], HttpResponse]

BEGAN, SEEN = "session_began", "session_seen"
WRITE_EVERY_SECONDS = 120


class SessionLimitsMiddleware:
    """End a session after idle minutes, fewer in the admin, and after twelve hours whatever happens.

    A request that a page makes by itself says so by the header ``X-Background`` (an event stream, which cannot, by what
    it accepts) and does not count as presence.
    ``request.session_ends_at`` (seconds since 1970) is there for the page that warns before the end.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.get_response(request)
        now, session = int(time.time()), request.session
        began, seen = session.get(BEGAN, 0), session.get(SEEN, 0)
        idle = 60 * (settings.SESSION_IDLE_ADMIN_MINUTES if _in_admin(request) else settings.SESSION_IDLE_MINUTES)
        if began and (now - began > settings.SESSION_COOKIE_AGE or now - seen > idle):
            logout(request)
            if _in_admin(request):
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


def seconds_left(request: HttpRequest) -> int:
    """Return how long the session lasts if nothing more happens; 0 for people not signed in."""
    return max(0, getattr(request, "session_ends_at", 0) - int(time.time()))


def go_on(request: HttpRequest) -> int:
    """Count this moment as presence and return the seconds that are left now."""
    now = int(time.time())
    request.session[SEEN] = now
    request.session_ends_at = min(
        now + 60 * settings.SESSION_IDLE_MINUTES, request.session[BEGAN] + settings.SESSION_COOKIE_AGE
    )
    return seconds_left(request)


def _in_admin(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("admin:index"))


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
            return None
        words = _("Your duties need a second factor. Set up an authenticator app or a security key to go on.")
        messages.warning(request, words)
        return HttpResponseRedirect(reverse("mfa_index"))
