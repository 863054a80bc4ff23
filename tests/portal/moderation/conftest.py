from typing import Any

import pytest

from portal.moderation.models import FlaggedContent
from portal.moderation.services import flag
from portal.spaces.models import SpacePost
from portal.spaces.services import Written, write_post


@pytest.fixture
def posted(world) -> SpacePost:
    """A post of the branch's author."""
    return write_post(world.branch, Written("Words of the author"), by=world.user("author"))


@pytest.fixture
def flagged(world, posted) -> FlaggedContent:
    """The author's post, reported by a peer."""
    return flag(posted, reason="insult", words="Look at line one", by=world.user("peer")).flagged


@pytest.fixture
def told(world):
    """Say who was told by which kind of notice, as names of the cast."""
    from portal.notifications.models import Notice

    def names(code: str) -> set[str]:
        people: dict[Any, str] = {user.pk: name for name, user in world.users.items()}
        return {people[pk] for pk in Notice.objects.filter(message__kind=code).values_list("recipient_id", flat=True)}

    return names
