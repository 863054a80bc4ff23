"""Posts of a space and the replies under them."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView

from portal.access.policy import fetch, scope, with_power
from portal.accounts.doors import to_the_door
from portal.drafts.views import DraftMixin
from portal.files.models import Kind
from portal.moderation.queries import marked
from portal.organizations.models import Organization
from portal.web.pagination import numbered_page
from portal.web.views import ServiceFormMixin

from .. import queries, services
from ..forms import PostEditForm, PostForm, ReasonForm, ReplyForm
from ..models import SpacePost, SpaceReply
from ..services import Written

_POST = SpacePost._default_manager.select_related("organization", "author", "video", "voice")
_ACTIONS = ("reply", "change", "remove", "restore", "moderate")
REPLIES = 50


def _written(data: dict[str, Any]) -> Written:
    names = ("text", "video", "voice", "spoken", "visibility")
    return Written(pictures=tuple(data["pictures"]), **{name: data[name] for name in names})


class PostCreateView(DraftMixin, ServiceFormMixin, FormView):
    """Post in a space; what is typed is kept as a draft."""

    form_class, template_name = PostForm, "portal/spaces/post_create.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.node = fetch(request.user, "write_in_space", Organization, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def draft_key(self) -> str:
        return f"spaces.post.{self.node.pk}"

    def get_form_kwargs(self) -> dict[str, Any]:
        reaches = services.may_choose(self.request.user, self.node)
        return super().get_form_kwargs() | {"by": self.request.user, "reaches": reaches}

    def perform(self, *, token: str, **data: Any) -> SpacePost:
        return services.write_post(self.node, _written(data), by=self.request.user, token=token)

    def get_success_url(self) -> str:
        return reverse("spaces:space-detail", args=[self.node.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, node=self.node, voice_seconds=settings.VOICE_MAX_SECONDS)


class PostEditView(ServiceFormMixin, FormView):
    """Change the own post."""

    form_class, template_name = PostEditForm, "portal/spaces/post_edit.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.row = fetch(request.user, "change", SpacePost, pk=kwargs["pk"], queryset=_POST)
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        row = self.row
        return {
            "text": row.text, "spoken": row.spoken, "visibility": row.visibility, "version": row.version,
            "pictures": list(row.files.filter(kind=Kind.IMAGE).order_by("pk")), "voice": row.voice, "video": row.video,
        }  # fmt: skip

    def get_form_kwargs(self) -> dict[str, Any]:
        reaches = services.may_choose(self.request.user, self.row.organization)
        if self.row.visibility not in reaches:
            reaches.append(self.row.visibility)
        return super().get_form_kwargs() | {"by": self.request.user, "reaches": reaches}

    def perform(self, *, token: str, version: int, **data: Any) -> SpacePost:
        return services.change_post(self.row, _written(data), by=self.request.user, version=version)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, row=self.row, node=self.row.organization, voice_seconds=settings.VOICE_MAX_SECONDS
        )


@login_not_required
@require_GET
def post_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a post with the replies under it."""
    rows = _POST.annotate(**marked(request.user, SpacePost))
    for action in _ACTIONS:
        rows = with_power(rows, request.user, action)
    try:
        row = fetch(request.user, "view", SpacePost, pk=pk, queryset=rows)
    except Http404:
        # A visitor is told the same whether or not there is such a post.
        if not request.user.is_authenticated:
            return to_the_door(request)
        raise
    if (asked := request.GET.get("reply", "")) and (address := _address_of_reply(request, row, asked)):
        return redirect(address)
    pictures = queries.pictures_of([row]) if row.picture_count else {}
    replies = queries.replies_of(row, request.user)
    context = {
        "row": row,
        "node": row.organization,
        "pictures": pictures.get(row.pk, []),
        "page": numbered_page(request, replies, REPLIES) if request.user.is_authenticated else None,
        "form": ReplyForm() if row.may_reply else None,
    }
    return render(request, "portal/spaces/post.html", context)


def _address_of_reply(request: HttpRequest, row: SpacePost, asked: str) -> str:
    """Return the page of the post, and the place on it, where the reply stands; empty when it is not to be seen."""
    is_key = asked.isascii() and asked.isdigit() and len(asked) < 19
    place = queries.place_of_reply(row, request.user, int(asked)) if is_key else None
    if place is None:
        return ""
    page = place // REPLIES + 1
    return f"{row.get_absolute_url()}{f'?page={page}' if page > 1 else ''}#reply-{asked}"


class PostRemoveView(ServiceFormMixin, FormView):
    """Ask before the own post is taken away."""

    form_class, template_name = ReasonForm, "portal/spaces/post_remove.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.row = fetch(request.user, "remove", SpacePost, pk=kwargs["pk"], queryset=_POST)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        services.remove_post(self.row, by=request.user)
        messages.success(request, _("The post is removed. For a week you can bring it back."))
        return redirect(self.row)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        effects = [
            _("Nobody sees the post and its replies any more."),
            _("For a week you can bring it back; after half a year it is deleted with its pictures and recordings."),
        ]
        return super().get_context_data(**kwargs, row=self.row, node=self.row.organization, effects=effects)


@require_POST
def post_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring the own post back."""
    row = fetch(request.user, "restore", SpacePost, pk=pk)
    services.restore_post(row, by=request.user)
    messages.success(request, _("The post is back where it stood."))
    return redirect(row)


class PostHideView(ServiceFormMixin, FormView):
    """Hide a post with a reason that its author can read, or show it again."""

    form_class, template_name = ReasonForm, "portal/spaces/hide.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.row = fetch(request.user, "moderate", SpacePost, pk=kwargs["pk"], queryset=_POST)
        return super().dispatch(request, *args, **kwargs)

    def perform(self, *, reason: str) -> SpacePost:
        act = services.show_post if self.row.hidden_at else services.hide_post
        return act(self.row, reason=reason, by=self.request.user)

    def get_success_url(self) -> str:
        return self.row.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, row=self.row, words=self.row.text or self.row.spoken, back=self.row, node=self.row.organization
        )


class ReplyView(DraftMixin, ServiceFormMixin, FormView):
    """Answer under a post."""

    form_class, template_name = ReplyForm, "portal/spaces/reply.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.row = fetch(request.user, "reply", SpacePost, pk=kwargs["pk"], queryset=_POST)
        return super().dispatch(request, *args, **kwargs)

    def draft_key(self) -> str:
        return f"spaces.reply.{self.row.pk}"

    def perform(self, *, token: str, text: str) -> SpaceReply:
        return services.reply(self.row, text=text, by=self.request.user, token=token)

    def get_success_url(self) -> str:
        return self.result.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, row=self.row, node=self.row.organization)


@require_POST
def reply_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the own reply away."""
    row = fetch(request.user, "remove", SpaceReply, pk=pk, queryset=SpaceReply._default_manager.select_related("post"))
    services.remove_reply(row, by=request.user)
    messages.success(request, _("The reply is removed."))
    # Whoever lost sight of the post meanwhile goes back to the own space.
    if scope(request.user, "view", SpacePost).filter(pk=row.post_id).exists():
        return redirect(row.post)
    return redirect("spaces:own-space")


class ReplyHideView(ServiceFormMixin, FormView):
    """Hide a reply with a reason that its author can read, or show it again."""

    form_class, template_name = ReasonForm, "portal/spaces/hide.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = SpaceReply._default_manager.select_related("post__organization", "author")
        self.row = fetch(request.user, "moderate", SpaceReply, pk=kwargs["pk"], queryset=found)
        return super().dispatch(request, *args, **kwargs)

    def perform(self, *, reason: str) -> SpaceReply:
        act = services.show_reply if self.row.hidden_at else services.hide_reply
        return act(self.row, reason=reason, by=self.request.user)

    def get_success_url(self) -> str:
        return self.row.post.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, row=self.row, words=self.row.text, back=self.row.post, node=self.row.post.organization
        )


