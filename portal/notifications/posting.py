"""Leave many different notices at once: what the schedule tells of many cases in one morning."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User

from . import wake
from .models import MailState, Message, Notice, Preference
from .registry import kinds
from .services import ID_CHUNK, checked_text, hash_of


@dataclass(frozen=True, slots=True)
class Posting:
    """One of many notices to leave: what ``services.post`` takes, with the ids of the people."""

    kind: str
    key: str
    recipients: frozenset[int]
    params: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""


@transaction.atomic
def post_many(postings: Iterable[Posting]) -> int:
    """Leave many notices as ``post`` leaves one, and return how many are new.

    The number of reading statements does not depend on the number of postings; only what is new is written, in
    batches. Of two postings with one key to the same person the first counts.
    """
    texts: dict[tuple[str, str], Message] = {}
    wanted: dict[tuple[int, int], tuple[int, tuple[str, str]]] = {}
    for posting in postings:
        if not posting.recipients:
            continue
        digest, values = checked_text(posting.kind, posting.params, posting.url)
        text = (posting.key, digest)
        texts.setdefault(
            text, Message(key=posting.key, digest=digest, kind=posting.kind, params=values, url=posting.url)
        )
        for pk in posting.recipients:
            wanted.setdefault((pk, hash_of(posting.key)), (pk, text))
    if not wanted:
        return 0
    hashes = list({key_hash for _pk, key_hash in wanted})
    told = Notice.objects.filter(recipient_id__in={pk for pk, _hash in wanted}, key_hash__in=hashes)
    had = set(told.values_list("recipient_id", "key_hash"))
    fresh = {pair: value for pair, value in wanted.items() if pair not in had}
    people = list({pk for pk, _text in fresh.values()})
    mailed = dict(User.objects.filter(pk__in=people, is_active=True).values_list("pk", "email"))
    wishes = {
        (wish.user_id, wish.kind): wish
        for wish in Preference.objects.filter(
            user_id__in=people, kind__in={texts[text].kind for _pk, text in fresh.values()}
        )
    }
    rows, now = [], timezone.now()
    for (pk, key_hash), (_pk, text) in fresh.items():
        kind, wish = kinds.get(texts[text].kind), wishes.get((pk, texts[text].kind))
        if pk not in mailed or (kind and not kind.statutory and wish and not wish.in_site):
            continue
        state = MailState.PENDING if mailed[pk] and (wish is None or wish.email) else MailState.SKIPPED
        due = now if state == MailState.PENDING else None
        row = Notice(recipient_id=pk, key_hash=key_hash, created_at=now, mail_state=state, mail_due_at=due)
        rows.append((text, row))
    if not rows:
        return 0
    keys = _kept_texts([texts[text] for text in {text for text, _row in rows}])
    for text, row in rows:
        row.message_id = keys[text]
    before = Notice.objects.filter(message__in=list(keys.values())).count()
    Notice.objects.bulk_create((row for _text, row in rows), batch_size=ID_CHUNK, ignore_conflicts=True)
    transaction.on_commit(wake.deliver_due)
    return Notice.objects.filter(message__in=list(keys.values())).count() - before


def _kept_texts(texts: list[Message]) -> dict[tuple[str, str], int]:
    """Write the texts that are new and return the key of each row by key and fingerprint."""
    Message.objects.bulk_create(texts, batch_size=ID_CHUNK, ignore_conflicts=True)
    found = Message.objects.filter(key__in=[text.key for text in texts])
    return {(key, digest): pk for pk, key, digest in found.values_list("pk", "key", "digest")}
