"""The fields by which a form chooses who may see something: subtrees, narrowed by standing or by post, and people."""

from collections.abc import Collection
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.access.rights import AnyUser, rights_of
from portal.organizations.duties import Post
from portal.organizations.models import Organization, Standing

from .models import Audience, Visibility
from .services import Circle, addressable, circle_of, posts_below, posts_in, save_audience

AUDIENCE_FIELDS = ("visibility", "audience_organizations", "audience_standings", "audience_posts")


_INDENT = "\u3000"


class OrganizationsField(forms.ModelMultipleChoiceField):
    """Organizations in the order of the tree, each indented by its depth."""

    def label_from_instance(self, node: Organization) -> str:
        return f"{_INDENT * (node.depth - 1)}{node}"


class PostsField(forms.MultipleChoiceField):
    """The posts that exist on the nodes one may choose; ``offer`` names these nodes."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, organizations: QuerySet[Organization]) -> None:
        # Asked once, when the field is drawn or cleaned: a form that does neither costs nothing.
        @cache
        def choices() -> list[tuple[str, Any]]:
            return [(post.value, post.label) for post in posts_in(organizations)]

        self.choices = choices


def check_posts(posts: Collection[str], organizations: Collection[Organization]) -> None:
    """Raise ``ValidationError`` naming the posts that nobody can hold in ``organizations`` or below them."""
    if not posts or not organizations:
        return
    present = posts_below(organizations)
    if stray := [Post(post) for post in posts if post not in present]:
        raise ValidationError(
            _("Nobody in the organizations you chose can hold these posts: %(posts)s"),
            code="stray",
            params={"posts": ", ".join(str(post.label) for post in stray)},
        )


class AudienceFormMixin:
    """Add the choice of an audience to a form, within the nodes on which the person holds ``audience_duty``.

    ``by`` is the person (also taken from ``self.by`` when another mixin set it). ``circle()`` returns what was chosen
    and ``saved_audience()`` writes it; with an ``instance`` that has an audience its rules are shown. Named people of
    an existing audience are kept.
    """

    audience_duty: str = ""

    def __init__(self, *args: Any, by: AnyUser | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by: AnyUser | None = by if by is not None else getattr(self, "by", None)
        present = getattr(getattr(self, "instance", None), "audience", None)
        self._kept = circle_of(present) if present is not None else Circle()
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        fields["visibility"] = forms.ChoiceField(
            label=_("Who may see it"),
            choices=Visibility.choices,
            widget=forms.RadioSelect,
            initial=getattr(getattr(self, "instance", None), "visibility", "") or Visibility.INTERNAL,
        )
        fields["audience_organizations"] = OrganizationsField(
            label=_("Organizations"),
            help_text=_("Each with everything below it. Only for a chosen audience."),
            queryset=self._addressable(),
            required=False,
            initial=[node.pk for node in self._kept.organizations],
            widget=forms.SelectMultiple(attrs={"size": 8}),
        )
        fields["audience_standings"] = forms.MultipleChoiceField(
            label=_("Only these standings"),
            help_text=_("Leave empty for everyone who belongs to these organizations."),
            choices=Standing.choices,
            required=False,
            initial=list(self._kept.standings),
            widget=forms.CheckboxSelectMultiple,
        )
        posts = PostsField(
            label=_("Only these posts"),
            help_text=_("People who hold one of these posts there are in the audience too."),
            required=False,
            initial=list(self._kept.posts),
        )
        posts.offer(fields["audience_organizations"].queryset)  # type: ignore[attr-defined]
        fields["audience_posts"] = posts

    def _addressable(self) -> Any:
        """Return the nodes the person may address, and those that the audience names already."""
        if self.by is None:
            return Organization.objects.none()
        return addressable(self.by, self.audience_duty, kept=self._kept)

    def clean(self) -> Any:
        cleaned = super().clean()  # type: ignore[misc]
        data = cleaned if cleaned is not None else self.cleaned_data  # type: ignore[attr-defined]
        chosen = data.get("visibility") == Visibility.AUDIENCE and "audience_organizations" in data
        if chosen and self.circle().is_empty:
            self.add_error(  # type: ignore[attr-defined]
                "audience_organizations", ValidationError(_("Choose at least one organization."), code="required")
            )
        elif chosen:
            try:
                check_posts(data.get("audience_posts") or (), self.circle().organizations)
            except ValidationError as refusal:
                self.add_error("audience_posts", refusal)  # type: ignore[attr-defined]
        return data

    def circle(self) -> Circle:
        """Return the chosen circle; empty unless the thing is for a chosen audience."""
        data = self.cleaned_data  # type: ignore[attr-defined]
        if data.get("visibility") != Visibility.AUDIENCE:
            return Circle()
        return Circle(
            organizations=list(data.get("audience_organizations") or ()),
            standings=data.get("audience_standings") or (),
            posts=data.get("audience_posts") or (),
            users=self._kept.users,
        )

    def saved_audience(self) -> Audience | None:
        """Write the chosen circle, over the audience that was there; ``None`` when none is chosen."""
        circle = self.circle()
        if circle.is_empty:
            return None
        present = getattr(getattr(self, "instance", None), "audience", None)
        return save_audience(circle, audience=present)

    @property
    def holds_audience_duty(self) -> bool:
        return self.by is not None and rights_of(self.by).holds(self.audience_duty)
