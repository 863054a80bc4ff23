"""Addresses of talks and requests; ``members.urls`` includes them."""

from django.urls import path

from .views import requests, talks

app_name = "help"

urlpatterns = [
    path("", requests.my_help, name="my-help"),
    path("ask/", requests.RequestAskView.as_view(), name="request-ask"),
    path("requests/", requests.request_list, name="request-list"),
    path("requests/<int:pk>/", requests.request_detail, name="request-detail"),
    path("requests/<int:pk>/say/", requests.RequestSayView.as_view(), name="request-say"),
    path("requests/<int:pk>/assign/", requests.RequestAssignView.as_view(), name="request-assign"),
    path("requests/<int:pk>/close/", requests.RequestCloseView.as_view(), name="request-close"),
    path("requests/<int:pk>/reopen/", requests.RequestReopenView.as_view(), name="request-reopen"),
    path("talks/", talks.talk_list, name="talk-list"),
    path("talks/overview/", talks.talk_overview, name="talk-overview"),
    path("talks/new/", talks.TalkCreateView.as_view(), name="talk-create"),
    path("talks/branches/<int:pk>/plan/", talks.talk_plan_year, name="talk-plan-year"),
    path("talks/<int:pk>/", talks.talk_detail, name="talk-detail"),
    path("talks/<int:pk>/arrange/", talks.TalkArrangeView.as_view(), name="talk-arrange"),
    path("talks/<int:pk>/record/", talks.TalkRecordView.as_view(), name="talk-record"),
    path("talks/<int:pk>/confirm/", talks.talk_confirm, name="talk-confirm"),
    path("talks/<int:pk>/drop/", talks.TalkDropView.as_view(), name="talk-drop"),
]
