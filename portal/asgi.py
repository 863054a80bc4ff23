"""Entry point for ASGI servers."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# Each request has a thread of its own here, whose connection no other would ever use: kept open, the connections of a
# rush pile up until PostgreSQL takes no more. The process lends from these instead; 0 where a pooler stands between.
os.environ.setdefault("PORTAL_DB_POOL", "20")

application = get_asgi_application()
