"""Everything the room plugs into the portal."""

from django.urls import reverse

from portal.extensions.registry import (
    NavigationItem,
    SearchSource,
    WorkGroup,
    WorkItem,
    WorkSource,
    navigation,
    search_sources,
    work_sources,
)

from .models import Book

navigation.register(NavigationItem(code="library", label="Library", url_name="fifth_room:book-list", order=900))
search_sources.register(
    SearchSource(
        code="book",
        label="Library",
        model="fifth_room.Book",
        title=lambda book: book.title,
        text=lambda book: "",
        url=lambda book: reverse("fifth_room:book", args=[book.pk]),
        at=lambda book: book.added_at,
        order=900,
    )
)


def _to_return(user, today) -> WorkGroup:
    books = list(Book.objects.filter(lent_to=user))
    items = [WorkItem(book.title, reverse("fifth_room:book", args=[book.pk]), due_on=book.back_on) for book in books]
    return WorkGroup(items, len(items))


work_sources.register(WorkSource(code="library", label="Books to return", find=_to_return, order=900))
