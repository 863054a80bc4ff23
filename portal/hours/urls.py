"""Addresses of the ledger of hours."""

from django.urls import path

from . import views

app_name = "hours"

urlpatterns = [
    path("", views.my_hours, name="my-hours"),
    path("export/", views.my_hours_export, name="my-hours-export"),
    path("people/<int:pk>/", views.person_hours, name="person-hours"),
    path("entries/<int:pk>/annul/", views.EntryAnnulView.as_view(), name="entry-annul"),
]
