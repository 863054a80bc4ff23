"""Pages around reports: report something, what one reported, what waits, decide, ask for another look."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from django.views.generic import FormView

from portal.access.policy import fetch, may, scope
from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.web.pagination import numbered_page
from portal.web.views import ServiceFormMixin

from . import queries, services
from .forms import AppealForm, DecideForm, FlagForm
from .models import Flag, FlaggedContent
from .registry import ModeratedKind, moderated_kinds

_FLAGGED = FlaggedContent._default_manager.select_related("organization", "decides", "author")


def _kind(code: str) -> ModeratedKind:
    kind = moderated_kinds.get(code)
    if kind is None:
        raise Http404
    return kind


class FlagView(ServiceFormMixin, FormView):
    """Report something that one reads to those who moderate."""

    form_class, template_name = FlagForm, "portal/moderation/flag.html"
    success_message = gettext_lazy("Your report is with those who moderate. You will be told what they decide.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.kind = _kind(kwargs["kind"])
        model = self.kind.model_class()
        rows = model._default_manager.select_related(*self.kind.related)
        self.row: Model = fetch(request.user, "view", model, pk=kwargs["pk"], queryset=rows)
        if self.kind.author_id(self.row) == request.user.pk:
            raise PermissionDenied(_("You wrote this yourself: you can change it or remove it."))
        return super().dispatch(request, *args, **kwargs)

    def perform(self, *, reason: str, words: str) -> Flag:
        return services.flag(self.row, reason=reason, words=words, by=self.request.user)

    def get_success_url(self) -> str:
        return self.kind.url(self.row)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            kind=self.kind,
            title=self.kind.title(self.row),
            words=self.kind.words(self.row),
            back=self.kind.url(self.row),
            place=self.kind.place(self.row),
            within=services.DECIDE_WITHIN,
        )


@require_GET
def my_flags(request: HttpRequest) -> HttpResponse:
    """Show what one has reported, and what came of it."""
    page = numbered_page(request, queries.flags_of(request.user))
    return render(request, "portal/moderation/my_flags.html", {"page": page})


@require_GET
def flagged_list(request: HttpRequest) -> HttpResponse:
    """Show what was reported where one moderates: what waits, or with ``?state=decided`` what was decided."""
    if not rights_of(request.user).holds(Duty.MODERATE):
        raise PermissionDenied(_("Reports are read by those who moderate."))
    waits = request.GET.get("state") != "decided"
    address = reverse("moderation:flagged-list")
    tabs = [
        {"label": _("Waiting"), "url": address, "current": waits},
        {"label": _("Decided already"), "url": f"{address}?state=decided", "current": not waits},
    ]
    page = numbered_page(request, queries.read_by(request.user, waits=waits))
    return render(request, "portal/moderation/flagged_list.html", {"page": page, "tabs": tabs, "waits": waits})


def _shown(row: FlaggedContent, request: HttpRequest) -> dict[str, Any]:
    """Return what the page of a report shows."""
    kind = moderated_kinds.get(row.kind)
    content = scope(request.user, "view", kind.model_class()).select_related(*kind.related).filter(
        pk=row.object_id
    ).first() if kind else None  # fmt: skip
    now = kind.words(content) if kind and content is not None else ""
    return {
        "row": row,
        "kind": kind,
        "now": now,
        "is_changed": content is not None and now != row.quoted,
        "content_url": kind.url(content) if kind and content is not None else "",
        "flags": list(row.flags.order_by("at", "pk")[:100]),
    }


@require_GET
def flagged_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was reported, why, and how it was decided; with the form for whoever decides."""
    row = fetch(request.user, "read", FlaggedContent, pk=pk, queryset=_FLAGGED)
    form = DecideForm(flagged=row) if may(request.user, "decide", row) else None
    return render(request, "portal/moderation/flagged_detail.html", _shown(row, request) | {"form": form})


class FlaggedDecideView(ServiceFormMixin, FormView):
    """Decide about a report, or about an appeal."""

    form_class, template_name = DecideForm, "portal/moderation/flagged_detail.html"
    success_message = gettext_lazy("Decided; those concerned are told.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.row = fetch(request.user, "decide", FlaggedContent, pk=kwargs["pk"], queryset=_FLAGGED)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"flagged": self.row}

    def perform(self, *, take_down: bool, words: str) -> FlaggedContent:
        return services.decide(self.row, take_down=take_down, words=words, by=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | _shown(self.row, self.request)


class FlaggedAppealView(ServiceFormMixin, FormView):
    """Ask for another look at what was taken down."""

    form_class, template_name = AppealForm, "portal/moderation/flagged_appeal.html"
    success_message = gettext_lazy("Somebody else will look at it again. You will be told what is decided.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.row = fetch(request.user, "appeal", FlaggedContent, pk=kwargs["pk"], queryset=_FLAGGED)
        self.back = services.content_url(self.row) or reverse("home:workbench")
        return super().dispatch(request, *args, **kwargs)

    def perform(self, *, words: str) -> FlaggedContent:
        return services.appeal(self.row, words=words, by=self.request.user)

    def get_success_url(self) -> str:
        return self.back

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, row=self.row, back=self.back)


@require_GET
def appeal_of(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Lead from what was taken down to asking for another look at it."""
    owner = ContentType.objects.get_for_model(_kind(kind).model_class())
    rows = scope(request.user, "appeal", FlaggedContent).filter(content_type=owner, object_id=pk)
    found = rows.order_by("-pk").first()
    if found is None:
        raise Http404
    return redirect("moderation:flagged-appeal", found.pk)
