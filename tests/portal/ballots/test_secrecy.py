"""The dump test of architecture.md 4: two votes with the choices swapped leave the same tables, files and logs."""

import logging
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from portal.ballots import services
from portal.ballots.models import Ballot

# Random by nature, and the chain over rows that hold them; what a session says is compared decoded.
RANDOM = {"request_id", "session_key", "expire_date", "id"}


def tables() -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table, in the order in which the rows were written."""
    found = {}
    with connection.cursor() as cursor:
        for name in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")  # noqa: S608 - names of our own tables
            names = [column[0] for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            if "id" in names:
                rows.sort(key=lambda row: row["id"])
            found[name] = [{key: plain(name, key, row[key]) for key in names if key not in RANDOM} for row in rows]
    return found


def plain(table: str, column: str, value: Any) -> Any:
    if table == "django_session" and column == "session_data":
        return SessionStore().decode(value)
    return bytes(value) if isinstance(value, memoryview) else value


def kept_files() -> list[str]:
    """Return what lies in the folder of data, by name and size."""
    data = Path(settings.DATA_DIR) if hasattr(settings, "DATA_DIR") else Path(settings.MEDIA_ROOT).parent
    return sorted(f"{path.relative_to(data)} {path.stat().st_size}" for path in data.rglob("*") if path.is_file())


class Lines(logging.Handler):
    """Keep what every logger says."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        # How long something took differs from one run to the next.
        if record.name != "django.db.backends":
            self.said.append(f"{record.name} {record.levelname} {record.getMessage()}")


class Undone(Exception):
    """Takes a run back."""


def run(
    booth, ballot: Ballot, clients: dict[str, Any], choices: dict[str, dict[str, str]]
) -> tuple[Any, list[str], list[str]]:
    """Let two people vote through the pages, close the ballot, and return all that is left behind."""
    lines, root = Lines(), logging.getLogger()
    level = root.level
    root.addHandler(lines)
    root.setLevel(logging.DEBUG)
    try:
        with transaction.atomic():
            for name, marks in choices.items():
                page = reverse("ballots:ballot-vote", args=[ballot.pk])
                assert clients[name].get(page).status_code == 200
                assert clients[name].post(page, marks).status_code == 200
                assert clients[name].post(page, marks | {"sure": "1"}).status_code == 302
                assert "Your vote is in the box." in clients[name].get(page).content.decode()
                assert clients[name].post(page, marks | {"sure": "1"}).status_code == 409
            before = tables()
            services.close_ballot(ballot, by=booth.chair)
            left = (before, tables()), lines.said, kept_files()
            raise Undone
    except Undone:
        return left
    finally:
        root.removeHandler(lines)
        root.setLevel(level)


@pytest.fixture
def clients(world):
    return {name: world.client(name) for name in ("contact", "member")}


YES, NO = {"answer": "yes"}, {"answer": "no"}


def both_ways(booth, ballot, clients, one=YES, other=NO):
    with time_machine.travel(timezone.now(), tick=False):
        # Once unseen, so that what a first page warms up is the same for both.
        run(booth, ballot, clients, {"contact": one, "member": other})
        first = run(booth, ballot, clients, {"contact": one, "member": other})
        second = run(booth, ballot, clients, {"contact": other, "member": one})
    return first, second


def test_t32_swapped_votes_leave_the_same_behind(booth, clients):
    same_behind(*both_ways(booth, booth.opened(booth.proposal()), clients))


def test_t32_swapped_votes_for_somebody_written_in_leave_the_same_behind(booth, clients):
    ballot = booth.election()
    services.open_ballot(ballot, electors=booth.keys(), present=booth.keys(), others=booth.keys(), by=booth.chair)
    first, second, other = ballot.options.values_list("pk", flat=True)[:3]
    writes_in = {f"mark_{first}": "no", "other_1": str(other)}
    same_behind(*both_ways(booth, ballot, clients, writes_in, {f"mark_{second}": "yes"}))


def same_behind(one, two):
    for first, second in zip(one[0], two[0], strict=True):
        assert first.keys() == second.keys()
        assert {name: rows for name, rows in first.items() if rows != second[name]} == {}
    assert one[1] == two[1]
    assert one[2] == two[2]


def test_t32_the_dump_would_tell_where_names_are_kept(booth, clients):
    ballot = booth.opened(booth.proposal(rule="ordinary", is_secret=False))
    one, two = both_ways(booth, ballot, clients)
    assert [name for name, rows in one[0][0].items() if rows != two[0][0][name]] == ["ballots_namedvote"]


def test_t32_refusals_at_the_box_leave_no_trace(booth, world):
    from portal.audit.models import AuditEntry

    ballot = booth.opened(booth.proposal(by=world.user("secretary")))
    keeper, author = world.client("college"), world.client("author")
    rows = AuditEntry.objects.count()
    assert keeper.get(reverse("ballots:ballot-vote", args=[ballot.pk])).status_code == 403
    assert author.get(reverse("ballots:ballot-vote", args=[ballot.pk])).status_code == 404
    assert AuditEntry.objects.count() == rows


def test_no_column_beside_an_elector_is_finer_than_a_day(booth):
    from portal.ballots.models import Elector, Tally

    kinds = {field.name: field.get_internal_type() for field in Elector._meta.get_fields() if field.concrete}
    assert kinds == {
        "id": "BigAutoField", "ballot": "ForeignKey", "user": "ForeignKey", "is_present": "BooleanField",
        "voted_on": "DateField", "way": "CharField",
    }  # fmt: skip
    assert {field.name for field in Tally._meta.get_fields() if field.concrete} == {
        "id", "ballot", "option", "choice", "count", "paper",
    }  # fmt: skip


def test_form_says_what_is_stored_as_this_installation_is_set_up(booth, world, settings):
    page = reverse("ballots:ballot-vote", args=[booth.opened(booth.proposal()).pk])
    client = world.client("member")
    assert "The ballot is secret." in client.get(page).content.decode()
    assert "logs its database statements" not in client.get(page).content.decode()
    settings.DEBUG = True
    logger = logging.getLogger("django.db.backends")
    level = logger.level
    logger.setLevel(logging.DEBUG)
    try:
        assert "logs its database statements" in client.get(page).content.decode()
    finally:
        logger.setLevel(level)
    open_page = reverse("ballots:ballot-vote", args=[booth.opened(booth.proposal(rule="ordinary", is_secret=False)).pk])
    assert "your name is kept with what you choose" in client.get(open_page).content.decode()
