"""Addresses of imports."""

from django.urls import path

from . import views

app_name = "imports"

urlpatterns = [
    path("", views.import_list, name="list"),
    path("template/<slug:kind>/", views.import_template, name="template"),
    path("<int:pk>/", views.import_run, name="run"),
    path("<int:pk>/progress/", views.import_progress, name="progress"),
    path("<int:pk>/columns/", views.import_columns, name="columns"),
    path("<int:pk>/confirm/", views.import_confirm, name="confirm"),
    path("<int:pk>/undo/", views.import_undo, name="undo"),
    path("<int:pk>/discard/", views.import_discard, name="discard"),
    path("<int:pk>/workbook/", views.import_workbook, name="workbook"),
]
