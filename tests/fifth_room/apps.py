from django.apps import AppConfig


class FifthRoomConfig(AppConfig):
    """A room that the portal does not know of: a lending library."""

    name = "tests.fifth_room"
    label = "fifth_room"
    verbose_name = "Library"
    default_auto_field = "django.db.models.BigAutoField"
    url_prefix = "library/"

    def ready(self) -> None:
        from . import panels, policies  # noqa: F401
