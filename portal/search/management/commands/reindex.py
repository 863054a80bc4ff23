"""Index every searchable row anew."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.extensions.registry import search_sources
from portal.search.services import reindex


class Command(BaseCommand):
    help = "Index every searchable row anew."

    def handle(self, *args: Any, **options: Any) -> None:
        for source in search_sources:
            self.stdout.write(f"{source.code}: {reindex(source)}")
