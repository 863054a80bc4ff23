"""Two questions a supervisor asks: does the process answer, and can it do its work?"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

# Once every migration is in, it stays in for the life of the process: ask the table no more.
_migrated = False


def check_database() -> str:
    """Return what is wrong with the database, or an empty string."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "the database does not answer"
    return ""


def check_migrations() -> str:
    """Return whether migrations are missing; a process that found none missing does not look again."""
    global _migrated
    if _migrated:
        return ""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "the migrations cannot be read"
    _migrated = not missing
    return "migrations are missing: run manage.py migrate" if missing else ""


def check_queue() -> str:
    """Return what keeps tasks and shared limits from working, or an empty string."""
    if settings.REDIS_URL:
        try:
            getattr(cache, "strict_get", cache.get)("health")
        except RedisError:
            return "Redis does not answer"
        return ""
    folder = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"])
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return "the queue directory cannot be made"
    return "" if os.access(folder, os.W_OK) else "the queue directory cannot be written"


CHECKS: tuple[Callable[[], str], ...] = (check_database, check_migrations, check_queue)


def faults() -> Iterator[str]:
    """Yield what is wrong, in plain words that name no host, path or secret."""
    return filter(None, (check() for check in CHECKS))


@login_not_required
@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer as long as the process runs, whatever else has failed."""
    return HttpResponse("alive\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when database, migrations and queue are usable, else 503 with what is wrong."""
    if found := list(faults()):
        return HttpResponse("".join(f"{fault}\n" for fault in found), status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")


app_name = "health"
urlpatterns = [path("live", live, name="live"), path("ready", ready, name="ready")]
