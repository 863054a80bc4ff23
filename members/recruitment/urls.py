"""Addresses of recruitment; ``members.urls`` includes them."""

from django.urls import path

from .views import cases

app_name = "recruitment"

urlpatterns = [
    path("cases/<int:pk>/", cases.case_detail, name="case-detail"),
]
