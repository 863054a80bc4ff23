"""Take files in, give them an owner, and sweep what belongs to nothing."""

import hashlib
import logging
import math
import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.policy import policies
from portal.accounts.models import User
from portal.web.refusals import RuleError

from .inspection import detect
from .models import Kind, StoredFile
from .pictures import redraw
from .rules import FORMATS, LOOSE_FILES_MAX, MEGABYTE, PICTURES, RENDITIONS, TAKEN, Format, extension_of, safe_name
from .scanning import ScannerUnavailable, scanner
from .sound import SOUND_OF, measure

log = logging.getLogger(__name__)


def store(upload: File, *, kind: str, by: User | None, caption: str = "") -> StoredFile:
    """Keep ``upload`` as a file of ``kind`` that belongs to nothing yet; ``attach`` gives it an owner.

    Raises ``RuleError`` when the size, the type by content or the name is not one that ``kind`` takes, when the
    scanner finds something, or when the disk is full; then neither a row nor a byte is left.
    """
    found = _inspect(upload, kind)
    if by is not None and StoredFile.objects.filter(uploaded_by=by, object_id=None).count() >= LOOSE_FILES_MAX:
        raise RuleError(_("Too many of your uploads wait to be used. Hand in your form, or try again tomorrow."))
    row = StoredFile(kind=kind, uploaded_by=by, caption=caption, mime=found.mime)
    folder = f"{timezone.localdate():%Y/%m}/{uuid.uuid4().hex}"
    pieces: dict[str, File] = {}
    extension = extension_of(upload.name or "")
    if kind == Kind.VOICE:
        sound = measure(cast(BinaryIO, upload.file), found.code)
        found = FORMATS[sound.code]
        row.mime, row.seconds = found.mime, None if sound.seconds is None else math.ceil(sound.seconds)
        _refuse_long(row.seconds)
    if found.code in PICTURES:
        picture = redraw(cast(BinaryIO, upload.file))
        row.mime, row.width, row.height = picture.format.mime, picture.width, picture.height
        if extension not in picture.format.extensions:
            extension = picture.format.extensions[0]
        pieces[f"{folder}.{extension}"] = ContentFile(picture.content)
        pieces |= {f"{folder}-{name}.webp": ContentFile(picture.renditions[name]) for name in RENDITIONS}
    else:
        pieces[f"{folder}.{extension}"] = upload
    row.name = safe_name(upload.name or "", extension)
    row.file.name, content = next(iter(pieces.items()))
    row.size, row.sha256 = content.size, _digest(content)
    _write(row, pieces)
    return row


def _refuse_long(seconds: int | None) -> None:
    if seconds is not None and seconds > settings.VOICE_MAX_SECONDS:
        raise RuleError(
            _("The recording is longer than %(limit)s seconds."),
            code="too_long",
            params={"limit": settings.VOICE_MAX_SECONDS},
        )


def _inspect(upload: File, kind: str) -> Format:
    most = {Kind.VIDEO: settings.VIDEO_MAX_MB, Kind.VOICE: settings.VOICE_MAX_MB}
    limit = most.get(Kind(kind), settings.UPLOAD_MAX_MB) * MEGABYTE
    if not upload.size:
        raise RuleError(_("The file is empty."))
    if upload.size > limit:
        raise RuleError(
            _("The file is larger than %(limit)s MB."), code="too_large", params={"limit": limit // MEGABYTE}
        )
    found = detect(cast(BinaryIO, upload.file))
    wanted = TAKEN[kind]
    # A container that may hold moving pictures: ``measure`` looks for them.
    shown = SOUND_OF.get(found.code, found.code) if found is not None and kind == Kind.VOICE else found and found.code
    if found is None or shown not in wanted:
        types = sorted({extension for code in wanted for extension in FORMATS[code].extensions})
        raise RuleError(
            _("Files of this type are not taken here. Allowed: %(types)s."),
            code="type",
            params={"types": ", ".join(types)},
        )
    if extension_of(upload.name or "") not in FORMATS[str(shown)].extensions:
        raise RuleError(
            _("The name says one type and the content is another (%(type)s). Save the file anew and upload it again."),
            code="lies",
            params={"type": found.extensions[0]},
        )
    try:
        threat = scanner().scan(cast(BinaryIO, upload.file))
    except ScannerUnavailable as error:
        log.warning("The scanner did not answer: %s", error)
        raise RuleError(_("The file could not be checked for viruses just now. Try again in a few minutes.")) from error
    if threat:
        log.warning("The scanner found %s in an upload", threat)
        raise RuleError(_("The virus scanner refuses this file."))
    upload.seek(0)
    return found


def _digest(content: File) -> str:
    digest = hashlib.sha256()
    content.seek(0)
    for piece in content.chunks():
        digest.update(piece)
    content.seek(0)
    return digest.hexdigest()


def _write(row: StoredFile, pieces: dict[str, File]) -> None:
    """Write every piece, then the row; take all of it back when one of them fails."""
    written: list[str] = []
    try:
        for name, content in pieces.items():
            written.append(name)
            if default_storage.save(name, content, max_length=120) != name:
                raise OSError("the name is taken")
        with transaction.atomic():
            row.save(force_insert=True)
    except OSError as error:
        _erase(written)
        log.error("An upload could not be written: %s", error)
        raise RuleError(_("The file could not be saved because the storage is full or out of order.")) from error
    except BaseException:
        _erase(written)
        raise


def _erase(names: Iterable[str]) -> None:
    for name in names:
        try:
            default_storage.delete(name)
        except OSError as error:
            log.warning("A piece of a file stays until the sweep: %s", error)


@transaction.atomic
def attach(file: StoredFile, owner: models.Model) -> StoredFile:
    """Give ``file`` to ``owner``: from now on whoever may view the owner may view the file.

    Raises ``RuleError`` when the file has another owner already, ``TypeError`` when the owner's model has no relation
    to ``StoredFile`` (a foreign key, or a ``GenericRelation`` where there are many).
    """
    if type(owner) not in owner_models():
        raise TypeError(f"{type(owner).__name__} has no policy, or no relation to StoredFile")
    held = StoredFile.objects.select_for_update().get(pk=file.pk)
    place = ContentType.objects.get_for_model(owner)
    if held.object_id is not None and (held.content_type_id, held.object_id) != (place.pk, owner.pk):
        raise RuleError(_("This file belongs to something else already."))
    held.content_type, held.object_id = place, owner.pk
    held.save(update_fields=["content_type", "object_id"])
    file.content_type, file.object_id = place, owner.pk
    return held


def owner_models() -> list[type[models.Model]]:
    """Return the models that may own files: those with a policy and a relation to ``StoredFile``."""
    return [
        model
        for model in policies()
        if model is not StoredFile
        and any(field.is_relation and field.related_model is StoredFile for field in _own_fields(model))
    ]


def _own_fields(model: type[models.Model]) -> list[Any]:
    options = model._meta
    return [*options.fields, *options.many_to_many, *options.private_fields]


@transaction.atomic
def discard(file: StoredFile) -> None:
    """Delete the row now, and the bytes once that is certain."""
    names = [str(file.file.name), *(file.rendition_name(name) for name in RENDITIONS if file.is_picture)]
    file.delete()
    transaction.on_commit(lambda: _erase(names))


def sweep(*, before: Any = None) -> int:
    """Discard uploads that after a day belong to nothing, and return how many."""
    before = before or timezone.now() - timedelta(days=1)
    loose = StoredFile.objects.filter(object_id=None, uploaded_at__lt=before)
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete:  # someone points at a file without having attached it
            pointing = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            loose = loose.exclude(Exists(pointing))
    swept = 0
    for file in loose.order_by("pk")[:5000]:
        discard(file)
        swept += 1
    return swept + _sweep_disk(before)


def _sweep_disk(before: Any) -> int:
    """Erase bytes that no row knows: left by a transaction that was rolled back, or by a row deleted with its owner."""
    swept = 0
    for folder in _month_folders():
        names = default_storage.listdir(folder)[1]
        stems = {name: f"{folder}/{name.partition('.')[0].partition('-')[0]}" for name in names}
        known = {
            name.rpartition(".")[0]
            for name in StoredFile.objects.filter(file__startswith=f"{folder}/").values_list("file", flat=True)
        }
        for name, stem in stems.items():
            path = f"{folder}/{name}"
            if stem not in known and default_storage.get_modified_time(path) < before:
                _erase([path])
                swept += 1
    return swept


def _month_folders() -> list[str]:
    try:
        years = [year for year in default_storage.listdir("")[0] if year.isdigit()]
        return [f"{year}/{month}" for year in years for month in default_storage.listdir(year)[0]]
    except FileNotFoundError:
        return []
