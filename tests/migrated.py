"""Keep the migrated, empty database of SQLite from one run to the next: every run builds the same one.

The file lies in ``var/tests`` under the digest of all migrations; whoever comes first makes it, others wait and copy.
"""

import fcntl
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db.backends.sqlite3.creation import DatabaseCreation

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "tests"
ROOMS = ("portal", "members", "news", "forum", "partyschool", "tests")
KEPT = 3  # of some tens of megabytes each: of the branches somebody works on


def keep_migrated() -> None:
    """Let ``create_test_db`` find the tables laid already where an earlier run with the same migrations kept them."""
    create = DatabaseCreation.create_test_db

    def create_from_kept(self: DatabaseCreation, *args: Any, **kwargs: Any) -> str:
        name = self._get_test_db_name()
        if not self.is_in_memory_db(name):
            return create(self, *args, **kwargs)
        with _alone(), closing(sqlite3.connect(name, uri=True)) as holder:
            kept = FOLDER / f"{_digest()}.sqlite3"
            if kept.exists():
                _copy(kept, holder)
            # Runs what a kept database lacks: nothing, so that it costs only the look at what has been applied.
            created = create(self, *args, **kwargs)
            if not kept.exists():
                _keep(holder, kept)
            return created

    DatabaseCreation.create_test_db = create_from_kept  # type: ignore[method-assign]


def _digest() -> str:
    """Return what names a database: every file that a migration is or reads, the applications, Django's version."""
    found = hashlib.sha256(f"{django.VERSION} {settings.INSTALLED_APPS}".encode())
    files = [*ROOT.glob("requirements*.txt")]
    for room in ROOMS:
        files += (ROOT / room).glob("**/migrations/*.py")
        files += (ROOT / room).glob("**/calendars/*.csv")
    for path in sorted(files):
        found.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()[:24]


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process at a time make or copy."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _copy(kept: Path, target: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(kept)) as source:
        source.backup(target)


def _keep(source: sqlite3.Connection, kept: Path) -> None:
    """Write the database beside its place first, so that no run ever reads half a file, and drop the oldest."""
    written = kept.with_suffix(".part")
    written.unlink(missing_ok=True)
    with closing(sqlite3.connect(written)) as target:
        source.backup(target)
    written.rename(kept)
    older = sorted(FOLDER.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]
    for path in older:
        path.unlink(missing_ok=True)
