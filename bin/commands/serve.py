"""Start the whole portal on this machine: web, worker and schedule, watched over until Ctrl-C."""

import argparse
import fcntl
import hashlib
import http.client
import math
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from commands.machine import DATA, PYTHON, ROOT, NotReady, remember, say, settings_of_machine
from commands.processes import Supervisor, end_in_order, tied_to_parent

PRACTICE_ACCOUNTS = (
    "admin  committee  secretary  contact  activist  target",
    "probationary  member  lecturer  editor  moderator  public",
)
ROOMS = ("portal", "members", "news", "forum", "partyschool")
LOOPBACK = "127.0.0.1"
# How long starting may take before we say what it waits for.
PATIENCE_SECONDS = 30
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, never bound by itself


@contextmanager
def only_one() -> Iterator[None]:
    """Refuse a second start on the same data directory."""
    with (DATA / "serve.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotReady(f"The portal already runs on {DATA}: stop that one first, or set PORTAL_DATA.") from None
        yield


def is_practice(*, empty: bool) -> bool:
    """Return whether this installation is for practice; what the first start chose stays chosen.

    Raises ``NotReady`` for ``--empty`` on practice data, whose shared accounts must never leave practice mode.
    """
    chosen = os.environ.get("PORTAL_PRACTICE") or settings_of_machine().get("PORTAL_PRACTICE")
    if chosen is None:
        chosen = "false" if empty else "true"
        remember("PORTAL_PRACTICE", chosen)
    practice = chosen.lower() in ("true", "1", "yes", "on")
    if practice and empty:
        raise NotReady(f"{DATA} holds practice data: start the empty portal with another PORTAL_DATA.")
    return practice


def practice_password() -> str:
    """Return the one password of all practice accounts, made up at the first start."""
    password = os.environ.get("PORTAL_PRACTICE_PASSWORD") or settings_of_machine().get("PORTAL_PRACTICE_PASSWORD")
    if not password:
        password = f"practice-{secrets.token_hex(4)}"
        remember("PORTAL_PRACTICE_PASSWORD", password)
    return password


def address_taken(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def static_fingerprint() -> str:
    """Return what changes when a static file of ours or of a package does."""
    folders = [ROOT / "static", *(folder for room in ROOMS for folder in (ROOT / room).glob("**/static"))]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    seen = [f"{path}:{path.stat().st_size}:{path.stat().st_mtime_ns}" for path in files]
    sources = [(ROOT / name).read_text() for name in ("requirements.txt", "portal/settings.py")]
    return hashlib.sha256("\n".join([*seen, *sources]).encode()).hexdigest()


class Portal:
    """One run of the portal, from the migrations to the last stopped process."""

    def __init__(self, *, empty: bool) -> None:
        self.practice = is_practice(empty=empty)
        self.port = int(os.environ.get("PORT") or 8000)
        self.host = os.environ.get("PORTAL_BIND") or LOOPBACK
        if self.practice and self.host != LOOPBACK:
            raise NotReady("Practice accounts are shared: practice mode listens on 127.0.0.1 only (unset PORTAL_BIND).")
        if address_taken(self.host, self.port):
            raise NotReady(f"Port {self.port} is taken: choose another, for example PORT={self.port + 1} bin/serve.")
        self.address = f"http://{self.host}:{self.port}"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "PORTAL_DATA": str(DATA),
            "PORTAL_PRACTICE": str(self.practice).lower(),
        }
        self.environment.setdefault("PORTAL_ADDRESS", self.address)
        self.announced = self.filled = False
        self.ask_again_at = 0.0
        self.complain_at = math.inf

    def manage(self, *arguments: str) -> None:
        """Run a management command; raise ``NotReady`` when it fails, since its own words are already on the screen."""
        done = subprocess.run([str(PYTHON), "manage.py", *arguments], cwd=ROOT, env=self.environment, check=False)
        if done.returncode:
            raise NotReady(f"manage.py {arguments[0]} failed; nothing was started.")

    def knows(self, command: str) -> bool:
        listed = subprocess.run(
            [str(PYTHON), "manage.py", "help", "--commands"],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return command in listed.stdout.split()

    def people(self) -> int:
        """Return how many accounts the database holds."""
        program = (
            "import django; django.setup()\n"
            "from django.contrib.auth import get_user_model\n"
            "print(get_user_model().objects.count())"
        )
        counted = subprocess.run(
            [str(PYTHON), "-c", program], cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True, check=True
        )
        return int(counted.stdout)

    def fill(self) -> None:
        """Put practice data into an empty database, or finish what an earlier start began."""
        self.environment["PORTAL_PRACTICE_PASSWORD"] = practice_password()
        database = hashlib.sha256(os.environ.get("DATABASE_URL", "").encode()).hexdigest()[:16]
        begun, done = DATA / f"practice-{database}.begun", DATA / f"practice-{database}.done"
        self.filled = done.exists()
        if self.filled or not self.knows("practice"):
            return
        if not begun.exists() and self.people():
            raise NotReady("This database already has people: set PORTAL_PRACTICE=false to use it as it is.")
        begun.touch()
        say("making a university to practise with (under a minute)")
        self.manage("practice")
        done.touch()
        self.filled = True

    def prepare(self) -> None:
        with self.collected():
            say("bringing the database up to date")
            self.manage("migrate", "--noinput", "--verbosity", "0")
            if self.practice:
                self.fill()
            elif not self.people() and self.knows("first_admin"):
                self.manage("first_admin")

    @contextmanager
    def collected(self) -> Iterator[None]:
        """Compress static files beside whatever else is done; skip it when none has changed since the last time."""
        stamp, wanted = DATA / "static.sha256", static_fingerprint()
        if stamp.exists() and stamp.read_text() == wanted:
            yield
            return
        stamp.unlink(missing_ok=True)
        collecting = subprocess.Popen(
            [str(PYTHON), "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
            cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, preexec_fn=tied_to_parent(os.getpid()),
        )  # fmt: skip
        try:
            yield
            say("compressing static files")
            if collecting.wait():
                raise NotReady("manage.py collectstatic failed; nothing was started.")
            stamp.write_text(wanted)
        finally:
            collecting.kill()
            collecting.wait()

    def run(self) -> None:
        supervisor = Supervisor(self.environment, ROOT, say)
        python = str(PYTHON)
        supervisor.add(
            "web", python, "-m", "granian", "--interface", "asginl", "--no-ws", "--host", self.host, "--port",
            str(self.port), "--workers", os.environ.get("PORTAL_WEB_PROCESSES") or "1", "--log-level", "warning",
            "--workers-kill-timeout", "5", "portal.asgi:application",
        )  # fmt: skip
        # In a container root is the only user, and Celery's warning of it would be all one sees.
        celery = (python, "-W", "ignore:You're running the worker", "-m", "celery", "--quiet", "-A", "portal")
        supervisor.add(
            "worker", *celery, "worker", "--pool", "threads", "--concurrency", "2", "--loglevel", "WARNING",
            "--without-gossip", "--without-mingle", "--without-heartbeat",
        )  # fmt: skip
        supervisor.add("schedule", *celery, "beat", "--loglevel", "WARNING", "--pidfile", "")
        say("starting web, worker and schedule")
        self.complain_at = time.monotonic() + PATIENCE_SECONDS
        supervisor.start()
        supervisor.run(once_a_round=self.announce)
        say("stopped")

    def fault(self) -> str:
        """Ask the portal itself, past any proxy, what it lacks; an empty string when it is ready."""
        host = (os.environ.get("PORTAL_HOSTS") or LOOPBACK).split(",")[0]
        reach = LOOPBACK if self.host in EVERYWHERE else self.host
        connection = http.client.HTTPConnection(reach, self.port, timeout=5)
        try:
            connection.request("GET", "/health/ready", headers={"Host": host, "X-Forwarded-Proto": "https"})
            response = connection.getresponse()
            return "" if response.status == 200 else response.read(500).decode(errors="replace").strip()
        except (OSError, http.client.HTTPException) as error:
            return str(error)
        finally:
            connection.close()

    def announce(self) -> None:
        """Print, once, where the portal is and who may sign in."""
        now = time.monotonic()
        if self.announced or now < self.ask_again_at:
            return
        self.ask_again_at = now + 1
        if fault := self.fault():
            if now > self.complain_at:
                say(f"not ready yet: {fault}")
                self.complain_at = now + PATIENCE_SECONDS
            return
        self.announced = True
        lines = ["", f"The portal is ready: {self.address}/"]
        if self.filled:
            lines += [
                "Practice accounts, one per role, all with the same password:",
                *(f"  {line}" for line in PRACTICE_ACCOUNTS),
                f"  password: {self.environment['PORTAL_PRACTICE_PASSWORD']}",
            ]
        print("\n".join([*lines, "Ctrl-C stops it.", ""]), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/serve", description=__doc__)
    parser.add_argument("--empty", action="store_true", help="no practice data; asks for the first administrator")
    arguments = parser.parse_args()
    end_in_order()
    with only_one():
        portal = Portal(empty=arguments.empty)
        portal.prepare()
        portal.run()


if __name__ == "__main__":
    try:
        main()
    except NotReady as reason:
        sys.exit(str(reason))
    except KeyboardInterrupt:
        sys.exit(130)
