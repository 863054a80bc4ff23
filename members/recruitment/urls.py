"""Addresses of recruitment; ``members.urls`` includes them."""

from django.urls import path

from .views import cases, coming

app_name = "recruitment"

urlpatterns = [
    path("coming/", coming.coming_list, name="coming-list"),
    path("cases/<int:pk>/coming/", coming.case_coming, name="case-coming"),
    path("cases/<int:pk>/", cases.case_detail, name="case-detail"),
]
