"""Addresses around reports of abuse."""

from django.urls import path

from . import views

app_name = "moderation"

urlpatterns = [
    path("", views.flagged_list, name="flagged-list"),
    path("mine/", views.my_flags, name="my-flags"),
    path("<int:pk>/", views.flagged_detail, name="flagged-detail"),
    path("<int:pk>/decide/", views.FlaggedDecideView.as_view(), name="flagged-decide"),
    path("<int:pk>/appeal/", views.FlaggedAppealView.as_view(), name="flagged-appeal"),
    path("report/<slug:kind>/<int:pk>/", views.FlagView.as_view(), name="flag"),
    path("appeal/<slug:kind>/<int:pk>/", views.appeal_of, name="appeal-of"),
]
