"""T-41 and T-42: Redis stopped, frozen or wiped; pages are served, people sign in, and nothing is lost."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from commands.services import free_port, redis_program

from tests.portal.notifications.test_worker_killed import LATER, House

pytestmark = pytest.mark.skipif(not os.environ.get("REDIS_URL"), reason="asks for the run beside PostgreSQL and Redis")

PEOPLE = """
from portal.accounts.models import User
for number in ("n1", "n2"):
    person = User(number=number, name=number, email=f"{number}@example.org")
    person.set_password("a quiet evening")
    person.save()
"""
# What a member does on an ordinary visit, how long each page took, and a notice that somebody posts meanwhile.
VISIT = """
import time
from django.test import Client
from portal.accounts.models import User
from portal.notifications.services import post
took, met = [], set()
def timed(ask):
    began = time.monotonic()
    answer = ask()
    if answer.streaming: b"".join(answer)
    took.append(time.monotonic() - began)
    met.add(answer.status_code)
    return answer
Client().get("/about/")
member = Client(headers={"Host": "localhost"})
signed_in = timed(lambda: member.post("/accounts/login/", {"login": "n1", "password": "a quiet evening"})).status_code
met.discard(signed_in)
for turn in range(8):
    visitor = Client(headers={"Host": "localhost"})
    for path in ("/", "/news/", "/forum/", "/party-school/", "/accounts/login/"):
        timed(lambda: visitor.get(path))
    for path in ("/account/", "/notices/", "/desk/", "/accounts/sessions/"):
        timed(lambda: member.get(path, follow=True))
asked = timed(lambda: Client(headers={"Host": "localhost"}).post(
    "/accounts/password/reset/", {"email": "n1@example.org"})).status_code
met.discard(asked)
params = {"title": "Meeting", "text": "Room 5", "places": ["branch"], "narrowed": []}
began = time.monotonic()
post("announcement", key=%r, recipients=User.objects.all(), params=params)
took.append(time.monotonic() - began)
took.sort()
print(json.dumps({"signed_in": signed_in, "asked": asked, "met": sorted(met), "longest": took[-1],
                  "p95": took[int(len(took) * 0.95)]}))
"""
ACCOUNT_MAIL = "\nfrom portal.accounts.tasks import send_due_mail\nsend_due_mail.apply_async()\n"
# Two announcements to two people, the second sign-in from a new device, and two mails for a new password.
COUNTED = 7
COUNT = 400
CROWD = """
from portal.accounts.models import User
from portal.notifications.services import post
User.objects.bulk_create(
    [User(number=f"m{i}", name=f"M{i}", email=f"m{i}@example.org", password="!") for i in range(%d)]
)
params = {"title": "Meeting", "text": "Room 5", "places": ["branch"], "narrowed": []}
post("announcement", key="k", recipients=User.objects.filter(number__startswith="m"), params=params)
"""


class Broker:
    """A Redis of the test's own, which it may stop, freeze and wipe."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = redis.Redis.from_url(self.url, socket_timeout=1)
        self.start()

    def start(self) -> None:
        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen([str(redis_program()), *words], stdout=subprocess.DEVNULL)
        ends = time.monotonic() + 20
        while time.monotonic() < ends:
            try:
                self.client.ping()
                return
            except redis.RedisError:
                time.sleep(0.05)
        raise AssertionError("Redis did not start")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()


@pytest.fixture
def broker(tmp_path) -> Iterator[Broker]:
    (tmp_path / "redis").mkdir()
    made = Broker(tmp_path / "redis")
    yield made
    made.stop()


@pytest.fixture
def house(tmp_path, broker) -> House:
    (tmp_path / "house").mkdir()
    made = House(tmp_path / "house", broker.url)
    made.env |= {"PORTAL_SECOND_FACTOR": "false", "PORTAL_HOSTS": "localhost,testserver"}
    return made


def visit(house: House, key: str) -> dict:
    return json.loads(house.run(VISIT % key).splitlines()[-1])


@pytest.mark.parametrize("fault", ["stopped", "frozen"])
def test_redis_away_pages_go_on_and_notices_arrive_afterwards(house, broker, fault):
    house.run(PEOPLE)
    usual = visit(house, "before")
    if fault == "stopped":
        broker.stop()
    else:
        broker.process.send_signal(signal.SIGSTOP)
    without = visit(house, "meanwhile")
    assert (without["signed_in"], without["asked"], without["met"]) == (302, 302, [200])
    assert without["longest"] < 3
    assert without["p95"] <= max(2 * usual["p95"], 0.5)
    if fault == "stopped":
        broker.start()
    else:
        broker.process.send_signal(signal.SIGCONT)
    worker = house.start_worker()
    try:
        house.run(LATER + ACCOUNT_MAIL)
        house.wait_for(COUNTED)
        time.sleep(2)
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    assert house.mailed() == COUNTED
    assert house.state()["states"] == {"sent": COUNTED - 2}


def test_redis_wiped_in_the_middle_loses_nothing(house, broker):
    house.run(PEOPLE + CROWD % COUNT)
    worker = house.start_worker()
    try:
        house.wait_for(COUNT // 4)
        broker.client.flushall()
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        broker.client.flushall()
        asked = visit(house, "second")
        broker.client.flushall()
        assert (asked["signed_in"], asked["asked"]) == (302, 302)
        worker = house.start_worker()
        house.run(LATER + ACCOUNT_MAIL)
        wanted = COUNT + (COUNT + 2) + 1
        house.wait_for(wanted)
        time.sleep(2)
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    state = house.state()
    assert (house.mailed(), state["states"], state["rows"]) == (wanted, {"sent": wanted - 1}, wanted - 1)
