"""Verbs of the ledger: enter many rows at once, each occasion once for a person, and annul with words."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import IO

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.imports.exports import workbook
from portal.notifications.posting import Posting, post_many
from portal.organizations.models import Organization
from portal.web.refusals import RuleError

from .models import MINUTES_MAX, HourEntry, HourKind

CHUNK = 500
WORDS_MAX = 200


@dataclass(frozen=True, slots=True)
class Hours:
    """One line to enter: whole minutes of a person on an occasion, which ``source`` and ``key`` name."""

    person_id: int
    kind: str
    minutes: int
    on: date
    source: str
    key: str
    title: str
    organization_id: int
    url: str = ""


@transaction.atomic
def enter_hours(rows: Iterable[Hours], *, by: User | None) -> int:
    """Enter what is not there yet and return how many that were; an occasion counts for a person once.

    Works in sets: a constant number of statements for each five hundred rows. Raises ``RuleError`` when a line has no
    known kind, no occasion, or minutes that cannot be; then nothing is entered.
    """
    wanted = list(rows)
    if reasons := sorted({reason for row in wanted if (reason := _refusal(row))}):
        raise RuleError(reasons)
    batch, now = uuid.uuid4(), timezone.now()
    HourEntry.objects.bulk_create(
        (
            HourEntry(
                person_id=row.person_id,
                kind=row.kind,
                minutes=row.minutes,
                on=row.on,
                source=row.source,
                key=row.key,
                title=row.title[:120],
                organization_id=row.organization_id,
                url=row.url,
                batch=batch,
                entered_at=now,
                entered_by=by,
            )
            for row in wanted
        ),
        batch_size=CHUNK,
        ignore_conflicts=True,
    )
    return audit.record_many(
        "hours.entered",
        (
            (HourEntry, entry.pk, str(entry), entry.person_id, {"minutes": [0, entry.minutes]}, entry.organization_id)
            for entry in HourEntry.objects.filter(batch=batch).order_by("pk")
        ),
        by=by,
    )


def _refusal(row: Hours) -> str:
    if row.kind not in HourKind.values:
        return _("There is no such kind of hours.")
    if not row.source or not row.key or not row.title.strip():
        return _("Say for what occasion the hours are.")
    if isinstance(row.minutes, bool) or not isinstance(row.minutes, int) or not 1 <= row.minutes <= MINUTES_MAX:
        return _("Hours are entered as whole minutes, at least one and at most those of a month.")
    return ""


@transaction.atomic
def annul_hours(rows: QuerySet[HourEntry], *, words: str, by: User | None) -> int:
    """Annul every entry of ``rows`` that counts, tell their people why, and return how many that were.

    Again, nothing changes. Raises ``RuleError`` without words.
    """
    words = words.strip()
    if not words:
        raise RuleError(_("Say why the entry is annulled."))
    if len(words) > WORDS_MAX:
        raise RuleError(_("At most %(limit)d signs.") % {"limit": WORDS_MAX})
    held = list(HourEntry.objects.standing().select_for_update().filter(pk__in=rows.values("pk")).order_by("pk"))
    HourEntry.objects.filter(pk__in=[row.pk for row in held]).update(
        annulled_at=timezone.now(), annulled_by=by, annulled_words=words
    )
    _tell_annulled(held, words, by)
    return audit.record_many(
        "hours.annulled",
        (
            (HourEntry, row.pk, str(row), row.person_id, {"minutes": [row.minutes, 0]}, row.organization_id)
            for row in held
        ),
        by=by,
        reason=words,
    )


def _tell_annulled(rows: list[HourEntry], words: str, by: User | None) -> None:
    """Tell the people of annulled entries, once for each occasion; whoever annulled knows."""
    occasions: dict[tuple[str, str], list[HourEntry]] = {}
    for row in rows:
        if by is None or row.person_id != by.pk:
            occasions.setdefault((row.source, row.key), []).append(row)
    post_many(
        Posting(
            "hours_annulled",
            # An entry is annulled once: its key never comes back.
            key=f"hours_annulled:{max(row.pk for row in found)}",
            recipients=frozenset(row.person_id for row in found),
            params={"title": found[0].title, "words": words},
            url=reverse("hours:my-hours"),
        )
        for found in occasions.values()
    )


def occasion(source: str, key: str) -> QuerySet[HourEntry]:
    """Return the entries of one occasion that count, to read or to annul them."""
    return HourEntry.objects.standing().filter(source=source, key=key)


def only(entry: HourEntry) -> QuerySet[HourEntry]:
    """Return one entry as the rows that ``annul_hours`` takes."""
    return HourEntry.objects.filter(pk=entry.pk)


@transaction.atomic
def hours_workbook(rows: QuerySet[HourEntry], *, person: User, by: User, at: Organization | None = None) -> IO[bytes]:
    """Write entries as a workbook, and record who took whose along."""
    columns = [(_("Date"), 12), (_("Kind"), 12), (_("For what"), 40), (_("Held by"), 30), (_("Length (minutes)"), 10)]
    kinds = {code: str(label) for code, label in HourKind.choices}
    taken = workbook(
        columns,
        (
            [row.on, kinds[row.kind], row.title, row.organization.name, row.minutes]
            for row in rows.select_related("organization")
        ),
        sheet=_("Study and volunteering"),
    )
    audit.record("hours.exported", None, by=by, about=person, at=at)
    return taken
