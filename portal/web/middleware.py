"""What every request passes on its way in and out: failures put into words, headers, input that nobody could mean."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import DataError
from django.http import HttpRequest, HttpResponse

from .headers import PERMISSIONS_POLICY, RESOURCE_POLICY
from .refusals import RuleError, database_is_away
from .views import bad_request, refused, unavailable

GetResponse = Callable[[HttpRequest], HttpResponse]

QUERY_STRING_LIMIT = 4096


class FailureMiddleware:
    """Answer 503 with a page that needs no database while the database is away."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A forged key with a NUL byte would reach PostgreSQL with the first look at the session.
        if not request.COOKIES.get(settings.SESSION_COOKIE_NAME, "").isalnum():
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        return unavailable(request) if database_is_away(fault) else None


class HeadersMiddleware:
    """Set the headers that Django has no setting for: permissions, resource policy, caching, robots."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", RESOURCE_POLICY)
        html = response.headers.get("Content-Type", "").startswith("text/html")
        if html:
            response.headers.setdefault("Cache-Control", "no-store" if _signed_in(request) else "no-cache")
        if not _public(request):
            response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response


def _signed_in(request: HttpRequest) -> bool:
    """Say whether the page was made for a person, without asking the database again for a page that never asked."""
    user = getattr(request, "_cached_user", None) or getattr(request, "_acached_user", None)
    return bool(user and user.is_authenticated)


def _public(request: HttpRequest) -> bool:
    match = request.resolver_match
    if match is None or _signed_in(request):
        return False
    return not getattr(match.func, "login_required", True) and not (match.url_name or "").startswith("account_")


class BadInputMiddleware:
    """Answer 400 to addresses that no browser writes, and to values that no column can hold."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_garbled(request):
            return bad_request(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if isinstance(fault, RuleError):
            return refused(request, fault.messages)
        return bad_request(request) if _is_input_fault(request, fault) else None


def _is_garbled(request: HttpRequest) -> bool:
    words = request.META.get("QUERY_STRING", "")
    if len(words) > QUERY_STRING_LIMIT or "\0" in request.path:
        return True
    raw = unquote_to_bytes(words)
    if b"\0" in raw:
        return True
    try:
        raw.decode()
    except UnicodeDecodeError:
        return True
    return False


def _is_input_fault(request: HttpRequest, fault: Exception) -> bool:
    """Say whether ``fault`` comes from a value out of range rather than from a mistake of ours.

    Django's admin (5.2) lets a malformed ``_selected_action``, an empty ``_to_field`` and integers beyond 64 bits
    through to the query.
    """
    if isinstance(fault, DataError | OverflowError | UnicodeEncodeError):
        return True
    in_admin = request.resolver_match is not None and request.resolver_match.app_name == "admin"
    if in_admin and isinstance(fault, FieldDoesNotExist) and request.GET.get("_to_field") == "":
        return True
    if not isinstance(fault, ValueError):
        return False
    return in_admin or "NUL" in str(fault) or "null character" in str(fault)
