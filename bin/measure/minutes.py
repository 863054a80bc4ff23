"""Measure finding minutes again: 100,000 sealed ones, by words, with the permission inside, against the bare index.

``python -m measure.minutes`` prints a table; its last line is the number of goals missed. One sitting is held and
sealed through the services; the database then copies it over branches and years.
"""

import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from datetime import time as clock
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django comes first
from django.db import connection  # noqa: E402
from django.db.models import QuerySet  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from measure.pages import session_of  # noqa: E402
from measure.seed import multiply  # noqa: E402
from members.meetings.models import Attendance, Meeting, MeetingKind, MeetingPart  # noqa: E402
from members.meetings.queries.circles import seats_on  # noqa: E402
from members.meetings.services.held import Held, record_held  # noqa: E402
from members.minutes.finding import CODE  # noqa: E402
from members.minutes.models import Minutes  # noqa: E402
from members.minutes.queries.content import check_chain  # noqa: E402
from members.minutes.queries.finding import Wanted, found  # noqa: E402
from members.minutes.services.entering import Book, enter_sealed  # noqa: E402
from members.services import create_member  # noqa: E402
from portal.accounts.models import User  # noqa: E402
from portal.extensions.registry import search_sources  # noqa: E402
from portal.organizations.duties import Post  # noqa: E402
from portal.organizations.models import Organization, OrganizationType, Standing  # noqa: E402
from portal.organizations.services import appoint, create_organization  # noqa: E402
from portal.search.grams import tokens  # noqa: E402
from portal.search.models import SearchEntry  # noqa: E402
from portal.search.services import index  # noqa: E402

FEW, MANY = 1_000, 100_000
COLLEGES, BRANCHES_EACH, YEARS = 20, 10, 10
ROUNDS, PAGE = 11, 21
FACTOR, FLAT = 3.0, 3.0
# Said in every record, in one of fifty, in one of a thousand.
WORDS = {"in all": "工作安排", "in 1 of 50": "志愿服务", "in 1 of 1,000": "档案整理"}


class Ground:
    """A university with one model of sealed minutes, and four readers."""

    def __init__(self) -> None:
        day = timezone.localdate() - timedelta(days=2)
        self.began = timezone.make_aware(datetime.combine(day, clock(14, 30)))
        since = day - timedelta(days=400)
        root = Organization.objects.filter(depth=1).first() or create_organization(
            parent=None, by=None, name="University", code="U", org_type=OrganizationType.UNIVERSITY_COMMITTEE
        )
        colleges, branches = [], []
        for place in range(COLLEGES):
            college = create_organization(
                parent=root, by=None, name=f"Sitting college {place}", code=f"S{place}",
                org_type=OrganizationType.COLLEGE_COMMITTEE,
            )  # fmt: skip
            colleges.append(college)
            branches += [
                create_organization(
                    parent=college, by=None, name=f"Sitting branch {place}-{number}", code=f"S{place}B{number}",
                    org_type=OrganizationType.BRANCH,
                )
                for number in range(BRANCHES_EACH)
            ]  # fmt: skip
        self.branches = [branch.pk for branch in branches]
        self.people = [
            create_member(
                number=f"S{number:06}", name=f"Sitting {number}", by=None, organization=branch,
                standing=Standing.FULL_MEMBER, on=since,
            ).user_id
            for number, branch in enumerate(branches)
        ]  # fmt: skip
        chair, recorder, committee, college = (
            create_member(
                number=name, name=name, by=None, organization=branches[0], standing=Standing.FULL_MEMBER, on=since
            ).user
            for name in ("s-chair", "s-recorder", "s-committee", "s-college")
        )
        appoint(chair, branches[0], Post.SECRETARY, on=since, by=None)
        appoint(committee, Organization.objects.get(pk=root.pk), Post.COMMITTEE_STAFF, on=since, by=None)
        appoint(college, Organization.objects.get(pk=colleges[0].pk), Post.COMMITTEE_STAFF, on=since, by=None)
        self.readers = {
            "committee of the university": User.objects.get(pk=committee.pk),
            "committee of a college": User.objects.get(pk=college.pk),
            "secretary of a branch": User.objects.get(pk=chair.pk),
            "member of a branch": User.objects.get(pk=self.people[0]),
        }
        self.count = 1
        self.model = self._hold(Organization.objects.get(pk=branches[0].pk), chair.pk, recorder.pk)

    def _hold(self, branch: Organization, chair: int, recorder: int) -> Minutes:
        kinds = [MeetingKind.BRANCH_CONGRESS]
        seats = seats_on(branch, kinds, on=timezone.localdate(self.began))
        held = Held(
            organization=branch, kinds=kinds, title="支部党员大会", began=self.began,
            ended=self.began + timedelta(hours=1), chair_id=chair, recorder_id=recorder, seats=seats,
            came={self.people[0]: 0}, agenda=[("branch_congress", "支部工作报告", 30)], place="党员活动室",
        )  # fmt: skip
        meeting = record_held([held], by=None)[0]
        gist = "总结实事求是，建议增加集中学习以外的交流研讨，安排青年党员轮流领学。" * 8
        book = Book(
            part_id=meeting.parts.get().pk, decisions="一致同意下季度工作安排。", second_id=recorder,
            speeches=[{"person": f"发言人{number}", "gist": gist} for number in range(4)],
        )  # fmt: skip
        minutes = enter_sealed([book], by=None)[0]
        # Of the attendances one is copied: each copy is asked of the one person of its branch.
        Attendance.objects.filter(meeting=meeting).exclude(user=self.people[0]).delete()
        source = search_sources.get(CODE)
        assert source is not None
        index(source, [minutes.pk])
        return minutes

    def grow(self, count: int) -> None:
        """Copy the model until there are ``count`` minutes, spread over branches and years."""
        more, start, model = count - self.count, self.count, self.model
        branch = f"(ARRAY{self.branches})[1 + n % {len(self.branches)}]"
        person = f"(ARRAY{self.people})[1 + n % {len(self.people)}]"
        step = timedelta(days=365 * YEARS) / MANY
        at = f"t.\"{{}}\" - ({start} + n) * interval '{step.total_seconds()} seconds'"
        instants = {name: at.format(name) for name in ("planned_at", "planned_until", "started_at", "ended_at")}
        meetings = multiply(Meeting, model.meeting_id, more, {"organization_id": branch, **instants})
        parts = multiply(MeetingPart, model.part_id, more, {"meeting_id": f"{meetings} + n"})
        row = Attendance.objects.get(meeting=model.meeting_id)
        multiply(Attendance, row.pk, more, {"meeting_id": f"{meetings} + n", "user_id": person})
        kind = "(ARRAY['branch_congress', 'branch_committee', 'theme_party_day', 'party_lecture'])[1 + n % 4]"
        minutes = multiply(
            Minutes, model.pk, more,
            {
                "part_id": f"{parts} + n", "meeting_id": f"{meetings} + n", "organization_id": branch, "kind": kind,
                "held_at": at.format("held_at"), "held_on": f"({at.format('held_at')})::date",
                "number": f"{start} + n + 1", "chair_id": person,
            },
        )  # fmt: skip
        entry = SearchEntry.objects.get(source=CODE, object_id=model.pk)
        often, seldom = (" ".join(tokens(WORDS[name])) for name in ("in 1 of 50", "in 1 of 1,000"))
        multiply(
            SearchEntry, entry.pk, more,
            {
                "object_id": f"{minutes} + n", "at": at.format("at"),
                "tokens": f"t.tokens || CASE WHEN n % 53 = 0 THEN ' {often}' ELSE '' END"
                          f" || CASE WHEN n % 1009 = 0 THEN ' {seldom}' ELSE '' END",
            },
        )  # fmt: skip
        self.count = count
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def seconds(rows: QuerySet[Any, Any]) -> float:
    """Return the median milliseconds that the database takes over the statement of ``rows``, all fetched."""
    text, given = rows.query.sql_with_params()
    taken = []
    with connection.cursor() as cursor:
        for _round in range(ROUNDS + 2):
            began = time.perf_counter()
            cursor.execute(text, given)
            cursor.fetchall()
            taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken[2:])


def bare(words: str) -> QuerySet[Any, Any]:
    """Return the index asked alone: which texts hold the words, the newest first."""
    texts = SearchEntry.objects.extra(  # noqa: S610 - the value is a parameter
        where=["to_tsvector('simple', tokens) @@ to_tsquery('simple', %s)"], params=[" <-> ".join(tokens(words)[:-1])]
    )
    return texts.filter(source=CODE).order_by("-at", "-pk").values_list("pk")[:PAGE]


def page(ground: Ground, reader: User, words: str) -> tuple[float, int]:
    """Return the median milliseconds and the statements of the whole page."""
    client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0])
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(reader)
    address = f"{reverse('members:minutes:minutes-list')}?words={words}"
    taken = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        answer = client.get(address)
        taken.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return statistics.median(taken[2:]), len(queries)


def main() -> None:
    missed = 0

    def told(name: str, figure: str, goal: str, good: bool) -> None:
        nonlocal missed
        missed += not good
        print(f"{name:48} {figure:>30} {goal:>10} {'ok' if good else 'MISS'}")

    print(f"{'minutes':48} {'figure':>30} {'goal':>10}")
    ground = Ground()
    assert check_chain(ground.model.organization).holds
    ground.grow(FEW)
    committee = ground.readers["committee of the university"]
    small, statements = page(ground, committee, WORDS["in 1 of 50"])
    ground.grow(MANY)
    for how, words in WORDS.items():
        alone = seconds(bare(words))
        for who, reader in ground.readers.items():
            rows = found(reader, Wanted(words=words)).select_related("organization", "chair")
            mine = seconds(rows.defer("facts", "speeches").order_by("-held_at", "-pk")[:PAGE])
            told(
                f"{who}, word {how}", f"{mine:.1f} and {alone:.1f} ms, x {mine / alone:.2f}", f"x {FACTOR:.1f}",
                mine <= FACTOR * alone,
            )  # fmt: skip
    newest = seconds(Minutes.objects.order_by("-held_at", "-pk").values_list("pk")[:PAGE])
    filters: dict[str, Callable[[User], Wanted]] = {
        "no filter": lambda reader: Wanted(),
        "kind": lambda reader: Wanted(kind="party_lecture"),
        "person": lambda reader: Wanted(person="Sitting 0"),
    }
    for who, reader in ground.readers.items():
        for name, wanted in filters.items():
            rows = found(reader, wanted(reader)).select_related("organization", "chair").defer("facts", "speeches")
            mine = seconds(rows.order_by("-held_at", "-pk")[:PAGE])
            told(f"{who}, {name}", f"{mine:.1f} ms (newest: {newest:.1f})", "100 ms", mine <= 100)
    large, statements_then = page(ground, committee, WORDS["in 1 of 50"])
    told(f"page, {FEW:,} and {MANY:,} minutes", f"{small:.1f} and {large:.1f} ms, x {large / small:.2f}",
         f"x {FLAT:.1f}", large <= FLAT * small)  # fmt: skip
    told("page, statements", f"{statements} and {statements_then}", "the same", statements == statements_then)
    print(missed)


if __name__ == "__main__":
    main()
