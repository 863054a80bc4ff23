"""A supervisor learns in plain words what keeps the portal from working."""

from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from portal.web import health


@pytest.fixture(autouse=True)
def ask_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what an earlier question found."""
    monkeypatch.setattr(health, "_migrated", False)


def test_live_answers_without_database(client: Client) -> None:
    response = client.get("/health/live")
    assert (response.status_code, response.content) == (200, b"alive\n")
    assert response.cookies == {}


def test_ready_answers_when_all_is_there(client: Client, db: None) -> None:
    response = client.get("/health/ready")
    assert (response.status_code, response.content) == (200, b"ready\n")
    assert response.cookies == {}


def test_ready_asks_for_migrations_once(client: Client, db: None, django_assert_num_queries) -> None:
    client.get("/health/ready")
    with django_assert_num_queries(1):
        client.get("/health/ready")


@pytest.mark.logs_errors
def test_ready_says_when_the_database_is_away(client: Client, db: None, monkeypatch) -> None:
    def gone() -> None:
        raise DatabaseError

    with monkeypatch.context() as away:
        away.setattr(connection, "cursor", gone)
        response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.content == b"the database does not answer\nthe migrations cannot be read\n"


@pytest.mark.logs_errors
def test_ready_says_when_migrations_are_missing(client: Client, db: None, monkeypatch) -> None:
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: ["one"])
    response = client.get("/health/ready")
    assert (response.status_code, response.content) == (503, b"migrations are missing: run manage.py migrate\n")


@pytest.mark.logs_errors
def test_ready_says_when_the_queue_cannot_be_written(client: Client, db: None, settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.REDIS_URL = ""
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_in": str(tmp_path / "file" / "queue")}
    response = client.get("/health/ready")
    assert (response.status_code, response.content) == (503, b"the queue directory cannot be made\n")


@pytest.mark.logs_errors
def test_ready_says_when_redis_is_away(client: Client, db: None, settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": settings.REDIS_URL}
    }
    response = client.get("/health/ready")
    assert (response.status_code, response.content) == (503, b"Redis does not answer\n")


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_refuses_to_be_written_to(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
