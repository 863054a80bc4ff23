"""How forms are drawn: the portal's own field template for every form, Django's and other apps' widgets as they are."""

from typing import Any

from django.forms import DateInput
from django.forms.renderers import DjangoTemplates
from django.template import TemplateDoesNotExist, loader
from django.utils.translation import gettext_lazy as _


class PortalFormRenderer(DjangoTemplates):
    """Draw forms with ``components/form.html`` and fields with ``components/field.html``.

    Templates come from the project first, so that an app may replace a widget's; Django's own serve for the rest.
    """

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def get_template(self, template_name: str):
        try:
            return loader.get_template(template_name)
        except TemplateDoesNotExist:
            return super().get_template(template_name)


class DayInput(DateInput):
    """A day as text in one field: typed or pasted whole, and one stop for the Tab key instead of four."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        given = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "10", "placeholder": _("YYYY-MM-DD")}
        super().__init__(attrs={**given, **(attrs or {})}, format="%Y-%m-%d")
