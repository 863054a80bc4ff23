"""Forms of notices: the filter of the inbox, one's wishes, and a notice to an audience."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.access.policy import duty_scope, scope
from portal.accounts.models import User
from portal.audiences.forms import OrganizationsField, PostsField, check_posts
from portal.audiences.services import Circle
from portal.organizations.duties import Duty
from portal.organizations.models import Organization, Standing

from .models import Preference
from .registry import NoticeKind, kinds


class InboxFilterForm(forms.Form):
    """What of the inbox to show; anything unknown in the address means all."""

    state = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("", _("all notices")), ("unread", _("unread only"))]
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("all kinds")), *((kind.code, kind.label) for kind in kinds)]


class PreferencesForm(forms.Form):
    """Two switches for each kind: in the portal, and by e-mail."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wishes = {wish.kind: wish for wish in scope(user, "view", Preference)}
        for kind in kinds:
            wish = wishes.get(kind.code)
            self.fields[f"in_site-{kind.code}"] = forms.BooleanField(
                label=_("in the portal"),
                required=False,
                disabled=kind.statutory,
                initial=kind.statutory or wish is None or wish.in_site,
            )
            self.fields[f"email-{kind.code}"] = forms.BooleanField(
                label=_("by e-mail"), required=False, initial=wish is None or wish.email
            )

    def rows(self) -> list[tuple[NoticeKind, forms.BoundField, forms.BoundField]]:
        """Return kind and switches, in order, for the table."""
        return [(kind, self[f"in_site-{kind.code}"], self[f"email-{kind.code}"]) for kind in kinds]

    def wishes(self) -> dict[str, tuple[bool, bool]]:
        """Return what was chosen: in the portal, by e-mail, by the kind's code."""
        data = self.cleaned_data
        return {kind.code: (data[f"in_site-{kind.code}"], data[f"email-{kind.code}"]) for kind in kinds}


class AnnouncementForm(forms.Form):
    """A notice and whom it is for, within the nodes on which the person sends notices."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("Text"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("At most 4,000 characters."),
    )
    organizations = OrganizationsField(
        label=_("Send to"),
        help_text=_("Everyone in these organizations and below them."),
        queryset=Organization.objects.none(),
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    standings = forms.MultipleChoiceField(
        label=_("Only these standings"),
        help_text=_("Leave empty for everyone who belongs to these organizations."),
        choices=Standing.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    posts = PostsField(
        label=_("Only these posts"),
        help_text=_("People who hold one of these posts there receive it too."),
        required=False,
    )
    # Made once a form: a second click sends nothing twice.
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organizations"].queryset = (
            duty_scope(by, Duty.SEND_NOTICES).filter(closed_on=None).order_by("path")
        )
        self.fields["posts"].offer(self.fields["organizations"].queryset)
        self.fields["key"].initial = uuid4

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            check_posts(data.get("posts") or (), list(data.get("organizations") or ()))
        except ValidationError as refusal:
            self.add_error("posts", refusal)
        return data

    def circle(self) -> Circle:
        """Return whom the notice is for."""
        return Circle(
            organizations=list(self.cleaned_data["organizations"]),
            standings=self.cleaned_data["standings"],
            posts=self.cleaned_data["posts"],
        )
