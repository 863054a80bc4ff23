"""Keep what is being typed: save, read back, discard. A draft is its writer's alone and leaves no audit trail."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.web.refusals import RuleError

from .models import Draft

# Room for a text of some 60,000 Chinese characters.
MAX_BYTES = 200_000
KEPT_DAYS = 90
LONGEST_COUNTER = 2_000_000_000
SENT_FORM = 1000


class DraftConflict(Exception):
    """Another open page has saved since; ``draft`` is what it saved."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft.key)
        self.draft = draft


def save_draft(
    user: User, key: str, data: Mapping[str, Any], *, version: int, device: str = "", sequence: int = 0
) -> Draft:
    """Keep ``data`` as the draft ``key`` of ``user`` and return it with its new version.

    ``version`` is the one the page began from, 0 for none. Raises ``DraftConflict`` when another ``device`` has saved a
    later one, ``RuleError`` when the data is too large or no text, or the key has a wrong shape. A saving that arrives
    after a later one of the same page (smaller ``sequence``) changes nothing.
    """
    try:
        size = len(json.dumps(data, ensure_ascii=False).encode())
    except UnicodeEncodeError as error:
        raise RuleError(_("The draft could not be read.")) from error
    # PostgreSQL keeps no NUL; a form that was sent with one comes back filled all the same.
    if any("\x00" in text for text in _texts(data)):
        raise RuleError(_("The draft could not be read."))
    if size > MAX_BYTES:
        raise RuleError(_("The text is too long to be kept as a draft. Shorten it or divide it."))
    device = device[:64]
    version, sequence = min(version, LONGEST_COUNTER), min(sequence, LONGEST_COUNTER)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(user=user, key=key).first()
        if draft is None:
            draft = Draft(
                user=user,
                key=key,
                data=dict(data),
                version=1,
                device=device,
                sequence=sequence,
                saved_at=timezone.now(),
            )
            draft.clean_fields(exclude=["user"])
            try:
                with transaction.atomic():
                    draft.save(force_insert=True)
            except IntegrityError:
                raise DraftConflict(Draft.objects.get(user=user, key=key)) from None
            return draft
        same_page = bool(device) and draft.device == device
        if same_page and sequence and sequence < draft.sequence:
            return draft
        if draft.version != version and not same_page:
            if draft.data == dict(data):
                return draft
            raise DraftConflict(draft)
        # A form that was sent ends its page: what that page saved before may still arrive and must not undo it.
        draft.sequence = sequence or (draft.sequence + SENT_FORM if same_page else 0)
        draft.data, draft.device = dict(data), device
        draft.version += 1
        draft.saved_at = timezone.now()
        draft.save(update_fields=["data", "device", "sequence", "version", "saved_at"])
        return draft


def _texts(data: Mapping[str, Any]) -> Iterator[str]:
    for name, value in data.items():
        yield name
        yield from map(str, value if isinstance(value, list) else [value])


def overwrite_draft(user: User, key: str, data: Mapping[str, Any]) -> Draft:
    """Keep ``data`` whatever was kept before: a form that was sent is newer than what was saved while typing."""
    known = draft_of(user, key)
    return save_draft(user, key, data, version=known.version if known else 0)


def keep_sent(user: User, key: str, sent: Mapping[str, Any], names: Iterable[str]) -> Draft | None:
    """Keep what a refused form sent under ``names``, so that it survives a closed window; ``None`` when it cannot be.

    What is too long or unreadable stays in the form that comes back.
    """
    data = {name: value for name in names if (value := _sent(sent, name)) is not None}
    try:
        return overwrite_draft(user, key, data)
    except (RuleError, DraftConflict):
        return None


def _sent(data: Mapping[str, Any], name: str) -> Any:
    """Return the text under ``name``, the list of them where several boxes were ticked, ``None`` for nothing."""
    values = data.getlist(name) if hasattr(data, "getlist") else [data[name]] if name in data else []
    texts = [value for value in values if isinstance(value, str)]
    return None if not texts else texts[0] if len(texts) == 1 else texts


def draft_of(user: User, key: str) -> Draft | None:
    """Return what ``user`` has kept under ``key``."""
    return Draft.objects.filter(user=user, key=key).first()


def discard(user: User, key: str) -> None:
    """Forget the draft; its text has been handed in or was given up."""
    Draft.objects.filter(user=user, key=key).delete()


def sweep_drafts(on: date) -> None:
    """Forget drafts that nobody has touched for ``KEPT_DAYS`` days."""
    Draft.objects.filter(saved_at__date__lt=on - timedelta(days=KEPT_DAYS)).delete()
