"""The roster against what the portal knows: places, rights, differences, undo."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from members.models import Member
from members.services import update_archive
from portal.accounts.models import User
from portal.audit.models import AuditEntry
from portal.imports import services
from portal.imports.models import ImportRow
from portal.organizations.models import Affiliation, Organization
from tests.portal.imports.lists import HEADINGS, book, confirmed, undone, worked

pytestmark = pytest.mark.django_db


def found(run, number=2):
    row = ImportRow.objects.get(run=run, number=number)
    return row.outcome, [code for code, _column, _params in row.findings]


def secretary_brings(bring, *rows):
    return bring(book(HEADINGS, *rows), by="secretary", place="branch")


@pytest.mark.parametrize(
    ("changes", "outcome", "findings"),
    [
        ({}, "new", []),
        ({"所在党支部": "The branch"}, "new", []),
        ({"所在党支部": "sibling"}, "error", ["unit_outside"]),
        ({"所在党支部": "财经学院教工第一党支部"}, "error", ["unit_unknown"]),
        ({"所在党支部": "branche"}, "error", ["unit_alike"]),
        ({"学号": "20240012"}, "error", ["person_elsewhere"]),
        ({"学号": "20240020"}, "error", ["person_elsewhere"]),
        ({"电子邮箱": "PEER@example.org"}, "new", ["email_of_other"]),
    ],
)
def test_roster_of_a_branch_stays_in_the_branch(world, bring, roster_row, changes, outcome, findings):
    # 20240012 belongs to the sibling branch; 20240020 is an account that belongs nowhere.
    assert world.users["stranger"].number == "20240012"
    assert world.users["outsider"].number == "20240020"
    run = secretary_brings(bring, roster_row(**changes))
    assert found(run) == (outcome, findings)


def test_person_elsewhere_reveals_nothing(bring, roster_row):
    run = secretary_brings(bring, roster_row(学号="20240012"))
    row = ImportRow.objects.get(run=run)
    assert (row.diff, row.object_id) == ({}, None)
    assert "Stranger" not in str(row.findings)


def test_identity_number_of_another_is_an_error(world, bring, roster_row):
    member = world.member("stranger")
    update_archive(member, {"id_no": "11010519491231002X"}, version=member.version, by=world.user("committee"))
    assert found(secretary_brings(bring, roster_row())) == ("error", ["id_of_other"])


@pytest.mark.parametrize(
    ("second", "outcome", "findings"),
    [
        ({}, "same", ["repeated"]),
        ({"备注": "other"}, "error", ["repeated_differently", "id_repeated", "email_repeated"]),
        ({"学号": "20260002"}, "error", ["id_repeated", "email_repeated"]),
        ({"学号": "20260002", "公民身份号码": ""}, "new", ["email_repeated"]),
    ],
)
def test_rows_are_compared_with_each_other(bring, roster_row, second, outcome, findings):
    run = secretary_brings(bring, roster_row(), roster_row(**second))
    assert found(run, 3) == (outcome, findings)


def test_changes_are_shown_field_by_field_and_undone(world, bring, roster_row):
    confirmed(secretary_brings(bring, roster_row()))
    Affiliation.objects.filter(user__number="20260001").update(since=date(2025, 9, 1))
    changes = {"姓名": "张改名", "政治面貌": "发展对象", "手机号码": "13900000002", "备注": "n"}
    run = secretary_brings(bring, roster_row(**changes))
    row = ImportRow.objects.get(run=run)
    assert row.outcome == "changed"
    assert sorted(row.diff) == ["mobile", "name", "notes", "standing"]
    assert row.diff["standing"] == ["activist", "development_target"]
    assert "13900000002" not in str(row.diff)
    run = confirmed(run)
    member = Member.objects.select_related("user").get(user__number="20260001")
    assert (member.user.name, member.mobile, member.notes, member.standing) == (
        "张改名", "13900000002", "n", "development_target",
    )  # fmt: skip
    places = Affiliation.objects.filter(user=member.user).order_by("since")
    assert [(place.standing, place.until) for place in places] == [
        ("activist", timezone.localdate() - timedelta(days=1)), ("development_target", None),
    ]  # fmt: skip
    entry = AuditEntry.objects.get(verb="members.changed_by_import")
    assert entry.changes["mobile"] == ["138****0001", "139****0002"]
    assert entry.changes["name"] == ["张示例", "张改名"]

    run = undone(run)
    assert run.kept_count == 0
    member = Member.objects.select_related("user").get(pk=member.pk)
    assert (member.user.name, member.mobile, member.notes, member.standing) == ("张示例", "13800000001", "", "activist")
    assert [place.until for place in Affiliation.objects.filter(user=member.user)] == [None]


def test_empty_cells_leave_what_is_known(bring, roster_row):
    confirmed(secretary_brings(bring, roster_row()))
    run = secretary_brings(bring, roster_row(手机号码="", 公民身份号码="", 电子邮箱="", 申请入党日期=""))
    assert found(run) == ("same", [])


def test_move_within_the_scope_is_marked(world, bring, roster_row):
    confirmed(bring(book(HEADINGS, roster_row())))
    run = bring(book(HEADINGS, roster_row(所在党支部="sibling")))
    assert found(run) == ("changed", ["moves"])
    confirmed(run)
    assert Member.objects.get(user__number="20260001").organization_id == world.nodes["sibling"].pk


def test_undo_keeps_what_changed_since_and_who_is_in_use(world, bring, roster_row):
    other = roster_row(学号="20260002", 公民身份号码="", 电子邮箱="", 手机号码="")
    run = confirmed(secretary_brings(bring, roster_row(), other))
    member = Member.objects.get(user__number="20260001")
    update_archive(member, {"notes": "edited"}, version=member.version, by=world.user("secretary"))
    run = undone(run)
    assert run.kept_count == 1
    assert Member.objects.filter(user__number="20260001").exists()
    assert not User.objects.filter(number="20260002").exists()
    assert ImportRow.objects.get(run=run, number=2).note[0] == "kept_in_use"


def test_preview_that_is_out_of_date_is_left_out(world, bring, roster_row):
    first = secretary_brings(bring, roster_row())
    second = secretary_brings(bring, roster_row())
    confirmed(first)
    second = confirmed(second)
    assert (second.applied_count, second.left_count) == (0, 1)
    assert ImportRow.objects.get(run=second).note[0] == "changed_since"


def test_all_or_none_writes_none_when_a_row_falls_out(world, bring, roster_row):
    first = secretary_brings(bring, roster_row())
    other = roster_row(学号="20260002", 公民身份号码="", 电子邮箱="")
    second = secretary_brings(bring, other, roster_row())
    confirmed(first)
    second = confirmed(second, take="all")
    assert (second.state, second.failure[0]) == ("ready", "errors_left")
    assert not User.objects.filter(number="20260002").exists()


def test_all_or_none_is_refused_while_a_row_has_an_error(bring, roster_row):
    run = secretary_brings(bring, roster_row(), roster_row(学号=""))
    with pytest.raises(ValidationError):
        services.confirm(run, take="all", chosen=[], by=run.by)


def test_clean_rows_only(bring, roster_row):
    odd = roster_row(学号="20260002", 公民身份号码="", 电子邮箱="", 政治面貌="中共党员")
    run = confirmed(secretary_brings(bring, roster_row(), odd), take="clean")
    assert (run.applied_count, run.total) == (1, 2)
    assert not User.objects.filter(number="20260002").exists()


def test_branches_that_are_not_agreed_to_leave_their_rows_out(world, bring, roster_row):
    nodes = Organization.objects.count()
    other = roster_row(学号="20260002", 公民身份号码="", 电子邮箱="", 所在党支部="法学院本科生党支部")
    run = confirmed(bring(book(HEADINGS, roster_row(), other)), chosen=[])
    assert (run.applied_count, run.left_count, Organization.objects.count()) == (1, 1, nodes)
    assert ImportRow.objects.get(run=run, number=3).note[0] == "unit_not_created"


def test_duty_that_ended_stops_the_work(world, bring, roster_row):
    from portal.organizations.models import Appointment
    from portal.organizations.services import dismiss

    run = secretary_brings(bring, roster_row())
    services.confirm(run, take="valid", chosen=[], by=run.by)
    post = Appointment.objects.get(user=world.users["secretary"], ended_at=None)
    dismiss(post, on=timezone.localdate(), by=None)
    run = worked(run)
    assert (run.state, run.failure[0]) == ("failed", "duty_ended")
    assert not User.objects.filter(number="20260001").exists()


def test_address_of_an_account_in_use_is_never_taken_over(world, bring, roster_row):
    User.objects.filter(number="20240004").update(password="md5$used")  # the committee's own college staff
    number = world.users["author"].number
    User.objects.filter(number=number).update(password="md5$used")
    row = roster_row(
        学号=number, 姓名="Author", 公民身份号码="", 电子邮箱="thief@example.org", 申请入党日期="", 确定积极分子日期=""
    )
    run = secretary_brings(bring, row)
    assert "email_kept" in found(run)[1]
    confirmed(run)
    assert User.objects.get(number=number).email == "author@example.org"
