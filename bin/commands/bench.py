"""Measure the portal against limits built in the same run: pages, flatness, an import, a great fan-out, recruitment.

Every figure is a ratio to something measured in the same minute, because machines and minutes differ. Pages and limits
are served alike (granian, two processes, PostgreSQL) and asked in turn; the median over the rounds counts.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from commands.machine import ROOT, NotReady, apt_install, say
from commands.processes import end_in_order, tied_to_parent
from commands.services import free_port, services

PARTS = ("pages", "flat", "roster", "notices", "recruitment", "obligations", "minutes", "checkin")
# Where the word on the command line is not the name of the module.
MODULES = {"checkin": "check_in"}
SMALL, LARGE = 1_000, 1_000_000
CONNECTIONS = 16
START_SECONDS = 120
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
FAULTS = re.compile(r"Non-2xx or 3xx responses: \d+")
LIMITS = ("b", "bl", "list", "thread")


def load_tool() -> str:
    """Return the path of wrk, installed where that is possible."""
    found = shutil.which("wrk")
    if not found and apt_install("wrk"):
        found = shutil.which("wrk")
    if not found:
        raise NotReady("Pages are measured with wrk: apt install wrk.")
    return found


def wait_until_it_answers(process: subprocess.Popen[bytes], address: str) -> None:
    """Wait for the first answer of any kind; on a busy machine a server needs a minute for it."""
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=START_SECONDS).close()  # noqa: S310 - our own server
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise NotReady(f"Nothing answers at {address}.")


class Bench:
    """One run on one private PostgreSQL and Redis."""

    def __init__(self, addresses: Mapping[str, str], data: Path, *, seconds: int, rounds: int, large: int) -> None:
        self.seconds, self.rounds, self.large = seconds, rounds, large
        self.missed = 0
        base = addresses["DATABASE_URL"].rpartition("/")[0]
        self.environment = (
            os.environ
            | addresses
            | {
                "DATABASE_URL": f"{base}/portal",
                "LIMITS_DATABASE_URL": f"{base}/limits",
                "PORTAL_DATA": str(data),
                "PORTAL_DEBUG": "false",
                "PORTAL_PRACTICE": "false",
                "PORTAL_SECOND_FACTOR": "false",
                "PORTAL_HOSTS": "127.0.0.1",
                "PORTAL_SECRET_KEY": "bench-only",
                "PORTAL_FIELD_KEYS": "bench-only",
                "PORTAL_INDEX_KEY": "bench-only",
                "EMAIL_URL": "memorymail://",
                "DJANGO_SETTINGS_MODULE": "portal.settings",
                "PYTHONPATH": f"{ROOT}:{ROOT / 'bin'}",
            }
        )
        import psycopg  # the environment is made ready before this module's work begins

        with psycopg.connect(addresses["DATABASE_URL"], autocommit=True) as connection:
            for name in ("portal", "limits"):
                connection.execute(f"CREATE DATABASE {name}")  # noqa: S608 - two fixed names

    def python(self, *arguments: str, given: str = "") -> str:
        """Run Python inside the portal's environment and return what it printed last."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NotReady(f"{' '.join(arguments)} failed:\n{done.stderr[-3000:]}")
        return done.stdout

    @contextmanager
    def server(self, application: str) -> Iterator[str]:
        """Serve a WSGI application with two processes; yield its address."""
        port = free_port()
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--workers", "2", "--blocking-threads", "1", "--log-level", "error", application,
        ]  # fmt: skip
        process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=tied_to_parent(os.getpid()),
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_it_answers(process, address)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()

    def rate(self, url: str, cookie: str = "") -> float:
        """Return the requests a second that ``url`` answers; raise when any answer was not a page.

        Nothing is compressed: the limits do not, and the peers were measured so.
        """
        command = [self.wrk, "-t1", f"-c{CONNECTIONS}", f"-d{self.seconds}s"]
        command += ["-H", f"Cookie: {cookie}"] if cookie else []
        printed = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
        if fault := FAULTS.search(printed):
            raise NotReady(f"{url} answered badly under load: {fault[0]}")
        found = RATE.search(printed)
        assert found, printed
        return float(found[1])

    def verdict(self, passed: bool) -> str:
        self.missed += not passed
        return "ok  " if passed else "MISS"

    def prepare(self) -> dict[str, Any]:
        say("laying the data")
        self.python("manage.py", "migrate", "--noinput", "--verbosity", "0")
        self.python("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        facts: dict[str, Any] = json.loads(self.python("-m", "measure.pages", "lay", str(SMALL)))
        facts["limits_session"] = self.python("-m", "measure.limits")
        return facts

    def pages(self, facts: dict[str, Any]) -> None:
        """Measure every page against limit (b), in turn, and say what it costs."""
        self.wrk = load_tool()
        costs = {
            cost["name"]: cost
            for cost in json.loads(self.python("-m", "measure.pages", "costs", given=json.dumps(facts)))
        }
        rates: dict[str, list[float]] = {}
        with self.server("measure.limits:application") as limits, self.server("portal.wsgi:application") as portal:
            asked = {
                f"limit ({name})": (f"{limits}/{name}/", f"sessionid={facts['limits_session']}" if name != "b" else "")
                for name in LIMITS
            }
            for page in facts["pages"]:
                cookie = f"{facts['cookie']}={facts['session']}" if page["signed_in"] else ""
                address = portal + page["path"] + ("" if page["signed_in"] else "?cold=1")
                asked[page["name"]] = (address, cookie)
            asked["article, visitor, warm"] = (portal + facts["pages"][0]["path"], "")
            for address, cookie in asked.values():  # what is slow only once is not measured
                self.rate(address, cookie)
            for number in range(1, self.rounds + 1):
                say(f"round {number} of {self.rounds}")
                for name, (address, cookie) in asked.items():
                    rates.setdefault(name, []).append(self.rate(address, cookie))
        base = rates["limit (b)"]
        ratio = {
            name: statistics.median(rate / limit for rate, limit in zip(found, base, strict=True))
            for name, found in rates.items()
        }
        print(
            f"\n{'page':28} {'ratio':>6} {'goal':>5}      {'SQL':>4} {'most':>4} {'writes':>6} {'HTML':>7} {'gzip':>6}"
        )
        for name in (f"limit ({limit})" for limit in LIMITS):
            print(f"{name:28} {ratio[name]:6.3f}")
        for page in facts["pages"]:
            cost, found = costs[page["name"]], ratio[page["name"]]
            good = (
                found >= page["ratio"] and cost["statements"] <= page["statements"] and cost["writes"] == 0
                and cost["bytes"] <= page["kilobytes"] * 1000 and cost["compressed"] <= page["compressed"] * 1000
            )  # fmt: skip
            print(
                f"{page['name']:28} {found:6.3f} {page['ratio']:5.2f} {self.verdict(good)} "
                f"{cost['statements']:4} {page['statements']:4} {cost['writes']:6} "
                f"{cost['bytes']:7} {cost['compressed']:6}"
            )
        warm = ratio["article, visitor, warm"]
        print(f"{'article, visitor, warm':28} {warm:6.3f} {0.9:5.2f} {self.verdict(warm >= 0.9)}")

    def flat(self, facts: dict[str, Any]) -> None:
        """Say how much slower each page's own time becomes when there are a thousand times the rows."""
        timed = "-m", "measure.pages", "times"
        before = json.loads(self.python(*timed, given=json.dumps(facts)))
        say(f"growing to {self.large:,} people, reports, notices and threads")
        self.python("-m", "measure.pages", "more", str(self.large), given=json.dumps(facts))
        after = json.loads(self.python(*timed, given=json.dumps(facts)))
        print(f"\n{'page':28} {'ms at ' + str(SMALL):>12} {'ms at ' + str(self.large):>14} {'factor':>7}")
        for name, small in before.items():
            factor = after[name] / small
            print(f"{name:28} {small:12.1f} {after[name]:14.1f} {factor:7.2f} {self.verdict(factor <= 1.5)}")

    def job(self, name: str) -> None:
        """Run a measured job and pass on what it prints; its last word is how many goals it missed."""
        printed = self.python("-m", f"measure.{MODULES.get(name, name)}")
        *lines, missed = printed.rstrip().splitlines()
        print("\n" + "\n".join(lines))
        self.missed += int(missed)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="what to measure; everything without a word")
    parser.add_argument("--seconds", type=int, default=3, help="how long each page is asked in a round")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, of which the median counts")
    parser.add_argument("--large", type=int, default=LARGE, help="rows for the question whether pages stay flat")
    arguments = parser.parse_args()
    wanted = arguments.parts or list(PARTS)
    end_in_order()
    os.chdir(ROOT)
    with services(durable=True) as addresses, tempfile.TemporaryDirectory(prefix="portal-bench-") as data:
        bench = Bench(addresses, Path(data), seconds=arguments.seconds, rounds=arguments.rounds, large=arguments.large)
        facts = bench.prepare()
        for part in wanted:
            if part in ("pages", "flat"):
                getattr(bench, part)(facts)
            else:
                bench.job(part)
    print(f"\n{bench.missed} goals missed." if bench.missed else "\nEvery goal reached.")
    return 1 if bench.missed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except NotReady as reason:
        sys.exit(str(reason))
