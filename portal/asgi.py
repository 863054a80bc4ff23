"""Entry point for ASGI servers."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# Each request has a thread of its own here, whose connection no other would ever use: kept open, the connections of a
# rush pile up until PostgreSQL takes no more.
os.environ.setdefault("PORTAL_CONN_MAX_AGE", "0")

application = get_asgi_application()
