"""Resolutions change hands, are postponed, struck: those concerned are told, and what is sealed stays as it was."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from members.minutes import services
from members.minutes.models import Minutes, Resolution
from members.minutes.queries.content import check_chain
from portal.notifications.models import Notice
from portal.web.refusals import RuleError

from .way import drafted, sealed

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"members:minutes:{name}", args=args)


def resolution(world) -> Resolution:
    minutes = drafted(world)
    return services.resolve(
        minutes, words="Visit the museum", owner=world.user("contact"), due_on=timezone.localdate(),
        by=minutes.recorder,
    )  # fmt: skip


def told(world, name: str, kind: str) -> int:
    return Notice.objects.filter(recipient=world.users[name], message__kind=kind).count()


def test_resolution_is_handed_over_and_postponed_with_its_reason(world) -> None:
    row = resolution(world)
    minutes = sealed(world, Minutes.objects.get())
    later = timezone.localdate() + timedelta(days=10)
    sent = {"owner": world.users["probationary"].pk, "due_on": f"{later}", "words": "Contact is ill."}
    client = world.client("secretary")
    assert b"Hand over or postpone" in client.get(row.get_absolute_url()).content
    assert client.post(url("resolution-change", row.pk), sent).status_code == 302
    row.refresh_from_db()
    assert (row.owner, row.due_on, row.state) == (world.users["probationary"], later, "open")
    note = row.notes.get().words
    assert "Contact" in note and "Probationary" in note and f"{later}" in note and "Contact is ill." in note
    assert [told(world, name, "resolution_changed") for name in ("contact", "probationary", "secretary")] == [1, 1, 0]
    minutes.refresh_from_db()
    assert minutes.facts["resolutions"][0]["owner"] == "Contact" and check_chain(world.branch).holds
    assert services.remind(later + timedelta(days=1)) and told(world, "probationary", "resolution_late") == 1


def test_resolution_is_not_changed_by_its_owner_alone(world) -> None:
    row = resolution(world)
    owner = world.client("contact")
    assert b"Hand over or postpone" not in owner.get(row.get_absolute_url()).content
    assert owner.get(url("resolution-change", row.pk)).status_code == 403
    assert owner.post(url("resolution-change", row.pk), {"words": "More time"}).status_code == 403


@pytest.mark.parametrize(
    "fields",
    [
        {"words": ""}, {"words": " "}, {"words": "x" * 501}, {"due_on": "1999-01-01"}, {"due_on": "2026-02-30"},
        {"owner": "0"}, {"owner": "x"}, {"owner": ""}, {},
    ],
)  # fmt: skip
def test_resolution_change_refuses_bad_input(world, fields) -> None:
    row = resolution(world)
    later = "" if fields else f"{row.due_on}"
    sent = {"owner": str(row.owner_id), "due_on": later or f"{row.due_on + timedelta(days=3)}", "words": "Why"} | fields
    page = world.client("secretary").post(url("resolution-change", row.pk), sent)
    assert page.status_code == 200
    after = Resolution.objects.get()
    assert (after.owner_id, after.due_on) == (row.owner_id, row.due_on) and not after.notes.exists()


def test_resolution_goes_to_nobody_outside_nor_to_a_closed_account(world) -> None:
    row = resolution(world)
    sent = {"owner": world.users["neighbor"].pk, "due_on": f"{row.due_on}", "words": "Why"}
    assert world.client("secretary").post(url("resolution-change", row.pk), sent).status_code == 200
    gone = world.user("probationary")
    gone.is_active = False
    gone.save()
    with pytest.raises(RuleError, match="closed"):
        services.change(row, owner=gone, due_on=row.due_on, words="Why", by=world.user("secretary"))
    assert Resolution.objects.get().owner_id == row.owner_id


def test_closed_resolution_is_not_changed(world) -> None:
    row = resolution(world)
    services.close(row, state="done", words="", by=row.owner, on=timezone.localdate())
    assert world.client("secretary").get(url("resolution-change", row.pk)).status_code == 409
    with pytest.raises(RuleError, match="closed"):
        services.change(
            row, owner=world.user("member"), due_on=row.due_on, words="Why", by=world.user("secretary")
        )


def test_owner_of_a_struck_resolution_is_told(world) -> None:
    row = resolution(world)
    services.strike(row, by=world.user("member"))
    notice = Notice.objects.get(recipient=world.users["contact"], message__kind="resolution_struck")
    assert world.client("contact").get(notice.message.url).status_code == 200
    assert told(world, "member", "resolution_struck") == 0
