"""The two samples from the upload to the undo."""

import pytest

from members.models import Member
from portal.accounts.models import User
from portal.audit.models import AuditEntry
from portal.encryption.crypto import blind_index
from portal.imports.models import ImportRow, ImportRun
from portal.organizations.models import Affiliation, Organization
from tests.portal.imports.lists import SAMPLES, confirmed, sample, undone

pytestmark = pytest.mark.django_db


def counts(run):
    return (run.state, run.new_count, run.changed_count, run.same_count, run.error_count)


def findings(run, number):
    row = ImportRow.objects.get(run=run, number=number)
    return [code for code, _column, _params in row.findings]


def test_roster_300_is_new_then_the_same_then_undone(bring):
    people, nodes = User.objects.count(), Organization.objects.count()
    run = bring(sample("roster-300.xlsx"))
    assert counts(run) == ("ready", 300, 0, 0, 0)
    assert len(run.proposals) == 24
    assert User.objects.count() == people

    run = confirmed(run)
    assert (run.state, run.applied_count, run.left_count) == ("done", 300, 0)
    assert User.objects.count() == people + 300
    assert Organization.objects.count() == nodes + 30
    member = Member.objects.select_related("user", "organization").get(user__number="20251600003")
    assert (member.name, member.standing, str(member.standing_since)) == ("吴秀春", "development_target", "2026-07-13")
    assert (member.id_no, member.mobile, member.contact_name) == ("320106200307013282", "17162743732", "蒋远洋")
    assert member.organization.name == "财经学院本科生第二党支部"
    assert Organization.objects.get_parent(member.organization).name == "财经学院党委"
    assert Member.objects.get(id_no_index=blind_index("320106200307013282")) == member
    place = Affiliation.objects.get(user=member.user, until=None)
    assert (place.organization_id, place.standing, str(place.since)) == (
        member.organization_id, "development_target", "2026-07-13",
    )  # fmt: skip
    assert not member.user.has_usable_password()
    assert AuditEntry.objects.filter(verb="members.imported").count() == 300

    again = bring(sample("roster-300.xlsx"))
    assert counts(again) == ("ready", 0, 0, 300, 0)
    assert again.proposals == []

    run = undone(run)
    assert (run.state, run.kept_count) == ("undone", 0)
    assert (User.objects.count(), Organization.objects.count()) == (people, nodes)
    assert AuditEntry.objects.filter(verb="members.import_undone").count() == 300


# row: what it must be told, by what was planted in the sample.
PLANTED = {
    **dict.fromkeys((40, 85, 86, 102, 113), "id_check_digit"),
    **dict.fromkeys((42, 142, 195), "days_out_of_order"),
    **dict.fromkeys((6, 19, 65, 70, 170, 174, 182, 197), "id_sex"),
    **dict.fromkeys((16, 17, 80, 104, 108, 183, 193), "formula"),
    **dict.fromkeys((17, 26, 52, 100), "repeated"),
    **dict.fromkeys((20, 142, 173, 194), "joined_but_not_member"),
    **dict.fromkeys((18, 43, 62), "converted_but_probationary"),
    **dict.fromkeys((27, 61, 75, 119, 120, 121, 142, 148), "taken_as_empty"),
    **dict.fromkeys((38, 48, 51, 66), "under_age"),
    129: "standing_from_days",
    172: "stage_day_missing",
}


def test_roster_messy_names_every_planted_fault(bring):
    run = bring(sample("roster-messy.xlsx"))
    assert counts(run) == ("ready", 180, 0, 3, 21)
    assert run.header_row == 2
    assert run.skipped == [[1, "above"], [208, "total"]]
    missed = {number: code for number, code in PLANTED.items() if code not in findings(run, number)}
    assert missed == {}
    assert ImportRow.objects.get(run=run, number=7).key == "T19915005"
    assert ImportRow.objects.get(run=run, number=6).label == "曾杰"
    assert ImportRow.objects.get(run=run, number=3).data["target_on"] == "2026-08-10"


def test_roster_messy_imported_twice_changes_nothing_more(bring):
    run = confirmed(bring(sample("roster-messy.xlsx")))
    assert (run.applied_count, run.left_count) == (180, 0)
    assert counts(bring(sample("roster-messy.xlsx"))) == ("ready", 0, 0, 183, 21)
    assert undone(run).kept_count == 0


def test_staged_rows_and_stored_file_hold_no_number_in_clear(bring, tmp_path):
    run = bring(sample("roster-300.xlsx"))
    dump = "".join(str(row) for row in ImportRow.objects.filter(run=run).values_list())
    assert "320106200307013282" not in dump
    assert "17162743732" not in dump
    assert "某市某区某路148号" not in dump
    stored = ImportRun.objects.get(pk=run.pk).file.read()
    assert (SAMPLES / "roster-300.xlsx").read_bytes()[:200] not in stored
    assert stored.startswith(b"v1:")
