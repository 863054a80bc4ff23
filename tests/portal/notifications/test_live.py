import asyncio
import json

import pytest
from django.conf import settings
from django.test import AsyncClient
from django.urls import reverse

from portal.notifications import live, services
from portal.notifications.models import Notice

PARAMS = {"title": "Meeting", "text": "Room 5", "places": ["branch"], "narrowed": []}


def give(world, name, key):
    services.post("announcement", key=key, recipients=[world.user(name).pk], params=PARAMS)
    return Notice.objects.latest("pk")


@pytest.mark.django_db
def test_look_tells_only_what_changed(world, django_assert_num_queries):
    author, peer = world.user("author").pk, world.user("peer").pk
    with django_assert_num_queries(1):
        known = live.look({}, [author, peer])
    assert known == {author: live.State(0, 0), peer: live.State(0, 0)}
    notice = give(world, "author", "k")
    with django_assert_num_queries(2):
        assert live.look(known, [author, peer]) == {author: live.State(1, notice.pk, notice)}
    services.mark_read(notice)
    known[author] = live.State(1, notice.pk)
    assert live.look(known, [author, peer]) == {author: live.State(0, 0)}


@pytest.mark.django_db
def test_look_first_time_brings_no_old_news(world):
    notice = give(world, "author", "k")
    author = world.user("author").pk
    assert live.look({}, [author]) == {author: live.State(1, notice.pk)}


@pytest.mark.django_db
def test_stream_under_wsgi_sends_to_polling(world):
    assert world.client("author").get(reverse("notifications:stream")).status_code == 204


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(live, "PERIOD_SECONDS", 0.1)
    monkeypatch.setattr(live, "CHECK_SESSIONS_SECONDS", 0.1)
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.3)
    monkeypatch.setattr(settings, "REDIS_URL", "")


async def read_event(chunks):
    """Return the data of the next event, passing over heartbeats."""
    async with asyncio.timeout(10):
        async for chunk in chunks:
            if chunk.startswith(b"event: notices"):
                return json.loads(chunk.split(b"data: ", 1)[1])
    return None


async def open_stream(client):
    answer = await client.get(reverse("notifications:stream"), headers={"accept": "text/event-stream"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/event-stream")
    assert (answer["X-Accel-Buffering"], answer["Cache-Control"]) == ("no", "no-store, no-transform")
    return aiter(answer.streaming_content)


@pytest.mark.django_db(transaction=True)
def test_stream_tells_of_a_new_notice_and_ends_with_the_session(open_trail, world, quick):
    from asgiref.sync import async_to_sync, sync_to_async

    signed_in = world.client("author")

    async def journey():
        client = AsyncClient()
        client.cookies = signed_in.cookies
        first, second = await open_stream(client), await open_stream(client)
        assert [(await read_event(page))["unread"] for page in (first, second)] == [0, 0]
        await sync_to_async(give)(world, "peer", "not mine")
        notice = await sync_to_async(give)(world, "author", "mine")
        for page in (first, second):
            told = await read_event(page)
            assert (told["unread"], told["notice"]["title"]) == (1, "Meeting")
            assert told["notice"]["url"] == notice.get_absolute_url()
        await sync_to_async(signed_in.logout)()
        assert [await read_event(page) for page in (first, second)] == [None, None]
        assert live.hub().streams == {}

    async_to_sync(journey)()


@pytest.mark.django_db(transaction=True)
def test_stream_ends_after_its_time_and_when_the_house_is_full(open_trail, world, quick, monkeypatch):
    from asgiref.sync import async_to_sync

    monkeypatch.setattr(live, "STREAM_SECONDS", 0.5)
    signed_in = world.client("author")

    async def journey():
        client = AsyncClient()
        client.cookies = signed_in.cookies
        chunks = [chunk async for chunk in await open_stream(client)]
        assert chunks[0].startswith(b"retry: ")
        assert b": still here\n\n" in chunks
        monkeypatch.setattr(live, "STREAMS_AT_MOST", 0)
        assert (await client.get(reverse("notifications:stream"))).status_code == 204

    async_to_sync(journey)()
