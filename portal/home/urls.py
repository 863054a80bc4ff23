"""Addresses of the front page, the workbench and the guides."""

from django.urls import path

from . import views

app_name = "home"

urlpatterns = [
    path("", views.LandingView.as_view(), name="landing"),
    path("desk/", views.WorkbenchView.as_view(), name="workbench"),
    path("guides/", views.GuideListView.as_view(), name="guide-list"),
    path("guides/<slug:code>/", views.GuideView.as_view(), name="guide"),
]
