"""Boards in the admin; threads and posts are moderated where they are read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from portal.access.admin import ScopedModelAdmin, site
from portal.audiences.forms import AUDIENCE_FIELDS, AudienceFormMixin
from portal.organizations.duties import Duty

from . import services
from .models import Board


class BoardForm(AudienceFormMixin, forms.ModelForm):
    """A board with its audience; organizations are those on which the person keeps boards."""

    audience_duty = Duty.KEEP_BOARDS

    class Meta:
        model = Board
        fields = ["organization", "name", "slug", "description", "order", "is_open"]


@admin.register(Board, site=site)
class BoardAdmin(ScopedModelAdmin):
    form = BoardForm
    list_display = ["name", "organization", "visibility", "is_open", "thread_count", "post_count", "last_post_at"]
    list_filter = ["visibility", "is_open"]
    search_fields = ["name", "description"]
    fields = ["organization", "name", "slug", "description", "order", "is_open", *AUDIENCE_FIELDS]

    def choice_action(self, field_name: str) -> str:
        return "keep_boards" if field_name == "organization" else "view"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["fields"] = BoardForm.Meta.fields
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"__init__": _with_person(form, request.user)})

    def save_model(self, request: HttpRequest, obj: Board, form: Any, change: bool) -> None:
        obj.visibility = form.cleaned_data["visibility"]
        obj.audience = form.saved_audience()
        services.save_board(obj, by=request.user)


def _with_person(form: type, person: Any) -> Any:
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        super(form, self).__init__(*args, by=person, **kwargs)

    return __init__
