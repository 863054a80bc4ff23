"""Which request is at work: the number and the address that every row of the trail carries."""

import secrets
from contextvars import ContextVar

from django.http import HttpRequest

_request: ContextVar[tuple[str, HttpRequest] | None] = ContextVar("audit_request", default=None)


def begin(request: HttpRequest):
    """Give ``request`` a number of its own; hand the result to ``end`` afterwards."""
    return _request.set((secrets.token_hex(8), request))


def end(token) -> None:
    _request.reset(token)


def request_id() -> str:
    """Return the number of the request at work, or ``""`` in tasks and commands."""
    current = _request.get()
    return current[0] if current else ""


def address() -> str:
    """Return the network address the request came from; forwarded headers count only behind declared proxies."""
    current = _request.get()
    if current is None:
        return ""
    from allauth.account.adapter import get_adapter  # reads settings of the site, not known while apps load

    return get_adapter(current[1]).get_client_ip(current[1]) or ""
