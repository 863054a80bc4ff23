"""Measure the due board of a university: the statements and the time of its page with few and with all nodes.

``python -m measure.obligations`` prints a table; its last line is the number of goals missed. Nodes are made through
the services; their members, the talks of the year and the meetings of ten years are copied by the database.
"""

import statistics
import time
from datetime import date, timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django comes first
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from measure.pages import session_of  # noqa: E402
from measure.seed import multiply  # noqa: E402
from members.help.models import HeartTalk  # noqa: E402
from members.meetings.models import Attendance, Meeting, MeetingKind, MeetingPart  # noqa: E402
from members.obligations.services import run_daily  # noqa: E402
from members.services import create_member  # noqa: E402
from portal.accounts.models import User  # noqa: E402
from portal.organizations.duties import Post  # noqa: E402
from portal.organizations.models import (  # noqa: E402
    Affiliation,
    Appointment,
    Organization,
    OrganizationType,
    Standing,
)
from portal.organizations.services import appoint, create_organization  # noqa: E402

FEW, MANY, MEETINGS = 200, 1_500, 100_000
BRANCHES_EACH, YEARS = 30, 10
PEOPLE_EACH, SEATS = 26, 3
ROUNDS = 9
# The slowest in twenty pages of a university may take this long.
BOARD_MS = 300.0


class Ground:
    """A university of colleges and branches, whose meetings were held over ten years."""

    def __init__(self) -> None:
        self.today = timezone.localdate()
        self.began = date(self.today.year - YEARS, 1, 1)
        self.root = Organization.objects.filter(depth=1).first() or create_organization(
            parent=None, by=None, name="University", code="U", org_type=OrganizationType.UNIVERSITY_COMMITTEE
        )
        self.nodes: list[int] = []
        member = create_member(
            number="supervisor", name="Supervisor", by=None, organization=None, standing=Standing.MASS, on=self.began
        )
        self.keeper = User.objects.get(pk=member.user_id)
        appoint(self.keeper, self.root, Post.COMMITTEE_STAFF, on=self.began, by=None)
        self.people = [
            create_member(
                number=f"listener{number}", name=f"Listener {number}", by=None, organization=None,
                standing=Standing.MASS, on=self.began,
            ).user_id
            for number in range(3)
        ]  # fmt: skip
        self.meetings = 0

    def grow(self, nodes: int, meetings: int) -> None:
        """Add colleges and branches up to ``nodes``, and meetings of the branches up to ``meetings``."""
        unit, before = None, len(self.nodes)
        while len(self.nodes) < nodes:
            number = len(self.nodes)
            if unit is None or number % BRANCHES_EACH == 0:
                unit = create_organization(
                    parent=Organization.objects.get(pk=self.root.pk), by=None, name=f"Living college {number}",
                    code=f"L{number}", org_type=OrganizationType.COLLEGE_COMMITTEE, established_on=self.began,
                )  # fmt: skip
            branch = create_organization(
                parent=Organization.objects.get(pk=unit.pk), by=None, name=f"Living branch {number}",
                code=f"LB{number}", org_type=OrganizationType.BRANCH, established_on=self.began,
            )  # fmt: skip
            self.nodes.append(branch.pk)
        self._settle(self.nodes[before:])
        self._hold(meetings - self.meetings)
        self.meetings = meetings
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _settle(self, nodes: list[int]) -> None:
        """Let members belong to new branches, three of them sit on the committee, and all have had their talks.

        The person number ``n`` belongs to the branch number ``n`` modulo their number, so that ``n`` and ``n`` plus
        that number belong to the same.
        """
        count, place = len(nodes), f"(ARRAY{nodes})[1 + n % {len(nodes)}]"
        model = create_member(
            number=f"settler{nodes[0]}", name="Settler", by=None,
            organization=Organization.objects.get(pk=nodes[0]), standing=Standing.FULL_MEMBER, on=self.began,
        )  # fmt: skip
        people = count * PEOPLE_EACH
        users = multiply(
            User, model.user_id, people,
            {"number": f"'S{nodes[0]}N' || n", "name": "'Settler ' || n", "email": "NULL"},
        )  # fmt: skip
        affiliation = Affiliation.objects.get(user=model.user_id, until=None)
        multiply(Affiliation, affiliation.pk, people, {"user_id": f"{users} + n", "organization_id": place})
        seat = Appointment.objects.filter(user=self.keeper).first()
        multiply(
            Appointment, seat.pk, count * SEATS,
            {"user_id": f"{users} + n", "organization_id": place, "post": f"'{Post.COMMITTEE_MEMBER}'"},
        )  # fmt: skip
        talk = HeartTalk.objects.create(
            organization_id=nodes[0], year=self.today.year, kind="member_member", first_id=self.people[0],
            second_id=self.people[1], state="held", held_on=self.today, first_confirmed_on=self.today,
            second_confirmed_on=self.today,
        )  # fmt: skip
        for more, first, second in (
            (count * SEATS, f"n + {count}", f"n + {2 * count}"),  # within the committee, and from it to a member
            (count * (PEOPLE_EACH - SEATS), f"{count} + n % {count}", f"n + {SEATS * count}"),
            (count * (PEOPLE_EACH - SEATS - 1), f"n + {SEATS * count}", f"n + {(SEATS + 1) * count}"),
        ):
            multiply(
                HeartTalk, talk.pk, more,
                {"organization_id": place, "first_id": f"{users} + {first}", "second_id": f"{users} + {second}"},
            )  # fmt: skip

    def _hold(self, more: int) -> None:
        """Copy one sitting with two parts and three people over nodes and days."""
        held = timezone.now() - timedelta(days=1)
        model = Meeting.objects.create(
            organization_id=self.nodes[0], title="A sitting", state="ended", planned_at=held,
            planned_until=held + timedelta(hours=2), started_at=held, ended_at=held + timedelta(hours=2),
            chair=self.keeper, recorder=self.keeper, code_secret=b"s" * 32, convened_at=held - timedelta(days=7),
        )  # fmt: skip
        days, nodes = YEARS * 365, f"(ARRAY{self.nodes})[1 + n % {len(self.nodes)}]"

        def ago(hours: int) -> str:
            return f"'{held.isoformat()}'::timestamptz - (n % {days}) * interval '1 day' + {hours} * interval '1 hour'"

        copies = multiply(
            Meeting, model.pk, more,
            {"organization_id": nodes, "planned_at": ago(0), "planned_until": ago(2), "started_at": ago(0),
             "ended_at": ago(2), "convened_at": ago(-168)},
        )  # fmt: skip
        for number, kind in enumerate((MeetingKind.THEME_PARTY_DAY, MeetingKind.PARTY_LECTURE), start=1):
            part = MeetingPart.objects.create(meeting=model, kind=kind, number=number)
            multiply(MeetingPart, part.pk, more, {"meeting_id": f"{copies} + n"})
        for place, user in enumerate(self.people):
            row = Attendance.objects.create(
                meeting=model, user_id=user, standing=Standing.PROBATIONARY, state="present" if place else "absent"
            )
            multiply(Attendance, row.pk, more, {"meeting_id": f"{copies} + n"})


def board(ground: Ground) -> tuple[float, int]:
    """Return the median milliseconds and the statements of the board of the whole university."""
    client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0])
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(ground.keeper)
    address = f"{reverse('members:obligations:board')}?node={ground.root.pk}"
    taken = []
    for _round in range(ROUNDS + 2):
        began = time.perf_counter()
        answer = client.get(address)
        taken.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return statistics.median(taken[2:]), len(queries)


def morning(ground: Ground) -> tuple[float, int]:
    """Return the seconds and the reading statements of a morning that has nothing new to tell."""
    run_daily(ground.today)
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        run_daily(ground.today)
    texts = [query["sql"] or "SELECT" for query in queries]
    return time.perf_counter() - began, sum(text.lstrip("( ").startswith("SELECT") for text in texts)


def main() -> None:
    missed = 0

    def told(name: str, figure: str, goal: str, good: bool) -> None:
        nonlocal missed
        missed += not good
        print(f"{name:44} {figure:>28} {goal:>10} {'ok' if good else 'MISS'}")

    print(f"{'duties of organizational life':44} {'figure':>28} {'goal':>10}")
    ground = Ground()
    ground.grow(FEW, MEETINGS * FEW // MANY)
    small, statements = board(ground)
    _seconds, reads = morning(ground)
    ground.grow(MANY, MEETINGS)
    large, statements_then = board(ground)
    seconds, reads_then = morning(ground)
    told(f"due board, {FEW} and {MANY:,} nodes, statements", f"{statements} and {statements_then}", "the same",
         statements == statements_then)  # fmt: skip
    told(f"due board, {FEW} and {MANY:,} nodes", f"{small:.0f} and {large:.0f} ms", f"{BOARD_MS:.0f}",
         large <= BOARD_MS)  # fmt: skip
    told("morning, reading statements", f"{reads} and {reads_then} ({seconds:.1f} s)", "the same",
         reads == reads_then)  # fmt: skip
    print(missed)


if __name__ == "__main__":
    main()
