"""Reminders of open cases: to whom, by when, once, and with statements that do not grow with the number of cases."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.models import Member
from members.recruitment import services
from members.recruitment.deadlines import CAPACITIES, DEADLINES, OWN_KEYS
from members.recruitment.engine.details import ApplicationFact
from members.recruitment.engine.people import Role
from members.recruitment.engine.reminders import _TERMS
from members.recruitment.models import Case
from members.recruitment.notices import DUE_KINDS, LATE, OWN_DUE, STRAYED
from members.recruitment.queries.coming import coming_for, coming_of
from members.recruitment.services.reminding import send_reminders
from members.services import place
from portal.extensions.registry import daily_jobs
from portal.notifications.models import Notice
from portal.organizations.duties import Post
from portal.organizations.models import Standing
from portal.organizations.services import appoint, dismiss
from tests.factories.people import make_member

from .way import at, case_at, make_cast

pytestmark = pytest.mark.django_db
APPLIED = date(2027, 3, 1)
DUE = date(2027, 4, 1)  # the talk, one month after the letter was received
DAY = timedelta(days=1)
KINDS = {kind.code for kind in (*DUE_KINDS.values(), LATE, OWN_DUE)}


def applied(world, *, count=1, branch=None):
    """Open cases of new applicants in a branch on the day of the application."""
    cases = []
    with at(APPLIED):
        for _number in range(count):
            person = make_member(branch or world.branch, Standing.MASS, on=world.since, birth_date=date(2007, 1, 1))
            person = Member.objects.select_related("user", "organization").get(pk=person.pk)
            by = world.user("secretary")
            cases.append(services.open_case(person, on=APPLIED, details=ApplicationFact(APPLIED), by=by))
    return cases


def run(on):
    with at(on):
        return send_reminders(on=on)


def told(user):
    """Return what a person was reminded of: kind, key of the reminder, day it was said for."""
    rows = Notice.objects.filter(recipient=user, message__kind__in=KINDS).select_related("message")
    return sorted(
        (row.message.kind, row.message.params["key"], row.message.key.rsplit(":", 1)[1]) for row in rows
    )


def test_every_reminder_has_words_and_every_capacity_a_kind():
    assert set(DUE_KINDS) | {Role.APPLICANT} == set(CAPACITIES)
    assert {key for key, _leads, _people in _TERMS.values()} <= set(DEADLINES)
    assert {"conversion_apply", "extension_end", "thought_report_due"} == OWN_KEYS
    assert next(job for job in daily_jobs if job.code == "recruitment.remind").order > next(
        job for job in daily_jobs if job.code == "recruitment.settle"
    ).order


def test_reminders_at_their_leads_to_the_keepers_of_the_branch_alone(world):
    applied(world)
    assert run(DUE - 15 * DAY) == 0
    assert run(DUE - 14 * DAY) == 1
    assert told(world.users["secretary"]) == [("recruitment_due_branch", "talk_due", "-14")]
    for name in ("college", "committee", "neighbor", "member", "retired", "disabled"):
        assert told(world.users[name]) == []
    assert run(DUE) == 1
    assert told(world.users["secretary"])[-1][2] == "0"


def test_run_twice_adds_nothing_and_run_late_sends_the_latest_only(world):
    applied(world)
    assert run(DUE - 14 * DAY) == 1
    assert run(DUE - 14 * DAY) == 0
    assert run(DUE - 13 * DAY) == 0
    # The schedule was away over two leads: one notice, that of the day nearest.
    assert run(DUE - DAY) == 1
    assert [days for _kind, _key, days in told(world.users["secretary"])] == ["-1", "-14"]
    assert run(DUE + 2 * DAY) == 1
    assert "0" in {days for _kind, _key, days in told(world.users["secretary"])}


def test_a_week_late_is_told_one_level_higher_each_week(world):
    applied(world)
    run(DUE + 6 * DAY)
    assert told(world.users["college"]) == []
    assert run(DUE + 7 * DAY) == 2
    assert told(world.users["college"]) == [("recruitment_late", "talk_due", "7")]
    assert told(world.users["committee"]) == []  # one level, not all of them
    assert run(DUE + 13 * DAY) == 0
    assert run(DUE + 14 * DAY) == 2
    notice = Notice.objects.filter(recipient=world.users["college"]).latest("pk")
    with at(DUE + 14 * DAY):
        assert reverse("members:recruitment:case-coming", args=[Case.objects.get().pk]) == notice.message.url


def test_branch_without_keepers_is_answered_for_above(world):
    applied(world)
    with at(DUE - 20 * DAY):
        appoint(world.users["member"], world.root, Post.SECRETARY, on=DUE - 20 * DAY, by=None)
        for post in world.users["secretary"].appointments.filter(until=None):
            dismiss(post, on=DUE - 20 * DAY, by=None)
    assert run(DUE - 14 * DAY) == 1
    assert told(world.users["member"]) == [("recruitment_due_branch", "talk_due", "-14")]


def test_new_secretary_is_told_what_stands_open(world):
    applied(world)
    run(DUE - 7 * DAY)
    with at(DUE - 5 * DAY):
        appoint(world.users["peer"], world.branch, Post.DEPUTY_SECRETARY, on=DUE - 5 * DAY, by=None)
    assert run(DUE - 5 * DAY) == 1
    assert told(world.users["peer"]) == [("recruitment_due_branch", "talk_due", "-7")]


def test_candidate_with_a_post_is_not_told_of_the_own_case(world):
    case = applied(world)[0]
    with at(DUE - 20 * DAY):
        appoint(case.person.user, world.branch, Post.ORGANIZATION_COMMISSIONER, on=DUE - 20 * DAY, by=None)
    run(DUE + 7 * DAY)
    assert told(case.person.user) == []
    with at(DUE):
        assert coming_for(case.person.user, DUE) == []


def test_contacts_are_reminded_and_the_activist_hears_nothing_undecided(world):
    cast = make_cast(world)
    case = case_at(cast, through="assign_contacts")
    contacts = list(case.person.contacts.current().values_list("contact__user_id", flat=True))
    day = case.records.get(step="nominate").on
    for on in (date(day.year, 12, 31), date(day.year + 1, day.month, day.day) + 20 * DAY):
        run(on)
    seen = told(case.person.user)
    assert seen == []  # thought reports are the other room's to tell
    for pk in contacts:
        keys = {key for _kind, key, _days in told(pk)}
        assert {"contact_note_due", "half_year_inspection_due"} <= keys
        assert "cultivation_one_year" not in keys
    assert "cultivation_one_year" in {key for _kind, key, _days in told(world.users["secretary"])}


def test_probationary_member_is_asked_to_apply_and_sponsors_with_them(world):
    cast = make_cast(world)
    case = case_at(cast, before="convert_apply")
    ends = next(row.due_on for row in coming_of_at(case) if row.key == "conversion_apply")
    run(ends - 7 * DAY)
    assert ("recruitment_due_own", "conversion_apply", "-7") in told(case.person.user)
    assert {key for _kind, key, _days in told(case.person.user)} <= OWN_KEYS
    for pk in case.sponsors.current().values_list("sponsor__user_id", flat=True):
        assert ("recruitment_due_care", "conversion_apply", "-7") in told(pk)
    notice = Notice.objects.filter(recipient=case.person.user, message__kind=OWN_DUE.code).latest("pk")
    assert notice.message.url == reverse("members:recruitment:my-way")


def test_candidate_finds_the_own_duties_and_nothing_undecided(world):
    cast = make_cast(world)
    case = case_at(cast, before="convert_apply")
    ends = next(row.due_on for row in coming_of_at(case) if row.key == "conversion_apply")
    with at(ends - 40 * DAY):
        rows = coming_for(case.person.user, ends - 40 * DAY)
        assert "conversion_apply" in {row.key for row in rows} <= OWN_KEYS
        assert all(row.own and not row.is_linked and not row.told for row in rows)
        browser = Client()
        browser.force_login(case.person.user, backend=settings.AUTHENTICATION_BACKENDS[0])
        text = browser.get(reverse("members:recruitment:coming-list")).content.decode()
        assert reverse("members:recruitment:my-way") in text
        assert reverse("members:recruitment:case-detail", args=[case.pk]) not in text


def test_party_school_is_told_whom_to_train_and_sees_no_case(world):
    cast = make_cast(world)
    case = case_at(cast, before="training")
    assert case.current_step == "training"
    on = case.records.order_by("-on").first().on + DAY
    assert run(on) > 0
    assert ("recruitment_due_training", "training_missing", "0") in told(world.users["lecturer"])
    with at(on):
        rows = coming_for(world.user("lecturer"), on)
        assert {row.key for row in rows} <= {"training_missing"} and not any(row.is_linked for row in rows)
        there = reverse("members:recruitment:case-coming", args=[case.pk])
        assert world.client("lecturer").get(there).status_code == 404


def coming_of_at(case):
    on = case.records.order_by("-on").first().on
    with at(on):
        return coming_of(case, on)


def test_statements_do_not_grow_with_the_number_of_cases(world):
    def statements(count):
        applied(world, count=count)
        # The morning after, so that every notice of the first run is there already and none is written.
        with at(DUE - 14 * DAY):
            send_reminders(on=DUE - 14 * DAY)
            with CaptureQueriesContext(connection) as again:
                assert send_reminders(on=DUE - 14 * DAY) == 0
            with CaptureQueriesContext(connection) as fresh:
                assert send_reminders(on=DUE - 7 * DAY) == Case.objects.count()
            with CaptureQueriesContext(connection) as page:
                assert len(coming_for(world.user("secretary"), DUE - 7 * DAY)) == Case.objects.count()
            Notice.objects.filter(message__key__endswith=":-7").delete()
        return len(again), len(fresh), len(page)

    assert statements(1) == statements(8)


def test_coming_list_names_what_the_schedule_will_tell(world):
    case = applied(world)[0]
    with at(APPLIED):
        rows = coming_for(world.user("secretary"), APPLIED)
        assert [(row.key, row.due_on, row.times) for row in rows] == [
            ("talk_due", DUE, (DUE - 14 * DAY, DUE - 7 * DAY, DUE - DAY))
        ]
        assert rows[0].is_linked and not rows[0].is_late
        page = world.client("secretary").get(reverse("members:recruitment:coming-list"))
        assert case.person.name in page.content.decode()
        for name in ("college", "committee", "neighbor", "member", "contact"):
            assert coming_for(world.user(name), APPLIED) == []
            there = world.client(name).get(reverse("members:recruitment:coming-list"))
            assert there.status_code == 200 and case.person.name not in there.content.decode()
    with at(DUE + 3 * DAY):
        assert [row.is_late for row in coming_for(world.user("secretary"), DUE + 3 * DAY)] == [True]
        page = world.client("secretary").get(reverse("members:recruitment:coming-list"), {"show": "late"})
        assert page.context["page"].paginator.count == 1


def test_case_coming_names_who_is_told(world):
    case = applied(world)[0]
    with at(DUE + 3 * DAY):
        page = world.client("secretary").get(reverse("members:recruitment:case-coming", args=[case.pk]))
        row = page.context["rows"][0]
        assert row.told[0].names == (world.users["secretary"].name,)
        assert row.higher_from == DUE + 7 * DAY
        client = world.client("member")
        assert client.get(reverse("members:recruitment:case-coming", args=[case.pk])).status_code == 404
    with at(DUE + 3 * DAY):
        services.close(case, reason="withdrawn", on=DUE + 3 * DAY, words="Asked to.", by=world.user("secretary"))
        assert coming_for(world.user("secretary"), DUE + 3 * DAY) == []
        assert run(DUE + 7 * DAY) == 0


def test_the_branch_is_told_once_of_a_case_whose_person_was_placed_elsewhere(world):
    case, _stays = applied(world, count=2)
    with at(APPLIED + DAY):
        place(case.person, world.sibling, standing=Standing.APPLICANT, on=APPLIED + DAY, by=world.user("college"))
    for later in (2, 2, 3):
        run(APPLIED + later * DAY)
    told_of = Notice.objects.filter(message__kind=STRAYED.code).select_related("message")
    keeper = world.user("secretary")
    assert [row.message.params["name"] for row in told_of if row.recipient_id == keeper.pk] == [case.person.name]
    assert {row.message.key for row in told_of} == {f"recruitment:{case.pk}:strayed:{world.sibling.pk}"}
