"""The environment in which tests run, set before Django reads its settings; nothing of the shell's own leaks in.

``DATABASE_URL``, ``REDIS_URL`` and ``PORTAL_BROWSER`` alone are taken over: they choose what the tests run on.
"""

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def _make_data() -> Path:
    """Return an empty data directory of this process's own, so that parallel runs share no cache and no queue."""
    data = Path(tempfile.mkdtemp(prefix="portal-test-"))
    for folder in ("cache", "control", "mail", "media", "queue", "static", "tmp"):
        (data / folder).mkdir()
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    return data


for name in [name for name in os.environ if name.startswith("PORTAL_") and name != "PORTAL_BROWSER"]:
    del os.environ[name]
os.environ |= {
    "PORTAL_DATA": str(_make_data()),
    "PORTAL_SECRET_KEY": "test-secret-key-that-is-long-enough-for-the-deployment-checks-0123456789",
    "PORTAL_FIELD_KEYS": "test-field-key",
    "PORTAL_INDEX_KEY": "test-index-key",
    "PORTAL_HOSTS": "testserver,localhost,127.0.0.1",
    "PORTAL_SECOND_FACTOR": "false",
    "EMAIL_URL": "memorymail://",
}
if os.environ.get("REDIS_URL"):
    # Each worker has a numbered database of Redis for itself; the process that starts them keeps the first.
    number = int(re.sub(r"\D", "", WORKER)) + 1 if WORKER else 0
    os.environ["REDIS_URL"] = re.sub(r"/\d+$", f"/{number}", os.environ["REDIS_URL"])
os.environ.setdefault("PORTAL_EXTRA_APPS", "tests.fifth_room")
