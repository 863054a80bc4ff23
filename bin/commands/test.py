"""Run every check in order: lint, types, deployment, catalogs, tests on both databases, journeys on both."""

import argparse
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from commands.machine import ROOT, NotReady, apt_install, say
from commands.processes import end_in_order
from commands.services import services

TYPED = ("rules.py", "policies.py", "policy.py", "rights.py", "prepared.py", "services.py", "queries.py")
TYPED_PACKAGES = ("services", "rules", "queries", "engine")
ROOMS = ("portal", "members", "news", "forum", "partyschool")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CLOSING_LINE = re.compile(r"^=*\s*((?:\d+ \w+(?:, )?)+ in [\d.]+s.*?|no tests ran in [\d.]+s)\s*=*$")
NO_TESTS = 5
# pytest's own words come without colour, so that its closing line can be read and repeated; a fault is told in few
# lines, because whoever reads the log of a machine elsewhere often sees only a part of it.
PYTEST = [sys.executable, "-m", "pytest", "--color=no", "--tb=short", "-p", "no:cacheprovider"]


@dataclass
class Run:
    """What was run, what of it failed, and what pytest said at the end of each of its runs."""

    failed: list[str] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)

    def check(self, title: str, command: list[str], environment: Mapping[str, str] | None = None) -> None:
        """Run one command under its own heading and remember whether it failed."""
        print(f"\n=== {title}", flush=True)
        began = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env=os.environ | (environment or {}), check=False)
        print(f"    {'passed' if done.returncode == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s", flush=True)
        if done.returncode:
            self.failed.append(title)

    def tests(self, title: str, arguments: list[str], environment: Mapping[str, str] | None = None) -> None:
        """Run pytest under its own heading, repeat its words as they come, and keep its closing line."""
        print(f"\n=== {title}", flush=True)
        running = subprocess.Popen(
            [*PYTEST, *arguments], cwd=ROOT, env=os.environ | (environment or {}), stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        closing = "pytest ended without a closing line"
        assert running.stdout
        try:
            for line in running.stdout:
                print(line, end="", flush=True)
                if found := CLOSING_LINE.match(line.strip()):
                    closing = found[1]
        finally:
            running.terminate()
            code = running.wait()
        self.closing.append(f"{title}: {closing}")
        if code not in (0, NO_TESTS):
            self.failed.append(title)

    def report(self) -> int:
        print("\n=== Summary")
        for line in self.closing:
            print(line)
        print(f"FAILED: {', '.join(self.failed)}" if self.failed else "Everything passed.")
        return 1 if self.failed else 0


def matching(*patterns: str) -> list[str]:
    """Return the files of this checkout that match, by their path in it."""
    return sorted(str(path.relative_to(ROOT)) for pattern in patterns for path in ROOT.glob(pattern) if path.is_file())


def typed_modules() -> list[str]:
    """Return the modules that are type-checked: what decides, what asks, what writes."""
    files = [f"{room}/**/{name}" for room in ROOMS for name in TYPED]
    packages = [f"{room}/**/{name}/*.py" for room in ROOMS for name in TYPED_PACKAGES]
    return [*matching(*files, *packages), "bin/commands"]


def production() -> dict[str, str]:
    """Return an environment as on a real server, for Django's own deployment checks."""
    return {
        "PORTAL_DEBUG": "false",
        "PORTAL_PRACTICE": "false",
        "PORTAL_HTTPS": "true",
        "PORTAL_HOSTS": "portal.example.edu.cn",
        "PORTAL_ADDRESS": "https://portal.example.edu.cn",
        "PORTAL_MAIL_FROM": "portal@example.edu.cn",
        **{name: secrets.token_urlsafe(48) for name in ("PORTAL_SECRET_KEY", "PORTAL_FIELD_KEYS", "PORTAL_INDEX_KEY")},
    }


def browser() -> str:
    """Return the Chromium for the journeys, installed where that is possible.

    Raises ``NotReady`` with what to install.
    """
    has_fonts = False
    if shutil.which("fc-list"):
        listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False)
        has_fonts = bool(listed.stdout.strip())
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    missing = [name for name, there in (("chromium", found), ("fonts-noto-cjk", has_fonts)) if not there]
    if missing and apt_install(*missing):
        found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        raise NotReady("The journeys need a browser and a Chinese font: apt install chromium fonts-noto-cjk.")
    return found


def workers() -> int:
    """Return how many processes share the tests: one for each core, as many as Redis has databases to spare."""
    return min(max(os.cpu_count() or 2, 2), 8)


def static_checks(run: Run) -> None:
    python = sys.executable
    run.check("Lint: Python", [python, "-m", "ruff", "check", "."])
    if any(ROOT.glob("templates/**/*.html")):
        run.check("Lint: templates", [python, "-m", "djlint", "templates", "--lint", "--quiet"])
    run.check("Dangerous calls", [python, "-m", "bandit", "-q", "-lll", "-r", *ROOMS, "bin"])
    with tempfile.TemporaryDirectory(prefix="portal-check-") as data:
        environment = production() | {"PORTAL_DATA": data}
        run.check("Types", [python, "-m", "mypy", *typed_modules()], environment)
        manage = [python, "manage.py"]
        run.check("Migrations", [*manage, "makemigrations", "--check", "--dry-run"], environment)
        run.check("Deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"], environment)


def everything(run: Run, *, quick: bool) -> None:
    static_checks(run)
    ordinary = ["-n", str(workers()), "--durations=25", "-m", "not journey", "tests"]
    run.tests("Tests on SQLite", ordinary)
    if quick:
        return
    with services() as addresses:
        run.tests("Tests on PostgreSQL and Redis", ordinary, addresses)
        journeys = ["-m", "journey", "-p", "no:randomly", "tests/journeys"]
        chromium = {"PORTAL_BROWSER": browser()}
        run.tests("Journeys on SQLite", journeys, chromium)
        run.tests("Journeys on PostgreSQL and Redis", journeys, chromium | addresses)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/test", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="checks and tests on SQLite only, no journeys")
    parser.add_argument("paths", nargs="*", help="only these tests, on SQLite, with whatever pytest accepts")
    arguments, further = parser.parse_known_args()
    end_in_order()
    os.chdir(ROOT)
    for name in ("DATABASE_URL", "REDIS_URL"):  # tests bring their own, never the machine's
        os.environ.pop(name, None)
    run = Run()
    began = time.monotonic()
    if arguments.paths or further:
        run.tests("Tests on SQLite", [*further, *arguments.paths])
    else:
        try:
            everything(run, quick=arguments.quick)
        except NotReady as reason:
            say(str(reason))
            run.failed.append("set-up")
    print(f"\n    {(time.monotonic() - began) / 60:.1f} minutes in all")
    return run.report()


if __name__ == "__main__":
    sys.exit(main())
