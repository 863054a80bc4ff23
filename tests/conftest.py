"""Fixtures of every test."""

import pytest

from .world import World, make_world


@pytest.fixture
def world(db) -> World:
    """Return the fixed cast and tree of ``tests/world.py``."""
    return make_world()
