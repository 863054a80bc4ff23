"""How forms are drawn: the portal's own field template for every form, Django's and other apps' widgets as they are."""

from django.forms.renderers import DjangoTemplates
from django.template import TemplateDoesNotExist, loader


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
