"""Keep whole pages for visitors who are not signed in, until something that they show has changed.

A page is kept by address and language with the version of its topic; publishing calls ``content_changed`` and the
next visitor gets a new page. What depends on a person is never kept: whoever brings a session gets a page of their own.
"""

import hashlib
import re
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import get_language

from .shown import CARE_COOKIE

KEPT_SECONDS = 600
_PARAMETERS = {"page", "after", "before", "per_page"}
# Cookies by which a visitor changes the look of every page.
_LOOKS = (CARE_COOKIE,)
# A page is kept without the tokens of its small forms; each visitor gets tokens of their own.
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
_NO_TOKEN = b'name="csrfmiddlewaretoken" value=""'


def content_changed(topic: str) -> None:
    """Forget every kept page of ``topic`` once the transaction commits."""
    transaction.on_commit(lambda: cache.set(_version_key(topic), uuid.uuid4().hex, None), robust=True)


def kept_for_visitors(*topics: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Decorate a view whose page is the same for every visitor and shows nothing but ``topics``."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not _is_visitor(request):
                return view(request, *args, **kwargs)
            key, names = _page_key(request), [_version_key(topic) for topic in topics]
            found = cache.get_many([key, *names])
            versions = [found.get(name) or _new_version(name) for name in names]
            kept = found.get(key)
            if kept is not None and kept[0] == versions:
                _versions, content, content_type = kept
                response = HttpResponse(_with_token(request, content), content_type=content_type)
                response["Vary"] = "Cookie"
                return response
            response = view(request, *args, **kwargs)
            if hasattr(response, "render"):
                response.render()
            if _may_be_kept(request, response):
                content = _TOKEN.sub(_NO_TOKEN, response.content)
                cache.set(key, (versions, content, response["Content-Type"]), KEPT_SECONDS)
            return response

        return wrapper

    return decorate


def _is_visitor(request: HttpRequest) -> bool:
    return (
        request.method == "GET"
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "messages" not in request.COOKIES
        and "HX-Request" not in request.headers
        and set(request.GET) <= _PARAMETERS
    )


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """Refuse pages that carry something of one visitor: a cookie, a nonce."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and b" nonce=" not in response.content
    )


def _with_token(request: HttpRequest, content: bytes) -> bytes:
    if _NO_TOKEN not in content:
        return content
    return content.replace(_NO_TOKEN, b'name="csrfmiddlewaretoken" value="%s"' % get_token(request).encode())


def _page_key(request: HttpRequest) -> str:
    look = ",".join(f"{name}={value}" for name, value in sorted(request.COOKIES.items()) if name in _LOOKS)
    parts = [request.get_host(), request.get_full_path(), get_language() or "", look, str(timezone.localdate())]
    digest = hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"page:{digest}"


def _version_key(topic: str) -> str:
    return f"page-version:{topic}"


def _new_version(name: str) -> str:
    return cache.get_or_set(name, lambda: uuid.uuid4().hex, None) or ""
