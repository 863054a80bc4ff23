"""A quarter of today, an author with a contact, and reports in the states that pages show."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.utils import timezone

from members.development import services
from members.development.models import ThoughtReport
from members.development.rules import Quarter
from tests.world import World

TEXT = "\n".join(f"Paragraph {number} says something of its own about the quarter." for number in range(1, 6))


@dataclass
class Desk:
    """``world`` with verbs short enough for tests; the contact of ``author`` is ``contact``."""

    world: World
    today: date

    @property
    def quarter(self) -> Quarter:
        return Quarter.of(self.today)

    def begin(self, name: str = "author", quarter: Quarter | None = None) -> ThoughtReport:
        user = self.world.user(name)
        return services.begin_report(self.world.member(name), quarter or self.quarter, by=user, on=self.today)

    def hand_in(self, name: str = "author", body: str = TEXT, quarter: Quarter | None = None) -> ThoughtReport:
        report = self.begin(name, quarter)
        return services.hand_in(report, title="My quarter", body=body, by=self.world.user(name), on=self.today)

    def accepted(self, name: str = "author") -> ThoughtReport:
        report = self.hand_in(name)
        return services.accept_report(report, words="Well thought.", by=self.world.user("contact"))


@pytest.fixture
def desk(world) -> Desk:
    today = timezone.localdate()
    services.assign_contact(world.member("author"), world.member("contact"), by=world.user("secretary"), on=world.since)
    return Desk(world, today)
