"""Tasks of the index."""

from celery import shared_task


@shared_task
def index_object(code: str, pk: int) -> None:
    """Index one row anew; a row that is gone leaves the index."""
    from portal.extensions.registry import search_sources

    from . import services

    if source := search_sources.get(code):
        services.index(source, [pk])
