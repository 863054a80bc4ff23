"""Each page with rows asks the same number of questions for few rows and for many."""

import pytest
from django.urls import reverse

from members.development import services
from members.development.models import CultivationContact, ThoughtReport
from members.development.timeline import reports as timeline_reports
from members.development.work import reports_to_answer, reports_to_write
from portal.accounts.models import User
from portal.reviews.models import Review, Version
from tests.factories.people import make_people

from .conftest import TEXT

# page: who looks, and the number of queries
PAGES = {
    "my-thought-reports": ("author", 9),
    "thought-report-list": ("secretary", 5),
    "thought-report-to-answer": ("secretary", 6),
    "thought-report-grid": ("secretary", 9),
    "contact-list": ("secretary", 8),
    "showcase-list": ("stranger", 6),
    "showcase-manage": ("secretary", 6),
}
ONE_REPORT = {"detail": 10, "answer": 10, "compare": 6}
COMMITTEE_GRID = 8


def fill(desk, rows):
    """Give the branch ``rows`` more writers with waiting reports and contacts, and the author as many past ones."""
    people = make_people(desk.world.branch, rows)
    contact = desk.world.member("contact")
    CultivationContact.objects.bulk_create(
        CultivationContact(person=person, contact=contact, place=1, since=desk.today) for person in people[::2]
    )
    author = desk.world.member("author")
    for number, person in enumerate([*people, *[author] * rows]):
        own = person == author
        report(desk, person, year=2000 + number if own else desk.quarter.year, state="accepted" if own else "submitted")


def report(desk, person, *, year, state):
    now = services.reports.timezone.now()
    decided = {"decided_at": now, "decided_by_id": desk.world.users["contact"].pk} if state == "accepted" else {}
    review = Review.objects.create(
        kind="thought_report", state=state, author_id=person.user_id, version_count=1, submitted_at=now,
        due_on=desk.today, **decided,
    )  # fmt: skip
    Version.objects.create(review=review, number=1, title="T", body=TEXT)
    made = ThoughtReport.objects.create(
        author=person, year=year, quarter=desk.quarter.number, review=review, title="T", characters=10,
        standing_at_submission="activist", first_submitted_on=desk.today,
    )  # fmt: skip
    if state == "accepted":
        user, by = User.objects.get(pk=person.user_id), desk.world.user("secretary")
        entry = services.propose_for_showcase(made, words="", by=by)
        services.consent_to_showcase(entry, title="T", body="B", is_named=True, by=user)
        if year % 2:
            services.publish_showcase(entry, by=by, on=desk.today)


@pytest.mark.parametrize("rows", [2, 9])
@pytest.mark.parametrize("page", PAGES)
def test_list_asks_a_constant_number_of_questions(desk, rows, page, django_assert_num_queries):
    fill(desk, rows)
    name, queries = PAGES[page]
    client = desk.world.client(name)
    address = reverse(f"members:development:{page}")
    client.get(address)  # the first page of a session notes the time in it
    with django_assert_num_queries(queries):
        response = client.get(address)
    assert response.status_code == 200


@pytest.mark.parametrize("rows", [1, 12])
@pytest.mark.parametrize("page", ONE_REPORT)
def test_page_of_one_report_asks_a_constant_number_of_questions(desk, rows, page, django_assert_num_queries):
    made, contact = desk.hand_in(body="\n".join(f"Line {n}" for n in range(rows))), desk.world.user("contact")
    services.return_report(made, words="More.", by=contact)
    made = desk.hand_in(body="\n".join(f"Line {n} longer" for n in range(rows)))
    for paragraph in range(1, rows + 1):
        services.comment_on_report(made, paragraph=paragraph, body="Yes.", visibility="author", by=contact)
    client = desk.world.client("contact")
    address = reverse(f"members:development:thought-report-{page}", args=[made.pk])
    client.get(address)
    with django_assert_num_queries(ONE_REPORT[page]):
        response = client.get(address)
    assert response.status_code == 200


@pytest.mark.parametrize("rows", [2, 9])
def test_grid_of_a_committee_asks_a_constant_number_of_questions(desk, rows, django_assert_num_queries):
    fill(desk, rows)
    client = desk.world.client("committee")
    address = reverse("members:development:thought-report-grid")
    client.get(address)
    with django_assert_num_queries(COMMITTEE_GRID):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("rows", [2, 9])
def test_workbench_and_timeline_ask_little(desk, rows, django_assert_num_queries):
    fill(desk, rows)
    secretary, author = desk.world.user("secretary"), desk.world.user("author")
    reports_to_answer(secretary, desk.today)
    list(timeline_reports(author, author, 1))
    with django_assert_num_queries(1):
        group = reports_to_answer(secretary, desk.today)
    assert group.count == rows // 2
    with django_assert_num_queries(2):
        reports_to_write(author, desk.today)
    with django_assert_num_queries(1):
        assert len(list(timeline_reports(author, author, 10))) == min(rows, 10)
