"""News in the admin: written and kept there within one's own part of the tree."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from portal.access.admin import ScopedModelAdmin, site
from portal.access.policy import duty_scope, may, scope
from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.web.refusals import RuleError

from . import services
from .forms import ArticleForm
from .models import Article, Column, State


@admin.register(Column, site=site)
class ColumnAdmin(ScopedModelAdmin):
    list_display = ["name", "name_en", "slug", "visibility", "position", "is_open"]
    list_filter = ["visibility", "is_open"]
    search_fields = ["name", "name_en", "slug"]
    prepopulated_fields = {"slug": ["name_en"]}

    def save_model(self, request: HttpRequest, obj: Column, form: Any, change: bool) -> None:
        services.keep_column(obj, by=request.user)


@admin.register(Article, site=site)
class ArticleAdmin(ScopedModelAdmin):
    """Lists what the person may write or publish; published news of others are read on the portal's pages."""

    form = ArticleForm
    list_display = ["title", "column", "organization", "shown_state", "visibility", "published_at", "top_until"]
    list_filter = ["state", "column", "visibility"]
    list_select_related = ["column", "organization"]
    search_fields = ["title", "subtitle", "author_name"]
    date_hierarchy = "published_at"
    ordering = ["-changed_at", "-pk"]
    actions = ["publish_chosen"]
    actions_detail = ["preview", "publish", "withdraw"]
    fieldsets = [
        (None, {"fields": ["title", "subtitle", "column", "organization", "body_html", "summary", "version"]}),
        (_("Pictures and attachments"), {"fields": ["cover_file", "picture_files", "attachment_files"]}),
        (_("Who may see it"), {"fields": ["visibility", "audience_organizations", "audience_standings",
                                          "audience_posts"]}),
        (_("Origin and place"), {"fields": ["source", "source_url", "author_name", "top_until"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        mine = scope(request.user, "change", Article).values("pk")
        return super().get_queryset(request).filter(pk__in=mine).defer("body_html")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        # The audience's fields come with the form, not with the model.
        kwargs["fields"] = ArticleForm.Meta.fields
        made = super().get_form(request, obj, change=change, **kwargs)
        return type(made.__name__, (made,), {"by": request.user})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "organization":
            mine = duty_scope(request.user, Duty.WRITE_NEWS) | duty_scope(request.user, Duty.PUBLISH_NEWS)
            kwargs["queryset"] = mine.order_by("path")
            kwargs["initial"] = rights_of(request.user).organization_id
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        if not change:
            written = services.write_article(form.text(), by=request.user, **form.chosen_files())
        else:
            written = services.change_article(
                obj, form.text(), by=request.user, version=form.cleaned_data["version"], **form.chosen_files()
            )
        obj.__dict__.update({name: value for name, value in written.__dict__.items() if name != "_state"})
        obj._state.adding = False

    def has_publish_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may_now(request, "publish", object_id, {State.DRAFT, State.WITHDRAWN})

    def has_withdraw_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may_now(request, "withdraw", object_id, {State.PUBLISHED})

    def _may_now(self, request: HttpRequest, verb: str, object_id: Any, states: set[str]) -> bool:
        if object_id is None:
            return self._holds(request, verb)
        found = self.get_object(request, object_id)
        return found is not None and found.state in states and may(request.user, verb, found)

    @action(description=_("Preview"), url_path="preview")
    def preview(self, request: HttpRequest, object_id: int) -> HttpResponse:
        if self.get_object(request, str(object_id)) is None:
            raise Http404
        return HttpResponseRedirect(reverse("news:article-preview", args=[object_id]))

    @action(description=_("Publish …"), url_path="publish", permissions=["publish"])
    def publish(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("news:article-publish", args=[object_id]))

    @action(description=_("Withdraw …"), url_path="withdraw", permissions=["withdraw"])
    def withdraw(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("news:article-withdraw", args=[object_id]))

    @admin.action(description=_("Publish the selected drafts"), permissions=["publish"])
    def publish_chosen(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        """Publish what the person may publish and say what became of the rest."""
        allowed = set(scope(request.user, "publish", Article).values_list("pk", flat=True).filter(pk__in=queryset))
        done = 0
        for article in queryset:
            try:
                if article.pk not in allowed:
                    raise RuleError(_("You may not publish this article."))
                services.publish(article, by=request.user)
                done += 1
            except RuleError as refusal:
                words = {"title": article.title, "reason": " ".join(refusal.messages)}
                self.message_user(request, _("%(title)s: %(reason)s") % words, messages.WARNING)
        if done:
            self.message_user(request, _("Published: %(count)d.") % {"count": done}, messages.SUCCESS)

    @display(
        description=_("State"),
        label={State.DRAFT: "info", State.PUBLISHED: "success", State.WITHDRAWN: "warning"},
    )
    def shown_state(self, article: Article) -> tuple[str, str]:
        return article.state, article.get_state_display()
