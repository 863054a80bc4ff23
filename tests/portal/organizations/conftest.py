"""What tests of the tree share with those of notices: a trail that a committing test may leave rows in."""

from tests.portal.notifications.conftest import open_trail

__all__ = ["open_trail"]
