"""What every room's views share: forms that call a service, and the pages shown when something goes wrong."""

import logging
import sys
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import loader
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from .refusals import database_is_away
from .sent import own_path, sent_from, typed_texts
from .shown import care_mode, site_name

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 30


class ServiceFormMixin:
    """A form whose valid data go to a service.

    ``perform(**cleaned_data)`` calls it; a ``ValidationError`` comes back as errors of the form with all that was
    typed, otherwise ``success_message`` (the form's data are its named placeholders) is shown and the browser moves on.
    ``result`` holds what ``perform`` returned. Without ``success_url`` the address of the result is used.
    """

    success_message: Any = ""
    result: Any = None

    def perform(self, **data: Any) -> Any:
        """Call the service with the cleaned data."""
        raise NotImplementedError

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            self.result = self.perform(**form.cleaned_data)
        except ValidationError as refusal:
            add_refusal(form, refusal)
            return self.form_invalid(form)  # type: ignore[attr-defined]
        if message := self.get_success_message(form.cleaned_data):
            messages.success(self.request, message)  # type: ignore[attr-defined]
        return HttpResponseRedirect(self.get_success_url())

    def get_success_message(self, data: dict[str, Any]) -> str:
        return str(self.success_message) % data if self.success_message else ""

    def get_success_url(self) -> str:
        url = getattr(self, "success_url", None)
        return str(url) if url else self.result.get_absolute_url()


def add_refusal(form: BaseForm, refusal: ValidationError) -> None:
    """Tie a service's refusal to the fields it names; what names no field of the form stands on top."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name != NON_FIELD_ERRORS and name in form.fields else None, errors)


def render_failure(request: HttpRequest, template_name: str, *, status: int, **context: Any) -> HttpResponse:
    """Answer with a page that needs neither database nor session, in the person's language."""
    page = loader.get_template(template_name)
    context |= {"site_name": site_name(), "shell": {"care": care_mode(request)}, "number": getattr(request, "id", "")}
    try:
        text = page.render(context)
    except Exception:
        # The last resort: even a missing static file may not hide what happened.
        logger.exception("The page %s could not be drawn", template_name)
        text = _("Something went wrong. Please try again later.")
    response = HttpResponse(text, status=status)
    response["Cache-Control"] = "no-store"
    return response


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer that the portal is out of service for a moment, and when to come back."""
    response = render_failure(request, "503.html", status=503, retry_seconds=RETRY_AFTER_SECONDS)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def refused(request: HttpRequest, reasons: Iterable[str]) -> HttpResponse:
    """Answer that the rules of the field forbid what was asked, with every reason."""
    page = loader.get_template("errors/refused.html")
    context = {"reasons": list(reasons), "back": sent_from(request) or "/"}
    return HttpResponse(page.render(context, request), status=409)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render_failure(request, "400.html", status=400)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain that the page had grown too old, and how to go on without losing what was typed."""
    logger.warning("CSRF check failed: %s (%s)", reason, request.path)
    again = sent_from(request) or own_path(request.path)
    return render_failure(request, "errors/csrf.html", status=403, again=again, texts=typed_texts(request))


def signed_out(request: HttpRequest, sign_in: str) -> HttpResponse:
    """Say that the session had ended before a form arrived, with what was typed and the way to sign in again."""
    return render_failure(request, "errors/signed_out.html", status=403, sign_in=sign_in, texts=typed_texts(request))


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = str(exception) if exception is not None and exception.args else ""
    page = loader.get_template("403.html")
    return HttpResponse(page.render({"words": words}, request), status=403)


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    page = loader.get_template("404.html")
    return HttpResponse(page.render({}, request), status=404)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault that nobody foresaw; a database that is away is said to be away."""
    if database_is_away(sys.exc_info()[1]):
        return unavailable(request)
    return render_failure(request, "500.html", status=500)
