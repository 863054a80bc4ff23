"""Make this machine ready: virtual environment, packages, catalogs, data directory, secrets.

Runs before any package is there, so it stands on the standard library alone; a second run finds everything done.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = Path(os.environ.get("PORTAL_VENV") or ROOT / ".venv")
PYTHON = VENV / "bin" / "python"
DATA = Path(os.environ.get("PORTAL_DATA") or ROOT / "var").resolve()
ENV_FILE = DATA / "portal.env"
SECRETS = ("PORTAL_SECRET_KEY", "PORTAL_FIELD_KEYS", "PORTAL_INDEX_KEY")
FOLDERS = ("cache", "control", "mail", "media", "queue", "static", "tmp")


class NotReady(Exception):
    """Something only a person can settle; the text says in one sentence what to do."""


def say(text: str) -> None:
    print(f"· {text}", flush=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold ``path`` as a lock, so that two commands started together do not install into each other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def apt_install(*packages: str) -> bool:
    """Install Debian packages where that is possible; say whether it worked."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"installing {', '.join(packages)} with apt")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", *command], env=environment, stdout=subprocess.DEVNULL, check=False)
    return done.returncode == 0


def make_environment() -> None:
    """Create the virtual environment and bring it to requirements.txt, only when that file has changed."""
    wanted = hashlib.sha256((ROOT / "requirements.txt").read_bytes() + sys.version.encode()).hexdigest()
    stamp = VENV / "requirements.sha256"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not (PYTHON.exists() and stamp.exists()):  # without the stamp an earlier start may have been cut short
        say(f"creating {VENV}")
        create = [sys.executable, "-m", "venv", str(VENV)]
        made = subprocess.run(create, stdout=subprocess.DEVNULL, check=False).returncode == 0
        if not made and apt_install("python3-venv"):
            made = subprocess.run(create, check=False).returncode == 0
        if not made:
            raise NotReady("Python's venv module is missing: install it (on Debian: apt install python3-venv).")
    say("installing packages (a few minutes the first time)")
    install = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"]
    if subprocess.run(install, cwd=ROOT, check=False).returncode:
        raise NotReady("The packages could not be installed: look at pip's message above, then start again.")
    stamp.write_text(wanted)


def compile_catalogs() -> None:
    """Compile each catalog that is newer than its compiled form; gettext itself is not needed."""
    stale = [
        source
        for source in sorted(ROOT.glob("locale/**/LC_MESSAGES/*.po"))
        if not source.with_suffix(".mo").exists()
        or source.with_suffix(".mo").stat().st_mtime_ns < source.stat().st_mtime_ns
    ]
    if not stale:
        return
    program = "import polib, sys\nfor name in sys.argv[1:]: polib.pofile(name).save_as_mofile(name[:-2] + 'mo')"
    subprocess.run([str(PYTHON), "-c", program, *map(str, stale)], check=True)


def settings_of_machine() -> dict[str, str]:
    """Return what the data directory's own environment file says."""
    if not ENV_FILE.exists():
        return {}
    lines = (line.strip() for line in ENV_FILE.read_text().splitlines())
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def remember(name: str, value: str) -> None:
    """Add one line to the environment file, which only its owner may read."""
    descriptor = os.open(ENV_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a") as handle:
        handle.write(f"{name}={value}\n")


def make_data_directory() -> None:
    """Create the data directory and the secrets that are set nowhere.

    Raises ``NotReady`` when a database is there without its keys: new ones could never read the old fields.
    """
    DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
    for folder in FOLDERS:
        (DATA / folder).mkdir(exist_ok=True, mode=0o700)
    known = settings_of_machine() | {name: os.environ[name] for name in SECRETS if os.environ.get(name)}
    missing = [name for name in SECRETS if not known.get(name)]
    if missing and (DATA / "db.sqlite3").exists():
        raise NotReady(f"{ENV_FILE} lacks {', '.join(missing)}: bring it back from the backup that holds the database.")
    for name in missing:
        remember(name, secrets.token_urlsafe(48))


def prepare() -> None:
    with locked(VENV / "setup.lock"):
        make_environment()
        compile_catalogs()
        make_data_directory()


if __name__ == "__main__":
    try:
        prepare()
    except NotReady as reason:
        sys.exit(str(reason))
