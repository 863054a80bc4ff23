"""The public face of the news: front, column, article; drafts only as a preview for those who may change them."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import FormView

from portal.access.policy import fetch
from portal.web.page_cache import kept_for_visitors
from portal.web.pagination import KeysetPaginator
from portal.web.views import ServiceFormMixin

from . import queries, services
from .forms import PublishForm, WithdrawForm
from .models import Article, Column
from .services import TOPIC


@login_not_required
@require_safe
@kept_for_visitors(TOPIC)
def home(request: HttpRequest) -> HttpResponse:
    """Show what stands on top and the newest of every column."""
    return render(
        request,
        "news/home.html",
        {"headlines": queries.on_top(request.user), "sections": queries.sections(request.user)},
    )


@login_not_required
@require_safe
@kept_for_visitors(TOPIC)
def column(request: HttpRequest, slug: str) -> HttpResponse:
    """List a column, twenty articles a page; what stands on top leads the first page."""
    columns = queries.columns(request.user)
    here: Column | None = next((found for found in columns if found.slug == slug), None)
    if here is None:
        raise Http404
    page = KeysetPaginator(queries.in_column(request.user, here), queries.NEWEST).page(request.GET)
    return render(
        request,
        "news/column.html",
        {
            "column": here,
            "columns": columns,
            "page": page,
            "on_top": [] if page.before else queries.on_top(request.user, column=here),
        },
    )


@login_not_required
@require_safe
@kept_for_visitors(TOPIC)
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a published article."""
    found = fetch(request.user, "view", Article, queryset=queries.with_neighbours, pk=pk)
    return render(request, "news/article.html", _shown(found))


@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an article as its readers will see it to those who may change or publish it."""
    found = fetch(
        request.user,
        "change",
        Article,
        queryset=Article.objects.select_related("column", "organization", "cover", "published_by"),
        pk=pk,
    )
    return render(request, "news/article.html", _shown(found) | {"is_preview": True})


class ArticlePublishView(ServiceFormMixin, FormView):
    """Ask, then publish."""

    form_class, template_name = PublishForm, "news/article_publish.html"
    success_message = _("Published.")

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        self.article = fetch(
            request.user, "publish", Article, queryset=Article.objects.select_related("column", "organization"), pk=pk
        )
        return super().dispatch(request, *args, pk=pk)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "article": self.article}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cancel = reverse("admin:news_article_change", args=[self.article.pk])
        return super().get_context_data(article=self.article, cancel_url=cancel, **kwargs)

    def perform(self, **data: Any) -> Article:
        return services.publish(self.article, by=self.request.user, notify=data.get("notify"))


class ArticleWithdrawView(ArticlePublishView):
    """Ask why, then withdraw."""

    form_class, template_name = WithdrawForm, "news/article_withdraw.html"
    success_message = _("Withdrawn. Readers no longer see the article.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return FormView.get_form_kwargs(self)

    def perform(self, **data: Any) -> Article:
        return services.withdraw(self.article, by=self.request.user, reason=data["reason"])

    def get_success_url(self) -> str:
        return reverse("admin:news_article_change", args=[self.article.pk])


def _shown(found: Article) -> dict[str, Any]:
    return {"article": found, "attachments": queries.attachments(found)}
