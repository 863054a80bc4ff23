"""How forms are drawn: the portal's own field template for every form, Django's and other apps' widgets as they are."""

from typing import Any, ClassVar

from django.forms import DateInput, Form
from django.forms.renderers import DjangoTemplates
from django.template import TemplateDoesNotExist, loader
from django.utils.safestring import SafeString, mark_safe
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


class FilterForm(Form):
    """Filters of a list: they live in the address, and an unknown value filters nothing.

    With ``same_for_all`` the fields offer everybody the same, so that they are drawn once while nothing is chosen.
    """

    same_for_all: ClassVar[bool] = False

    @property
    def chosen(self) -> dict[str, Any]:
        """Return the filters that are set and valid."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def kept_as(self) -> str:
        """Return the name under which the drawn fields are kept, ``""`` when they are this reader's own."""
        touched = any(self.add_prefix(name) in self.data for name in self.fields)
        return "" if touched or not self.same_for_all else f"{type(self).__module__}.{type(self).__name__}"

    def as_fields(self) -> SafeString:
        """Draw the fields one after another."""
        return mark_safe("".join(field.as_field_group() for field in self))  # noqa: S308 - each is drawn by a template
