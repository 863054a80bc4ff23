"""Pages around reports: from the post to the decision and back, for each side, at a constant cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.extensions.registry import work_sources
from portal.moderation import services
from portal.moderation.models import FlaggedContent, State
from portal.spaces.services import Written, reply, write_post

pytestmark = pytest.mark.django_db


def flag_url(post) -> str:
    return reverse("moderation:flag", args=["space-post", post.pk])


def page_of(world, name: str, post) -> str:
    return world.client(name).get(post.get_absolute_url()).content.decode()


def test_the_way_of_a_report_through_the_pages(world, posted):
    assert flag_url(posted) in page_of(world, "peer", posted)
    peer = world.client("peer")
    assert "Words of the author" in peer.get(flag_url(posted)).content.decode()
    refused = peer.post(flag_url(posted), {"reason": "other", "words": ""})
    assert refused.context["form"].errors["words"]
    assert peer.post(flag_url(posted), {"reason": "insult", "words": "Line one"}).url == posted.get_absolute_url()
    flagged = FlaggedContent.objects.get()
    shown = page_of(world, "peer", posted)
    assert "You have reported this" in shown
    assert flag_url(posted) not in shown
    detail = reverse("moderation:flagged-detail", args=[flagged.pk])
    assert detail in page_of(world, "secretary", posted)
    read = world.client("secretary").get(detail).content.decode()
    assert "Line one" in read
    assert world.users["peer"].name not in read
    decide = reverse("moderation:flagged-decide", args=[flagged.pk])
    assert world.client("secretary").post(decide, {"take_down": "yes", "words": ""}).context["form"].errors["words"]
    assert world.client("secretary").post(decide, {"take_down": "yes", "words": "Rude"}).url == detail
    assert "Rude" in peer.get(reverse("moderation:my-flags")).content.decode()
    author = world.client("author")
    door = reverse("moderation:appeal-of", args=["space-post", posted.pk])
    assert door in author.get(posted.get_absolute_url()).content.decode()
    appeal = author.get(door).url
    assert author.post(appeal, {"words": "A quotation"}).url == posted.get_absolute_url()
    asked = author.get(posted.get_absolute_url()).content.decode()
    assert door not in asked
    assert "You asked for another look; it is promised by" in asked
    page = world.client("college").get(detail).content.decode()
    assert "A quotation" in page
    assert "It stays taken down" in page
    assert world.client("secretary").post(decide, {"take_down": "no", "words": "Yes"}).status_code == 403
    assert world.client("college").post(decide, {"take_down": "no", "words": "Fair"}).status_code == 302
    assert "Words of the author" in page_of(world, "peer", posted)


def test_what_was_rewritten_after_the_report_is_shown_beside_what_readers_saw(world, posted, flagged):
    type(posted).objects.filter(pk=posted.pk).update(text="Kind words")
    page = world.client("secretary").get(flagged.get_absolute_url()).content.decode()
    assert "Words of the author" in page
    assert "Kind words" in page


def test_the_author_is_told_to_change_it_and_moderators_hide_it_at_once(world, posted):
    assert world.client("author").get(flag_url(posted)).status_code == 403
    assert flag_url(posted) not in page_of(world, "author", posted)
    assert flag_url(posted) not in page_of(world, "secretary", posted)


@pytest.mark.parametrize(("kind", "pk"), [("space-post", 0), ("space-post", 2**62), ("unknown", 1), ("space-reply", 1)])
def test_a_report_of_nothing_is_not_found(world, posted, kind, pk):
    for name in ("flag", "appeal-of"):
        assert world.client("peer").get(reverse(f"moderation:{name}", args=[kind, pk])).status_code == 404


def test_a_post_that_one_may_not_see_cannot_be_reported(world, posted):
    assert world.client("stranger").get(flag_url(posted)).status_code == 404
    assert world.client("stranger").post(flag_url(posted), {"reason": "insult"}).status_code == 404
    assert not FlaggedContent.objects.exists()


def test_typed_markup_is_shown_as_text(world):
    post = write_post(world.branch, Written("<script>alert(1)</script>"), by=world.user("author"))
    flagged = services.flag(post, reason="other", words="<b>x</b>", by=world.user("peer")).flagged
    for page in (
        world.client("member").get(flag_url(post)), world.client("secretary").get(flagged.get_absolute_url()),
    ):  # fmt: skip
        words = page.content.decode()
        assert "<script>alert" not in words
        assert "<b>x</b>" not in words
        assert "&lt;script&gt;" in words


def counted(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def make_reports(world, number: int) -> None:
    for turn in range(number):
        post = write_post(world.branch, Written(f"Words {turn}"), by=world.user("author"))
        flagged = services.flag(post, reason="insult", by=world.user(("peer", "member")[turn % 2])).flagged
        if turn % 3 == 2:
            services.decide(flagged, take_down=turn % 2 == 0, words="Decided", by=world.user("secretary"))


# Session, person, rights, unread notices, the number of rows, the rows.
STATEMENTS = 6


@pytest.mark.parametrize(
    ("name", "query"), [("flagged-list", ""), ("flagged-list", "?state=decided"), ("my-flags", "")]
)
def test_lists_cost_the_same_for_few_and_many(world, name, query):
    who = "secretary" if name == "flagged-list" else "peer"
    client, url = world.client(who), reverse(f"moderation:{name}") + query
    make_reports(world, 6)
    assert counted(client, url) == STATEMENTS
    make_reports(world, 24)
    assert counted(client, url) == STATEMENTS


def test_the_workbench_shows_what_waits_for_a_decision(world, flagged):
    source = work_sources.get("reports-to-decide")
    from django.utils import timezone

    found = source.find(world.user("secretary"), timezone.localdate())
    assert (found.count, found.items[0].url) == (1, flagged.get_absolute_url())
    assert source.find(world.user("author"), timezone.localdate()).count == 0
    services.decide(flagged, take_down=False, words="Fine", by=world.user("secretary"))
    assert source.find(world.user("secretary"), timezone.localdate()).count == 0


def test_the_page_of_a_post_costs_the_same_for_few_and_many_replies_and_shows_them_all(world, posted):
    client = world.client("peer")

    def answer(number: int) -> None:
        for turn in range(number):
            last = reply(posted, text=f"Reply {turn}", by=world.user(("peer", "member")[turn % 2]))
        answer.last = last

    answer(3)
    few = counted(client, posted.get_absolute_url())
    answer(58)
    assert counted(client, posted.get_absolute_url()) == few == 7
    found = client.get(answer.last.get_absolute_url())
    assert found.url == f"{posted.get_absolute_url()}?page=2#reply-{answer.last.pk}"
    shown = client.get(found.url)
    assert answer.last in shown.context["page"].object_list
    assert 'start="51"' in shown.content.decode()
    assert client.get(f"{posted.get_absolute_url()}?reply=abc").status_code == 200


def test_an_empty_list_says_what_comes_there(world):
    url = reverse("moderation:flagged-list")
    assert "Nothing waits for a decision" in world.client("secretary").get(url).content.decode()
    assert "You have reported nothing" in world.client("peer").get(reverse("moderation:my-flags")).content.decode()
    assert world.client("peer").get(url).status_code == 403


def test_a_removed_post_leaves_a_page_that_says_so(world, posted, flagged):
    type(posted).objects.filter(pk=posted.pk).delete()
    page = world.client("secretary").get(flagged.get_absolute_url())
    assert "no longer there" in page.content.decode()
    decide = reverse("moderation:flagged-decide", args=[flagged.pk])
    refused = world.client("secretary").post(decide, {"take_down": "no", "words": "Gone"})
    assert "no longer exists" in refused.content.decode()
    flagged.refresh_from_db()
    assert flagged.state == State.OPEN


def test_a_report_marks_its_own_post_alone_and_for_its_reporter(world, posted):
    other = write_post(world.branch, Written("Another one"), by=world.user("author"))
    services.flag(other, reason="insult", by=world.user("peer"))
    assert "You have reported this" in page_of(world, "peer", other)
    assert flag_url(posted) in page_of(world, "peer", posted)
    assert flag_url(other) in page_of(world, "member", other)
    third = write_post(world.branch, Written("A third one"), by=world.user("author"))
    services.flag(third, reason="insult", by=world.user("member"))
    assert "You have reported this" in page_of(world, "member", third)
    assert flag_url(third) in page_of(world, "peer", third)
