"""Who wants it is told once a day, of what they may see, once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.notifications.models import Notice
from portal.spaces.models import Reach, SpaceFollow
from portal.spaces.services import follow, send_digests

pytestmark = pytest.mark.django_db


def test_one_notice_a_day_for_what_one_may_see(world, told):
    for name in ("author", "stranger"):
        follow(world.branch, by=world.user(name), wanted=True)
    day = timezone.localdate()
    noon = timezone.localtime().replace(hour=12, minute=0)
    for number in range(3):
        told(f"news.article:{number}", at=noon - timedelta(days=1), visibility=Reach.SPACE)
    told("news.article:8", at=noon - timedelta(days=3))
    told("news.article:9", at=noon - timedelta(days=1), by=world.user("author"), visibility=Reach.INTERNAL)
    assert (send_digests(day), send_digests(day)) == (2, 0)
    notices = Notice.objects.select_related("message")
    counts = {notice.recipient_id: notice.message.params["count"] for notice in notices}
    assert counts == {world.users["author"].pk: 3, world.users["stranger"].pk: 1}
    assert send_digests(day - timedelta(days=1)) == 0


def test_the_wish_is_made_and_taken_back_on_the_page(world):
    client, url = world.client("author"), reverse("spaces:follow", args=[world.branch.pk])
    for _click in range(2):
        assert client.post(url, {"wanted": "yes"}).status_code == 302
    assert SpaceFollow.objects.count() == 1
    page = client.get(reverse("spaces:space-detail", args=[world.branch.pk])).content.decode()
    assert "Do not tell me once a day any more" in page
    client.post(url, {"wanted": "no"})
    assert not SpaceFollow.objects.exists()
