"""What is taken, what is refused, and that a refusal leaves nothing behind."""

import errno
import io
import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.utils import timezone
from PIL import Image

from portal.files import services
from portal.files.models import StoredFile
from portal.files.rules import LOOSE_FILES_MAX, RENDITIONS, safe_name
from portal.files.services import attach, store, sweep
from portal.web.refusals import RuleError

from .conftest import names_in
from .samples import HONEST, LYING, MP4, PDF, photo_with_exif, picture, upload

pytestmark = pytest.mark.django_db


def bytes_of(path: str) -> bytes:
    with default_storage.open(path) as stream:
        return stream.read()


@pytest.mark.parametrize(("kind", "name", "content", "mime"), HONEST, ids=[f"{row[0]}-{row[1]}" for row in HONEST])
def test_store_takes_what_the_kind_allows(kind, name, content, mime) -> None:
    stored = store(upload(name, content, "text/html"), kind=kind, by=None)
    assert stored.mime == mime
    assert stored.size == default_storage.size(stored.file.name)


@pytest.mark.parametrize(("what", "kind", "name", "content"), LYING, ids=[row[0] for row in LYING])
def test_store_refuses_what_lies(media, what, kind, name, content) -> None:
    with pytest.raises(RuleError):
        store(upload(name, content, "image/jpeg"), kind=kind, by=None)
    assert StoredFile.objects.count() == 0
    assert names_in(media) == []


def test_store_refuses_what_is_too_large(settings) -> None:
    settings.UPLOAD_MAX_MB, settings.VIDEO_MAX_MB = 1, 2
    with pytest.raises(RuleError) as refusal:
        store(upload("a.pdf", PDF + b"\0" * 1024 * 1024), kind="document", by=None)
    assert refusal.value.code == "too_large"
    assert store(upload("a.mp4", MP4 + b"\0" * 1024 * 1024), kind="video", by=None).kind == "video"


def test_store_gives_random_names_outside_the_web_root(settings, media) -> None:
    stored = store(upload("../../报名 表<b>.pdf", PDF), kind="document", by=None)
    assert stored.name == "报名 表 b.pdf"
    assert re.fullmatch(r"\d{4}/\d\d/[0-9a-f]{32}\.pdf", stored.file.name)
    assert not str(media).startswith(str(settings.STATIC_ROOT))


@pytest.mark.parametrize(
    ("given", "extension", "kept"),
    [
        ("a.pdf", "pdf", "a.pdf"),
        ("..\\..\\windows\\a.PDF", "pdf", "a.pdf"),
        ("/etc/passwd", "txt", "passwd.txt"),
        ("a\r\nSet-Cookie: x.pdf", "pdf", "a Set-Cookie x.pdf"),
        ("cod\u202efdp.exe", "pdf", "cod fdp.pdf"),
        ("...", "pdf", "file.pdf"),
        ("", "pdf", "file.pdf"),
        ("<script>alert(1)</script>.pdf", "pdf", "script.pdf"),
        ("长" * 300 + ".pdf", "pdf", "长" * 115 + ".pdf"),
    ],
)
def test_safe_name_keeps_words_and_nothing_else(given, extension, kept) -> None:
    assert safe_name(given, extension) == kept


def test_picture_is_turned_right_and_loses_its_metadata() -> None:
    stored = store(upload("a.jpg", photo_with_exif(6)), kind="image", by=None)
    content = bytes_of(stored.file.name)
    with Image.open(io.BytesIO(content)) as image:
        assert (image.size, dict(image.getexif())) == ((200, 400), {})
    assert (stored.width, stored.height) == (200, 400)
    assert b"SecretCamera" not in content


def test_picture_loses_what_is_hidden_behind_it() -> None:
    stored = store(upload("a.jpg", picture() + b"<script>alert(1)</script>"), kind="image", by=None)
    assert b"<script>" not in bytes_of(stored.file.name)


def test_picture_gets_its_renditions() -> None:
    stored = store(upload("a.jpg", picture(size=(4000, 2000))), kind="image", by=None)
    sizes = {}
    for name in RENDITIONS:
        with Image.open(io.BytesIO(bytes_of(stored.rendition_name(name)))) as image:
            sizes[name] = (image.format, image.size)
    assert sizes == {"thumb": ("WEBP", (320, 160)), "card": ("WEBP", (640, 320)), "wide": ("WEBP", (1280, 640))}
    assert (stored.width, stored.height) == (2560, 1280)


@pytest.mark.logs_errors
@pytest.mark.parametrize("fails_at", [1, 2, 4])
def test_store_on_a_full_disk_leaves_nothing(monkeypatch, media, fails_at) -> None:
    written = []

    def save(name, content, max_length=None):
        written.append(name)
        real(name, content, max_length=max_length)
        if len(written) == fails_at:
            raise OSError(errno.ENOSPC, "No space left on device")
        return name

    real = default_storage.save
    monkeypatch.setattr(services.default_storage, "save", save, raising=False)
    with pytest.raises(RuleError, match="storage is full"):
        store(upload("a.jpg", picture()), kind="image", by=None)
    assert StoredFile.objects.count() == 0
    assert names_in(media) == []


def test_store_takes_the_bytes_back_when_the_row_fails(monkeypatch, media) -> None:
    def fail(self, **kwargs):
        raise IntegrityError

    monkeypatch.setattr(StoredFile, "save", fail)
    with pytest.raises(IntegrityError):
        store(upload("a.pdf", PDF), kind="document", by=None)
    assert names_in(media) == []


def test_store_refuses_what_the_scanner_finds(settings, media) -> None:
    settings.FILES_SCANNER = "tests.portal.files.test_services.FindsEverything"
    with pytest.raises(RuleError, match="virus scanner"):
        store(upload("a.pdf", PDF), kind="document", by=None)
    settings.FILES_SCANNER = "tests.portal.files.test_services.IsAway"
    with pytest.raises(RuleError, match="could not be checked"):
        store(upload("a.pdf", PDF), kind="document", by=None)
    assert names_in(media) == []


class FindsEverything:
    def scan(self, stream) -> str:
        return "Eicar-Test-Signature"


class IsAway:
    def scan(self, stream) -> str:
        from portal.files.scanning import ScannerUnavailable

        raise ScannerUnavailable


def test_store_stops_a_person_who_hoards(world) -> None:
    by = world.user("author")
    StoredFile.objects.bulk_create(
        StoredFile(kind="document", name="a", file="a", mime="a", size=1, sha256="a", uploaded_by=by)
        for _ in range(LOOSE_FILES_MAX)
    )
    with pytest.raises(RuleError, match="Too many"):
        store(upload("a.pdf", PDF), kind="document", by=by)


def test_attach_refuses_a_second_owner(article, other_article) -> None:
    stored = store(upload("a.pdf", PDF), kind="attachment", by=None)
    attach(stored, article)
    attach(stored, article)
    with pytest.raises(RuleError):
        attach(stored, other_article)


def test_attach_refuses_a_model_that_owns_no_files(world) -> None:
    with pytest.raises(TypeError):
        attach(store(upload("a.pdf", PDF), kind="attachment", by=None), world.branch)


def test_sweep_takes_what_belongs_to_nothing_after_a_day(media, article, django_capture_on_commit_callbacks) -> None:
    kept, fresh, loose, pointed = (store(upload("a.jpg", picture()), kind="image", by=None) for _ in range(4))
    attach(kept, article)
    type(article).objects.filter(pk=article.pk).update(cover=pointed)
    old = timezone.now() - timedelta(days=2)
    StoredFile.objects.exclude(pk=fresh.pk).update(uploaded_at=old)
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep() == 1
    assert set(StoredFile.objects.all()) == {kept, fresh, pointed}
    assert len(names_in(media)) == 3 * 4
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep() == 0
    assert loose.file.name not in names_in(media)


def test_sweep_erases_bytes_that_no_row_knows(media) -> None:
    stored = store(upload("a.jpg", picture()), kind="image", by=None)
    StoredFile.objects.filter(pk=stored.pk).delete()
    assert sweep(before=timezone.now() + timedelta(minutes=1)) == 4
    assert names_in(media) == []
