"""Forms of the admin that hand their data to a service, so that its refusals come back beside the fields."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest

from portal.accounts.models import User
from portal.web.views import add_refusal

from .admin import ScopedModelAdmin


class ServiceModelForm(forms.ModelForm):
    """Calls ``perform`` as the last step of cleaning, inside the admin's transaction; nothing else is saved."""

    by: User

    def perform(self) -> Model:
        """Call the service with ``cleaned_data`` and return the row it wrote."""
        raise NotImplementedError

    def _post_clean(self) -> None:
        if self.errors:
            return
        try:
            self.instance = self.perform()
        except ValidationError as refusal:
            add_refusal(self, refusal)


class ServiceModelAdmin(ScopedModelAdmin):
    """An admin class whose ``form`` is a ``ServiceModelForm``."""

    form = ServiceModelForm

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        made = super().get_form(request, obj, change=change, **kwargs)
        return type(made.__name__, (made,), {"by": request.user})

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        """The service has written the row already."""
