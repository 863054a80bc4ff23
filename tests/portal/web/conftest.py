"""The gallery's templates, found beside the portal's."""

from copy import deepcopy
from pathlib import Path

import pytest


@pytest.fixture
def gallery(settings, client, db):
    """Return a signed-out client for the addresses of ``gallery.py``, with English pages."""
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0]["DIRS"], Path(__file__).parent / "templates"]
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = "tests.portal.web.gallery"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.raise_request_exception = False
    return client
