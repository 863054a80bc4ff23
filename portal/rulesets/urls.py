from django.urls import path

from . import views

app_name = "rulesets"
urlpatterns = [
    path("", views.rules, name="rules"),
    path("calendar/", views.calendar, name="calendar"),
]
