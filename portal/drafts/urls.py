from django.urls import path, register_converter

from . import views
from .models import KEY_PATTERN


class KeyConverter:
    regex = KEY_PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(KeyConverter, "draft_key")

app_name = "drafts"
urlpatterns = [path("<draft_key:key>/", views.draft, name="draft")]
