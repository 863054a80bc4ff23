"""Voice messages: type by content, sound alone, limits of size and length; played in ranges."""

import pytest
from django.core.exceptions import ValidationError

from portal.files.models import StoredFile
from portal.files.services import store
from tests.factories.people import make_member

from .recordings import m4a, mp3, ogg, wav, webm
from .samples import picture, upload


@pytest.fixture
def user(db):
    return make_member().user


TAKEN = [
    ("a.webm", webm(3), "audio/webm", 3),
    ("a.weba", webm(61), "audio/webm", 61),
    ("a.m4a", m4a(7), "audio/mp4", 7),
    ("a.mp4", m4a(7, brand=b"isom", in_pieces=True), "audio/mp4", 7),
    ("a.ogg", ogg(4), "audio/ogg", 4),
    ("a.opus", ogg(4), "audio/ogg", 4),
    ("a.mp3", mp3(5), "audio/mpeg", 6),
    ("a.mp3", mp3(5, tagged=True), "audio/mpeg", 6),
    ("a.wav", wav(2), "audio/wav", 2),
]


@pytest.mark.parametrize(("name", "content", "mime", "seconds"), TAKEN)
def test_a_recording_is_taken_by_its_content_and_measured(user, name, content, mime, seconds):
    file = store(upload(name, content, "text/html"), kind="voice", by=user)
    assert (file.mime, file.seconds) == (mime, seconds)


REFUSED = [
    ("film.webm", webm(2, tracks=(1, 2)), "video"),
    ("film.mp4", m4a(2, handler=b"vide", brand=b"isom"), "video"),
    ("long.webm", webm(301), "too_long"),
    ("claims-less.webm", webm(400, stated=2), "too_long"),
    ("claims-more.webm", webm(2, stated=4000), "too_long"),
    ("long.wav", wav(301, rate=400), "too_long"),
    ("long.ogg", ogg(500), "too_long"),
    ("long.mp4", m4a(900, brand=b"isom", in_pieces=True), "too_long"),
    ("empty.webm", webm(0), "silent"),
    ("text.webm", webm(2, tracks=(17,)), "silent"),
    ("sound.jpg", wav(1), "lies"),
    ("picture.wav", picture(), "type"),
    ("page.mp3", b"<html><script>alert(1)</script>", "type"),
]


@pytest.mark.parametrize(("name", "content", "code"), REFUSED)
def test_what_is_no_short_recording_of_sound_is_refused(user, name, content, code):
    with pytest.raises(ValidationError) as refusal:
        store(upload(name, content), kind="voice", by=user)
    assert refusal.value.error_list[0].code == code
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("content", [webm(2)[:30], m4a(2)[:40], ogg(1)[:20], mp3(1)[:3], wav(1)[:20], webm(2)[:52]])
def test_a_damaged_recording_is_refused_in_words(user, content):
    name = {b"\x1aE": "a.webm", b"Og": "a.ogg", b"\xff\xfb": "a.mp3", b"RI": "a.wav"}.get(content[:2], "a.m4a")
    with pytest.raises(ValidationError):
        store(upload(name, content), kind="voice", by=user)
    assert not StoredFile.objects.exists()


def test_a_recording_over_the_limit_of_size_is_refused(user, settings):
    settings.VOICE_MAX_MB = 1
    with pytest.raises(ValidationError, match="1 MB"):
        store(upload("a.wav", wav(200, rate=8000)), kind="voice", by=user)


def test_a_recording_is_no_video_picture_or_attachment(user):
    for kind in ("image", "document", "video", "scan", "attachment"):
        with pytest.raises(ValidationError):
            store(upload("a.ogg", ogg(1)), kind=kind, by=user)


def test_a_recording_plays_in_ranges_and_is_never_run(client, user):
    file = store(upload("a.wav", wav(2)), kind="voice", by=user)
    client.force_login(user)
    answer = client.get(file.get_absolute_url(), headers={"range": "bytes=0-99"})
    assert (answer.status_code, answer["Content-Type"], answer["Content-Length"]) == (206, "audio/wav", "100")
    assert answer["Content-Disposition"].startswith("inline")
    assert "sandbox" in answer["Content-Security-Policy"]
