"""``scope``, ``may`` and ``holders`` say the same of meetings and what hangs on them."""

from datetime import time

import pytest
from django.utils import timezone

from members.meetings import services
from members.meetings.models import (
    AgendaItem,
    Attendance,
    CalendarFeed,
    Meeting,
    MeetingPart,
    MeetingTemplate,
    SeatRemark,
)
from portal.access.policy import holders, may, policy_of, scope

from .sittings import planner

MODELS = [Meeting, MeetingPart, AgendaItem, Attendance, MeetingTemplate, CalendarFeed, SeatRemark]
ACTORS = ("secretary", "neighbor", "college", "member", "author", "applicant", "stranger", "admin", "outsider")


@pytest.fixture
def desk(world):
    desk, by = planner(world), world.user("secretary")
    matters = [services.Matter("branch_congress", "A")]
    desk.convene(agenda=matters, recorder=world.user("contact"))
    desk.plan(title="Planned", kinds=["branch_committee"])
    desk.convene(desk.plan("sibling", title="Elsewhere", agenda=matters))
    for place, name in (("branch", "secretary"), ("sibling", "neighbor")):
        template = MeetingTemplate(
            organization=world.nodes[place], title="T", kinds=["branch_committee"], begins=time(9, 0)
        )
        services.save_template(template, by=world.user(name))
        services.make_feed(world.user(name), world.nodes[place], at=desk.now)
    services.remark_seat(
        world.users["member"], world.branch, kind="exempt", words="Aged", since=timezone.localdate(), by=by
    )
    return desk


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_scope_and_may_agree(desk, model):
    rows = list(model.objects.order_by("pk"))[:9]
    keys = [row.pk for row in rows]
    assert rows
    for name in ACTORS:
        actor = desk.world.user(name)
        for action in policy_of(model).actions:
            scoped = set(scope(actor, action, model).filter(pk__in=keys).values_list("pk", flat=True))
            assert scoped == {row.pk for row in rows if may(actor, action, row)}, (name, action)


def test_who_sees_a_planned_meeting_and_who_grants_leave(desk):
    planned, convened = Meeting.objects.get(title="Planned"), Meeting.objects.get(title="Congress")
    seen = {name for name in ACTORS if may(desk.world.user(name), "view", planned)}
    assert seen == {"secretary", "college"}
    seen = {name for name in ACTORS if may(desk.world.user(name), "view", convened)}
    assert seen == {"secretary", "college", "member", "author"}
    granting = set(holders("grant_leave", convened).values_list("pk", flat=True))
    named = {name for name, user in desk.world.users.items() if user.pk in granting}
    assert named == {"secretary", "college", "committee"}
