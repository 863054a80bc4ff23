"""Documents of a space."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.generic import FormView, TemplateView

from portal.access.policy import fetch
from portal.organizations.models import Organization
from portal.web.pagination import numbered_page
from portal.web.views import ServiceFormMixin

from .. import queries, services
from ..forms import DocumentEditForm, DocumentForm
from ..models import SpaceDocument
from .frame import drawn, node_or_door

SHOWN = 100
_DOCUMENT = SpaceDocument._default_manager.select_related("organization", "file")


@login_not_required
@require_GET
def documents(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the documents of a node by category."""
    node = node_or_door(request, pk)
    if isinstance(node, HttpResponse):
        return node
    categories = queries.categories_seen(node, request.user)
    asked = request.GET.get("category")
    category = asked if asked in categories else None
    page = numbered_page(request, queries.documents_of(node, request.user, category=category), SHOWN)
    return drawn(
        request, node, "documents", "documents",
        page=page,
        groups=queries.in_groups(page),
        categories=categories,
        category=category,
        may_keep=getattr(node, "may_keep_documents", False),
    )  # fmt: skip


class DocumentCreateView(ServiceFormMixin, FormView):
    """Put a paper among the documents of a node."""

    form_class, template_name = DocumentForm, "portal/spaces/document_form.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.node = fetch(request.user, "keep_documents", Organization, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        reaches = services.may_choose(self.request.user, self.node)
        return super().get_form_kwargs() | {"by": self.request.user, "reaches": reaches}

    def perform(self, **data: Any) -> SpaceDocument:
        return services.keep_document(self.node, data.pop("file"), by=self.request.user, **data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, node=self.node, row=None, categories=queries.categories_of(self.node),
            back=reverse("spaces:documents", args=[self.node.pk]),
        )  # fmt: skip


class DocumentEditView(ServiceFormMixin, FormView):
    """Say anew what a document is called, where it stands and who may see it."""

    form_class, template_name = DocumentEditForm, "portal/spaces/document_form.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.row = fetch(request.user, "change", SpaceDocument, pk=kwargs["pk"], queryset=_DOCUMENT)
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.row, name) for name in ("title", "category", "note", "visibility")}

    def get_form_kwargs(self) -> dict[str, Any]:
        reaches = services.may_choose(self.request.user, self.row.organization)
        if self.row.visibility not in reaches:
            reaches.append(self.row.visibility)
        return super().get_form_kwargs() | {"reaches": reaches}

    def perform(self, **data: Any) -> SpaceDocument:
        return services.change_document(self.row, by=self.request.user, **data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        node = self.row.organization
        return super().get_context_data(
            **kwargs, node=node, row=self.row, categories=queries.categories_of(node), back=self.row.get_absolute_url()
        )


class DocumentRemoveView(TemplateView):
    """Ask before a document is taken away."""

    template_name = "portal/spaces/document_remove.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.row = fetch(request.user, "change", SpaceDocument, pk=kwargs["pk"], queryset=_DOCUMENT)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        node_id, title = self.row.organization_id, self.row.title
        services.remove_document(self.row, by=request.user)
        messages.success(request, _("“%(title)s” is removed.") % {"title": title})
        return redirect("spaces:documents", node_id)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        effects = [_("The file is deleted for good.")]
        return super().get_context_data(**kwargs, row=self.row, node=self.row.organization, effects=effects)
