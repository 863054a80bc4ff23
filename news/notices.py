"""Notices of the news: an article was published for its readers."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NoticeKind, kinds

kinds.register(
    NoticeKind(
        code="article_published",
        label=_("News published for me"),
        title=_("News: %(title)s"),
        body=_("%(organization)s has published “%(title)s”. %(summary)s"),
        reason=_("You are among the readers for whom it was published."),
        order=300,
    )
)
