"""Addresses of notices."""

from django.urls import path

from . import sending, views

app_name = "notifications"

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("<int:pk>/", views.notice, name="notice"),
    path("<int:pk>/open/", views.open_notice, name="open"),
    path("<int:pk>/read/", views.read_notice, name="read"),
    path("read-all/", views.read_all, name="read-all"),
    path("preferences/", views.preferences, name="preferences"),
    path("kinds/<str:kind>/silence/", views.silence, name="silence"),
    path("unread/", views.unread, name="unread"),
    path("stream/", views.stream, name="stream"),
    path("send/", sending.send, name="send"),
    path("sent/", sending.sent_list, name="sent-list"),
    path("sent/<int:pk>/", sending.sent, name="sent"),
    path("sent/<int:pk>/withdraw/", sending.withdraw, name="withdraw"),
]
