"""A year is bound by a worker: how far it is, is told; it survives a worker's death and is for its asker alone."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from members.minutes.models import BoundVolume, VolumeState
from members.minutes.services import binding
from members.minutes.tasks import bind_volume, purge_daily, sweep_volumes
from portal.access.policy import may
from portal.access.rights import forget_rights
from portal.audit.models import AuditEntry
from portal.files.models import StoredFile
from portal.notifications.models import Notice
from portal.organizations.models import Appointment
from portal.organizations.services import dismiss
from portal.web.refusals import RuleError

from .way import drafted, sealed

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"members:minutes:{name}", args=args)


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def waiting(monkeypatch) -> list[int]:
    """Let no worker take anything up; return what would be taken up."""
    told: list[int] = []
    monkeypatch.setattr(bind_volume, "delay", told.append)
    monkeypatch.setattr(bind_volume, "delay_on_commit", told.append)
    return told


def asked(world, **kwargs) -> BoundVolume:
    minutes = sealed(world, **kwargs)
    return binding.ask_volume(world.branch, minutes.held_on.year, by=world.user("secretary"))


def test_volume_is_asked_for_shown_on_its_way_and_taken_along(world, waiting) -> None:
    minutes = sealed(world)
    client = world.client("secretary")
    answer = client.post(url("volume", world.branch.pk, minutes.held_on.year))
    row = BoundVolume.objects.get()
    assert answer.headers["Location"] == row.get_absolute_url() and waiting == [row.pk]
    page = client.get(row.get_absolute_url()).content.decode()
    assert 'id="job-progress"' in page and "waits for its turn" in page and "progress.js" in page
    bind_volume(row.pk)
    bind_volume(row.pk)
    row.refresh_from_db()
    assert (row.state, row.records, row.holds, row.done, row.total) == ("ready", 1, True, 1, 1)
    page = client.get(row.get_absolute_url()).content.decode()
    file = row.files.get()
    assert 'id="job-progress"' not in page and file.get_absolute_url() in page
    sent = b"".join(client.get(file.get_absolute_url()).streaming_content)
    assert sent.startswith(b"%PDF")
    assert row.get_absolute_url() in client.get(url("chain-detail", world.branch.pk)).content.decode()
    assert Notice.objects.filter(recipient=world.users["secretary"], message__kind="volume_ready").count() == 1
    assert AuditEntry.objects.filter(verb="minutes.volume.exported", by=world.users["secretary"]).count() == 1
    assert StoredFile.objects.count() == 1


def test_volume_of_a_year_without_seals_is_refused(world, waiting) -> None:
    year = sealed(world).held_on.year
    assert world.client("secretary").post(url("volume", world.branch.pk, year - 5)).status_code == 409
    assert not BoundVolume.objects.exists() and waiting == []


def test_volume_under_way_is_asked_for_once(world, waiting) -> None:
    row = asked(world)
    assert binding.ask_volume(world.branch, row.year, by=world.user("secretary")) == row and len(waiting) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        BoundVolume.objects.create(organization=world.branch, year=row.year, asked_by=world.users["secretary"])
    bind_volume(row.pk)
    assert binding.ask_volume(world.branch, row.year, by=world.user("secretary")) != row


def test_volumes_at_once_are_limited(world, waiting) -> None:
    row = asked(world)
    for year in range(2000, 2000 + binding.AT_ONCE - 1):
        BoundVolume.objects.create(organization=world.branch, year=year, asked_by=world.users["secretary"])
    BoundVolume.objects.filter(pk=row.pk).update(year=1999)
    with pytest.raises(RuleError, match="Several volumes"):
        binding.ask_volume(world.branch, row.year, by=world.user("secretary"))


def test_volume_says_how_far_it_is(world, waiting, monkeypatch) -> None:
    row = asked(world)
    monkeypatch.setattr(binding, "STEP", 1)
    seen = []
    read = binding.volume_of

    def watched(node, year, *, told):
        def both(done):
            told(done)
            seen.append(BoundVolume.objects.values_list("done", "total", "state").get())

        return read(node, year, told=both)

    monkeypatch.setattr(binding, "volume_of", watched)
    for days in (5, 6):
        sealed(world, days_ago=days)
    bind_volume(row.pk)
    assert seen == [(1, 3, "binding"), (2, 3, "binding"), (3, 3, "binding")]


def test_volume_is_for_its_asker_alone_as_long_as_the_duty_lasts(world, waiting) -> None:
    row = asked(world)
    bind_volume(row.pk)
    file = row.files.get()
    for name in ("college", "committee", "member", "contact"):
        assert world.client(name).get(row.get_absolute_url()).status_code == 404, name
        assert world.client(name).get(file.get_absolute_url()).status_code == 404, name
    secretary = world.user("secretary")
    dismiss(Appointment.objects.get(user=secretary, until=None), on=timezone.localdate(), by=None)
    forget_rights(secretary)
    assert not may(secretary, "view", row)


def test_volume_is_not_bound_for_one_whose_duty_ended(world, waiting) -> None:
    row = asked(world)
    dismiss(Appointment.objects.get(user=world.users["secretary"], until=None), on=timezone.localdate(), by=None)
    bind_volume(row.pk)
    row.refresh_from_db()
    assert (row.state, row.failure) == ("failed", "duty_ended") and not StoredFile.objects.exists()
    assert Notice.objects.filter(message__kind="volume_failed").count() == 1


def test_volume_that_cannot_be_kept_says_so_and_can_be_tried_again(world, waiting, monkeypatch) -> None:
    row = asked(world)

    def full(*args, **kwargs):
        raise RuleError("full")

    monkeypatch.setattr(binding, "store", full)
    bind_volume(row.pk)
    page = world.client("secretary").get(row.get_absolute_url()).content.decode()
    assert "storage is full" in page and "Try again" in page


def test_sweep_takes_up_what_a_dead_worker_left_and_gives_up_at_last(world, waiting) -> None:
    row = asked(world)
    waiting.clear()
    sweep_volumes()
    assert waiting == []
    BoundVolume.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    sweep_volumes()
    assert waiting == [row.pk]
    for _again in range(binding.ATTEMPTS):
        assert binding.claim(row.pk) is not None
        assert binding.claim(row.pk) is None
        BoundVolume.objects.update(claimed_at=timezone.now() - timedelta(minutes=6))
    sweep_volumes()
    row.refresh_from_db()
    assert (row.state, row.failure) == (VolumeState.FAILED, "gave_up")
    sweep_volumes()
    assert Notice.objects.filter(message__kind="volume_failed").count() == 1


def test_a_worker_that_lost_the_volume_leaves_no_file(world, waiting, monkeypatch) -> None:
    row = asked(world)
    render = binding.render

    def dropped_meanwhile(*args, **kwargs):
        BoundVolume.objects.filter(pk=row.pk).delete()
        return render(*args, **kwargs)

    monkeypatch.setattr(binding, "render", dropped_meanwhile)
    bind_volume(row.pk)
    assert not BoundVolume.objects.exists() and not StoredFile.objects.exists()


def test_volume_is_dropped_with_its_file(world, waiting, django_capture_on_commit_callbacks) -> None:
    row = asked(world)
    bind_volume(row.pk)
    name = row.files.get().file.name
    assert world.client("contact").post(url("volume-drop", row.pk)).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        assert world.client("secretary").post(url("volume-drop", row.pk)).status_code == 302
    assert not BoundVolume.objects.exists() and not StoredFile.objects.exists()
    assert not default_storage.exists(name)


def test_volumes_are_cleared_away_after_a_week(world, waiting) -> None:
    row = asked(world)
    bind_volume(row.pk)
    today = timezone.localdate()
    purge_daily(today + timedelta(days=binding.KEPT_DAYS))
    assert BoundVolume.objects.count() == 1
    purge_daily(today + timedelta(days=binding.KEPT_DAYS + 1))
    assert not BoundVolume.objects.exists() and not StoredFile.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "torn"}, {"state": "failed"}, {"failure": "nothing"}, {"done": 2}, {"state": "ready"},
        {"state": "failed", "failure": "mood"},
    ],
)  # fmt: skip
def test_half_a_volume_is_refused_by_the_database(world, waiting, fields) -> None:
    row = asked(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        BoundVolume.objects.filter(pk=row.pk).update(**fields)


def test_chain_list_shows_what_waits_in_each_branch(world) -> None:
    row = sealed(world)
    left = drafted(world, days_ago=4, title="Left open")
    client = world.client("college")
    page = client.get(f"{url('chain-list')}?year={row.held_on.year}").content.decode()
    assert url("chain-detail", world.branch.pk) in page and world.branch.name in page
    assert (f"{left.held_on}" in page) == (left.held_on.year == row.held_on.year)
    assert url("chain-list") in client.get(url("minutes-list")).content.decode()
    # Who keeps one branch alone needs no list of one.
    assert url("chain-detail", world.branch.pk) in world.client("secretary").get(url("minutes-list")).content.decode()
    assert url("chain-detail", world.branch.pk) not in world.client("neighbor").get(url("chain-list")).content.decode()
    assert world.client("contact").get(url("chain-list")).status_code == 403
    for query in ("year=x", "year=0", "year=99999999999999999999", "page=x", "page=-1", "year=%00"):
        assert client.get(f"{url('chain-list')}?{query}").status_code in (200, 400), query


@pytest.mark.parametrize("pk", [0, 2**31, 2**63, 10**25])
def test_volume_of_nothing_is_not_there(world, pk) -> None:
    assert world.client("secretary").get(url("volume-detail", pk)).status_code == 404
    assert world.client("secretary").post(url("volume-drop", pk)).status_code == 404
