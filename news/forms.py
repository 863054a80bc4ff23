"""The form by which news are written, and those that ask before publishing and withdrawing."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminURLInputWidget

from portal.audiences.forms import AudienceFormMixin
from portal.files.forms import KeptFileField, KeptFilesMixin
from portal.files.models import Kind
from portal.organizations.duties import Duty
from portal.web.richtext import clean
from portal.web.views import add_refusal

from . import queries
from .models import Article
from .services import Text, guard


class EditorWidget(UnfoldAdminTextareaWidget):
    """A text box that becomes an editor where there is JavaScript; without it, the HTML is written by hand."""

    class Media:
        css = {"all": ["django_prose_editor/editor.css", "css/editor.css"]}
        js = [Script("js/editor.js", type="module")]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 24, "data-editor": "", **(attrs or {})})

    def use_required_attribute(self, initial: Any) -> bool:
        return False  # the editor hides the box, and a browser cannot point at what is hidden

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Show a written text as text until the editor, which is large, has come over the line."""
        box = super().render(name, value, attrs, renderer)
        shown = clean(str(value or ""))
        return format_html('<div class="editor-shown">{}</div>{}', mark_safe(shown), box) if shown else box  # noqa: S308


class ArticleForm(AudienceFormMixin, KeptFilesMixin, forms.ModelForm):
    """An article with its audience, cover, pictures and attachments; ``by`` writes it."""

    audience_duty = Duty.WRITE_NEWS

    cover_file = KeptFileField(
        kind=Kind.IMAGE, label=_("Cover picture"), required=False, help_text=_("Shown in lists. JPEG, PNG or WebP.")
    )
    picture_files = KeptFileField(
        kind=Kind.IMAGE,
        multiple=True,
        required=False,
        label=_("Pictures in the text"),
        help_text=_("Write [picture 1: caption] on a line of its own where the first picture belongs, and so on."),
    )
    attachment_files = KeptFileField(
        kind=Kind.ATTACHMENT, multiple=True, required=False, label=_("Attachments"), help_text=_("Word, Excel, PDF …")
    )
    source_url = forms.URLField(
        label=_("address of the source"),
        max_length=500,
        required=False,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Article
        fields = [
            "column", "organization", "title", "subtitle", "summary", "body_html", "source", "source_url",
            "author_name", "top_until", "visibility",
        ]  # fmt: skip
        widgets = {"body_html": EditorWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        if self.instance.pk:
            self.fields["cover_file"].initial = self.instance.cover
            shown = [file for file in queries.pictures(self.instance) if file.pk != self.instance.cover_id]
            self.fields["picture_files"].initial = shown
            self.fields["attachment_files"].initial = queries.attachments(self.instance)

    def clean(self) -> Any:
        data = super().clean()
        if self.errors:
            return data
        before = self._meta.model._base_manager.filter(pk=self.instance.pk).first() if self.instance.pk else None
        if before is not None and before.version != data.get("version"):
            raise ValidationError(
                _("Somebody else has changed this article meanwhile. Open it again and repeat your change.")
            )
        try:
            guard(self.text(), by=self.by, before=before)
        except ValidationError as refusal:
            add_refusal(self, refusal)
        return data

    def text(self) -> Text:
        """Return what was written, for the services."""
        data = self.cleaned_data
        names = ("column", "organization", "title", "subtitle", "summary", "source", "source_url", "author_name",
                 "top_until", "visibility")
        return Text(body=data["body_html"], circle=self.circle(), **{name: data[name] for name in names})

    def chosen_files(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "cover": data["cover_file"], "pictures": data["picture_files"], "attachments": data["attachment_files"],
        }


class PublishForm(forms.Form):
    """The question is the form; the one choice is whether readers are notified, which happens once for an article."""

    notify = forms.BooleanField(
        label=_("Notify readers"),
        required=False,
        help_text=_("Each of them gets one notice. Publishing again later sends none."),
    )

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["notify"].initial = article.tells_readers
        if article.told_at is not None:
            del self.fields["notify"]


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Kept in the audit trail; readers do not see it.")
    )
