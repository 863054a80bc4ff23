"""Every component on pages of its own, to look at and to test; mounted beside the portal's addresses."""

from datetime import date
from types import SimpleNamespace as Thing

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.utils.decorators import method_decorator
from django.views.generic import FormView

from portal.extensions.registry import TimelineEntry
from portal.web.pagination import PER_PAGE_CHOICES, numbered_page
from portal.web.refusals import RuleError
from portal.web.views import ServiceFormMixin

handler400 = "portal.web.views.bad_request"
handler403 = "portal.web.views.permission_denied"
handler404 = "portal.web.views.page_not_found"
handler500 = "portal.web.views.server_error"

DAY = date(2026, 6, 12)
FAULTS = {
    "away": OperationalError("server closed the connection unexpectedly"),
    "table": OperationalError("no such table: thing"),
    "data": DataError("integer out of range"),
    "overflow": OverflowError("Python int too large to convert to SQLite INTEGER"),
    "nul": ValueError("A string literal cannot contain NUL (0x00) characters."),
    "value": ValueError("a mistake of ours"),
    "rule": RuleError(["Not a year yet.", "No contact."]),
    "denied": PermissionDenied("Only the secretary may do this."),
}


class FilterForm(forms.Form):
    words = forms.CharField(label="Name or number", required=False)
    step = forms.ChoiceField(label="Step", choices=[("", "All"), ("1", "Activist")], required=False)


class ReportForm(forms.Form):
    title = forms.CharField(label="Title", max_length=60, help_text="At most 60 characters.")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "Quarter"), ("b", "Topic")], widget=forms.RadioSelect)
    text = forms.CharField(label="Text", widget=forms.Textarea, required=False)
    agree = forms.BooleanField(label="I have checked it.")
    key = forms.CharField(widget=forms.HiddenInput, required=False)


class ReportView(ServiceFormMixin, FormView):
    form_class, template_name, success_url = ReportForm, "gallery/form.html", "/gallery/form/"
    success_message = "“%(title)s” is handed in."

    def perform(self, title: str, **rest: object) -> None:
        if title == "field":
            raise ValidationError({"title": "This title is taken.", "absent": "There is no such field."})
        if title == "rule":
            raise RuleError(["Not a year yet.", "No contact."])


def list_page(request: HttpRequest) -> HttpResponse:
    tones = ("waiting", "success", "danger", "neutral")
    rows = [Thing(number=f"2023{n:06}", name=f"Person {n}", due=DAY, tone=tones[n % 4]) for n in range(312)]
    tabs = [Thing(label="Open", url="?", current=True, count=312)]
    tabs += [Thing(label="Filed", url="?x", current=False, count=0)]
    page = numbered_page(request, rows)
    context = {"page_obj": page, "filter_form": FilterForm(request.GET), "sizes": PER_PAGE_CHOICES, "tabs": tabs}
    return render(request, "gallery/list.html", context)


def detail_page(request: HttpRequest) -> HttpResponse:
    messages.success(request, "Handed in.")
    messages.error(request, "The scan is too large.")
    context = {
        "items": [("Name", "Zhang San"), ("Telephone", None)],
        "entries": [
            TimelineEntry(DAY, "Applied", "/", "Signed for by the secretary", "file-earmark-text"),
            TimelineEntry(DAY, "Became an activist"),
        ],
        "files": [Thing(get_absolute_url="/f/", name="Report 2026 II.pdf", size=1258000)],
        "steps": [
            Thing(label="Apply", state="done", on=DAY, note="", url=""),
            Thing(label="Become an activist", state="current", on=None, note="Write a report.", url="/"),
            Thing(label="Become a target", state="later", on=None, note="", url=""),
        ],
    }
    return render(request, "gallery/detail.html", context)


def state_page(request: HttpRequest) -> HttpResponse:
    return render(request, "gallery/states.html", {"empty_page": Paginator([], 20).get_page(1)})


def fault_page(request: HttpRequest, kind: str) -> HttpResponse:
    raise FAULTS[kind]


urlpatterns = [
    path("gallery/list/", login_not_required(list_page)),
    path("gallery/form/", method_decorator(login_not_required, name="dispatch")(ReportView).as_view()),
    path("gallery/detail/", login_not_required(detail_page)),
    path("gallery/states/", login_not_required(state_page)),
    path("gallery/fault/<slug:kind>/", login_not_required(fault_page)),
    path("", include("portal.urls")),
]
