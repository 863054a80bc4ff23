"""Fill an empty PostgreSQL with as much as a page or a job is measured on, by sets.

One row of each kind is made through the services; ``multiply`` then lets the database copy it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from forum.models import Board, Post, Thread
from forum.services import reply, save_board, start_thread
from members.development.models import ThoughtReport
from members.development.rules import Quarter
from members.development.services.reports import begin_report, hand_in
from members.models import Member
from members.services import create_member
from news.models import Article
from news.services import Text, ensure_columns, publish, write_article
from partyschool.models import Course, Lesson
from partyschool.services import publish_course, save_course, save_lesson
from portal.accounts.models import User
from portal.audiences.models import Visibility
from portal.notifications.models import Notice
from portal.notifications.services import post
from portal.organizations.duties import Post as Office
from portal.organizations.models import Affiliation, Organization, OrganizationType, Standing
from portal.organizations.services import appoint, create_organization
from portal.reviews.models import Review, Version

COLLEGES, BRANCHES_EACH, BOARDS = 30, 10, 100
THREADS, POSTS, ARTICLES, LESSONS = 2500, 55, 1000, 40


def multiply(model: type[Model], pk: int, count: int, changes: Mapping[str, str]) -> int:
    """Copy one row ``count`` times; return the key before the first copy.

    ``changes`` maps columns to SQL in which ``n`` counts from 1. Keys of the copies follow each other without a gap.
    """
    table, key = model._meta.db_table, model._meta.pk.column
    columns = [field.column for field in model._meta.concrete_fields if field.column != key]
    taken = ", ".join(f'"{column}"' for column in columns)
    given = ", ".join(changes.get(column, f't."{column}"') for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT coalesce(max("{key}"), 0) FROM "{table}"')  # noqa: S608 - names of our own models
        last = int(cursor.fetchone()[0])
        cursor.execute(
            f'INSERT INTO "{table}" ("{key}", {taken}) '  # noqa: S608 - as above
            f'SELECT {last} + n, {given} FROM "{table}" t, generate_series(1, {count}) n WHERE t."{key}" = {pk}'
        )
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{key}'), {last + count})"  # noqa: S608 - as above
        )
    return last


@dataclass
class Seed:
    """What was laid, for the addresses of the pages."""

    reader: User | None = None
    branch: Organization | None = None
    article: Article | None = None
    board: Board | None = None
    thread: Thread | None = None
    course: Course | None = None
    people: int = 0
    branches: list[int] = field(default_factory=list)


def lay(people: int) -> Seed:
    """Lay the tree, the rooms and ``people`` people with a report and a notice each."""
    seed, today = Seed(), timezone.localdate()
    root = create_organization(
        parent=None,
        by=None,
        name="University",
        short_name="U",
        code="U",
        org_type=OrganizationType.UNIVERSITY_COMMITTEE,
    )
    for college in range(COLLEGES):
        unit = create_organization(
            parent=root,
            by=None,
            name=f"College {college}",
            code=f"C{college}",
            org_type=OrganizationType.COLLEGE_COMMITTEE,
        )
        for number in range(BRANCHES_EACH):
            branch = create_organization(
                parent=unit,
                by=None,
                name=f"Branch {college}-{number}",
                code=f"C{college}B{number}",
                org_type=OrganizationType.BRANCH,
            )
            seed.branches.append(branch.pk)
    seed.branch = Organization.objects.get(pk=seed.branches[0])
    reader = create_member(
        number="reader",
        name="Reader",
        by=None,
        organization=seed.branch,
        standing=Standing.FULL_MEMBER,
        on=today.replace(year=today.year - 3),
    )
    seed.reader = reader.user
    for office in (Office.COMMITTEE_STAFF, Office.LECTURER, Office.MODERATOR):
        appoint(reader.user, root, office, on=today.replace(year=today.year - 1), by=None)
    _rooms(seed, Organization.objects.get(pk=root.pk))
    grow(seed, people)
    return seed


def _rooms(seed: Seed, root: Organization) -> None:
    reader = seed.reader
    assert reader
    column = ensure_columns()[0]
    text = Text(
        column=column,
        organization=root,
        title="An article",
        body="<p>" + "Words of the article. " * 60 + "</p>",
        visibility=Visibility.PUBLIC,
    )
    seed.article = publish(write_article(text, by=None), by=None)
    multiply(
        Article,
        seed.article.pk,
        ARTICLES,
        {"published_at": "t.\"published_at\" - n * interval '1 hour'", "title": "'Article number ' || n"},
    )
    for number in range(BOARDS):
        board = save_board(
            Board(organization=root, name=f"Board {number}", slug=f"board-{number}", visibility=Visibility.PUBLIC),
            by=reader,
        )
        seed.board = seed.board or board
    assert seed.board
    seed.thread = start_thread(seed.board, title="The measured thread", body="A post. " * 40, by=reader)
    for _number in range(2, POSTS + 1):
        reply(seed.thread, body="Another post of three paragraphs.\n\n" * 3, by=reader)
    threads(seed, THREADS)
    course = save_course(
        Course(organization=root, title="The measured course", visibility=Visibility.PUBLIC), by=reader
    )
    for number in range(1, LESSONS + 1):
        save_lesson(Lesson(course=course, title=f"Lesson {number}", body="Text"), by=reader)
    seed.course = publish_course(course, by=reader)


def threads(seed: Seed, count: int) -> None:
    """Put ``count`` more threads of one post on the measured board."""
    assert seed.thread and seed.board
    last = multiply(
        Thread,
        seed.thread.pk,
        count,
        {
            "title": "'Thread number ' || n",
            "post_count": "1",
            "token": "''",
            "last_post_at": "t.\"last_post_at\" - n * interval '1 minute'",
            "created_at": "t.\"created_at\" - n * interval '1 minute'",
        },
    )
    first = Post.objects.filter(thread=seed.thread, number=1).values_list("pk", flat=True)[0]
    multiply(Post, first, count, {"thread_id": f"{last} + n", "token": "''"})
    Board.objects.filter(pk=seed.board.pk).update(thread_count=count + 1, post_count=count + POSTS)


def grow(seed: Seed, people: int) -> None:
    """Add people until there are ``people``, each with an affiliation, a report that waits and a notice."""
    more = people - seed.people
    if more <= 0:
        return
    today, start = timezone.localdate(), seed.people
    branches = f"(ARRAY{seed.branches})[1 + n % {len(seed.branches)}]"
    if not start:
        model = create_member(
            number="model",
            name="Model",
            by=None,
            organization=seed.branch,
            standing=Standing.ACTIVIST,
            on=today.replace(year=today.year - 1),
        )
        report = begin_report(model, Quarter.of(today), by=model.user, on=today)
        hand_in(report, title="A report", body="Words of a report. " * 100, by=model.user, on=today)
        post(
            "announcement",
            key="seed",
            recipients=[model.user_id],
            params={"title": "T", "text": "T", "sender": "S"},
            url="/",
        )
    model = Member.objects.get(user__number="model")
    users = multiply(
        User,
        model.user_id,
        more,
        {"number": f"'B' || lpad(({start} + n)::text, 9, '0')", "name": f"'Person ' || ({start} + n)", "email": "NULL"},
    )
    members = multiply(
        Member, model.pk, more, {"user_id": f"{users} + n", "organization_id": branches, "id_no_index": "NULL"}
    )
    affiliation = Affiliation.objects.get(user=model.user, until=None)
    multiply(Affiliation, affiliation.pk, more, {"user_id": f"{users} + n", "organization_id": branches})
    report = ThoughtReport.objects.get(author=model)
    reviews = multiply(Review, report.review_id, more, {"author_id": f"{users} + n"})
    multiply(Version, report.review.versions.get().pk, more, {"review_id": f"{reviews} + n"})
    multiply(
        ThoughtReport,
        report.pk,
        more,
        {"author_id": f"{members} + n", "review_id": f"{reviews} + n", "code": f"lpad(({start} + n)::text, 8, 'Z')"},
    )
    notice = Notice.objects.filter(recipient=model.user, message__key="seed").get()
    multiply(Notice, notice.pk, more, {"recipient_id": f"{users} + n"})
    seed.people = people
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
