"""Measure a hall that checks in: 300 people on the embedded database, 3,000 on PostgreSQL with two web processes.

``python -m measure.check_in`` prints a table; its last line is the number of goals missed. Everybody sends the code of
the moment over HTTP to a served portal, every third twice. ``embedded COUNT`` and ``killed COUNT`` do one part on the
database of the environment and print JSON; ``killed`` ends the web process by force in the middle and goes on.
"""

import http.client
import json
import os
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import django

django.setup()

from commands.machine import ROOT  # noqa: E402
from commands.processes import tied_to_parent  # noqa: E402
from commands.services import free_port  # noqa: E402
from django.conf import settings  # noqa: E402 - Django comes first
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from measure.pages import session_of  # noqa: E402
from members.meetings import services  # noqa: E402
from members.meetings.models import Attendance, Meeting  # noqa: E402
from members.meetings.rules.codes import scan_code, slot_of  # noqa: E402
from members.services import create_member  # noqa: E402
from portal.accounts.models import User  # noqa: E402
from portal.audit.models import AuditEntry  # noqa: E402
from portal.organizations.models import Organization, OrganizationType, Standing  # noqa: E402
from portal.organizations.services import create_organization  # noqa: E402

EMBEDDED, MANY, SECONDS, PROCESSES = 300, 3_000, 60.0, 2
PHONES = 16  # connections at a time
STATEMENTS = 8


@dataclass
class Hall:
    """A meeting in session, and the sessions of those who come."""

    meeting: Meeting
    people: dict[int, str]  # user: session

    @property
    def address(self) -> str:
        return reverse("members:meetings:check-in", args=[self.meeting.pk])


def lay(count: int) -> Hall:
    """Seat ``count`` people in a meeting that has just been opened."""
    now, today = timezone.now(), timezone.localdate()
    root = Organization.objects.filter(depth=1).first() or create_organization(
        parent=None, by=None, name="University", code="U", org_type=OrganizationType.UNIVERSITY_COMMITTEE
    )
    mark = secrets.token_hex(3)
    branch = create_organization(
        parent=root, by=None, name=f"Branch {mark}", code=f"M{mark}", org_type=OrganizationType.BRANCH
    )
    since = today - timedelta(days=400)
    chair = create_member(
        number=f"M{mark}", name="Chair", by=None, organization=branch, standing=Standing.FULL_MEMBER, on=since
    ).user
    meeting = services.plan(
        branch, kinds=["branch_congress"], title="Congress", planned_at=now + timedelta(minutes=5),
        planned_until=now + timedelta(minutes=95), chair=chair, recorder=chair, by=chair, at=now,
    )  # fmt: skip
    meeting = services.open_meeting(services.convene(meeting, by=chair, at=now), by=chair, at=now)
    people = User.objects.bulk_create(
        [User(number=f"M{mark}{n:05}", name=f"Guest {n}") for n in range(count)], batch_size=500
    )
    Attendance.objects.bulk_create(
        [Attendance(meeting=meeting, user=user, standing=Standing.FULL_MEMBER, may_vote=True) for user in people],
        batch_size=500,
    )
    return Hall(meeting, {user.pk: session_of(user) for user in people})


class Web:
    """The portal as ``bin/serve`` serves it, in processes of its own."""

    def __init__(self, processes: int) -> None:
        self.processes, self.port = processes, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [
            sys.executable, "-m", "granian", "--interface", "asginl", "--no-ws", "--host", "127.0.0.1", "--port",
            str(self.port), "--workers", str(self.processes), "--log-level", "error", "portal.asgi:application",
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            preexec_fn=tied_to_parent(os.getpid()),
        )  # fmt: skip
        ends = time.monotonic() + 120
        while time.monotonic() < ends:
            try:
                asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                asked.request("GET", "/health/live", headers={"Host": "127.0.0.1"})
                if asked.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("The portal did not start.")

    def kill(self) -> None:
        """End every process at once, as the machine does when it is switched off."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def served(processes: int) -> Iterator[Web]:
    web = Web(processes)
    web.start()
    try:
        yield web
    finally:
        web.kill()


@dataclass
class Rush:
    """What the phones met: the answers by person, the time each took, and those that got none."""

    answers: dict[int, list[int]] = field(default_factory=dict)
    taken: list[float] = field(default_factory=list)
    unanswered: list[int] = field(default_factory=list)

    @property
    def came(self) -> set[int]:
        return {user for user, statuses in self.answers.items() if 302 in statuses}


def rush(web: Web, hall: Hall, people: Sequence[int], *, after: Callable[[Rush], None] | None = None) -> Rush:
    """Let ``people`` send the code of the moment, a few at a time; ``after`` is called when one has been answered."""
    met, waiting, lock = Rush(), list(reversed(people)), threading.Lock()
    secret, token = bytes(hall.meeting.code_secret), secrets.token_hex(16)

    def phone() -> None:
        line: http.client.HTTPConnection | None = None
        while True:
            with lock:
                if not waiting:
                    return
                user = waiting.pop()
            headers = {
                "Host": "127.0.0.1", "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token,
                "Cookie": f"{settings.SESSION_COOKIE_NAME}={hall.people[user]}; {settings.CSRF_COOKIE_NAME}={token}",
            }  # fmt: skip
            body = urlencode({"code": scan_code(secret, slot_of(timezone.now()))})
            began = time.perf_counter()
            try:
                line = line or http.client.HTTPConnection("127.0.0.1", web.port, timeout=30)
                line.request("POST", hall.address, body=body, headers=headers)
                answer = line.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                line = None
                with lock:
                    met.unanswered.append(user)
                continue
            with lock:
                met.answers.setdefault(user, []).append(answer.status)
                met.taken.append(time.perf_counter() - began)
            if after:
                after(met)

    phones = [threading.Thread(target=phone) for _number in range(PHONES)]
    for thread in phones:
        thread.start()
    for thread in phones:
        thread.join()
    return met


def stands(hall: Hall, met: Rush) -> bool:
    """Say whether everybody is noted once: the list, the trail, and what the phones were told agree."""
    rows = set(
        Attendance.objects.filter(meeting=hall.meeting, checked_in_at__isnull=False).values_list("user_id", flat=True)
    )
    trail = AuditEntry.objects.filter(verb="meetings.checked_in", object_pk=str(hall.meeting.pk))
    noted = sorted(trail.values_list("about_id", flat=True))
    return rows == set(hall.people) == met.came and noted == sorted(hall.people)


def full_house(count: int, processes: int) -> dict[str, float | bool]:
    """Let everybody come, every third twice."""
    hall = lay(count)
    people = [user for number, user in enumerate(hall.people) for _tap in range(2 if number % 3 == 0 else 1)]
    with served(processes) as web:
        began = time.perf_counter()
        met = rush(web, hall, people)
        seconds = time.perf_counter() - began
    return {
        "seconds": seconds,
        "median_ms": statistics.median(met.taken) * 1000,
        "p95_ms": statistics.quantiles(met.taken, n=20)[-1] * 1000,
        "each_once": stands(hall, met),
    }


def killed(count: int) -> dict[str, int | bool]:
    """Kill the web process twice while people come; who got no answer asks again."""
    hall, met, waiting, broken = lay(count), Rush(), [], 0
    waiting = list(hall.people)
    web = Web(1)
    for share in (0.25, 0.6, 2.0):  # of everybody; the third time it lives on
        web.start()
        limit, known, ended = share * count, len(met.answers), threading.Event()

        def kill(found: Rush, known: int = known, limit: float = limit, ended: threading.Event = ended) -> None:
            if known + len(found.answers) >= limit and not ended.is_set():
                ended.set()
                web.kill()

        found = rush(web, hall, waiting, after=kill)
        met.answers |= found.answers
        broken += len(found.unanswered)
        if not ended.is_set():
            web.kill()
        waiting = found.unanswered
    return {"unanswered": broken, "each_once": stands(hall, met)}


def statements() -> int:
    """Return how many statements one check-in takes, without those of session and sign-in."""
    hall, now = lay(1), timezone.now()
    user = User.objects.get(pk=next(iter(hall.people)))
    code = scan_code(bytes(hall.meeting.code_secret), slot_of(now))
    with CaptureQueriesContext(connection) as queries:
        services.come_by_code(hall.meeting, user, code, at=now, device="d" * 43)
    texts = [query["sql"] or "SELECT" for query in queries]
    return sum(not text.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")) for text in texts)


def on_embedded(verb: str, count: int) -> dict[str, float]:
    """Do a part on the embedded database, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="portal-hall-") as folder:
        environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
        environment["PORTAL_DATA"] = str(Path(folder))
        jobs = (["manage.py", "migrate", "-v0", "--skip-checks"], ["-m", "measure.check_in", verb, str(count)])
        for arguments in jobs:
            done = subprocess.run(
                [sys.executable, *arguments], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
            )
        found: dict[str, float] = json.loads(done.stdout)
        return found


def main() -> None:
    missed = 0

    def told(name: str, figure: str, goal: str, good: bool) -> None:
        nonlocal missed
        missed += not good
        print(f"{name:52} {figure:>36} {goal:>10} {'ok' if good else 'MISS'}")

    print(f"{'check-in':52} {'figure':>36} {'goal':>10}")
    needed = statements()
    told("statements of one check-in", str(needed), f"<= {STATEMENTS}", needed <= STATEMENTS)
    for name, found in (
        (f"{EMBEDDED} people, embedded, one process", on_embedded("embedded", EMBEDDED)),
        (f"{MANY:,} people, PostgreSQL, {PROCESSES} processes", full_house(MANY, PROCESSES)),
    ):
        figure = f"{found['seconds']:.1f} s, p95 {found['p95_ms']:.0f} ms"
        told(name, figure, f"{SECONDS:.0f} s", found["seconds"] <= SECONDS)
        told(f"{name}: each once", "yes" if found["each_once"] else "NO", "yes", bool(found["each_once"]))
    for name, found in (("embedded", on_embedded("killed", EMBEDDED)), ("PostgreSQL", killed(EMBEDDED))):
        figure = f"{found['unanswered']} unanswered; {'each once' if found['each_once'] else 'NO'}"
        told(f"killed twice, {name}", figure, "each once", bool(found["each_once"]))
    print(missed)


if __name__ == "__main__":
    if sys.argv[1:]:
        part, people = sys.argv[1], int(sys.argv[2])
        sys.stdout.write(json.dumps(full_house(people, 1) if part == "embedded" else killed(people)))
    else:
        main()
