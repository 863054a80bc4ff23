"""Addresses of the forum."""

from django.urls import path

from . import views

app_name = "forum"

urlpatterns = [
    path("", views.BoardListView.as_view(), name="board-list"),
    path("boards/<slug:slug>/", views.BoardView.as_view(), name="board"),
    path("boards/<slug:slug>/read/", views.board_read, name="board-read"),
    path("boards/<slug:slug>/threads/create/", views.ThreadCreateView.as_view(), name="thread-create"),
    path("threads/<int:pk>/", views.ThreadView.as_view(), name="thread"),
    path("threads/<int:pk>/reply/", views.ReplyView.as_view(), name="reply"),
    path("threads/<int:pk>/read/", views.thread_read, name="thread-read"),
    path("threads/<int:pk>/subscribe/", views.thread_subscribe, name="thread-subscribe"),
    path("threads/<int:pk>/moderate/", views.ThreadModerateView.as_view(), name="thread-moderate"),
    path("posts/<int:pk>/edit/", views.PostEditView.as_view(), name="post-edit"),
    path("posts/<int:pk>/hide/", views.PostHideView.as_view(), name="post-hide"),
]
