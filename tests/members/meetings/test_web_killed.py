"""A hall checks in while the web process is killed twice (kill -9): nobody is lost, nobody is counted twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[3]
PEOPLE = 60


@pytest.fixture
def database():
    """Return the address of an empty database of this test's own: the kind that the other tests run on."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield ""
        return
    name = f"hall_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # noqa: S608 - the name is made here
    try:
        yield f"{url.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # noqa: S608 - as above


def test_web_killed_while_people_check_in_each_is_noted_once(tmp_path, database):
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    environment = kept | {
        "PORTAL_DATA": str(tmp_path), "PORTAL_PRACTICE": "false", "PORTAL_HOSTS": "127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "portal.settings", "PYTHONPATH": f"{ROOT}:{ROOT / 'bin'}", "PORTAL_EXTRA_APPS": "",
    }  # fmt: skip
    if database:
        environment["DATABASE_URL"] = database

    def run(*arguments):
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    run("manage.py", "migrate", "-v0", "--skip-checks")
    found = json.loads(run("-m", "measure.check_in", "killed", str(PEOPLE)))
    assert found["unanswered"] > 0  # it was killed while they came
    assert found["each_once"]
