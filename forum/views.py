"""Pages of the forum. Reading never writes: read marks come from a small POST that the page sends afterwards."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView

from portal.access.policy import fetch
from portal.drafts.views import DraftMixin
from portal.web.pagination import KeysetPaginator
from portal.web.views import ServiceFormMixin

from . import queries, services
from .forms import EditForm, ModerateForm, ReasonForm, ReplyForm, ThreadForm
from .models import Board, Post, Thread
from .rules import page_of

_THREAD = Thread._default_manager.select_related("board")


@method_decorator(login_not_required, name="dispatch")
class BoardListView(TemplateView):
    """The boards one may read, with what is new."""

    template_name = "forum/board_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, boards=queries.boards_for(self.request.user))


@method_decorator(login_not_required, name="dispatch")
class BoardView(TemplateView):
    """One board's threads, pinned ones first, then the latest."""

    template_name = "forum/board.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        board = fetch(user, "view", Board, slug=kwargs["slug"], queryset=queries.board_to_write)
        paginator = KeysetPaginator(queries.threads_of(board, user), ["-is_pinned", "-last_post_at", "-pk"])
        return super().get_context_data(
            **kwargs,
            board=board,
            page=paginator.page(self.request.GET),
            may_write=board.may_write,
        )


@method_decorator(login_not_required, name="dispatch")
class ThreadView(TemplateView):
    """One page of a thread, with the form to reply."""

    template_name = "forum/thread.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        thread = fetch(user, "view", Thread, pk=kwargs["pk"], queryset=queries.thread_to_reply)
        pages = page_of(max(thread.post_count, 1))
        asked = self.request.GET.get("page", "1")
        number = min(max(int(asked), 1), pages) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
        posts = queries.posts_on(thread, number, user)
        return super().get_context_data(
            **kwargs,
            thread=thread,
            board=thread.board,
            posts=posts,
            number=number,
            pages=pages,
            last_number=posts[-1].number if posts else 0,
            may_reply=thread.may_reply,
            may_moderate=queries.may_moderate(user, thread),
            form=ReplyForm(auto_id="id_%s") if thread.may_reply else None,
        )


class ThreadCreateView(DraftMixin, ServiceFormMixin, FormView):
    """Start a thread; the draft is kept while one types."""

    form_class, template_name = ThreadForm, "forum/thread_create.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.board = fetch(request.user, "write", Board, slug=kwargs["slug"])
        return super().dispatch(request, *args, **kwargs)

    def draft_key(self) -> str:
        return f"forum.thread.{self.board.pk}"

    def perform(self, *, title: str, body: str, token: str) -> Thread:
        return services.start_thread(self.board, title=title, body=body, by=self.request.user, token=token)

    def get_success_url(self) -> str:
        return reverse("forum:thread", args=[self.result.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, board=self.board)


class ReplyView(DraftMixin, ServiceFormMixin, FormView):
    """Reply to a thread; the draft is kept while one types."""

    form_class, template_name = ReplyForm, "forum/reply.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.thread = fetch(request.user, "reply", Thread, pk=kwargs["pk"], queryset=_THREAD)
        return super().dispatch(request, *args, **kwargs)

    def draft_key(self) -> str:
        return f"forum.reply.{self.thread.pk}"

    def get_initial(self) -> dict[str, Any]:
        initial = super().get_initial()
        quoted = self.request.GET.get("quote", "")
        if quoted.isascii() and quoted.isdigit() and len(quoted) < 9:
            post = queries.readable_post(self.thread, int(quoted), self.request.user)
            if post and not initial.get("body"):
                initial["body"] = services.quotation(post)
        return initial

    def perform(self, *, body: str, token: str) -> Post:
        return services.reply(self.thread, body=body, by=self.request.user, token=token)

    def get_success_url(self) -> str:
        return services.post_url(self.thread.pk, self.result.number)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, thread=self.thread, board=self.thread.board)


class PostEditView(ServiceFormMixin, FormView):
    """Change one's own post within the time the rules allow."""

    form_class, template_name = EditForm, "forum/post_edit.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.post_row = fetch(
            request.user, "change", Post, pk=kwargs["pk"],
            queryset=Post._default_manager.select_related("thread__board"),
        )  # fmt: skip
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"body": self.post_row.body}

    def perform(self, *, body: str) -> Post:
        return services.edit_post(self.post_row, body=body, by=self.request.user)

    def get_success_url(self) -> str:
        return services.post_url(self.post_row.thread_id, self.post_row.number)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, row=self.post_row, thread=self.post_row.thread)


class ThreadModerateView(ServiceFormMixin, FormView):
    """Lock, pin or hide a thread, with a reason in the record."""

    form_class, template_name = ModerateForm, "forum/thread_moderate.html"
    success_message = gettext_lazy("Done. The act is on record.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.thread = fetch(request.user, "moderate", Thread, pk=kwargs["pk"], queryset=_THREAD)
        return super().dispatch(request, *args, **kwargs)

    def perform(self, *, verb: str, reason: str) -> Thread:
        return services.moderate_thread(self.thread, verb=verb, reason=reason, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("forum:thread", args=[self.thread.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, thread=self.thread, board=self.thread.board)


class PostHideView(ServiceFormMixin, FormView):
    """Hide a post with a reason its author can read, or show it again."""

    form_class, template_name = ReasonForm, "forum/post_hide.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.post_row = fetch(
            request.user, "moderate", Post, pk=kwargs["pk"],
            queryset=Post._default_manager.select_related("thread__board"),
        )  # fmt: skip
        return super().dispatch(request, *args, **kwargs)

    def perform(self, *, reason: str) -> Post:
        if self.post_row.hidden_at:
            return services.restore_post(self.post_row, reason=reason, by=self.request.user)
        return services.hide_post(self.post_row, reason=reason, by=self.request.user)

    def get_success_url(self) -> str:
        return services.post_url(self.post_row.thread_id, self.post_row.number)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, row=self.post_row, thread=self.post_row.thread)


@require_POST
def thread_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Remember how far the reader has come; sent by the page after it is shown."""
    thread = fetch(request.user, "view", Thread, pk=pk)
    number = request.POST.get("number", "")
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        raise Http404
    services.mark_read(thread, number=int(number), by=request.user)
    return HttpResponse(status=204)


@require_POST
def board_read(request: HttpRequest, slug: str) -> HttpResponse:
    """Count everything on a board as read."""
    board = fetch(request.user, "view", Board, slug=slug)
    services.mark_board_read(board, by=request.user)
    messages.success(request, _("Everything on this board counts as read."))
    return redirect("forum:board", slug=board.slug)


@require_POST
def thread_subscribe(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin or end following a thread."""
    thread = fetch(request.user, "view", Thread, pk=pk)
    wanted = request.POST.get("wanted") == "yes"
    services.subscribe(thread, by=request.user, wanted=wanted)
    messages.success(
        request, _("You will be told of new replies.") if wanted else _("You will no longer be told of new replies.")
    )
    return redirect("forum:thread", pk=thread.pk)
