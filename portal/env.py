"""Typed values from the environment, with ``var/portal.env`` as the machine's own defaults."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
DATA_DIR = Path(env.str("PORTAL_DATA", default=str(BASE_DIR / "var"))).resolve()
environ.Env.read_env(str(DATA_DIR / "portal.env"), overwrite=False)

DEBUG = env.bool("PORTAL_DEBUG", default=False)


def secret(name: str) -> str:
    """Return the secret ``name``; refuse to start without it unless debugging."""
    value: str = env.str(name, default="")
    if value:
        return value
    if DEBUG:
        return f"debug-only-{name}-not-for-production-use-0123456789"
    raise ImproperlyConfigured(f"Set {name} in the environment (bin/serve writes one into var/portal.env).")


def folder(name: str) -> Path:
    """Return the folder ``name`` of this installation's data, made if it is new."""
    path = DATA_DIR / name
    path.mkdir(parents=True, exist_ok=True, mode=0o750)
    return path
