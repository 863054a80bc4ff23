from django.views.generic import TemplateView

from portal.access.policy import fetch, scope

from .models import Book


class BookListView(TemplateView):
    template_name = "fifth_room/book_list.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, books=list(scope(self.request.user, "view", Book)))


class BookView(TemplateView):
    template_name = "fifth_room/book.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, book=fetch(self.request.user, "view", Book, pk=kwargs["pk"]))
