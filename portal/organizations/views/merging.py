"""Pages that merge and split: a form, then a page that says what will happen, then the deed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import FormView

from portal.access.policy import fetch
from portal.web.views import add_refusal

from .. import services
from ..forms import MergeForm, SplitForm
from ..models import Organization
from .keeping import NodeView


class _ConfirmedView(NodeView):
    """A form that is answered by a page with its effects; only the POST from there calls the service."""

    confirm_template: str

    def effects_of(self, form: BaseForm) -> list[str]:
        """Return in words what the service would do; raise ``ValidationError`` when it would refuse."""
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user, "node": self.node}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        if "confirmed" in self.request.POST:
            return super().form_valid(form)
        if "change" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        try:
            effects = self.effects_of(form)
        except ValidationError as refusal:
            add_refusal(form, refusal)
            return self.form_invalid(form)
        context = self.get_context_data(form=form, effects=effects, **form.cleaned_data)
        return self.response_class(self.request, [self.confirm_template], context)


class OrganizationMergeView(_ConfirmedView):
    """Merge the node, and perhaps others with it, into one that the reader keeps too."""

    form_class, template_name = MergeForm, "portal/organizations/organization_merge.html"
    confirm_template = "portal/organizations/organization_merge_confirm.html"
    success_message = _("Merged into %(into)s.")

    def effects_of(self, form: BaseForm) -> list[str]:
        data = form.cleaned_data
        nodes = [self.node, *data["others"]]
        effects = services.merge_effects(nodes, data["into"], on=data["on"])
        found = [
            ngettext("%(count)d organization is closed.", "%(count)d organizations are closed.", len(nodes))
            % {"count": len(nodes)},
            ngettext(
                "%(count)d person belongs to %(into)s from that day.",
                "%(count)d people belong to %(into)s from that day.",
                effects.people,
            )
            % {"count": effects.people, "into": data["into"]},
            ngettext(
                "%(count)d post ends the day before, and its rights end at once.",
                "%(count)d posts end the day before, and their rights end at once.",
                effects.posts,
            )
            % {"count": effects.posts},
        ]
        if effects.below:
            found.append(
                ngettext(
                    "%(count)d organization below goes along with its people.",
                    "%(count)d organizations below go along with their people.",
                    effects.below,
                )
                % {"count": effects.below}
            )
        return found

    def perform(self, into: Organization, others: Any, **data: Any) -> Organization:
        services.merge_organizations([self.node, *others], into, by=self.request.user, **data)
        return into

    def get_success_url(self) -> str:
        return self.result.get_absolute_url()


class OrganizationSplitView(_ConfirmedView):
    """Make a new node beside this one and move the people chosen there."""

    form_class, template_name = SplitForm, "portal/organizations/organization_split.html"
    confirm_template = "portal/organizations/organization_split_confirm.html"
    success_message = _("%(name)s was split off.")

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        self.node = fetch(request.user, "change", Organization, pk=pk)
        # The new node stands beside this one: whoever may not add above may not split either.
        if (above := Organization.objects.get_parent(self.node)) is not None:
            fetch(request.user, "add", Organization, pk=above.pk)
        return FormView.dispatch(self, request, *args, pk=pk)

    def effects_of(self, form: BaseForm) -> list[str]:
        data = form.cleaned_data
        effects = services.split_effects(self.node, people=data["people"], on=data["on"])
        found = [
            ngettext("%(count)d person moves to %(name)s.", "%(count)d people move to %(name)s.", effects.people)
            % {"count": effects.people, "name": data["name"]},
            ngettext("%(count)d person stays.", "%(count)d people stay.", effects.staying) % {"count": effects.staying},
        ]
        if effects.posts:
            found.append(
                ngettext(
                    "%(count)d post here is held by someone who leaves. It goes on until you end it.",
                    "%(count)d posts here are held by people who leave. They go on until you end them.",
                    effects.posts,
                )
                % {"count": effects.posts}
            )
        return found

    def perform(self, **data: Any) -> Organization:
        return services.split_organization(self.node, by=self.request.user, **data)

    def get_success_url(self) -> str:
        return self.result.get_absolute_url()
