"""Measure recruitment: one case in the engine, the board of a university, and the nightly rounds over open cases.

``python -m measure.recruitment`` prints a table; its last line is the number of goals missed. A case is opened and led
to its cultivation through the services; the database then copies it.
"""

import statistics
import time
from collections.abc import Callable
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
from members.development.models import CultivationContact  # noqa: E402
from members.models import Member  # noqa: E402
from members.recruitment import services  # noqa: E402
from members.recruitment.engine.details import (  # noqa: E402
    ApplicationFact,
    ContactsFact,
    FilingFact,
    InspectionFact,
    Minutes,
    NominationFact,
    TalkFact,
    Topic,
)
from members.recruitment.engine.evaluate import evaluate  # noqa: E402
from members.recruitment.engine.people import Named  # noqa: E402
from members.recruitment.models import Case, Paper, StepRecord  # noqa: E402
from members.recruitment.services import Filed  # noqa: E402
from members.recruitment.services.reminding import send_reminders  # noqa: E402
from members.services import create_member  # noqa: E402
from portal.accounts.models import User  # noqa: E402
from portal.organizations.duties import Post  # noqa: E402
from portal.organizations.models import Affiliation, Organization, OrganizationType, Standing  # noqa: E402
from portal.organizations.services import appoint, create_organization  # noqa: E402
from portal.rulesets.days import add_months  # noqa: E402
from portal.rulesets.queries import calendar  # noqa: E402
from tests.factories.dossiers import RULES_2026, clean_dossier  # noqa: E402

FEW, MANY, CHUNK = 200, 20_000, 1000
COLLEGES, BRANCHES_EACH = 20, 10
ROUNDS = 11
CASE_MS, BOARD_FACTOR, CHUNK_FACTOR = 1.0, 2.0, 1.0


def evaluation_ms() -> float:
    """Return the greatest of the CPU times of one evaluation, over every place on a lawful way of 25 steps."""
    kept = calendar()
    facts = clean_dossier(date(2027, 3, 1), calendar=kept)
    slowest = 0.0
    for number, fact in enumerate(facts.records, start=1):
        here = facts.until(fact.on)
        taken = []
        for _round in range(3):
            began = time.process_time()
            for _time in range(20):
                evaluate(here, RULES_2026, kept, fact.on)
            taken.append((time.process_time() - began) / 20 * 1000)
        if number > 1:  # what is slow only once is not measured
            slowest = max(slowest, statistics.median(taken))
    return slowest


class Ground:
    """A university whose branches cultivate activists, and somebody who keeps and decides."""

    def __init__(self) -> None:
        self.today = timezone.localdate()
        self.began = self.today.replace(day=1) - timedelta(days=1500)
        root = Organization.objects.filter(depth=1).first() or create_organization(
            parent=None, by=None, name="University", code="U", org_type=OrganizationType.UNIVERSITY_COMMITTEE
        )
        Organization.objects.filter(pk=root.pk).update(can_approve_members=True)
        self.branches: list[int] = []
        for college in range(COLLEGES):
            unit = create_organization(
                parent=root, by=None, name=f"Recruiting college {college}", code=f"R{college}",
                org_type=OrganizationType.COLLEGE_COMMITTEE,
            )  # fmt: skip
            self.branches += [
                create_organization(
                    parent=unit, by=None, name=f"Recruiting branch {college}-{number}", code=f"R{college}B{number}",
                    org_type=OrganizationType.BRANCH,
                ).pk
                for number in range(BRANCHES_EACH)
            ]  # fmt: skip
        branch = Organization.objects.get(pk=self.branches[0])
        self.keeper = self._member("keeper", branch)
        self.contact = self._member("companion", branch)
        appoint(self.keeper, Organization.objects.get(pk=root.pk), Post.COMMITTEE_STAFF, on=self.began, by=None)
        appoint(self.keeper, branch, Post.SECRETARY, on=self.began, by=None)
        self.model = self._case(branch)
        self.count = 1

    def _member(self, number: str, branch: Organization) -> User:
        member = create_member(
            number=number, name=number, by=None, organization=branch, standing=Standing.FULL_MEMBER, on=self.began
        )
        return User.objects.get(pk=member.user_id)

    def _case(self, branch: Organization) -> Case:
        """Open a case and lead it to the second half-year of cultivation."""
        applied_on, by = add_months(self.today, -16), self.keeper
        person = create_member(
            number="candidate", name="Candidate", by=None, organization=branch, standing=Standing.MASS,
            on=self.began, birth_date=self.today.replace(year=self.today.year - 22, day=1),
        )  # fmt: skip
        person = Member.objects.select_related("user", "organization").get(pk=person.pk)
        named = Named(self.contact.pk, self.contact.name)
        letter = Filed("application_letter", applied_on, True)
        case = services.open_case(
            person, on=applied_on, details=ApplicationFact(received_on=applied_on), by=by, documents=[letter]
        )
        decided_on = add_months(applied_on, 6)
        steps = (
            ("talk", applied_on + timedelta(10), TalkFact(named, tuple(Topic), "Well prepared.")),
            ("nominate", decided_on, NominationFact(True, decided_on, Minutes(5, 5, 5, 0, 0))),
            ("file_activist", decided_on + timedelta(5), FilingFact("1")),
            ("assign_contacts", decided_on + timedelta(6), ContactsFact((named,))),
            ("cultivate", add_months(decided_on, 6), InspectionFact("Steady.")),
        )
        for step, on, details in steps:
            services.record(case, step, on=on, details=details, by=by)
        return Case.objects.get(pk=case.pk)

    def grow(self, count: int) -> None:
        """Copy the model with its person, records and papers until there are ``count`` cases."""
        more, start, model = count - self.count, self.count, self.model
        branch = f"(ARRAY{self.branches})[1 + n % {len(self.branches)}]"
        member = Member.objects.get(pk=model.person_id)
        users = multiply(
            User, member.user_id, more,
            {"number": f"'K' || lpad(({start} + n)::text, 9, '0')", "name": f"'Candidate ' || ({start} + n)",
             "email": "NULL"},
        )  # fmt: skip
        place = Affiliation.objects.get(user=member.user_id, until=None)
        multiply(Affiliation, place.pk, more, {"user_id": f"{users} + n", "organization_id": branch})
        members = multiply(
            Member, member.pk, more, {"user_id": f"{users} + n", "organization_id": branch, "id_no_index": "NULL"}
        )
        cases = multiply(
            Case, model.pk, more,
            {
                "person_id": f"{members} + n", "organization_id": branch,
                "stage": "(ARRAY['application', 'activist', 'target', 'admission', 'probation'])[1 + n % 5]",
                "current_step": "(ARRAY['talk', 'cultivate', 'training', 'approve', 'oath'])[1 + n % 5]",
                "overdue_since": f"CASE WHEN n % 9 = 0 THEN '{self.today}'::date END",
                "ready_on": f"CASE WHEN n % 5 = 1 THEN '{self.today}'::date + (n % 300)::int END",
                "probation_ends_on": f"CASE WHEN n % 5 = 4 THEN '{self.today}'::date + (n % 300)::int END",
                "waits_for_superior": "n % 7 = 0",
            },
        )  # fmt: skip
        for record in StepRecord.objects.filter(case=model.pk).order_by("pk"):
            records = multiply(StepRecord, record.pk, more, {"case_id": f"{cases} + n"})
            for paper in Paper.objects.filter(record=record):
                multiply(Paper, paper.pk, more, {"record_id": f"{records} + n"})
        for contact in CultivationContact.objects.filter(person=member):
            multiply(CultivationContact, contact.pk, more, {"person_id": f"{members} + n"})
        self.count = count
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def board(ground: Ground) -> tuple[float, int]:
    """Return the median milliseconds and the statements of the university's board."""
    client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0])
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(ground.keeper)
    address = reverse("members:recruitment:board")
    taken = []
    for _round in range(ROUNDS + 2):
        began = time.perf_counter()
        answer = client.get(address)
        taken.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return statistics.median(taken[2:]), len(queries)


def counted(job: Callable[[], object]) -> tuple[int, float]:
    """Return the statements and the seconds of a job."""
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        job()
    texts = [query["sql"] or "SELECT" for query in queries]
    return sum(not text.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")) for text in texts), (
        time.perf_counter() - began
    )


def nightly(ground: Ground) -> dict[str, tuple[int, float]]:
    """Run the morning's two rounds over the open cases."""
    Case.objects.update(settled_on=None)
    return {
        "settle_all": counted(lambda: services.settle_all(on=ground.today)),
        "send_reminders": counted(lambda: send_reminders(on=ground.today)),
    }


def main() -> None:
    missed = 0

    def told(name: str, figure: str, goal: str, good: bool) -> None:
        nonlocal missed
        missed += not good
        print(f"{name:44} {figure:>28} {goal:>10} {'ok' if good else 'MISS'}")

    print(f"{'recruitment':44} {'figure':>28} {'goal':>10}")
    slowest = evaluation_ms()
    told("one case evaluated, slowest of its places", f"{slowest:.2f} ms CPU", f"{CASE_MS:.1f}", slowest < CASE_MS)
    ground = Ground()
    ground.grow(FEW)
    small, statements = board(ground)
    ground.grow(CHUNK)
    chunk = nightly(ground)
    ground.grow(MANY)
    large, statements_then = board(ground)
    factor = large / small
    told(f"board, {FEW} and {MANY:,} open cases", f"{small:.1f} and {large:.1f} ms, x {factor:.2f}",
         f"x {BOARD_FACTOR:.1f}", factor <= BOARD_FACTOR)  # fmt: skip
    told("board, statements", f"{statements} and {statements_then}", "the same", statements == statements_then)
    for name, (found, seconds) in nightly(ground).items():
        each = found / (MANY / CHUNK)
        first = chunk[name][0]
        told(
            f"{name}, statements per {CHUNK:,} cases",
            f"{first} and {each:.1f} ({seconds:.0f} s)",
            f"x {CHUNK_FACTOR:.1f}",
            each <= first * CHUNK_FACTOR,
        )
    print(missed)


if __name__ == "__main__":
    main()
