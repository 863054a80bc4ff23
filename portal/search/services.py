"""Keep the index, and ask it: what is found is what the person may view, decided inside the query."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import BooleanField, Model, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe

from portal.access.policy import scope
from portal.access.rights import AnyUser
from portal.extensions.registry import SearchSource, search_sources

from .grams import fold, phrases, tokens
from .models import SearchEntry

logger = logging.getLogger(__name__)

COUNT_CAP = 1000
PAGE_SIZE = 20
# PostgreSQL keeps at most 16,383 word positions a row; a longer text goes on in further parts, overlapping a little.
PART_CHARACTERS = 12_000
PART_OVERLAP = 60
# The index of PostgreSQL, whose statistics tell which tokens are frequent.
TOKENS_INDEX = "search_entry_tokens"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found, ready to show: the marked parts are safe HTML."""

    source: str
    label: Any
    title: SafeString
    excerpt: SafeString
    url: str
    at: Any


@dataclass(frozen=True, slots=True)
class Page:
    """One page of hits; ``count`` stops at ``COUNT_CAP``."""

    hits: list[Hit]
    count: int
    number: int
    has_next: bool

    @property
    def is_capped(self) -> bool:
        return self.count >= COUNT_CAP


def source_of(obj: Model) -> SearchSource | None:
    """Return the source that indexes rows of ``obj``'s model, if any."""
    return next((source for source in search_sources if source.model == obj._meta.label), None)


def touch(obj: Model) -> None:
    """Have ``obj`` indexed anew once the transaction commits; of a model nobody registered, nothing happens."""
    if source := source_of(obj):
        from .tasks import index_object

        code, pk = source.code, obj.pk
        transaction.on_commit(lambda: _enqueue(index_object, code, pk), robust=True)


def _enqueue(task: Any, code: str, pk: int) -> None:
    try:
        task.delay(code, pk)
    except Exception as error:  # the broker may be away: the nightly run indexes what was missed
        logger.warning("search: %s %s waits for the nightly run: %s", code, pk, type(error).__name__)


def index(source: SearchSource, pks: Iterable[int]) -> int:
    """Write the entries of the rows ``pks`` and remove those of rows that are gone; return how many stand."""
    model = apps.get_model(source.model)
    wanted = list(pks)
    rows = {row.pk: row for row in model._default_manager.filter(pk__in=wanted)}
    entries = [entry for row in rows.values() for entry in _entries(source, row)]
    with transaction.atomic():
        SearchEntry.objects.filter(source=source.code, object_id__in=wanted).delete()
        SearchEntry.objects.bulk_create(entries, batch_size=200)
    return len(rows)


def reindex(source: SearchSource, *, batch: int = 500) -> int:
    """Index every row of a source anew, in batches; return how many rows stand."""
    model = apps.get_model(source.model)
    gone = SearchEntry.objects.filter(source=source.code).exclude(object_id__in=model._default_manager.values("pk"))
    gone.delete()
    keys = iter(model._default_manager.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=batch))
    total = 0
    while chunk := list(islice(keys, batch)):
        total += index(source, chunk)
    return total


def _entries(source: SearchSource, row: Model) -> list[SearchEntry]:
    title = str(source.title(row))[:300]
    text = " ".join(unescape(strip_tags(source.text(row))).split())
    url, at = source.url(row), source.at(row)
    if at is None:
        return []
    parts = range(0, max(len(text), 1), PART_CHARACTERS)
    return [
        SearchEntry(
            source=source.code,
            object_id=row.pk,
            part=number,
            at=at,
            title=title,
            url=url,
            text=(piece := text[start : start + PART_CHARACTERS + PART_OVERLAP]),
            tokens=" ".join(tokens(f"{title} \n {piece}" if number == 0 else piece)),
        )
        for number, start in enumerate(parts)
    ]


def search(user: AnyUser, words: str, *, sources: Sequence[str] = (), page: int = 1) -> Page:
    """Return what ``user`` may view and that holds every word of ``words``, newest first."""
    asked = phrases(words)
    chosen = [source for source in search_sources if not sources or source.code in sources]
    if not asked or not chosen:
        return Page([], 0, 1, False)
    found = _matching(asked).filter(_visible(user, chosen))
    count = found.order_by()[:COUNT_CAP].count()
    number = min(max(page, 1), COUNT_CAP // PAGE_SIZE)
    start = (number - 1) * PAGE_SIZE
    rows = list(found.defer("tokens").order_by("-at", "-pk")[start : start + PAGE_SIZE + 1])
    labels = {source.code: source.label for source in chosen}
    needles = [needle for needle in fold(words).split() if needle]
    hits = [
        Hit(row.source, labels[row.source], mark(row.title, needles), excerpt(row.text, needles), row.url, row.at)
        for row in rows[:PAGE_SIZE]
    ]
    return Page(hits, count, number, len(rows) > PAGE_SIZE)


def keys_matching(words: str, source: str) -> RawSQL | None:
    """Return the keys of the rows of ``source`` whose text holds every word; ``None`` when there is no word.

    For a room's own list: ``filter(pk__in=…)`` looks for them beside its own permissions, in one statement.
    """
    asked = phrases(words)
    if not asked:
        return None
    where, given = _condition(asked, "entry")
    text = f"SELECT entry.object_id FROM search_searchentry entry WHERE entry.source = %s AND {where}"  # noqa: S608
    return RawSQL(text, [source, *given])  # noqa: S611 - all values are parameters


def share_holding(words: str) -> float:
    """Return about which share of all texts holds every one of ``words``, at most: 0 for what the database calls rare.

    Read from the statistics that the database keeps of its index; it asks none of the texts.
    """
    asked = {token for phrase in phrases(words) for token in phrase}
    if connection.vendor != "postgresql" or not asked or any(token.endswith("*") for token in asked):
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), min(known.share) FROM pg_stats, unnest(most_common_elems::text::text[],"
            " most_common_elem_freqs) AS known (token, share)"
            " WHERE schemaname = current_schema() AND tablename = %s AND known.token = ANY(%s)",
            [TOKENS_INDEX, sorted(asked)],
        )
        count, share = cursor.fetchone()
    return float(share) if count == len(asked) else 0.0


def holds_words(words: str, source: str, key: str) -> RawSQL | None:
    """Return the condition that the text of one row of ``source`` holds every word; ``None`` when there is no word.

    ``key`` names the column of the statement around it, as ``"minutes_minutes.id"``. For readers of few rows: each row
    is asked for itself, where ``keys_matching`` would first gather a word that stands in every text.
    """
    asked = phrases(words)
    if not asked:
        return None
    is_postgresql = connection.vendor == "postgresql"
    where, given = _in_tokens(asked, "entry") if is_postgresql else _condition(asked, "entry")
    # A long text has several rows. An aggregate, unlike EXISTS, is never turned into a join that begins with the words.
    one_of = "bool_or" if is_postgresql else "max"
    text = (
        f"SELECT {one_of}({where}) FROM search_searchentry entry"  # noqa: S608 - fixed names
        f" WHERE entry.source = %s AND entry.object_id = {key}"
    )
    return RawSQL(text, [*given, source], output_field=BooleanField())  # noqa: S611 - all values are parameters


def _visible(user: AnyUser, sources: Sequence[SearchSource]) -> Q:
    condition = Q(pk__in=[])
    for source in sources:
        rows = source.readable(user) if source.readable else scope(user, "view", apps.get_model(source.model))
        seen = rows.values("pk")
        condition |= Q(source=source.code, object_id__in=seen)
    return condition


def _matching(asked: list[list[str]]) -> QuerySet[SearchEntry]:
    where, given = _condition(asked, "search_searchentry")
    return SearchEntry.objects.extra(where=[where], params=given)  # noqa: S610 - the values are parameters


def _condition(asked: list[list[str]], table: str) -> tuple[str, list[str]]:
    """Return the condition on rows of ``table`` and its parameters; it must begin with the index's expression."""
    if connection.vendor == "postgresql":
        query = " & ".join(token.replace("*", ":*") for phrase in asked for token in phrase)
        where = f"to_tsvector('simple', {table}.tokens) @@ to_tsquery('simple', %s)"
        # The index knows which tokens a text holds, not their order: asked for that too, it would have the database
        # take every text it finds to pieces anew, a hundred times dearer than to look for the tokens side by side.
        together = [phrase for phrase in asked if len(phrase) > 1]
        if not together:
            return where, [query]
        beside, given = _in_tokens(together, table)
        return f"{where} AND {beside}", [query, *given]
    query = " AND ".join(
        phrase[0].replace("*", " *") if len(phrase) == 1 and phrase[0].endswith("*") else '"' + " ".join(phrase) + '"'
        for phrase in asked
    )
    text = "SELECT rowid FROM search_tokens WHERE search_tokens MATCH %s"
    return f"{table}.id IN ({text})", [query]


def _in_tokens(asked: list[list[str]], table: str) -> tuple[str, list[str]]:
    """Return the condition that the tokens of a row hold every phrase, read from the row alone, without the index.

    Tokens stand in their order with one space between them; the last of a phrase may be the beginning of a word.
    """
    given = [f" {' '.join(phrase)} ".replace("* ", "") for phrase in asked]
    return " AND ".join([f"strpos(' ' || {table}.tokens || ' ', %s) > 0"] * len(given)), given


def mark(text: str, needles: Sequence[str]) -> SafeString:
    """Return ``text`` escaped, with every occurrence of ``needles`` in a ``mark`` element."""
    spans: list[tuple[int, int]] = []
    folded = text.casefold()
    for needle in needles:
        start = folded.find(needle)
        while start >= 0 and len(folded) == len(text):
            spans.append((start, start + len(needle)))
            start = folded.find(needle, start + len(needle))
    out, position = "", 0
    for start, end in sorted(spans):
        if start < position:
            continue
        out += f"{escape(text[position:start])}<mark>{escape(text[start:end])}</mark>"
        position = end
    return mark_safe(out + escape(text[position:]))


def excerpt(text: str, needles: Sequence[str], *, width: int = 140) -> SafeString:
    """Return the neighbourhood of the first hit, marked."""
    folded = text.casefold()
    places = [place for needle in needles if (place := folded.find(needle)) >= 0]
    start = max(0, min(places) - width // 3) if places else 0
    piece = text[start : start + width]
    before, after = ("…" if start else ""), ("…" if start + width < len(text) else "")
    return mark_safe(f"{before}{mark(piece, needles)}{after}")
