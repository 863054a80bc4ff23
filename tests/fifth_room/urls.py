from django.urls import path

from . import views

app_name = "fifth_room"

urlpatterns = [
    path("", views.BookListView.as_view(), name="book-list"),
    path("books/<int:pk>/", views.BookView.as_view(), name="book"),
]
