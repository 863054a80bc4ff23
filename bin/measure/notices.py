"""Measure a notice to 100,000 people against COPY of as many rows into the same table, and kill the job in the middle.

``python -m measure.notices`` prints a table; its last line is the number of goals missed.
"""

import os
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - Django comes first
from django.utils import timezone  # noqa: E402

from measure.seed import multiply  # noqa: E402
from members.services import create_member  # noqa: E402
from portal.accounts.models import User  # noqa: E402
from portal.audiences.services import Circle, people_in  # noqa: E402
from portal.notifications.dispatch import announce, fan_out  # noqa: E402
from portal.notifications.models import MailState, Message, Notice  # noqa: E402
from portal.notifications.services import hash_of, post, write_message  # noqa: E402
from portal.organizations.duties import Post  # noqa: E402
from portal.organizations.models import Affiliation, Organization, OrganizationType, Standing  # noqa: E402
from portal.organizations.services import appoint, create_organization  # noqa: E402

PEOPLE, BRANCHES, ROUNDS = 100_000, 50, 5
GOAL = 2.0  # times COPY
COLUMNS = (
    "message_id", "recipient_id", "key_hash", "created_at", "withdrawn", "mail_state", "mail_due_at", "mail_attempts",
    "mail_error",
)  # fmt: skip
TEXT = {"title": "A notice", "text": "To everyone.", "places": [], "narrowed": []}


def lay() -> tuple[Circle, User]:
    """Lay 100,000 people in branches of one college, and somebody who may write to them all."""
    today = timezone.localdate()
    root = Organization.objects.filter(depth=1).first() or create_organization(
        parent=None, by=None, name="University", code="U", org_type=OrganizationType.UNIVERSITY_COMMITTEE
    )
    college = create_organization(
        parent=root, by=None, name="Told college", code="T", org_type=OrganizationType.COLLEGE_COMMITTEE
    )
    branches = [
        create_organization(
            parent=college, by=None, name=f"Told branch {n}", code=f"T{n}", org_type=OrganizationType.BRANCH
        )
        for n in range(BRANCHES)
    ]
    began = today.replace(year=today.year - 3)
    sender = create_member(
        number="sender", name="Sender", by=None, organization=root, standing=Standing.FULL_MEMBER, on=began
    )
    appoint(sender.user, root, Post.COMMITTEE_STAFF, on=began, by=None)
    model = create_member(
        number="told", name="Told", by=None, organization=branches[0], standing=Standing.ACTIVIST, on=began
    )
    place = Affiliation.objects.get(user=model.user_id, until=None)
    last = multiply(User, model.user_id, PEOPLE - 1, {"number": "'T' || lpad(n::text, 9, '0')", "email": "NULL"})
    spread = f"(ARRAY{[branch.pk for branch in branches]})[1 + n % {BRANCHES}]"
    multiply(Affiliation, place.pk, PEOPLE - 1, {"user_id": f"{last} + n", "organization_id": spread})
    return Circle(organizations=[Organization.objects.get(pk=college.pk)]), User.objects.get(pk=sender.user_id)


def copy(recipients: list[int], key: str) -> None:
    """Write a notice for each recipient by COPY: what no way through SQL undercuts."""
    message = write_message("announcement", key=key, params=TEXT)
    now, key_hash = timezone.now(), hash_of(key)
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(f"COPY {Notice._meta.db_table} ({', '.join(COLUMNS)}) FROM STDIN") as rows,
    ):
        for recipient in recipients:
            rows.write_row((message.pk, recipient, key_hash, now, False, MailState.SKIPPED.value, None, 0, ""))


def timed(job: Callable[[], object]) -> float:
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


def clear_away() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {Notice._meta.db_table}, {Message._meta.db_table} CASCADE")
        cursor.execute("VACUUM ANALYZE")


def times(circle: Circle) -> tuple[float, float, float]:
    """Return the median seconds of COPY and of ``post``, and the median of their ratios."""
    recipients = list(people_in(circle).values_list("pk", flat=True))
    assert len(recipients) == PEOPLE
    found = []
    for number in range(ROUNDS + 1):
        clear_away()
        limit = timed(lambda: copy(recipients, "by-copy"))
        clear_away()
        ours = timed(lambda: post("announcement", key="measured", recipients=people_in(circle), params=TEXT))
        assert Notice.objects.count() == PEOPLE
        if number:  # what is slow only once is not measured
            found.append((limit, ours, ours / limit))
    return tuple(map(statistics.median, zip(*found, strict=True)))  # type: ignore[return-value]


def killed(verb: str, what: str, at: Callable[[], bool]) -> bool:
    """Have a process do the job and kill it once ``at`` says so; say whether it was still at work."""
    process = subprocess.Popen(
        [sys.executable, "-m", "measure.notices", verb, what], stdout=subprocess.PIPE, env=os.environ
    )
    assert process.stdout
    process.stdout.readline()  # it begins
    while process.poll() is None and not at():
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def copies(message: Message) -> Counter[int]:
    return Counter(Notice.objects.filter(message=message).values_list("recipient_id", flat=True))


def exactly_once(found: Counter[int], circle: Circle) -> bool:
    return found == Counter(people_in(circle).values_list("pk", flat=True))


def main() -> None:
    circle, sender = lay()
    limit, ours, ratio = times(circle)
    missed = int(ratio > GOAL)
    print(f"{'notice to 100,000 people':32} {'seconds':>8} {'x COPY':>7} {'goal':>5}")
    print(f"{'COPY':32} {limit:8.2f}")
    print(f"{'post':32} {ours:8.2f} {ratio:7.2f} {GOAL:5.1f} {'ok' if ratio <= GOAL else 'MISS'}")

    clear_away()
    deadline = time.monotonic() + ours / 2
    died = killed("post", str(circle.organizations[0].pk), lambda: time.monotonic() > deadline)  # type: ignore[index]
    post("announcement", key="killed", recipients=people_in(circle), params=TEXT)
    good = exactly_once(copies(Message.objects.get(key="killed")), circle)
    missed += not good
    when = "at work" if died else "too late"
    print(f"{'post, killed, again':32} killed {when}; then {'each person once' if good else 'MISS'}")

    message = announce(title="Killed", text="Twice.", circle=circle, key="killed", by=sender)
    steps = []
    for share in (0.2, 0.6):
        died = killed("distribute", str(message.pk), lambda share=share: copies(message).total() >= share * PEOPLE)
        steps.append(f"{copies(message).total():,}" + ("" if died else " (too late)"))
    fan_out(message.pk)
    good = exactly_once(copies(message), circle)
    missed += not good
    print(
        f"{'announcement, killed twice':32} after {' and '.join(steps)}; then {'each person once' if good else 'MISS'}"
    )
    print(missed)


def be_killed(verb: str, what: str) -> None:
    """Do the job in a process that another is about to kill."""
    circle = Circle(organizations=list(Organization.objects.filter(pk=what))) if verb == "post" else None
    print("now", flush=True)
    if circle:
        post("announcement", key="killed", recipients=people_in(circle), params=TEXT)
    else:
        fan_out(int(what))


if __name__ == "__main__":
    be_killed(*sys.argv[1:]) if sys.argv[1:] else main()
