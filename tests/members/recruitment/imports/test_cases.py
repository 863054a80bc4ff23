"""Running cases from lists: what is found in them, what is written, and how it is taken back."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.development.models import CultivationContact
from members.models import Member
from members.recruitment import services as recruitment
from members.recruitment.engine.details import Heard, InspectionFact, OpinionsFact
from members.recruitment.models import Ballot, Batch, Case, CaseState, ClosedReason, Paper, Sponsor, StepRecord
from members.recruitment.queries import own_way
from portal.audit.models import AuditEntry
from portal.imports.headings import bare
from portal.imports.models import ImportRow, ImportRun
from portal.imports.registry import kinds
from portal.organizations.models import Standing
from tests.factories.people import make_member
from tests.portal.imports.lists import confirmed, media, undone, worked  # noqa: F401

from .cases import ADMITTED, CONVERTED, TARGET, brought, codes_of, listed, outcome_of, row, settle_archives

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _archives(world):
    settle_archives(world)


def test_a_lawful_file_is_taken_over_with_its_days(world):
    run = confirmed(brought(world, row(world)))
    assert (run.applied_count, run.left_count) == (1, 0)
    case = Case.objects.get(person=world.member("author"))
    assert (case.state, case.organization_id, case.edition, case.opened_on, case.version) == (
        "open", world.branch.pk, "recruitment-2014", date(2025, 3, 3), 1,
    )  # fmt: skip
    assert (case.stage, case.standing, case.current_step) == ("target", "activist", "propose_target")
    assert [(fact.step, str(fact.on), fact.role) for fact in case.records.order_by("on", "pk")] == [
        ("apply", "2025-03-03", "branch"),
        ("talk", "2025-03-20", "branch"),
        ("nominate", "2025-06-10", "branch"),
        ("file_activist", "2025-06-20", "superior"),
        ("assign_contacts", "2025-06-21", "branch"),
        ("cultivate", "2025-12-01", "branch"),
        ("cultivate", "2026-06-01", "branch"),
    ]
    batch = Batch.objects.get(kind="takeover")
    assert set(case.records.values_list("recorded_by", "batch")) == {(world.users["college"].pk, batch.pk)}
    member = world.member("author")
    assert (member.application_on, member.activist_on, member.target_on) == (date(2025, 3, 3), date(2025, 6, 10), None)
    assert (member.standing, member.standing_since) == (Standing.ACTIVIST, world.since)
    contacts = CultivationContact.objects.current().filter(person=member)
    assert {(contact.contact.name, str(contact.since)) for contact in contacts} == {
        ("Contact", "2025-06-21"), ("Member", "2025-06-21"),
    }  # fmt: skip
    papers = Paper.objects.filter(record__case=case).order_by("pk").values_list("kind", "record__step", "dated_on")
    assert [(kind, step) for kind, step, _day in papers] == [
        ("application_letter", "apply"), ("talk_record", "talk"), ("recommendation", "nominate"),
        ("committee_minutes", "nominate"), ("activist_filing", "file_activist"),
    ]  # fmt: skip
    entry = AuditEntry.objects.get(verb="recruitment.taken_over")
    assert (entry.by_id, entry.about_id, entry.changes["nominate"]) == (
        world.users["college"].pk, member.user_id, ["", "2025-06-10"],
    )  # fmt: skip


def test_a_lawful_file_finds_nothing_and_tells_the_papers_that_lack(world):
    run = brought(world, row(world), row(world, "target", TARGET))
    assert (run.new_count, run.suspicious_count, run.error_count) == (2, 0, 0)
    assert codes_of(run) == codes_of(run, 3) == set()
    found = {code: params for code, _column, params in ImportRow.objects.get(run=run, number=2).findings}
    assert found["papers_missing"]["lacking"] == [["assign_contacts", "contact_assignment"]]
    assert found["proves"] == {"standing_code": "activist", "step_code": "propose_target"}
    words = [said.text for said in run.spec.words(ImportRow.objects.get(run=run, number=3).findings)]
    assert any("Sponsors" in text and "Political review" in text for text in words)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        # Read
        ({"applied_on": ""}, {"application_missing"}),
        ({"applied_on": "2025-02-30"}, {"day_unreadable"}),
        ({"applied_on": "2025-03"}, {"day_month_only"}),
        ({"inspections": "2025-12-01、soon"}, {"day_unreadable"}),
        ({"activist_votes": "5"}, {"votes_unreadable"}),
        ({"due": "ten"}, {"number_unreadable"}),
        ({"by_league": "自荐"}, {"choice_unknown"}),
        ({"applied_on": "1905-01-01"}, {"cannot_hold"}),
        # Who
        ({"number": "99999999"}, {"person_unknown"}),
        ({"name": "Peer"}, {"name_differs"}),
        ({"contacts": "Nobody"}, {"named_unknown"}),
        ({"contacts": "Contact、Contact"}, {"rule_contact_twice"}),
        ({"contacts": "Author"}, {"rule_contact_self"}),
        ({"contacts": "Contact、Member、Secretary"}, {"rule_contacts_count"}),
        # Days
        ({"talk_on": "2099-01-01"}, {"rule_future"}),
        ({"recommended_on": "2025-07-01"}, {"rule_dates"}),
        ({"received_on": "2025-03-01"}, {"rule_dates"}),
        ({"talk_on": "2025-06-12"}, {"rule_later"}),
        ({"activist_on": "2025-03-10", "recommended_on": "2025-03-09"}, {"rule_later"}),
        ({"filed_on": "2025-06-09"}, {"rule_later"}),
        # Votes
        ({"activist_votes": "5/6/5/1/0"}, {"rule_present_over_due"}),
        ({"activist_votes": "5/5/5/1/0"}, {"rule_count_sums"}),
        ({"activist_votes": "5/2/2"}, {"rule_committee_quorum"}),
        ({"activist_votes": "7/5/3/2/0"}, {"rule_committee_majority"}),
        # What the portal knows
        ({"target_on": "2026-06-15", "consent_on": "2026-06-20"}, {"standing_behind"}),
    ],
)
def test_a_row_that_cannot_be_true_is_kept_out(world, changes, found):
    run = brought(world, row(world, **changes))
    assert outcome_of(run) == "error"
    assert found <= codes_of(run)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"talk_on": "2025-05-20"}, {"rule_talk_late"}),
        ({"by_league": "党员推荐"}, set()),
        ({"activist_votes": ""}, {"rule_count_missing"}),
        ({"contacts": "Target"}, {"rule_contact_not_full"}),
        ({"talker": ""}, {"incomplete", "not_told", "paper_alone"}),
        ({"contacts_on": ""}, {"incomplete"}),
        ({"applied_on": "2022-03-03"}, {"rule_age", "rule_talk_late"}),
        ({"papers": "入党申请书、日记"}, {"paper_unknown"}),
        ({"papers": "入党志愿书"}, {"paper_alone"}),
        ({"unit": "sibling"}, {"unit_differs"}),
        ({"unit": "branch"}, set()),
        ({"papers": "齐全"}, set()),
    ],
)
def test_the_past_that_broke_a_rule_is_shown_and_taken_over(world, changes, found):
    run = brought(world, row(world, **changes))
    assert (outcome_of(run), codes_of(run)) == ("new", found)
    assert confirmed(run).applied_count == 1


@pytest.mark.parametrize(
    ("changes", "outcome", "found"),
    [
        ({}, "new", set()),
        ({"present": "5", "yes": "5", "no": "", "abstain": ""}, "error", {"rule_quorum"}),
        ({"yes": "5", "no": "3", "abstain": "1"}, "error", {"rule_majority"}),
        ({"yes": "8", "no": "3"}, "error", {"rule_count_sums"}),
        ({"present": "11", "yes": "11", "no": "", "abstain": ""}, "error", {"rule_present_over_due"}),
        ({"sponsors": "Contact、Contact"}, "error", {"rule_sponsor_twice"}),
        ({"sponsors": "Contact"}, "error", {"rule_sponsors_count"}),
        ({"sponsors": "Contact、Target"}, "new", {"rule_sponsor_not_full"}),
        ({"superior_talker": "Contact"}, "new", {"rule_talker_sponsors"}),
        ({"admission_result_on": "2026-10-19"}, "error", {"rule_publicity_running"}),
        ({"admission_from": "", "admission_to": "", "admission_result_on": ""}, "new", {"rule_publicity_missing"}),
        ({"opinions_on": ""}, "new", {"rule_part"}),
        ({"political_on": ""}, "new", {"not_told"}),
        ({"training_to": "2026-10-02", "training_from": "2026-10-01"}, "error", {"rule_later"}),
        ({"approved_on": "2026-11-06", "congress_on": "2026-11-10"}, "error", {"rule_later"}),
        ({"admission_result_on": "2026-10-22"}, "error", {"rule_later"}),
        ({"due": "", "present": "", "yes": "", "no": "", "abstain": ""}, "new", {"rule_count_missing"}),
    ],
)
def test_an_admission_is_examined_with_its_arithmetic(world, changes, outcome, found):
    run = brought(world, row(world, "probationary", ADMITTED, **changes))
    assert outcome_of(run) == outcome
    assert found <= codes_of(run)
    assert found or codes_of(run) == set()


def test_an_admission_taken_over_holds_its_count_and_the_terms_that_follow(world):
    confirmed(brought(world, row(world, "probationary", ADMITTED)))
    case = Case.objects.get()
    ballot = Ballot.objects.get(record__case=case)
    assert (ballot.due, ballot.present, ballot.yes, ballot.no, ballot.abstain) == (10, 9, 8, 0, 1)
    approval = case.records.get(step="approve").details
    assert (approval["probation_from"], approval["probation_to"]) == ("2026-10-21", "2027-10-20")
    assert (case.standing, case.stage, case.probation_ends_on) == ("probationary", "probation", date(2027, 10, 21))
    assert world.member("probationary").joined_on == date(2026, 10, 21)


def test_a_congress_without_its_numbers_stays_without_a_count(world):
    changes = dict.fromkeys(("due", "present", "yes", "no", "abstain"), "")
    confirmed(brought(world, row(world, "probationary", ADMITTED, **changes)))
    assert Ballot.objects.count() == 0
    assert Case.objects.get().records.get(kind="ballot").details["yes"] is None


def test_a_full_member_comes_in_only_with_a_file_that_proves_it(world):
    person = make_member(world.branch, Standing.FULL_MEMBER, on=world.since, birth_date=date(2000, 1, 1))
    whole = row(world, base=CONVERTED, number=person.number, name=person.name)
    half = {code: value for code, value in whole.items() if not code.startswith("convert_approv")}
    assert "full_member" in codes_of(brought(world, half))
    run = brought(world, whole)
    assert (outcome_of(run), codes_of(run)) == ("new", set())
    confirmed(run)
    case = Case.objects.get()
    assert (case.state, case.standing, case.current_step) == ("open", "full_member", "archive")
    person.refresh_from_db()
    assert (person.joined_on, person.converted_on) == (date(2022, 10, 26), date(2023, 10, 26))


def test_an_extension_is_taken_over_as_it_was_resolved(world):
    changes = {
        "name": "Probationary", "convert_outcome": "延长预备期", "convert_months": "6",
    }  # fmt: skip
    confirmed(brought(world, row(world, "probationary", CONVERTED, **changes)))
    case = Case.objects.get()
    assert (case.standing, case.probation_ends_on) == ("probationary", date(2024, 4, 26))
    assert case.records.get(step="convert_approve").details["outcome"] == "extended"


def test_cultivation_that_was_too_short_names_its_article(world):
    run = brought(world, row(world, "target", TARGET, opinions_on="2026-01-08", target_on="2026-01-10"))
    assert {"rule_cultivation_short"} <= codes_of(run)
    words = next(said for said in run.spec.words(ImportRow.objects.get(run=run).findings) if "12" in said.text)
    assert "2026-06-10" in words.text
    assert "13" in words.text


def test_the_archive_of_a_person_never_contradicts_itself(world):
    Member.objects.filter(user=world.users["author"]).update(target_on=date(2025, 4, 1))
    assert "archive_days" in codes_of(brought(world, row(world)))
    Member.objects.filter(user=world.users["author"]).update(target_on=None, application_on=date(2025, 3, 1))
    run = brought(world, row(world))
    assert codes_of(run) == {"archive_differs"}
    confirmed(run)
    assert world.member("author").application_on == date(2025, 3, 3)


@pytest.mark.parametrize(
    ("by", "place", "who", "base", "found"),
    [
        ("secretary", "branch", "author", None, {"filing_left", "not_told"}),
        ("secretary", "branch", "target", TARGET, {"filing_left", "not_told", "superior_needed"}),
        ("secretary", "branch", "stranger", None, {"person_unknown"}),
        ("neighbor", "sibling", "author", None, {"person_unknown"}),
        ("college", "unit", "target", TARGET, set()),
        ("committee", "root", "author", None, set()),
    ],
)
def test_each_side_takes_over_what_it_decided(world, by, place, who, base, found):
    changes = {"name": who.capitalize()}
    assert codes_of(brought(world, row(world, who, base, **changes), by=by, place=place)) == found


def test_nobody_takes_the_own_case_over(world):
    changes = {"name": "Secretary", "filed_on": "", "contacts": "", "talker": "Contact"}
    Member.objects.filter(user=world.users["secretary"]).update(standing=Standing.ACTIVIST)
    run = brought(world, row(world, "secretary", **changes), by="secretary", place="branch")
    assert "rule_own_case" in codes_of(run)


def test_who_keeps_no_recruitment_is_not_offered_the_list(world):
    kind = kinds.get("recruitment-cases")
    offered = {name for name in world.users if kind.offered_to(world.user(name))}
    assert offered == {"secretary", "neighbor", "committee", "college"}


def test_the_same_list_again_changes_nothing(world):
    confirmed(brought(world, row(world), row(world, "target", TARGET)))
    written = StepRecord.objects.count()
    again = brought(world, row(world), row(world, "target", TARGET))
    assert (again.new_count, again.same_count, again.error_count) == (0, 2, 0)
    assert codes_of(again) == {"case_known"}
    assert StepRecord.objects.count() == written


def test_a_running_case_is_told_and_left_alone(world):
    confirmed(brought(world, row(world)))
    run = brought(world, row(world, talk_on="2025-03-25"))
    assert (outcome_of(run), "case_present" in codes_of(run)) == ("error", True)


def test_one_person_twice_in_a_list_is_taken_once(world):
    run = brought(world, row(world), row(world))
    assert (outcome_of(run), outcome_of(run, 3), codes_of(run, 3)) == ("new", "error", {"repeated"})


def test_what_changed_since_the_preview_is_left_out(world):
    first, second = brought(world, row(world)), brought(world, row(world, talk_on="2025-03-25"))
    confirmed(first)
    second = confirmed(second)
    assert (second.applied_count, second.left_count, Case.objects.count()) == (0, 1, 1)


def test_a_list_taken_back_leaves_no_open_case_and_the_archive_as_it_was(world):
    made = CultivationContact.objects.create(
        person=world.member("target"), contact=world.member("contact"), place=1, since=date(2025, 12, 1)
    )
    run = confirmed(brought(world, row(world), row(world, "target", TARGET)))
    assert Sponsor.objects.filter(case__person=world.member("target")).count() == 2
    made.refresh_from_db()
    assert made.since == date(2025, 6, 21)

    run = undone(run)
    assert (run.state, run.kept_count) == ("undone", 0)
    assert set(Case.objects.values_list("state", "closed_reason", "next_due")) == {("closed", "undone", None)}
    member = world.member("author")
    assert (member.application_on, member.activist_on) == (None, None)
    contacts = CultivationContact.objects.values_list("pk", "since")
    assert list(contacts) == [(made.pk, date(2025, 12, 1))]
    assert (Paper.objects.count(), Sponsor.objects.count()) == (0, 0)
    assert own_way(world.user("author")) is None
    assert StepRecord.objects.exists()
    assert not StepRecord.objects.valid().exists()
    # And the same list comes in anew.
    assert confirmed(brought(world, row(world))).applied_count == 1
    assert Case.objects.open().count() == 1


def test_undo_keeps_the_cases_with_which_somebody_has_gone_on(world):
    run = confirmed(brought(world, row(world), row(world, "target", TARGET)))
    case = Case.objects.get(person=world.member("author"))
    recruitment.record(
        case, "cultivate", on=date(2026, 7, 1), details=InspectionFact(), by=world.user("secretary")
    )
    run = undone(run)
    assert run.kept_count == 1
    case.refresh_from_db()
    assert (case.state, case.records.count()) == ("open", 8)
    assert world.member("author").activist_on == date(2025, 6, 10)
    assert ImportRow.objects.get(run=run, number=2).note[0] == "kept_in_use"


def test_only_a_list_ends_a_case_as_undone(world):
    from portal.web.refusals import RuleError

    confirmed(brought(world, row(world)))
    case = Case.objects.get()
    with pytest.raises(RuleError):
        recruitment.close(
            case, reason=ClosedReason.UNDONE, on=date(2026, 7, 1), words="w", by=world.user("secretary")
        )
    assert Case.objects.get().state == CaseState.OPEN


def test_a_case_taken_over_goes_on_by_the_services(world):
    confirmed(brought(world, row(world)))
    case = Case.objects.get()
    recruitment.record(
        case, "cultivate", on=date(2026, 7, 1), details=InspectionFact("good"), by=world.user("secretary")
    )
    recruitment.record(
        case, "propose_target", on=date(2026, 7, 2), details=OpinionsFact(tuple(Heard)), by=world.user("secretary")
    )
    case.refresh_from_db()
    assert (case.version, case.current_step, case.records.latest("pk").batch) == (3, "propose_target", None)


@pytest.mark.parametrize("number", [2, 9])
def test_checking_writing_and_taking_back_take_the_same_queries_for_any_number_of_rows(world, number):
    rows = []
    for place in range(number):
        member = make_member(world.branch, Standing.ACTIVIST, on=world.since, birth_date=date(2004, 5, 1))
        rows.append(row(world, number=member.number, name=member.name, place=place))
    run = brought(world, *rows)
    checker, source = run.spec.checker(ImportRun.objects.get(pk=run.pk)), _source(run, rows)
    with CaptureQueriesContext(connection) as checking:
        staged = checker.check(source)
    assert {each.outcome for each in staged} == {"new"}
    run.spec.prepare(run)
    staged_rows = list(ImportRow.objects.filter(run=run).order_by("number"))
    with CaptureQueriesContext(connection) as writing:
        run.spec.apply(run, staged_rows)
    assert Case.objects.count() == number
    written = {each.object_id: each.written for each in staged_rows}
    with CaptureQueriesContext(connection) as taking_back:
        recruitment.take_back(written, batch=Batch.objects.get(), by=run.by)
    # PostgreSQL updates a set by way of a temporary table: three statements more.
    more = 3 if connection.vendor == "postgresql" else 0
    assert (len(checking), len(writing), len(taking_back)) == (25, 52 + more, 36 + more)


@pytest.mark.parametrize("number", [2, 9])
def test_the_report_takes_the_same_queries_for_any_number_of_files(world, django_assert_num_queries, number):
    rows = []
    for _place in range(number):
        member = make_member(world.branch, Standing.ACTIVIST, on=world.since, birth_date=date(2004, 5, 1))
        rows.append(row(world, number=member.number, name=member.name))
    confirmed(brought(world, *rows))
    report = reverse("members:recruitment:takeover-detail", args=[Batch.objects.get().pk])
    client = world.client("college")
    client.get(report)
    with django_assert_num_queries(19):
        client.get(report)


def _source(run, rows):
    from portal.imports.registry import SourceRows

    codes = [code for code in run.mapping if code]
    return SourceRows(
        list(range(2, len(rows) + 2)), {code: [values.get(code, "") for values in rows] for code in codes}
    )


def test_headings_of_the_list_never_mean_two_things():
    names = [bare(name) for column in kinds.get("recruitment-cases").columns for name in
             (column.heading, *column.synonyms)]  # fmt: skip
    assert sorted(names) == sorted(set(names))


def test_the_whole_way_by_pages(world):
    client = world.client("college")
    template = client.get(reverse("imports:template", args=["recruitment-cases"]))
    assert template.status_code == 200
    assert client.get(reverse("members:recruitment:takeover-list")).status_code == 200
    upload = listed(row(world), row(world, "target", TARGET))
    answer = client.post(
        reverse("imports:list"), {"kind": "recruitment-cases", "organization": world.unit.pk, "file": upload}
    )
    run = worked(ImportRun.objects.get())
    assert answer["Location"] == reverse("imports:run", args=[run.pk])
    preview = client.get(answer["Location"])
    assert "Author" in preview.content.decode()
    client.post(reverse("imports:confirm", args=[run.pk]), {"take": "valid"})
    run = worked(run)
    batch = Batch.objects.get()
    report = reverse("members:recruitment:takeover-detail", args=[batch.pk])
    assert report in client.get(answer["Location"]).content.decode()
    page = client.get(report).content.decode()
    assert all(word in page for word in ("Author", "Target", "assignment of contacts", "sponsor record"))
    taken = client.post(reverse("members:recruitment:takeover-export", args=[batch.pk]))
    assert b"".join(taken.streaming_content)[:2] == b"PK"
    assert AuditEntry.objects.get(verb="recruitment.missing.exported").changes["rows"][1] > 5
    assert client.get(reverse("imports:workbook", args=[run.pk])).status_code == 200
    assert world.client("neighbor").get(report).status_code == 404
    assert world.client("secretary").get(report).status_code == 404
    assert world.client("author").get(report).status_code == 404
    undone(run)
    assert "Author" not in client.get(report).content.decode()


def test_a_list_says_nothing_of_people_elsewhere(world):
    run = brought(world, row(world, "stranger", name="Stranger"), by="secretary", place="branch")
    staged = ImportRow.objects.get(run=run)
    assert (staged.data, staged.object_id) == ({"unit_name": ""}, None)
