"""The ground is laid once for all tests of a module; each test undoes what it did."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client, override_settings

from tests.world import make_world

from .ground import Ground, make_ground
from .walking import ACTORS

Laid = tuple[Ground, dict[str, Client]]


@pytest.fixture(scope="module")
def laid(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Laid]:
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        ground = make_ground(make_world())
        yield ground, {name: ground.world.client(name) for name in ACTORS}
        transaction.set_rollback(True)


@pytest.fixture
def ground(laid: Laid, db: None) -> Ground:
    """Return one object of every kind in three nodes."""
    return laid[0]


@pytest.fixture
def clients(laid: Laid, db: None) -> dict[str, Client]:
    """Return a browser for every actor, all signed in."""
    return laid[1]
