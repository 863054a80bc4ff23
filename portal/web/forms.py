"""How forms are drawn: the portal's own field template for every form, Django's and other apps' widgets as they are."""

from typing import Any, ClassVar
from zlib import crc32

from django.core.exceptions import ValidationError
from django.forms import CharField, DateInput, Form, HiddenInput
from django.forms.models import model_to_dict
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


class SeenMixin:
    """Let nobody write over what somebody else saved since the page was opened, without having seen it.

    For a ``ModelForm`` of a row that exists. The page carries a mark of each value it showed; where a stored one has
    changed since and is not what is sent, the form comes back with it and, sent once more, replaces it.
    """

    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:  # type: ignore[attr-defined]
            stored = model_to_dict(self.instance, fields=self._meta.fields)  # type: ignore[attr-defined]
            self._stored = {name: (value, f"{crc32(str(value).encode()):08x}") for name, value in stored.items()}
            self.fields["seen"] = CharField(  # type: ignore[attr-defined]
                required=False, widget=HiddenInput, initial=self._marks(), strip=False
            )
            # A draft brings the mark of the page on which it was begun.
            self.initial.pop("seen", None)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data  # type: ignore[misc]
        seen = data.pop("seen", "")
        if not seen or seen == self._marks():
            return data
        marks = dict(mark.split(":", 1) for mark in seen.split(" ") if ":" in mark)
        changed = [
            name
            for name, (value, mark) in self._stored.items()
            if name in marks and marks[name] != mark and name in data and _plain(data[name]) != value
        ]
        if changed:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self._marks()  # type: ignore[attr-defined]
            raise ValidationError([self._said(name) for name in ("", *changed)])
        return data

    def _marks(self) -> str:
        return " ".join(f"{name}:{mark}" for name, (_value, mark) in self._stored.items())

    def _said(self, name: str) -> ValidationError:
        if not name:
            words = _("Somebody else saved this meanwhile. Compare, and send yours again to replace what is stored.")
            return ValidationError(words, code="written_over")
        plain = getattr(self.instance, name)  # type: ignore[attr-defined]
        shown = getattr(self.instance, f"get_{name}_display", lambda: plain)()  # type: ignore[attr-defined]
        params = {"field": self[name].label, "value": shown if shown not in (None, "") else _("empty")}  # type: ignore[index]
        return ValidationError(_("%(field)s is now: %(value)s"), code="written_over", params=params)


def _plain(value: Any) -> Any:
    """Return what a row stores for a value of a form: the key of an object."""
    return getattr(value, "pk", value)


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
