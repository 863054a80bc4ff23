"""Leave notices, read them, and say what one does not want to be told."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from hashlib import blake2b
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    DateTimeField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.web.prepared import ask_count
from portal.web.refusals import RuleError

from . import wake
from .models import MailState, Message, Notice, Preference
from .registry import NoticeKind, kinds

ID_CHUNK = 500
SHOWN_AT_MOST = 99


@transaction.atomic
def post(
    kind: str,
    *,
    key: str,
    recipients: QuerySet[User] | Iterable[int],
    params: Mapping[str, Any] | None = None,
    url: str = "",
    by: User | None = None,
) -> int:
    """Leave one notice per person and return how many are new; a ``key`` that a person has had adds nothing.

    Works inside the caller's transaction; delivery begins on commit. ``recipients`` is a queryset of users, written by
    one ``INSERT … SELECT``, or an iterable of their ids. ``url`` is an address within the portal. Raises
    ``LookupError`` for an unknown kind or missing parameters, ``ValueError`` for a foreign address.
    """
    message = write_message(kind, key=key, params=params or {}, url=url, by=by)
    if isinstance(recipients, QuerySet):
        written = leave(message, recipients)
    else:
        written = sum(leave(message, User.objects.filter(pk__in=ids)) for ids in _chunks(recipients))
    if written:
        transaction.on_commit(partial(wake.deliver, message.pk))
    return written


def write_message(
    kind: str, *, key: str, params: Mapping[str, Any], url: str = "", by: User | None = None, **fields: Any
) -> Message:
    """Return the message that says this under ``key``, written if it is new."""
    digest, values = checked_text(kind, params, url)
    message, _created = Message.objects.get_or_create(
        key=key, digest=digest, defaults={"kind": kind, "params": values, "url": url, "by": by, **fields}
    )
    return message


def checked_text(kind: str, params: Mapping[str, Any], url: str) -> tuple[str, dict[str, Any]]:
    """Return the fingerprint of a text and its parameters as they are kept; raise as ``post`` does."""
    declared = kinds.get(kind)
    if declared is None:
        raise LookupError(f"No kind of notice is called {kind!r}; register it in notices.py")
    if url and (not url.startswith("/") or url.startswith(("//", "/\\"))):
        raise ValueError("A notice leads to an address within the portal, written from the root")
    text = json.dumps([kind, params, url], cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    values: dict[str, Any] = json.loads(text)[1]
    declared.check(values)
    return blake2b(text.encode(), digest_size=16).hexdigest(), values


def leave(message: Message, people: QuerySet[User]) -> int:
    """Write a copy of ``message`` for each of ``people`` who has none and wants it: one statement, safe to repeat."""
    wishes = Preference.objects.filter(user=OuterRef("pk"), kind=message.kind)
    kind = kinds.get(message.kind)
    chosen = User.objects.filter(pk__in=people.order_by().values("pk"), is_active=True)
    if kind is None or not kind.statutory:
        chosen = chosen.filter(~Exists(wishes.filter(in_site=False)))
    unmailed = Q(email=None) | Q(email="") | Exists(wishes.filter(email=False))
    state = Case(
        When(unmailed, then=Value(MailState.SKIPPED.value)),
        default=Value(MailState.PENDING.value),
        output_field=CharField(),
    )
    now = timezone.now()
    columns: dict[str, Any] = {
        "message_id": Value(message.pk, BigIntegerField()),
        "key_hash": Value(hash_of(message.key), BigIntegerField()),
        "created_at": Value(now, DateTimeField()),
        "withdrawn": Value(False, BooleanField()),
        "mail_state": state,
        "mail_due_at": Case(When(unmailed, then=None), default=Value(now), output_field=DateTimeField()),
        "mail_attempts": Value(0, IntegerField()),
        "mail_error": Value("", CharField()),
    }
    rows = chosen.order_by().annotate(**{f"to_{name}": value for name, value in columns.items()})
    try:
        sql, values = rows.values_list("pk", *(f"to_{name}" for name in columns)).query.sql_with_params()
    except EmptyResultSet:
        return 0
    quote = connection.ops.quote_name
    into = ", ".join(quote(name) for name in ("recipient_id", *columns))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(Notice._meta.db_table)} ({into}) {sql} ON CONFLICT DO NOTHING",  # noqa: S608
            values,
        )
        return max(cursor.rowcount, 0)


def hash_of(key: str) -> int:
    """Return 64 bits of ``key`` as the database holds them."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)


def unread_count(user: AnyUser) -> int:
    """Return how many notices ``user`` has not read: one statement on the index of unread rows."""
    return ask_count(_unread, recipient=user.pk) if user.pk else 0


def _unread(*, recipient: int) -> QuerySet[Any]:
    return Notice.objects.unread().filter(recipient_id=recipient).values("pk")


def shown_count(count: int) -> str:
    """Return ``count`` as a badge shows it."""
    return str(count) if count <= SHOWN_AT_MOST else f"{SHOWN_AT_MOST}+"


def mark_read(notice: Notice) -> None:
    """Note that the recipient has read ``notice``; the first time counts."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())


def mark_all_read(user: User, *, up_to: int | None = None) -> int:
    """Note that ``user`` has read everything in the inbox, or what had come up to the notice ``up_to``."""
    rows = Notice.objects.unread().filter(recipient=user)
    if up_to is not None:
        rows = rows.filter(pk__lte=up_to)
    return rows.update(read_at=timezone.now())


@transaction.atomic
def skip_waiting_mail() -> int:
    """Let every notice that still waits go without its e-mail copy, and return how many; for practice data alone."""
    waiting = Notice.objects.filter(mail_state=MailState.PENDING)
    return waiting.update(mail_state=MailState.SKIPPED, mail_due_at=None)


def set_preference(user: User, kind: NoticeKind, *, in_site: bool, email: bool) -> Preference:
    """Keep what ``user`` wants to be told of ``kind``; raise ``RuleError`` if a statutory kind is to be silenced."""
    if kind.statutory and not in_site:
        raise RuleError(_("This kind of notice is required and always reaches your inbox."))
    preference, _created = Preference.objects.update_or_create(
        user=user, kind=kind.code, defaults={"in_site": in_site, "email": email and in_site}
    )
    return preference


@transaction.atomic
def set_preferences(user: User, wishes: Mapping[str, tuple[bool, bool]]) -> None:
    """Keep for each kind whether ``user`` wants it in the portal and by e-mail; unknown kinds are passed over."""
    for code, (in_site, email) in wishes.items():
        if (kind := kinds.get(code)) is not None:
            set_preference(user, kind, in_site=in_site, email=email)


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    chunk: list[int] = []
    for pk in ids:
        chunk.append(pk)
        if len(chunk) == ID_CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
