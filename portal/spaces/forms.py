"""Forms of a space: a post, a reply, a reason, a document."""

from secrets import token_hex
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from portal.files.forms import KeptFileField, KeptFilesMixin
from portal.files.models import Kind

from .models import Reach, SpaceDocument, SpacePost, SpaceReply
from .services.posts import PICTURES_MAX

_ONCE = RegexValidator(r"^[0-9a-f]{32}$", _("Please reload the page and try again."))


class OnceForm(forms.Form):
    """A form that carries a token, so that sending it twice counts once."""

    token = forms.CharField(widget=forms.HiddenInput, required=False, validators=[_ONCE])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = token_hex(16)

    def clean_token(self) -> str:
        return self.cleaned_data["token"] or token_hex(16)


def _reaches(reaches: list[str]) -> list[tuple[str, Any]]:
    return [(reach, Reach(reach).label) for reach in reaches]


class PostForm(KeptFilesMixin, OnceForm):
    """What is posted; ``reaches`` says how far the person may show it."""

    text = forms.CharField(
        label=_("Text"), required=False, max_length=SpacePost._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 6}), help_text=_("Plain text; addresses become links."),
    )
    pictures = KeptFileField(
        kind=Kind.IMAGE, multiple=True, limit=PICTURES_MAX, required=False, label=_("Pictures"),
        help_text=_("Up to nine. They are turned upright and lose what the camera wrote into them."),
    )
    voice = KeptFileField(
        kind=Kind.VOICE, required=False, label=_("Voice message"),
        help_text=_("Record it here, or choose a recording of at most five minutes."),
    )
    video = KeptFileField(kind=Kind.VIDEO, required=False, label=_("Video"))
    spoken = forms.CharField(
        label=_("What is said or shown"), required=False, max_length=SpacePost._meta.get_field("spoken").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In a few words, for those who cannot hear or see it, and for the search."),
    )
    visibility = forms.ChoiceField(label=_("Who may see it"), widget=forms.RadioSelect, initial=Reach.SPACE)

    def __init__(self, *args: Any, reaches: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visibility"].choices = _reaches(reaches)
        self.fields["video"].help_text = _("What a telephone records, or MP4 or WebM; at most %(limit)s MB.") % {
            "limit": settings.VIDEO_MAX_MB
        }


class PostEditForm(PostForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class ReplyForm(OnceForm):
    text = forms.CharField(
        label=_("Your reply"), max_length=SpaceReply._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("The author can read it."))


class DocumentEditForm(forms.Form):
    """What a document is called, where it stands and who may see it; ``known`` are the categories in use."""

    title = forms.CharField(label=_("Title"), max_length=SpaceDocument._meta.get_field("title").max_length)
    category = forms.CharField(
        label=_("Category"), required=False, max_length=SpaceDocument._meta.get_field("category").max_length,
        help_text=_("Documents of one category stand together."),
        widget=forms.TextInput(attrs={"list": "categories", "autocomplete": "off"}),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=SpaceDocument._meta.get_field("note").max_length)
    visibility = forms.ChoiceField(label=_("Who may see it"), widget=forms.RadioSelect, initial=Reach.SPACE)

    def __init__(self, *args: Any, reaches: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visibility"].choices = _reaches(reaches)


class DocumentForm(KeptFilesMixin, DocumentEditForm):
    file = KeptFileField(kind=Kind.ATTACHMENT, label=_("File"))
    field_order = ["file", "title", "category", "note", "visibility"]
