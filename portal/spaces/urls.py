"""Addresses of the spaces."""

from django.urls import path

from . import views

app_name = "spaces"

urlpatterns = [
    path("", views.own_space, name="own-space"),
    path("<int:pk>/", views.space_detail, name="space-detail"),
    path("<int:pk>/fresh/", views.fresh, name="fresh"),
    path("<int:pk>/glance/", views.glance, name="glance"),
    path("<int:pk>/follow/", views.follow, name="follow"),
    path("<int:pk>/people/", views.people, name="people"),
    path("<int:pk>/calendar/", views.calendar, name="calendar"),
    path("<int:pk>/documents/", views.documents, name="documents"),
    path("<int:pk>/documents/new/", views.DocumentCreateView.as_view(), name="document-create"),
    path("documents/<int:pk>/edit/", views.DocumentEditView.as_view(), name="document-edit"),
    path("documents/<int:pk>/remove/", views.DocumentRemoveView.as_view(), name="document-remove"),
    path("<int:pk>/boards/", views.boards, name="boards"),
    path("<int:pk>/record/", views.space_record, name="record"),
    path("<int:pk>/below/", views.below, name="below"),
    path("<int:pk>/posts/new/", views.PostCreateView.as_view(), name="post-create"),
    path("posts/<int:pk>/", views.post_detail, name="post"),
    path("posts/<int:pk>/edit/", views.PostEditView.as_view(), name="post-edit"),
    path("posts/<int:pk>/remove/", views.PostRemoveView.as_view(), name="post-remove"),
    path("posts/<int:pk>/restore/", views.post_restore, name="post-restore"),
    path("posts/<int:pk>/hide/", views.PostHideView.as_view(), name="post-hide"),
    path("posts/<int:pk>/reply/", views.ReplyView.as_view(), name="reply"),
    path("replies/<int:pk>/remove/", views.reply_remove, name="reply-remove"),
    path("replies/<int:pk>/hide/", views.ReplyHideView.as_view(), name="reply-hide"),
]
