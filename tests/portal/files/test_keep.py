"""A file that is sent ahead of its form: taken through a signed door, carried by its ticket, the uploader's alone."""

import re

import pytest
from django.urls import reverse

from portal.files import forms
from portal.files.forms import door_for
from portal.files.models import StoredFile
from portal.spaces.models import SpacePost
from tests.portal.files.samples import picture, upload

pytestmark = pytest.mark.django_db

URL = "/files/keep/"
MOVIE = b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  \x00\x00\x00\x08wide" + b"\x00" * 64


def keep(world, name: str, file, *, door: str | None = None, kind: str = "image"):
    sent = {"door": door_for(kind, world.user(name)) if door is None else door, "name": "pictures", "file": file}
    return world.client(name).post(URL, sent)


def test_a_file_is_kept_and_the_form_takes_it_by_its_ticket(world):
    answer = keep(world, "author", upload("a.jpg", picture()))
    assert answer.status_code == 201
    file = StoredFile.objects.get()
    assert (file.uploaded_by, file.object_id) == (world.users["author"], None)
    html = answer.json()["html"]
    ticket = re.search(r'name="pictures-kept" value="([^"]+)"', html)[1]
    url = reverse("spaces:post-create", args=[world.branch.pk])
    sent = {"text": "Look", "visibility": "space", "pictures-kept": ticket}
    assert world.client("author").post(url, sent).status_code == 302
    post = SpacePost.objects.get()
    assert list(post.files.all()) == [file]


def test_the_page_hands_out_the_door_and_nobody_else_walks_through_it(world):
    page = world.client("author").get(reverse("spaces:post-create", args=[world.branch.pk])).content.decode()
    doors = re.findall(r'data-door="([^"]+)"', page)
    assert len(doors) == 3
    assert keep(world, "author", upload("a.jpg", picture()), door=doors[0]).status_code == 201
    refused = keep(world, "peer", upload("a.jpg", picture()), door=doors[0])
    assert refused.status_code == 422
    assert refused.json()["error"] == "This page is too old to send files from. Open it again."
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize("door", ["", "abc", "WyJpbWFnZSJd:1:x"])
def test_a_door_that_no_page_handed_out_is_closed(world, door):
    assert keep(world, "author", upload("a.jpg", picture()), door=door).status_code == 422
    assert not StoredFile.objects.exists()


def test_a_door_closes_after_a_day(world, monkeypatch):
    door = door_for("image", world.user("author"))
    assert forms.KEPT_SECONDS == 24 * 3600
    monkeypatch.setattr(forms, "KEPT_SECONDS", -1)
    assert keep(world, "author", upload("a.jpg", picture()), door=door).status_code == 422
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(("file", "words"), [(upload("a.jpg", b"no picture"), "not taken"), ("", "Choose a file")])
def test_what_the_form_would_refuse_is_refused_with_its_words(world, file, words):
    answer = keep(world, "author", file)
    assert answer.status_code == 422
    assert words in answer.json()["error"]
    assert not StoredFile.objects.exists()


def test_a_visitor_sends_nothing(client, world):
    sent = {"door": door_for("image", world.user("author")), "file": upload("a.jpg", picture())}
    assert client.post(URL, sent).status_code == 302
    assert not StoredFile.objects.exists()


def test_what_a_telephone_records_is_a_video_that_browsers_play(world):
    answer = keep(world, "author", upload("IMG_0001.MOV", MOVIE), kind="video")
    assert answer.status_code == 201
    file = StoredFile.objects.get()
    assert (file.kind, file.mime, file.name) == ("video", "video/mp4", "IMG_0001.mov")
    assert world.client("author").get(file.get_absolute_url()).headers["Content-Type"] == "video/mp4"
    assert keep(world, "author", upload("IMG_0001.mp4", MOVIE), kind="video").status_code == 422
    assert keep(world, "author", upload("voice.mov", MOVIE), kind="voice").status_code == 422
