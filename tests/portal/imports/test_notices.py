"""What the person who brought a list is told, and how far the bar is."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation

from portal.imports import progress, services
from portal.imports.models import ImportRun
from portal.notifications.models import Notice

from .lists import HEADINGS, book, confirmed, undone, worked

pytestmark = pytest.mark.django_db


def told(world) -> list[str]:
    """Return the codes of what the importer was told, oldest first."""
    rows = Notice.objects.filter(recipient=world.user("committee"), message__kind__startswith="imports.")
    return list(rows.order_by("pk").values_list("message__kind", flat=True))


def test_importer_is_told_once_when_written_and_when_undone(world, bring, roster_row):
    run = confirmed(bring(book(HEADINGS, roster_row())))
    services.work(run.pk)
    assert told(world) == ["imports.imported"]
    undone(run)
    assert told(world) == ["imports.imported", "imports.undone"]
    message = Notice.objects.filter(message__kind="imports.imported").get().message
    assert message.url == reverse("imports:run", args=[run.pk])
    from portal.imports.notices import IMPORTED

    with translation.override("en"):
        title, body, _reason = IMPORTED.render(message.params)
    assert title == "“list.xlsx” was imported"
    assert body.startswith("Rows imported: 1; left out: 0.")


def test_importer_is_told_that_a_list_could_not_be_read(world, bring):
    run = bring(book(["a", "b"], ["c", "d"]))
    assert run.state == "failed"
    assert told(world) == ["imports.failed"]


def test_bar_of_all_or_none_moves_while_the_transaction_is_open(world, bring, roster_row):
    empty = {"公民身份号码": "", "手机号码": "", "电子邮箱": ""}
    run = bring(book(HEADINGS, *(roster_row(学号=f"2026{n:04d}", **empty) for n in range(6))))
    services.confirm(run, take="all", chosen=[], by=run.by)
    client, url = world.client("committee"), reverse("imports:progress", args=[run.pk])
    run = ImportRun.objects.get(pk=run.pk)
    assert 'value="0"' in client.get(url).content.decode()
    run.progress_done = 4  # as the worker knows it, and nobody outside its transaction does
    progress.tell(run)
    assert 'value="4"' in client.get(url).content.decode()
    cache.clear()
    assert worked(run).applied_count == 6
