"""Short ways to a sitting of the world's branch, ten days ahead unless a test says otherwise."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from members.meetings import services
from members.meetings.models import Meeting
from tests.world import World


@dataclass
class Planner:
    world: World
    now: datetime

    def plan(self, node: str = "branch", **facts: Any) -> Meeting:
        begins = facts.pop("planned_at", self.now + timedelta(days=10))
        chair = {"branch": "secretary", "sibling": "neighbor"}.get(node, "committee")
        values = {
            "kinds": ["branch_congress"], "title": "Congress", "planned_at": begins,
            "planned_until": begins + timedelta(hours=1), "chair": self.world.user(chair),
            "recorder": self.world.user(chair), "by": self.world.user(chair), "at": self.now,
        }  # fmt: skip
        return services.plan(self.world.nodes[node], **(values | facts))

    def convene(self, meeting: Meeting | None = None, **facts: Any) -> Meeting:
        return services.convene(meeting or self.plan(**facts), by=self.world.user("secretary"), at=self.now)

    def edit(self, meeting: Meeting, **facts: Any) -> Meeting:
        values = {
            "kinds": [part.kind for part in meeting.parts.all()], "title": meeting.title,
            "planned_at": meeting.planned_at, "planned_until": meeting.planned_until, "chair": meeting.chair,
            "recorder": meeting.recorder, "words": meeting.words, "place": meeting.place,
            "online_url": meeting.online_url, "with_observers": meeting.with_observers,
            "by": self.world.user("secretary"), "at": self.now,
        }  # fmt: skip
        if "planned_at" in facts and "planned_until" not in facts:
            facts["planned_until"] = facts["planned_at"] + timedelta(hours=1)
        return services.edit(meeting, **(values | facts))

    def names(self, meeting: Meeting, **lookup: Any) -> set[str]:
        """Return the cast of the circle, as a test calls them."""
        found = set(meeting.attendances.filter(**lookup).values_list("user_id", flat=True))
        return {name for name, user in self.world.users.items() if user.pk in found}


def planner(world: World) -> Planner:
    return Planner(world, timezone.now().replace(microsecond=0))
