"""The address a form saves itself to, and the mixin that brings the kept text back."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.web.refusals import RuleError

from .forms import read_saving
from .models import Draft
from .services import DraftConflict, discard, draft_of, keep_sent, save_draft


@never_cache
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Save (POST) or return (GET) the person's own draft ``key``.

    Answers 409 with the other page's text and time when that page has saved later, 400 when the saving cannot be read.
    The token in the answer to GET lets a page go on after signing in again elsewhere.
    """
    if request.method == "GET":
        found = draft_of(request.user, key)
        return JsonResponse({**(_facts(found) if found else {"version": 0, "data": {}}), "token": get_token(request)})
    try:
        saving = read_saving(request)
        saved = save_draft(
            request.user, key, saving.data, version=saving.version, device=saving.device, sequence=saving.sequence
        )
    except DraftConflict as conflict:
        return JsonResponse(_facts(conflict.draft), status=409)
    except RuleError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=400)
    return JsonResponse({"version": saved.version, "time": _clock(saved)})


def _facts(draft: Draft) -> dict[str, Any]:
    return {
        "version": draft.version,
        "data": draft.data,
        "time": _clock(draft),
        "saved": date_format(timezone.localtime(draft.saved_at), "DATETIME_FORMAT"),
    }


def _clock(draft: Draft) -> str:
    return f"{timezone.localtime(draft.saved_at):%H:%M:%S}"


class DraftMixin:
    """Bring a form's draft back when it opens, keep what was sent when it is refused, discard it when it succeeds.

    For a ``FormView``. Say by ``draft_key()`` which draft. The page's form element carries
    ``{% include "portal/drafts/_attributes.html" %}`` and below it ``portal/drafts/_status.html``.
    """

    request: HttpRequest
    draft: Draft | None = None

    def draft_key(self) -> str:
        raise NotImplementedError

    def get_initial(self) -> dict[str, Any]:
        initial = {**super().get_initial()}  # type: ignore[misc]
        self.draft = draft_of(self.request.user, self.draft_key())
        if self.draft:
            initial.update(self.draft.data)
        return initial

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)  # type: ignore[misc]
        if 300 <= response.status_code < 400:
            discard(self.request.user, self.draft_key())
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        self.draft = keep_sent(self.request.user, self.draft_key(), form.data, form.fields) or self.draft
        return super().form_invalid(form)  # type: ignore[misc]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        context["draft_key"] = self.draft_key()
        context["draft_url"] = reverse("drafts:draft", args=[self.draft_key()])
        context["draft_version"] = self.draft.version if self.draft else 0
        context["draft_saved_at"] = self.draft.saved_at if self.draft else None
        return context
