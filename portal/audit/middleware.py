"""Number each request for the trail, and record what was refused to a person who is signed in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from . import context
from .models import Outcome
from .services import one_line, record


class AuditMiddleware:
    """Set the number of the request; write a row for every answer 403."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = context.begin(request)
        try:
            response = self.get_response(request)
            # Anonymous boxes set ``leave_no_trace``: their addresses are never tied to a person.
            if response.status_code == 403 and not getattr(request, "leave_no_trace", False):
                self._refused(request)
            return response
        finally:
            context.end(token)

    def _refused(self, request: HttpRequest) -> None:
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            record(
                "access.refused", None, by=user, outcome=Outcome.REFUSED,
                changes={"request": ["", one_line(f"{request.method} {request.path}", 300)]},
            )
