"""Who may fetch which file, how it is sent, and in which pieces."""

import uuid

import pytest
from django.urls import reverse

from news.models import Article, Column
from news.services import Text, publish, withdraw, write_article
from portal.audiences.services import Circle
from portal.files.models import StoredFile
from portal.files.services import attach, store

from .samples import MP4, PDF, picture, upload

pytestmark = pytest.mark.django_db
EVERYONE = ("visitor", "outsider", "author", "secretary", "neighbor", "committee", "editor", "disabled")


def article_for(world, visibility: str, *, state: str = "published") -> Article:
    column = Column.objects.get_or_create(slug="notices", defaults={"name": "Notices"})[0]
    circle = Circle(organizations=[world.branch]) if visibility == "audience" else Circle()
    text = Text(
        column=column,
        organization=world.branch,
        title=visibility,
        body="<p>x</p>",
        visibility=visibility,
        circle=circle,
    )
    article = write_article(text, by=None)
    if state != "draft":
        publish(article, by=None)
    if state == "withdrawn":
        withdraw(article, by=None)
    return article


# visibility, state: who may fetch a file of such an article (of the branch); editors and secretaries above write there
TABLE = [
    # A disabled account reads like a visitor.
    (
        "public",
        "published",
        {"visitor", "disabled", "outsider", "author", "secretary", "neighbor", "committee", "editor"},
    ),
    ("internal", "published", {"outsider", "author", "secretary", "neighbor", "committee", "editor"}),
    ("audience", "published", {"author", "secretary", "committee", "editor"}),
    ("public", "draft", {"secretary", "committee", "editor"}),
    ("public", "withdrawn", {"secretary", "committee", "editor"}),
]


@pytest.mark.parametrize(("visibility", "state", "may"), TABLE, ids=[f"{row[0]}-{row[1]}" for row in TABLE])
def test_download_asks_the_owner(world, visibility, state, may) -> None:
    article = article_for(world, visibility, state=state)
    stored = attach(store(upload("a.jpg", picture()), kind="image", by=None), article)
    for address in (stored.get_absolute_url(), stored.rendition_url("card")):
        got = {name for name in EVERYONE if world.client(name).get(address).status_code == 200}
        assert got == may
        assert {world.client(name).get(address).status_code for name in set(EVERYONE) - may - {"disabled"}} <= {404}


def test_download_of_a_loose_file_is_its_uploaders_alone(world) -> None:
    stored = store(upload("a.pdf", PDF), kind="document", by=world.user("author"))
    statuses = {name: world.client(name).get(stored.get_absolute_url()).status_code for name in EVERYONE}
    assert {name for name, status in statuses.items() if status == 200} == {"author"}
    assert {statuses[name] for name in EVERYONE if name not in ("author", "disabled")} == {404}


def test_download_of_an_unknown_token_is_not_found(world) -> None:
    for address in (
        reverse("files:download", args=[uuid.uuid4(), "a.pdf"]),
        reverse("files:rendition", args=[uuid.uuid4(), "card"]),
        "/files/1/a.pdf",
        f"/files/{uuid.uuid4()}/../../portal/settings.py",
    ):
        assert world.client("committee").get(address).status_code == 404


def test_rendition_of_an_unknown_size_is_not_found(world) -> None:
    stored = store(upload("a.jpg", picture()), kind="image", by=world.user("author"))
    address = reverse("files:rendition", args=[stored.token, "huge"])
    assert world.client("author").get(address).status_code == 404


@pytest.mark.parametrize(
    ("kind", "name", "content", "disposition"),
    [
        ("image", "图 a.jpg", picture(), "inline; filename*=utf-8''%E5%9B%BE%20a.jpg"),
        ("video", "a.mp4", MP4, 'inline; filename="a.mp4"'),
        ("document", "a.pdf", PDF, 'attachment; filename="a.pdf"'),
        ("document", "a.txt", b"hello", 'attachment; filename="a.txt"'),
    ],
)
def test_download_is_never_run_by_the_browser(world, kind, name, content, disposition) -> None:
    stored = store(upload(name, content), kind=kind, by=world.user("author"))
    response = world.client("author").get(stored.get_absolute_url())
    assert response["Content-Disposition"] == disposition
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"].startswith("private")
    assert "Set-Cookie" not in response


SIZE = len(MP4)


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-", 206, 0, SIZE - 1),
        ("bytes=0-0", 206, 0, 0),
        ("bytes=100-199", 206, 100, 199),
        ("bytes=100-999999", 206, 100, SIZE - 1),
        ("bytes=-1", 206, SIZE - 1, SIZE - 1),
        ("bytes=-500", 206, SIZE - 500, SIZE - 1),
        ("bytes=-999999", 206, 0, SIZE - 1),
        (f"bytes={SIZE}-", 416, 0, 0),
        ("bytes=999999-", 416, 0, 0),
        ("bytes=200-100", 416, 0, 0),
        ("bytes=-0", 416, 0, 0),
        ("bytes=-", 200, 0, SIZE - 1),
        ("bytes=a-b", 200, 0, SIZE - 1),
        ("bytes=0-1,5-9", 200, 0, SIZE - 1),
        ("lines=0-1", 200, 0, SIZE - 1),
        ("bytes=" + "9" * 40 + "-", 200, 0, SIZE - 1),
    ],
)
def test_download_sends_ranges(world, asked, status, first, last) -> None:
    stored = store(upload("a.mp4", MP4), kind="video", by=world.user("author"))
    response = world.client("author").get(
        stored.get_absolute_url(), headers={"Range": asked, "Accept-Encoding": "gzip"}
    )
    assert response.status_code == status
    if status == 416:
        assert response["Content-Range"] == f"bytes */{SIZE}"
        return
    assert b"".join(response.streaming_content) == MP4[first : last + 1]
    assert response["Content-Length"] == str(last - first + 1)
    if status == 206:
        assert response["Content-Range"] == f"bytes {first}-{last}/{SIZE}"


def test_download_knows_what_the_browser_has(world) -> None:
    stored = store(upload("a.mp4", MP4), kind="video", by=world.user("author"))
    client, address = world.client("author"), stored.get_absolute_url()
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(address, headers={"Range": "bytes=0-9", "If-Range": tag}).status_code == 206
    assert client.get(address, headers={"Range": "bytes=0-9", "If-Range": '"old"'}).status_code == 200
    assert client.head(address)["Content-Length"] == str(SIZE)
    assert client.post(address).status_code == 405


def test_download_can_be_left_to_the_web_server(world, settings) -> None:
    settings.FILES_ACCEL_PREFIX = "/protected/"
    stored = store(upload("a.pdf", PDF), kind="document", by=world.user("author"))
    response = world.client("author").get(stored.get_absolute_url())
    assert response["X-Accel-Redirect"] == f"/protected/{stored.file.name}"
    assert response.content == b""


def test_download_of_bytes_that_are_gone_is_not_found(world, media) -> None:
    stored = store(upload("a.pdf", PDF), kind="document", by=world.user("author"))
    (media / stored.file.name).unlink()
    assert world.client("author").get(stored.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("others", [0, 30])
def test_download_queries_do_not_grow(world, others, django_assert_num_queries) -> None:
    article = article_for(world, "public")
    stored = attach(store(upload("a.pdf", PDF), kind="attachment", by=None), article)
    StoredFile.objects.bulk_create(
        StoredFile(
            kind="attachment",
            name="b",
            file="b",
            mime="b",
            size=1,
            sha256="b",
            content_type=stored.content_type,
            object_id=article.pk,
        )
        for _ in range(others)
    )
    client = world.client(None)
    client.get(stored.get_absolute_url())
    with django_assert_num_queries(1):
        client.get(stored.get_absolute_url())
