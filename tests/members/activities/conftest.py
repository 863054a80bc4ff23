"""An activity of the branch at any point of its life, with verbs short enough for tests."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from members.activities import services
from members.activities.models import Activity, Enrolment
from members.activities.services import Details
from portal.accounts.models import User
from tests.world import World


@dataclass
class Season:
    """``now`` stands still; activities begin a week later, enrolment is open from yesterday until the day before."""

    world: World
    now: datetime

    def user(self, name: str) -> User:
        return self.world.user(name)

    def details(self, **given) -> Details:
        begins = self.now + timedelta(days=7)
        plain = Details(
            organization=self.world.branch, kind="volunteering", title="Sweeping snow", words="Bring gloves.",
            begins_at=begins, ends_at=begins + timedelta(hours=2), enrol_from=self.now - timedelta(days=1),
            enrol_until=begins - timedelta(days=1), place="East gate", hour_kind="volunteering", minutes=120,
        )  # fmt: skip
        return replace(plain, **given)

    def contest(self, **given) -> Details:
        jury = [self.user("contact"), self.user("secretary")]
        plain = {"kind": "speech_contest", "takes_contributions": True, "jurors": jury,
                 "criteria": [("Content", 40), ("Voice", 10)]}  # fmt: skip
        return self.details(**plain | given)

    def draft(self, by: str = "member", **given) -> Activity:
        return services.start_activity(self.details(**given), by=self.user(by))

    def submitted(self, by: str = "member", **given) -> Activity:
        return services.submit(self.draft(by, **given), by=self.user(by))

    def approved(self, by: str = "member", details: Details | None = None, **given) -> Activity:
        row = services.start_activity(details or self.details(**given), by=self.user(by))
        row = services.submit(row, by=self.user(by))
        return services.approve(row, by=self.user("college"))

    def enrol(self, row: Activity, *names: str, **given) -> list[Enrolment]:
        return [services.enrol(row, self.user(name), **given) for name in names]

    def states(self, row: Activity) -> dict[str, str]:
        rows = Enrolment.objects.filter(activity=row).select_related("user").order_by("place")
        return {place.user.name.lower(): place.state for place in rows}

    def begun(self, row: Activity) -> datetime:
        return row.begins_at + timedelta(minutes=1)

    def held(self, row: Activity, *absent: str) -> Activity:
        rows = Enrolment.objects.filter(activity=row, state="enrolled")
        came = [place.pk for place in rows.select_related("user") if place.user.name.lower() not in absent]
        return services.record_attendance(row, came, by=row.author, now=self.begun(row))

    def over(self, row: Activity) -> datetime:
        return row.ends_at + timedelta(minutes=1)

    def shift(self, row: Activity, **delta) -> Activity:
        """Let the activity lie earlier in time, so that pages see it begun or over."""
        ago = timedelta(**delta)
        for name in ("begins_at", "ends_at", "enrol_from", "enrol_until"):
            setattr(row, name, getattr(row, name) - ago)
        Activity.objects.filter(pk=row.pk).update(
            begins_at=row.begins_at, ends_at=row.ends_at, enrol_from=row.enrol_from, enrol_until=row.enrol_until
        )
        return row


@pytest.fixture
def season(world: World) -> Season:
    return Season(world, timezone.now().replace(microsecond=0))
