"""The search page."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from portal.extensions.registry import search_sources

from .services import search

LONGEST_QUERY = 60


@method_decorator(login_not_required, name="dispatch")
class SearchView(TemplateView):
    """Find what one may view; visitors find what is public."""

    template_name = "portal/search/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.GET.get("q", "").strip()[:LONGEST_QUERY]
        kind = self.request.GET.get("kind", "")
        known = {source.code for source in search_sources}
        number = self.request.GET.get("page", "1")
        page = search(
            self.request.user,
            words,
            sources=[kind] if kind in known else [],
            page=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
        )
        return super().get_context_data(
            **kwargs, words=words, kind=kind if kind in known else "", page=page, sources=list(search_sources)
        )
