"""Posts: plain text that stays text, pictures and voice, undo, moderation, replies; the author alone rewrites."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.access.policy import may, scope
from portal.extensions.registry import search_sources
from portal.files.models import StoredFile
from portal.files.services import store
from portal.notifications.models import Notice
from portal.search.services import index, search
from portal.spaces import services
from portal.spaces.models import Reach, SpacePost, SpaceReply, StreamEntry
from portal.spaces.services import Written
from portal.spaces.texts import shown
from tests.portal.files.recordings import ogg, wav, webm
from tests.portal.files.samples import picture, upload

pytestmark = pytest.mark.django_db

ATTACKS = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "http://a.example/\"onmouseover=\"alert(1)",
    "http://a.example/'><script>alert(1)</script>",
    "javascript:alert(1)",
    "[x](javascript:alert(1))",
    "https://a.example/<b>bold</b>",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_text_is_never_markup(text):
    html = str(shown(text))
    assert not any(found in html for found in ("<script", "<img", "<b>", 'href="javascript'))
    assert html.count('"') == 4 * html.count("<a ")  # an attribute ends where it was meant to


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
        (
            "看https://a.example/x?y=1&z=2。好",
            '<p>看<a href="https://a.example/x?y=1&amp;z=2" rel="nofollow noopener noreferrer ugc">'
            "https://a.example/x?y=1&amp;z=2</a>。好</p>",
        ),
        ("", ""),
    ],
)
def test_lines_and_addresses_are_shown(text, html):
    assert str(shown(text)) == html


def post_in(world, name: str = "author", text: str = "Words", **more) -> SpacePost:
    return services.write_post(world.branch, Written(text, **more), by=world.user(name))


def test_a_post_stands_in_the_stream_of_its_node_and_is_found(world):
    post = post_in(world, text="We planted ginkgo trees.")
    index(search_sources.get("space_post"), [post.pk])
    entry = StreamEntry.objects.get()
    assert (entry.post, entry.organization, entry.title) == (post, world.branch, "We planted ginkgo trees.")
    assert [hit.url for hit in search(world.user("peer"), "ginkgo").hits] == [post.get_absolute_url()]
    assert search(world.user("stranger"), "ginkgo").hits == []
    page = world.client("peer").get(reverse("spaces:space-detail", args=[world.branch.pk])).content.decode()
    assert "We planted ginkgo trees." in page


@pytest.mark.parametrize(
    ("reach", "seeing"),
    [
        (Reach.SPACE, {"author", "peer", "secretary", "college", "moderator"}),
        (Reach.INTERNAL, {"author", "peer", "secretary", "college", "moderator", "stranger", "outsider", "admin"}),
    ],
)
def test_a_post_its_pictures_and_replies_are_seen_by_the_same_people(world, reach, seeing):
    image = store(upload("a.jpg", picture()), kind="image", by=world.user("author"))
    post = post_in(world, pictures=(image,), visibility=reach)
    answer = services.reply(post, text="Heard.", by=world.user("peer"))
    everybody = ["author", "peer", "secretary", "college", "moderator", "stranger", "outsider", "admin"]
    for row in (post, post.entry, answer, StoredFile.objects.get()):
        assert {name for name in everybody if may(world.user(name), "view", row)} == seeing, row


def test_only_those_who_publish_show_something_to_everybody(world):
    with pytest.raises(ValidationError):
        post_in(world, visibility=Reach.PUBLIC)
    post = post_in(world, "secretary", visibility=Reach.PUBLIC)
    services.reply(post, text="Among ourselves", by=world.user("peer"))
    page = world.client("visitor").get(post.get_absolute_url())
    assert page.status_code == 200
    assert "Among ourselves" not in page.content.decode()


@pytest.mark.parametrize(
    "written",
    [
        Written(""), Written("  \n "), Written("a" * 5001), Written("a", visibility=Reach.AUDIENCE),
        Written("a", (1,) * 10),
    ],
)
def test_what_says_nothing_or_too_much_is_refused(world, written):
    with pytest.raises(ValidationError):
        services.write_post(world.branch, written, by=world.user("author"))
    assert not SpacePost.objects.exists()


def test_a_closed_organization_takes_no_post(world):
    world.branch.closed_on = timezone.localdate()
    world.branch.status = "dissolved"
    world.branch.save()
    with pytest.raises(ValidationError):
        post_in(world)


def test_a_file_of_another_kind_or_of_somebody_else_is_refused(world):
    scan = store(upload("a.jpg", picture()), kind="scan", by=world.user("author"))
    with pytest.raises(ValidationError), transaction.atomic():
        post_in(world, pictures=(scan,))
    image = store(upload("a.jpg", picture()), kind="image", by=world.user("author"))
    post_in(world, pictures=(image,))
    with pytest.raises(ValidationError), transaction.atomic():
        post_in(world, "peer", pictures=(image,))


def send(world, name: str = "author", follow: bool = False, **data):
    url = reverse("spaces:post-create", args=[world.branch.pk])
    return world.client(name).post(url, {"visibility": Reach.SPACE, **data}, follow=follow)


def test_the_form_takes_text_pictures_and_a_recording(world):
    answer = send(
        world, text="Look and listen", pictures=[upload("a.jpg", picture()), upload("b.png", picture("PNG"))],
        voice=upload("voice.webm", webm(12)), spoken="Twelve seconds of song", token="ab" * 16,
    )  # fmt: skip
    assert answer.status_code == 302
    post = SpacePost.objects.get()
    assert (post.picture_count, post.voice.seconds, post.voice.mime) == (2, 12, "audio/webm")
    page = world.client("peer").get(post.get_absolute_url()).content.decode()
    assert f'src="{post.voice.get_absolute_url()}"' in page
    assert "<audio controls" in page
    assert "Twelve seconds of song" in page
    assert page.count("<img") >= 2
    send(world, text="Look and listen", token="ab" * 16)  # a double click
    assert SpacePost.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "file"),
    [
        ("voice", upload("long.ogg", ogg(301))),
        ("voice", upload("film.webm", webm(2, tracks=(1, 2)))),
        ("voice", upload("page.wav", b"<html>")),
        ("pictures", upload("a.jpg", b"<svg/>")),
        ("video", upload("a.mp4", picture())),
    ],
)
def test_what_no_field_takes_comes_back_with_the_words_typed(world, field, file):
    file.seek(0)
    answer = send(world, text="My words", **{field: file})
    assert answer.status_code == 200
    assert answer.context["form"].errors[field]
    assert "My words" in answer.content.decode()
    assert not SpacePost.objects.exists()


def test_a_kept_recording_survives_a_refused_form(world):
    answer = send(world, visibility="", text="", voice=upload("voice.wav", wav(2)))
    ticket = answer.context["form"]["voice"].value()
    assert answer.context["form"].errors
    assert ticket.files[0].kind == "voice"
    kept = answer.content.decode().split('name="voice-kept" value="')[1].split('"')[0]
    assert send(world, text="", **{"voice-kept": kept}).status_code == 302
    assert SpacePost.objects.get().voice is not None


def test_the_author_changes_the_own_post_and_two_windows_do_not_overwrite_each_other(world):
    image = store(upload("a.jpg", picture()), kind="image", by=world.user("author"))
    post = post_in(world, pictures=(image,))
    url = reverse("spaces:post-edit", args=[post.pk])
    client = world.client("author")
    assert client.get(url).status_code == 200
    data = {"text": "Other words", "visibility": Reach.INTERNAL, "version": 1}
    assert client.post(url, data).status_code == 302
    post.refresh_from_db()
    assert (post.text, post.version, post.picture_count, post.entry.visibility) == ("Other words", 2, 0, Reach.INTERNAL)
    assert not StoredFile.objects.exists()
    again = client.post(url, data | {"text": "Third words"})
    assert again.status_code == 200
    assert "another window" in again.content.decode()


def test_a_removed_post_is_gone_for_all_and_can_be_brought_back(world):
    post = post_in(world)
    author = world.client("author")
    assert author.get(reverse("spaces:post-remove", args=[post.pk])).status_code == 200
    assert StreamEntry.objects.exists()  # asking removed nothing
    author.post(reverse("spaces:post-remove", args=[post.pk]))
    assert not StreamEntry.objects.exists()
    assert world.client("secretary").get(post.get_absolute_url()).status_code == 404
    assert "Bring it back" in author.get(post.get_absolute_url()).content.decode()
    author.post(reverse("spaces:post-restore", args=[post.pk]))
    assert StreamEntry.objects.get().at == post.created_at
    assert world.client("peer").get(post.get_absolute_url()).status_code == 200


def test_after_a_week_nothing_is_brought_back_and_after_half_a_year_all_is_deleted(world):
    image = store(upload("a.jpg", picture()), kind="image", by=world.user("author"))
    post = post_in(world, pictures=(image,))
    services.remove_post(post, by=world.user("author"))
    SpacePost.objects.update(removed_at=timezone.now() - timedelta(days=182))
    assert not may(world.user("author"), "restore", SpacePost.objects.get())
    assert services.purge_posts() == 0
    SpacePost.objects.update(removed_at=timezone.now() - timedelta(days=184))
    assert (services.purge_posts(), services.purge_posts()) == (1, 0)
    assert not (SpacePost.objects.exists() or StoredFile.objects.exists())


def test_a_moderator_hides_with_a_reason_that_the_author_is_told(world):
    post = post_in(world)
    client, url = world.client("secretary"), reverse("spaces:post-hide", args=[post.pk])
    assert client.post(url, {"reason": " "}).status_code == 200
    assert client.post(url, {"reason": "Names a third person"}).status_code == 302
    assert not may(world.user("peer"), "view", post)
    assert not may(world.user("peer"), "view", post.entry)
    assert Notice.objects.get().recipient == world.user("author")
    assert "Names a third person" in world.client("author").get(post.get_absolute_url()).content.decode()
    stream = reverse("spaces:space-detail", args=[world.branch.pk])
    assert "Names a third person" in client.get(stream).content.decode()
    assert "Names a third person" not in world.client("peer").get(stream).content.decode()
    assert not may(world.user("author"), "change", post)
    assert not may(world.user("neighbor"), "moderate", post)
    client.post(url, {"reason": "Settled"})
    assert may(world.user("peer"), "view", post)


def test_a_hidden_post_without_a_reason_is_no_row(world):
    post = post_in(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        SpacePost.objects.filter(pk=post.pk).update(hidden_at=timezone.now())


def test_replies_are_counted_told_removed_and_hidden(world):
    post = post_in(world)
    client = world.client("peer")
    url = reverse("spaces:reply", args=[post.pk])
    for _click in range(2):
        assert client.post(url, {"text": "<b>Well said</b>", "token": "cd" * 16}).status_code == 302
    row = SpaceReply.objects.get()
    post.refresh_from_db()
    assert post.reply_count == 1
    assert Notice.objects.get().recipient == world.user("author")
    page = client.get(post.get_absolute_url()).content.decode()
    assert "&lt;b&gt;Well said&lt;/b&gt;" in page
    for _moderator in range(2):  # two who press at the same time hide it once
        services.hide_reply(row, reason="Rude", by=world.user("secretary"))
    post.refresh_from_db()
    assert post.reply_count == 0
    assert set(scope(world.user("author"), "view", SpaceReply)) == set()
    assert set(scope(world.user("secretary"), "view", SpaceReply)) == {row}
    services.show_reply(row, reason="Settled", by=world.user("secretary"))
    assert world.client("peer").post(reverse("spaces:reply-remove", args=[row.pk])).status_code == 302
    post.refresh_from_db()
    assert post.reply_count == 0
    assert not scope(world.user("secretary"), "view", SpaceReply).exists()


def test_outsiders_read_an_internal_post_and_do_not_reply(world):
    post = post_in(world, visibility=Reach.INTERNAL)
    assert may(world.user("stranger"), "view", post)
    assert not may(world.user("stranger"), "reply", post)
    assert world.client("stranger").post(reverse("spaces:reply", args=[post.pk]), {"text": "x"}).status_code == 403


def test_a_removed_post_takes_no_reply(world):
    post = post_in(world)
    services.remove_post(post, by=world.user("author"))
    with pytest.raises(ValidationError):
        services.reply(post, text="Late", by=world.user("peer"))


def test_a_page_of_posts_costs_the_same_for_few_and_for_many(world):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, url = world.client("author"), reverse("spaces:space-detail", args=[world.branch.pk])

    def counted() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url).status_code == 200
        return len(caught)

    def fill(number: int) -> None:
        for _turn in range(number):
            image = store(upload("a.jpg", picture()), kind="image", by=None)
            voice = store(upload("a.wav", wav(1)), kind="voice", by=None)
            post_in(world, pictures=(image,), voice=voice)

    fill(1)
    few = counted()
    fill(12)
    assert counted() == few == 9


def test_the_post_page_costs_the_same_for_few_and_many_replies(world, django_assert_num_queries):
    post = post_in(world)
    client = world.client("author")
    for number in (1, 12):
        for _turn in range(number):
            services.reply(post, text="Heard.", by=world.user("peer"))
        client.get(post.get_absolute_url())
        with django_assert_num_queries(7):
            client.get(post.get_absolute_url())
