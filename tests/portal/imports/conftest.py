import pytest

from .lists import bring, media  # noqa: F401


@pytest.fixture
def roster_row():
    """Return a function that makes a row of a small roster, with one thing after the other replaced."""

    def make(**changes):
        from .lists import ROW

        return list({**ROW, **changes}.values())

    return make
