"""Which request is at work: the number and the address that every row of the trail carries."""

import logging
import secrets
from contextvars import ContextVar

from django.http import HttpRequest

_request: ContextVar[tuple[str, HttpRequest] | None] = ContextVar("audit_request", default=None)


class NumberFilter(logging.Filter):
    """Give each line of the log the number of the request at work, which a page of failure shows to the person."""

    def filter(self, record: logging.LogRecord) -> bool:
        # What the server logs about a request comes after its context has ended, and carries the request itself.
        record.number = request_id() or getattr(getattr(record, "request", None), "id", "") or "-"
        return True


def begin(request: HttpRequest):
    """Give ``request`` a number of its own (``request.id``); hand the result to ``end`` afterwards."""
    request.id = secrets.token_hex(8)  # type: ignore[attr-defined]
    return _request.set((request.id, request))  # type: ignore[attr-defined]


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
