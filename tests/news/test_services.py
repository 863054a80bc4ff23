"""Writing, changing, publishing and withdrawing."""

import pytest
from django.db import IntegrityError, transaction

from news import services
from news.models import Article, Column, State
from news.services import Text, change_article, ensure_columns, publish, withdraw, write_article
from portal.audiences.services import Circle, circle_of
from portal.audit.models import AuditEntry
from portal.files.models import StoredFile
from portal.files.services import store
from portal.web.refusals import RuleError
from tests.portal.files.samples import PDF, picture, upload

pytestmark = pytest.mark.django_db


def text_for(world, column, **fields) -> Text:
    return Text(**({"column": column, "organization": world.branch, "title": "T", "body": "<p>x</p>"} | fields))


def test_write_cleans_and_summarises(make) -> None:
    article = make(state="draft", body="<p onclick=x>Hello <b>world</b></p><script>x</script>")
    assert article.body_html == "<p>Hello <b>world</b></p>"
    assert article.summary == "Hello world"


@pytest.mark.parametrize(
    ("by", "place", "fits"),
    [
        ("secretary", "branch", True), ("secretary", "sibling", False), ("secretary", "unit", False),
        ("college", "branch", True), ("college", "far_branch", False), ("editor", "root", True),
        ("author", "branch", False), ("retired", "branch", False), ("admin", "root", False),
    ],
)  # fmt: skip
def test_write_stays_within_ones_duty(world, column, by, place, fits) -> None:
    text = text_for(world, column, organization=world.nodes[place])
    if fits:
        assert write_article(text, by=world.user(by)).state == State.DRAFT
    else:
        with pytest.raises(RuleError):
            write_article(text, by=world.user(by))
        assert Article.objects.count() == 0


def test_write_refuses_an_audience_outside_ones_own(world, column) -> None:
    circle = Circle(organizations=[world.branch, world.sibling])
    with pytest.raises(RuleError):
        write_article(text_for(world, column, visibility="audience", circle=circle), by=world.user("secretary"))


def test_change_keeps_an_audience_that_others_chose(world, column) -> None:
    circle = Circle(organizations=[world.branch, world.sibling])
    text = text_for(world, column, visibility="audience", circle=circle)
    article = write_article(text, by=world.user("college"))
    changed = change_article(article, text, by=world.user("secretary"), version=1)
    assert set(circle_of(changed.audience).organizations) == {world.branch, world.sibling}


def test_change_of_an_old_version_is_refused(world, column, make) -> None:
    article = make()
    change_article(article, text_for(world, column, title="First"), by=None, version=1)
    with pytest.raises(RuleError):
        change_article(article, text_for(world, column, title="Second"), by=None, version=1)
    assert Article.objects.get().title == "First"


def test_change_writes_what_changed(world, column, make) -> None:
    article = make("internal")
    change_article(
        article, text_for(world, column, title="New", visibility="public"), by=world.user("editor"), version=1
    )
    entry = AuditEntry.objects.filter(verb="news.changed").get()
    assert entry.changes["title"] == ["Title", "New"]
    assert entry.changes["visibility"] == ["internal", "public"]


def test_publish_and_withdraw_happen_once(world, make) -> None:
    article, editor = make(state="draft"), world.user("editor")
    published = publish(article, by=editor)
    assert (published.state, published.published_by, published.published_at is None) == (State.PUBLISHED, editor, False)
    with pytest.raises(RuleError):
        publish(article, by=editor)
    assert withdraw(article, by=editor, reason="wrong date").state == State.WITHDRAWN
    with pytest.raises(RuleError):
        withdraw(article, by=editor)
    verbs = list(AuditEntry.objects.filter(verb__startswith="news.").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["news.written", "news.published", "news.withdrawn"]


def test_publish_refuses_an_empty_article(make) -> None:
    with pytest.raises(RuleError):
        publish(make(state="draft", body="<p> </p>"), by=None)


def test_pictures_are_placed_and_attachments_counted(world, make) -> None:
    cover, first, second = (store(upload("a.jpg", picture()), kind="image", by=None) for _ in range(3))
    first.caption = second.caption = ""
    paper = store(upload("a.pdf", PDF), kind="attachment", by=None)
    article = make(
        body="<p>a</p><p>[图2：会场 &lt;一&gt;]</p><p>b</p><p>[picture 1]</p>",
        cover=cover,
        pictures=[first, second],
        attachments=[paper],
    )
    figure = '<figure><img src="{}" alt="{}" width="40" height="20">{}</figure>'
    shown_second = figure.format(
        second.rendition_url("wide"), "会场 &lt;一&gt;", "<figcaption>会场 &lt;一&gt;</figcaption>"
    )
    shown_first = figure.format(first.rendition_url("wide"), "", "")
    assert article.body_html == f"<p>a</p>{shown_second}<p>b</p>{shown_first}"
    assert article.attachment_count == 1
    assert set(article.files.all()) == {cover, first, second, paper}


def test_change_discards_files_left_out(world, column, make) -> None:
    first, second = (store(upload("a.pdf", PDF), kind="attachment", by=None) for _ in range(2))
    article = make(attachments=[first, second])
    changed = change_article(article, text_for(world, column), by=None, version=1, pictures=[], attachments=[second])
    assert list(StoredFile.objects.all()) == [second]
    assert changed.attachment_count == 1


def test_ensure_columns_is_idempotent_and_keeps_names(db) -> None:
    assert len(ensure_columns()) == len(services.COLUMNS)
    Column.objects.filter(slug="headlines").update(name="Renamed", is_open=False)
    assert len(ensure_columns()) == len(services.COLUMNS)
    assert Column.objects.get(slug="headlines").name == "Renamed"


@pytest.mark.parametrize(
    "broken",
    [{"state": "lost"}, {"visibility": "secret"}, {"published_at": None}, {"visibility": "audience", "audience": None}],
)
def test_database_refuses_what_cannot_be(make, broken) -> None:
    article = make()
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(**broken)
