from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from members.development import services
from members.development.models import CultivationContact, ShingleHash, ShowcaseEntry, ThoughtReport
from members.development.services.likeness import findings_for
from members.services import place
from portal.audit.services import history_of
from portal.drafts.services import draft_of, save_draft
from portal.notifications.models import Notice
from portal.web.refusals import RuleError

from .conftest import TEXT

CHINESE = "今年以来我认真学习了党的创新理论并且参加了学院组织的志愿服务活动，收获很大，体会很深，今后还要继续努力。"


def kinds_for(world, name):
    rows = Notice.objects.filter(recipient=world.users[name]).order_by("pk")
    return [kind for kind in rows.values_list("message__kind", flat=True) if kind != "contact_assigned"]


def test_report_goes_its_way_and_everyone_is_told(desk):
    report = desk.hand_in()
    assert kinds_for(desk.world, "contact") == ["thought_report_handed_in"]
    assert report.review.due_on == desk.today + timedelta(days=7)
    services.return_report(report, words="More.", by=desk.world.user("contact"))
    report = desk.hand_in(body=TEXT + "\nMore of it.")
    services.accept_report(report, words="Good.", by=desk.world.user("contact"))
    assert kinds_for(desk.world, "author") == ["thought_report_returned", "thought_report_accepted"]
    assert kinds_for(desk.world, "secretary") == []
    verbs = list(history_of(report).order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "development.report_handed_in", "development.report_returned",
        "development.report_handed_in", "development.report_accepted",
    ]  # fmt: skip


def test_without_contacts_those_whose_duty_it_is_are_told(desk):
    desk.hand_in("peer")
    assert kinds_for(desk.world, "secretary") == ["thought_report_handed_in"]
    assert kinds_for(desk.world, "neighbor") == []


def test_hand_in_discards_the_draft_and_a_double_click_adds_nothing(desk):
    author = desk.world.user("author")
    save_draft(author, f"thought-report.{desk.quarter}", {"body": TEXT}, version=0)
    report = desk.hand_in()
    services.hand_in(report, title="My quarter", body=TEXT, by=author, on=desk.today)
    assert draft_of(author, f"thought-report.{desk.quarter}") is None
    assert (report.review.versions.count(), kinds_for(desk.world, "contact")) == (1, ["thought_report_handed_in"])


def test_accepted_report_is_locked(desk):
    report = desk.accepted()
    with pytest.raises(RuleError):
        desk.hand_in(body="something new")
    with pytest.raises(RuleError):
        services.withdraw_report(report, by=desk.world.user("author"))
    with pytest.raises(RuleError):
        services.comment_on_report(report, paragraph=1, body="x", visibility="author", by=desk.world.user("contact"))


def test_standing_at_the_first_handing_in_is_kept(desk):
    report = desk.hand_in()
    services.return_report(report, words="More.", by=desk.world.user("contact"))
    place(
        desk.world.member("author"), desk.world.branch, standing="development_target", on=desk.today,
        by=desk.world.user("secretary"),
    )  # fmt: skip
    report = desk.hand_in(body="a new text")
    assert report.standing_at_submission == "activist"


@pytest.mark.parametrize("name", ["member", "applicant"])
def test_begin_report_refuses_those_who_do_not_write(desk, name):
    with pytest.raises(RuleError):
        desk.begin(name)


def test_begin_report_twice_is_one_report(desk):
    assert desk.begin().pk == desk.begin().pk


def test_hand_in_refuses_a_text_beyond_measure(desk):
    with pytest.raises(RuleError):
        desk.hand_in(body="长" * 20_001)
    assert ThoughtReport.objects.get().review.version_count == 0


def test_contact_of_another_branch_may_accompany_and_loses_the_reports_when_it_ends(desk):
    report = desk.hand_in()
    row = CultivationContact.objects.get()
    services.end_contact(row, by=desk.world.user("secretary"), on=desk.today)
    assert desk.world.client("contact").get(report.get_absolute_url()).status_code == 404
    with pytest.raises(RuleError):
        services.end_contact(row, by=desk.world.user("secretary"), on=desk.today)


def test_assign_contact_takes_two_and_no_third(desk):
    author, by = desk.world.member("author"), desk.world.user("secretary")
    services.assign_contact(author, desk.world.member("member"), by=by, on=desk.today)
    with pytest.raises(RuleError):
        services.assign_contact(author, desk.world.member("secretary"), by=by, on=desk.today)
    with pytest.raises(RuleError):
        services.assign_contact(desk.world.member("peer"), desk.world.member("probationary"), by=by, on=desk.today)
    assert author.contacts.current().count() == 2


@pytest.mark.parametrize(
    "broken",
    [{"place": 3}, {"until": "1999-01-01"}, {"contact": "person"}],
)
def test_database_refuses_a_broken_contact(desk, broken):
    row = CultivationContact.objects.get()
    if "contact" in broken:
        broken = {"contact_id": row.person_id}
    with pytest.raises(IntegrityError), transaction.atomic():
        CultivationContact.objects.filter(pk=row.pk).update(**broken)


@pytest.mark.parametrize(
    "broken",
    [{"quarter": 5}, {"year": 1}, {"likeness": 101}, {"first_submitted_on": None}, {"standing_at_submission": "x"}],
)
def test_database_refuses_a_broken_report(desk, broken):
    report = desk.hand_in()
    with pytest.raises(IntegrityError), transaction.atomic():
        ThoughtReport.objects.filter(pk=report.pk).update(**broken)


def test_database_refuses_a_second_report_of_a_quarter(desk):
    first, second = desk.hand_in(), desk.hand_in(quarter=desk.quarter.previous)
    with pytest.raises(IntegrityError), transaction.atomic():
        ThoughtReport.objects.filter(pk=second.pk).update(year=first.year, quarter=first.quarter)


def test_likeness_finds_copies_and_never_the_own_versions(desk):
    desk.hand_in("author", body=CHINESE)
    report = desk.hand_in("peer", body=f"我的开头。{CHINESE}")
    assert report.likeness > 80
    services.return_report(report, words="Own words, please.", by=desk.world.user("secretary"))
    report = desk.hand_in("peer", body="完全是自己的话，没有任何一句来自别人，只写自己的所思所想和所作所为。")
    assert report.likeness == 0
    assert ShingleHash.objects.filter(version__review=report.review).values("version").distinct().count() == 1
    found = findings_for(CHINESE, author_id=desk.world.member("target").pk, report_id=None)
    assert [(finding.own, finding.percent) for finding in found] == [(False, 100)]


def test_likeness_forgets_what_was_withdrawn(desk):
    report = desk.hand_in(body=CHINESE)
    services.withdraw_report(report, by=desk.world.user("author"))
    assert findings_for(CHINESE, author_id=0, report_id=None) == []


def test_showcase_needs_an_accepted_report_consent_and_is_proposed_once(desk):
    contact, author = desk.world.user("contact"), desk.world.user("author")
    report = desk.hand_in()
    with pytest.raises(RuleError):
        services.propose_for_showcase(report, words="", by=contact)
    services.accept_report(report, words="Good.", by=contact)
    entry = services.propose_for_showcase(report, words="", by=contact)
    with pytest.raises(RuleError):
        services.propose_for_showcase(report, words="", by=contact)
    with pytest.raises(RuleError):
        services.publish_showcase(entry, by=desk.world.user("secretary"), on=desk.today)
    with pytest.raises(IntegrityError), transaction.atomic():
        ShowcaseEntry.objects.filter(pk=entry.pk).update(state="published")
    services.decline_showcase(entry, by=author)
    with pytest.raises(RuleError):
        services.consent_to_showcase(entry, title="T", body="B", is_named=True, by=author)
