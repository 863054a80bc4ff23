from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.http import QueryDict
from django.utils import timezone

from portal.drafts.models import Draft
from portal.drafts.services import (
    KEPT_DAYS,
    DraftConflict,
    discard,
    draft_of,
    keep_sent,
    overwrite_draft,
    save_draft,
    sweep_drafts,
)
from portal.web.refusals import RuleError


@pytest.fixture
def author(world):
    return world.user("author")


def test_draft_counts_its_savings(author):
    assert save_draft(author, "k", {"body": "a"}, version=0, device="one").version == 1
    assert save_draft(author, "k", {"body": "ab"}, version=1, device="one").version == 2
    assert draft_of(author, "k").data == {"body": "ab"}


@pytest.mark.parametrize(("version", "device"), [(0, "two"), (1, "two"), (0, "")])
def test_older_version_from_another_page_is_a_conflict_that_carries_the_other_text(author, version, device):
    save_draft(author, "k", {"body": "a"}, version=0, device="one")
    save_draft(author, "k", {"body": "ab"}, version=1, device="one")
    with pytest.raises(DraftConflict) as conflict:
        save_draft(author, "k", {"body": "other"}, version=version, device=device)
    assert conflict.value.draft.data == {"body": "ab"}
    assert draft_of(author, "k").data == {"body": "ab"}


def test_page_that_knows_the_version_takes_over(author):
    save_draft(author, "k", {"body": "a"}, version=0, device="one")
    assert save_draft(author, "k", {"body": "b"}, version=1, device="two").data == {"body": "b"}


def test_same_text_from_another_page_is_no_conflict(author):
    save_draft(author, "k", {"body": "a"}, version=0, device="one")
    assert save_draft(author, "k", {"body": "a"}, version=0, device="two").version == 1


def test_saving_that_comes_late_does_not_undo_a_newer_one(author):
    save_draft(author, "k", {"body": "first"}, version=0, device="one", sequence=1)
    save_draft(author, "k", {"body": "third"}, version=1, device="one", sequence=3)
    save_draft(author, "k", {"body": "second"}, version=1, device="one", sequence=2)
    assert draft_of(author, "k").data == {"body": "third"}


def test_form_that_was_sent_is_not_undone_by_its_own_page(author):
    save_draft(author, "k", {"body": "typed"}, version=0, device="one", sequence=4)
    save_draft(author, "k", {"body": "sent"}, version=1, device="one")
    save_draft(author, "k", {"body": "late"}, version=1, device="one", sequence=5)
    assert draft_of(author, "k").data == {"body": "sent"}


def test_sent_form_overwrites_whatever_was_kept(author):
    save_draft(author, "k", {"body": "a"}, version=0, device="one")
    assert overwrite_draft(author, "k", {"body": "sent"}).data == {"body": "sent"}


def test_too_large_draft_is_refused_and_the_kept_one_stays(author):
    save_draft(author, "k", {"body": "a"}, version=0)
    with pytest.raises(RuleError):
        save_draft(author, "k", {"body": "文" * 70_000}, version=1)
    assert draft_of(author, "k").data == {"body": "a"}


def test_sent_form_keeps_every_ticked_box_and_nothing_that_was_not_asked_for(author):
    sent = QueryDict("title=a&circle=1&circle=2&token=secret")
    kept = keep_sent(author, "k", sent, ["title", "circle", "file"])
    assert kept == draft_of(author, "k")
    assert kept.data == {"title": "a", "circle": ["1", "2"]}


def test_sent_form_that_no_draft_can_hold_leaves_the_kept_one(author):
    save_draft(author, "k", {"body": "a"}, version=0)
    assert keep_sent(author, "k", QueryDict("body=" + "x" * 450_000), ["body"]) is None
    assert draft_of(author, "k").data == {"body": "a"}


def test_draft_is_its_writers_alone(author, world):
    save_draft(author, "k", {"body": "a"}, version=0)
    assert draft_of(world.user("secretary"), "k") is None
    discard(world.user("secretary"), "k")
    assert draft_of(author, "k").data == {"body": "a"}


def test_sweep_forgets_old_drafts_only_and_may_run_twice(author):
    for key, days in (("old", KEPT_DAYS + 1), ("young", KEPT_DAYS - 1)):
        draft = save_draft(author, key, {}, version=0)
        Draft.objects.filter(pk=draft.pk).update(saved_at=timezone.now() - timedelta(days=days))
    sweep_drafts(timezone.localdate())
    sweep_drafts(timezone.localdate())
    assert list(Draft.objects.values_list("key", flat=True)) == ["young"]


def test_database_refuses_a_second_draft_of_one_form(author):
    save_draft(author, "k", {}, version=0)
    with pytest.raises(IntegrityError):
        Draft.objects.create(user=author, key="k", saved_at=timezone.now())


@pytest.mark.parametrize("text", ["a\x00b", "half a sign \ud800"])
def test_what_no_database_keeps_is_refused(author, text):
    with pytest.raises(RuleError):
        save_draft(author, "a.form", {"title": text}, version=0)
    with pytest.raises(RuleError):
        overwrite_draft(author, "a.form", {"names": ["fine", text]})
    assert draft_of(author, "a.form") is None
