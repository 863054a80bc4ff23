"""Measure whether the time of an answer tells names that have an account from names that have none (trust.md T-12).

Signs in with a wrong password and asks for a new password, known and unknown names in turn, on a database of its own
with the hasher of production; prints the medians and fails when they lie more than 60 ms apart. Run it as
``PYTHONPATH=bin .venv/bin/python -m commands.names``.
"""

import os
import subprocess
import sys
import tempfile
import time
from statistics import median

from commands.machine import ROOT

ROUNDS = 40
APART_AT_MOST_MS = 60.0


def medians(address: str, fields: dict[str, str]) -> dict[str, float]:
    """Return the median in ms for known and unknown names; ``fields`` may say ``{kind}`` and ``{number}``."""
    from django.core.cache import cache
    from django.test import Client

    took: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(ROUNDS):
        cache.clear()
        for kind, times in took.items():
            client = Client(headers={"Host": "localhost"})
            data = {name: text.format(kind=kind, number=number) for name, text in fields.items()}
            began = time.perf_counter()
            client.post(address, data)
            times.append(1000 * (time.perf_counter() - began))
    return {kind: median(times[2:]) for kind, times in took.items()}


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="portal-names-") as data:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "portal.settings", "PORTAL_DATA": data, "PORTAL_DEBUG": "true"}
        sys.path.insert(0, str(ROOT))
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"], cwd=ROOT, check=True)
        import django

        django.setup()
        from django.contrib.auth.hashers import make_password

        from portal.accounts.models import User

        password = make_password("a quiet evening")
        User.objects.bulk_create(
            User(number=f"known{n}", name=f"N{n}", email=f"known{n}@example.org", password=password)
            for n in range(ROUNDS)
        )
        worst = 0.0
        for title, address, fields in (
            ("sign-in by number", "/accounts/login/", {"login": "{kind}{number}", "password": "wrong"}),
            ("sign-in by address", "/accounts/login/", {"login": "{kind}{number}@example.org", "password": "wrong"}),
            ("new password", "/accounts/password/reset/", {"email": "{kind}{number}@example.org"}),
        ):
            found = medians(address, fields)
            apart = abs(found["known"] - found["unknown"])
            worst = max(worst, apart)
            print(f"{title}: known {found['known']:.1f} ms, unknown {found['unknown']:.1f} ms, apart {apart:.1f} ms")
        return 1 if worst > APART_AT_MOST_MS else 0


if __name__ == "__main__":
    sys.exit(main())
