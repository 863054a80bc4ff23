"""The project; Celery's application is loaded with it so that ``shared_task`` finds its broker."""

from .celery import app as celery_app

__all__ = ["celery_app"]
