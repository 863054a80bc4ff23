from django.urls import path

from . import views

app_name = "files"
urlpatterns = [
    path("keep/", views.keep, name="keep"),
    path("pictures/<uuid:token>/<slug:size>.webp", views.rendition, name="rendition"),
    path("<uuid:token>/<str:name>", views.download, name="download"),
]
