"""What those who keep archives do: take people in, change, place, open a field, answer corrections, file documents."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from django.views.generic import FormView, ListView

from portal.access.policy import fetch, scope
from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.web.pagination import PerPageMixin
from portal.web.views import ServiceFormMixin

from .. import rules, services
from ..corrections import answer_correction
from ..fields import SENSITIVE
from ..forms import (
    ArchiveForm,
    CorrectionAnswerForm,
    DocumentForm,
    MemberCreateForm,
    PhotoForm,
    PlaceForm,
    RevealForm,
)
from ..models import ArchiveDocument, CorrectionRequest, CorrectionState, Member


class MemberCreateView(ServiceFormMixin, FormView):
    form_class, template_name = MemberCreateForm, "members/member_create.html"
    success_message = gettext_lazy("%(name)s was taken in.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rights_of(request.user).holds(Duty.KEEP_RECORDS):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}

    def perform(self, **data: Any) -> Member:
        return services.create_member(by=self.request.user, **data)


class _MemberView(ServiceFormMixin, FormView):
    """A form about one person, whom the reader must be allowed to ``action``."""

    action = "change"
    member: Member

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponse:
        queryset = Member.objects.with_person().select_related("photo")
        self.member = fetch(request.user, self.action, Member, queryset=queryset, pk=pk)
        return super().dispatch(request, *args, pk=pk, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(member=self.member, **kwargs)

    def get_success_url(self) -> str:
        return self.member.get_absolute_url()


class MemberEditView(_MemberView):
    form_class, template_name = ArchiveForm, "members/member_edit.html"
    success_message = gettext_lazy("The archive was saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.member}

    def form_valid(self, form: ArchiveForm) -> HttpResponse:
        self.changes, self.version = form.changes, form.cleaned_data["version"]
        return super().form_valid(form)

    def perform(self, **data: Any) -> Member:
        return services.update_archive(self.member, self.changes, version=self.version, by=self.request.user)

    def get_success_message(self, data: dict[str, Any]) -> str:
        found = rules.mismatches(self.result.id_no, birth_date=self.result.birth_date, sex=self.result.sex)
        if not found:
            return super().get_success_message(data)
        return _("The archive was saved. Please check: %(doubts)s") % {
            "doubts": " ".join(str(doubt.label) for doubt in found)
        }


class MemberPlaceView(_MemberView):
    form_class, template_name = PlaceForm, "members/member_place.html"
    success_message = gettext_lazy("The person was placed in %(organization)s.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user, "member": self.member}

    def perform(self, organization: Any, on: Any) -> Member:
        return services.place(self.member, organization, standing=self.member.standing, on=on, by=self.request.user)


class MemberRevealView(_MemberView):
    """Ask for the reason, then show the one field on this one answer."""

    form_class, template_name, action = RevealForm, "members/member_reveal.html", "reveal"

    def dispatch(self, request: HttpRequest, *args: Any, field: str, **kwargs: Any) -> HttpResponse:
        if field not in SENSITIVE:
            raise Http404
        self.field = field
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        label = Member._meta.get_field(self.field).verbose_name
        return super().get_context_data(
            label=label, masked=SENSITIVE[self.field](getattr(self.member, self.field)), **kwargs
        )

    def perform(self, reason: str) -> str:
        return services.reveal(self.member, self.field, reason=reason, by=self.request.user)

    def form_valid(self, form: RevealForm) -> HttpResponse:
        answer = super().form_valid(form)
        if form.errors:
            return answer
        return render(self.request, "members/member_revealed.html", self.get_context_data(value=self.result, form=None))


class MemberPhotoView(_MemberView):
    form_class, template_name = PhotoForm, "members/member_photo.html"
    success_message = gettext_lazy("The photo was changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}

    def perform(self, photo: Any) -> Member:
        return services.set_photo(self.member, photo, by=self.request.user)


class DocumentCreateView(_MemberView):
    form_class, template_name = DocumentForm, "members/document_create.html"
    success_message = gettext_lazy("The document was filed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}

    def perform(self, **data: Any) -> ArchiveDocument:
        return services.file_document(self.member, by=self.request.user, **data)


@require_http_methods(["GET", "HEAD", "POST"])
def document_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more before a document leaves the archive."""
    queryset = ArchiveDocument.objects.select_related("member__user", "file")
    document = fetch(request.user, "delete", ArchiveDocument, queryset=queryset, pk=pk)
    if request.method != "POST":
        return render(request, "members/document_remove.html", {"document": document})
    services.remove_document(document, by=request.user)
    messages.success(request, _("The document was removed."))
    return redirect(document.member)


class CorrectionListView(PerPageMixin, ListView):
    """The requests of the reader's subtree, open ones first by default."""

    template_name = "members/correction_list.html"

    def get_queryset(self) -> Any:
        if not rights_of(self.request.user).holds(Duty.KEEP_RECORDS):
            raise PermissionDenied
        asked = scope(self.request.user, "answer", CorrectionRequest)
        if self.state:
            asked = asked.filter(state=self.state)
        return asked.select_related("member__user", "member__organization")

    @property
    def state(self) -> str:
        wanted = self.request.GET.get("state", CorrectionState.OPEN)
        return wanted if wanted in CorrectionState.values else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        states = [(state.value, state.label) for state in CorrectionState] + [("all", _("all"))]
        tabs = [
            {"label": label, "url": f"?state={code}", "current": (self.state or "all") == code}
            for code, label in states
        ]
        return super().get_context_data(tabs=tabs, **kwargs)


class CorrectionAnswerView(ServiceFormMixin, FormView):
    form_class, template_name = CorrectionAnswerForm, "members/correction_answer.html"
    success_url = reverse_lazy("members:correction-list")
    success_message = gettext_lazy("The answer was sent.")

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        queryset = CorrectionRequest.objects.select_related("member__user", "answered_by")
        self.correction = fetch(request.user, "answer", CorrectionRequest, queryset=queryset, pk=pk)
        return super().dispatch(request, *args, pk=pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_open = self.correction.state == CorrectionState.OPEN
        return super().get_context_data(correction=self.correction, is_open=is_open, **kwargs)

    def perform(self, state: str, answer: str) -> CorrectionRequest:
        return answer_correction(self.correction, state=state, answer=answer, by=self.request.user)
