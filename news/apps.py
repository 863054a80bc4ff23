from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "news"
    label = "news"
    verbose_name = _("News")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.extensions.registry import NavigationItem, SearchSource, navigation, search_sources

        from . import policies  # noqa: F401

        navigation.register(
            NavigationItem(
                code="news", label=_("News"), url_name="news:home", order=10, icon="newspaper", prefixes=("/news/",)
            )
        )
        search_sources.register(
            SearchSource(
                code="news",
                label=_("News"),
                model="news.Article",
                title=lambda article: article.title,
                text=lambda article: f"{article.subtitle} {article.summary} {article.body_html}",
                url=lambda article: article.get_absolute_url(),
                # Nothing is indexed that is not published: a draft is found by nobody.
                at=lambda article: article.published_at if article.is_published else None,
                order=10,
            )
        )
