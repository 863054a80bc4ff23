"""Ten thousand notices, a real worker, and kill -9 at 10, 50 and 90 per cent (trust.md T-40, T-42)."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
COUNT = int(os.environ.get("NOTICES", "10000"))
KILL_AT = (0.1, 0.5, 0.9)
PATIENCE_SECONDS = 300

SETUP = "import os, json, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'portal.settings'; django.setup()\n"
POST = """
from portal.accounts.models import User
from portal.notifications.services import post
User.objects.bulk_create(
    [User(number=f"n{i}", name=f"N{i}", email=f"n{i}@example.org", password="!") for i in range(%d)], batch_size=1000
)
params = {"title": "Meeting", "text": "Room 5", "places": ["branch"], "narrowed": []}
for _again in range(2):
    post("announcement", key="k", recipients=User.objects.all(), params=params)
"""
# The lease of the dead worker runs out: what else takes two minutes.
LATER = """
from django.utils import timezone
from portal.notifications.models import Notice
from portal.notifications.tasks import sweep_notices
Notice.objects.filter(mail_state="sending").update(mail_due_at=timezone.now())
for _twice in range(2):
    sweep_notices.apply_async()
"""
STATE = """
from django.db.models import Count
from portal.notifications.models import Notice
rows = Notice.objects.order_by()
print(json.dumps({
    "states": dict(rows.values_list("mail_state").annotate(Count("pk"))),
    "people": rows.values("recipient").distinct().count(),
    "rows": rows.count(),
}))
"""


class House:
    """A portal of its own: data folder, database, broker."""

    def __init__(self, folder: Path, redis_url: str) -> None:
        self.mail = folder / "mail"
        for name in ("queue", "control", "tmp", "mail", "cache"):
            (folder / name).mkdir()
        kept = {
            key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")
        }
        self.env = kept | {"PORTAL_DATA": str(folder), "PORTAL_DEBUG": "1"}
        if redis_url:
            self.env["REDIS_URL"] = redis_url
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"], cwd=ROOT, env=self.env, check=True
        )

    def run(self, code: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", SETUP + code], cwd=ROOT, env=self.env, check=True, capture_output=True, text=True
        )
        return done.stdout

    def state(self) -> dict:
        return json.loads(self.run(STATE))

    def start_worker(self) -> subprocess.Popen:
        celery = [sys.executable, "-m", "celery", "-A", "portal", "worker", "--beat"]
        command = [*celery, "--concurrency", "2", "--loglevel", "ERROR"]
        return subprocess.Popen(command, cwd=ROOT, env=self.env, start_new_session=True)

    def mailed(self) -> int:
        return sum(1 for entry in os.scandir(self.mail) if entry.name.endswith(".eml"))

    def wait_for(self, count: int) -> None:
        ends = time.monotonic() + PATIENCE_SECONDS
        while self.mailed() < count:
            assert time.monotonic() < ends, f"{self.mailed()} of {count} mails after {PATIENCE_SECONDS} seconds"
            time.sleep(0.05)


def brokers() -> list[str]:
    """Return the brokers to try: the embedded one, and Redis where the tests have one, in a database of its own."""
    url = os.environ.get("REDIS_URL", "")
    return ["", f"{url.rsplit('/', 1)[0] if url.count('/') > 2 else url}/9"] if url else [""]


@pytest.mark.parametrize("redis_url", brokers(), ids=lambda url: "redis" if url else "embedded")
def test_worker_killed_in_the_middle_each_person_has_exactly_one(tmp_path, redis_url):
    house = House(tmp_path, redis_url)
    house.run(POST % COUNT)
    for share in KILL_AT:
        worker = house.start_worker()
        try:
            house.wait_for(int(COUNT * share))
        finally:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        assert house.mailed() < COUNT
        house.run(LATER)
    worker = house.start_worker()
    try:
        house.wait_for(COUNT)
        ends = time.monotonic() + 30
        while (state := house.state())["states"] != {"sent": COUNT} and time.monotonic() < ends:
            time.sleep(0.5)
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    assert state == {"states": {"sent": COUNT}, "people": COUNT, "rows": COUNT}
    # A mail sent twice around a death has the same Message-ID, hence the same file.
    assert house.mailed() == COUNT
