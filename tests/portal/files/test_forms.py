"""A file chosen once stays chosen when the form comes back."""

import pytest
from django import forms
from django.core import signing
from django.utils.datastructures import MultiValueDict

from portal.files.forms import KeptFileField, KeptFilesMixin, ticket_for
from portal.files.models import StoredFile
from portal.files.services import store

from .samples import PDF, SVG, upload

pytestmark = pytest.mark.django_db


class Report(KeptFilesMixin, forms.Form):
    title = forms.CharField()
    scan = KeptFileField(kind="scan")


class Papers(KeptFilesMixin, forms.Form):
    papers = KeptFileField(kind="attachment", multiple=True, required=False, limit=3)


def sent(form_class, by, data=None, **files):
    posted = MultiValueDict(
        {name: value if isinstance(value, list) else [value] for name, value in (data or {}).items()}
    )
    return form_class(posted, MultiValueDict({name: list(found) for name, found in files.items()}), by=by)


def test_kept_file_survives_a_rejected_form(world) -> None:
    by = world.user("author")
    rejected = sent(Report, by, {"title": ""}, scan=[upload("a.pdf", PDF)])
    assert not rejected.is_valid()
    assert list(rejected.errors) == ["title"]
    stored = StoredFile.objects.get()
    assert f'value="{ticket_for(stored).partition(":")[0]}' in str(rejected["scan"])
    accepted = sent(Report, by, {"title": "x", "scan-kept": ticket_for(stored)})
    assert accepted.is_valid()
    assert accepted.cleaned_data["scan"] == stored
    assert StoredFile.objects.count() == 1


def test_kept_file_belongs_to_its_uploader(world) -> None:
    stored = store(upload("a.pdf", PDF), kind="scan", by=world.user("author"))
    for ticket in (ticket_for(stored), "forged", signing.dumps(str(stored.token)), "", "a" * 5000):
        form = sent(Report, world.user("peer"), {"title": "x", "scan-kept": ticket})
        assert not form.is_valid()
        assert list(form.errors) == ["scan"]


def test_kept_file_can_be_left_out_and_replaced(world) -> None:
    by = world.user("author")
    first = store(upload("a.pdf", PDF), kind="scan", by=by)
    dropped = sent(Report, by, {"title": "x", "scan-kept": ticket_for(first), "scan-drop": ticket_for(first)})
    assert dropped.errors == {"scan": ["Choose a file."]}
    replaced = sent(Report, by, {"title": "x", "scan-kept": ticket_for(first)}, scan=[upload("b.pdf", PDF)])
    assert replaced.is_valid()
    assert replaced.cleaned_data["scan"].name == "b.pdf"


def test_kept_files_name_the_one_that_is_refused(world) -> None:
    files = [upload("good.pdf", PDF), upload("bad.pdf", SVG)]
    form = sent(Papers, world.user("author"), papers=files)
    assert [message.partition(":")[0] for message in form.errors["papers"]] == ["bad.pdf"]
    assert "good.pdf" in str(form["papers"])


def test_kept_files_are_limited(world) -> None:
    form = sent(Papers, world.user("author"), papers=[upload(f"{n}.pdf", PDF) for n in range(4)])
    assert form.errors == {"papers": ["At most 3 files."]}


def test_kept_files_may_be_none(world) -> None:
    form = sent(Papers, world.user("author"))
    assert form.is_valid()
    assert form.cleaned_data["papers"] == []
