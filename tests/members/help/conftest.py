"""The world's branch: a secretary, three more full members, a probationary one, and people who ask."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.utils import timezone

from members.help import services
from members.help.models import HeartTalk, HelpRequest
from portal.accounts.models import User
from tests.world import World

SECRET = "Nobody else may read these words."


@dataclass
class Care:
    """Verbs short enough for tests."""

    world: World
    today: date

    def user(self, name: str) -> User:
        return self.world.user(name)

    def ask(self, name: str = "author", *, kind: str = "talk", on: date | None = None, **fields) -> HelpRequest:
        return services.ask_help(self.user(name), kind=kind, words=SECRET, on=on or self.today, **fields)

    def talk(self, one: str = "member", other: str = "contact", **fields) -> HeartTalk:
        given = {"organization": self.world.branch, "by": self.user(one), "on": self.today} | fields
        return services.plan_talk(self.user(one), self.user(other), **given)

    def written(self, talk: HeartTalk, name: str = "member", **fields) -> HeartTalk:
        given = {
            "held_on": self.today, "place": "Library", "record": SECRET, "version": talk.version,
            "by": self.user(name), "on": self.today,
        } | fields  # fmt: skip
        return services.record_talk(talk, **given)

    def confirmed(self, talk: HeartTalk, name: str = "contact") -> HeartTalk:
        return services.confirm_talk(talk, version=talk.version, by=self.user(name), on=self.today)


@pytest.fixture
def care(world) -> Care:
    return Care(world, timezone.localdate())
