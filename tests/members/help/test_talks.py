"""Talks from plan to confirmation: who may write, what counts, and that nobody else reads what was said."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from members.help import services
from members.help.models import HeartTalk, TalkState
from members.help.queries.talks import year_plan
from members.help.services.reminders import remind_of_talks
from portal.access.policy import may, scope
from portal.audit.models import AuditEntry
from portal.notifications.models import Notice
from portal.organizations.models import Standing
from portal.rulesets.services import preview_setting, set_amount
from portal.web.refusals import RuleError
from tests.factories.people import make_people

from .conftest import SECRET


def told(name, care):
    return list(Notice.objects.filter(recipient=care.user(name)).values_list("message__kind", flat=True))


def test_a_talk_counts_when_both_have_confirmed_it(care):
    talk = care.talk(planned_on=care.today)
    assert (talk.state, talk.kind, told("contact", care)) == ("planned", "member_member", ["heart_talk_planned"])
    branch, year = care.world.branch, talk.year
    before = len(year_plan(branch, year, on=care.today).missing)
    talk = care.written(talk)
    assert (talk.state, talk.is_confirmed) == ("held", False)
    assert len(year_plan(branch, year, on=care.today).missing) == before
    talk = care.confirmed(talk)
    assert talk.is_confirmed
    assert len(year_plan(branch, year, on=care.today).missing) == before - 2


def test_only_the_two_read_the_record_and_the_table_holds_it_encrypted(care):
    talk = care.written(care.talk())
    for name in ("member", "contact"):
        assert may(care.user(name), "read", talk)
    for name in ("secretary", "college", "committee", "probationary", "admin", "auditor", "neighbor"):
        assert not may(care.user(name), "read", talk), name
    assert may(care.user("secretary"), "view", talk)
    assert not may(care.user("neighbor"), "view", talk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT record FROM members_help_hearttalk")
        assert SECRET not in cursor.fetchone()[0]
    assert HeartTalk.objects.get().record == SECRET
    assert [row for row in AuditEntry.objects.all() if SECRET in str(row.changes) + row.reason] == []


def test_a_change_takes_the_confirmation_of_the_other_back(care):
    talk = care.written(care.talk())
    again = care.written(talk, "contact", record="Another record.")
    assert (again.has_confirmed(care.user("contact").pk), again.has_confirmed(care.user("member").pk)) == (True, False)
    with pytest.raises(RuleError, match="changed the record"):
        care.written(talk, "member")  # from the version before
    with pytest.raises(RuleError, match="changed in the meantime"):
        services.confirm_talk(again, version=talk.version, by=care.user("member"), on=care.today)
    talk = care.confirmed(again, "member")
    with pytest.raises(RuleError, match="does not change any more"):
        care.written(talk)
    with pytest.raises(RuleError, match="confirmed this talk already"):
        care.confirmed(talk, "member")


def test_talks_refuse_strangers_oneself_the_past_and_the_future(care):
    day = care.today
    with pytest.raises(RuleError, match="two people"):
        care.talk("member", "member")
    for other in ("neighbor", "author"):  # another branch; no party member
        with pytest.raises(RuleError, match="party members of this branch"):
            care.talk("member", other)
    with pytest.raises(RuleError, match="has passed"):
        care.talk(planned_on=day.replace(year=day.year - 1, day=1))
    with pytest.raises(RuleError, match="end of next year"):
        care.talk(planned_on=day.replace(year=day.year + 2, day=1))
    talk = care.talk()
    with pytest.raises(ValidationError, match="planned already"):
        care.talk("contact", "member")
    with pytest.raises(RuleError, match="Only the two"):
        care.written(talk, "secretary")
    with pytest.raises(RuleError, match="not come yet"):
        care.written(talk, held_on=day.replace(year=day.year + 1, day=1))
    with pytest.raises(RuleError, match="belongs to the year"):
        care.written(talk, held_on=day.replace(year=day.year - 1, day=1))
    with pytest.raises(RuleError, match="nothing to confirm"):
        care.confirmed(talk)


def test_dropping_says_why_and_keeps_what_was_held(care):
    talk = services.drop_talk(care.talk(), words="One is abroad.", by=care.user("secretary"), on=care.today)
    assert (talk.state, told("member", care)) == (TalkState.DROPPED, ["heart_talk_dropped"])
    with pytest.raises(RuleError, match="dropped"):
        care.written(talk)
    held = care.written(care.talk())
    with pytest.raises(RuleError, match="Only a planned talk"):
        services.drop_talk(held, words="No.", by=care.user("secretary"), on=care.today)


def test_planning_a_year_fills_every_gap_once(care):
    branch, by = care.world.branch, care.user("secretary")
    made = services.plan_year(branch, by=by, on=care.today)
    assert made > 0
    for talk in HeartTalk.objects.all():
        talk = care.written(talk, version=talk.version, by=talk.first)
        services.confirm_talk(talk, version=talk.version, by=talk.second, on=care.today)
    assert year_plan(branch, care.today.year, on=care.today).is_complete
    assert services.plan_year(branch, by=by, on=care.today) == 0


def test_planning_a_year_twice_plans_nothing_twice(care):
    branch, by = care.world.branch, care.user("secretary")
    made = services.plan_year(branch, by=by, on=care.today)
    assert (services.plan_year(branch, by=by, on=care.today), HeartTalk.objects.count()) == (0, made)


def test_the_university_may_ask_for_more_talks(care):
    care.confirmed(care.written(care.talk()))
    before = len(year_plan(care.world.branch, care.today.year, on=care.today).missing)
    code, edition, root = "heart_talk.member_member", "care-2019", care.world.root
    seen = preview_setting(edition, code, amount=2, organization=root).fingerprint
    set_amount(
        edition, code, amount=2, organization=root, reason="Resolution", seen=seen, by=care.user("committee"),
        on=care.today,
    )  # fmt: skip
    assert len(year_plan(care.world.branch, care.today.year, on=care.today).missing) == before + 2


def test_plan_costs_the_same_for_few_and_many(care, django_assert_num_queries):
    for count in (0, 30):
        make_people(care.world.branch, count, standing=Standing.FULL_MEMBER)
        services.plan_year(care.world.branch, by=None, on=care.today)
        with django_assert_num_queries(4):
            year_plan(care.world.branch, care.today.year, on=care.today)


def test_scope_and_may_agree_on_talks(care):
    rows = [care.talk(), care.written(care.talk("probationary", "secretary"), "secretary")]
    for name in ("member", "contact", "secretary", "probationary", "neighbor", "college", "admin", "author"):
        user = care.user(name)
        for action in ("view", "read", "record", "confirm", "drop", "plan"):
            found = set(scope(user, action, HeartTalk).values_list("pk", flat=True))
            assert found == {row.pk for row in rows if may(user, action, row)}, (name, action)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "held"}, {"state": "dropped"}, {"state": "gone"}, {"kind": "other"},
        {"held_on": "2026-01-01"}, {"first_confirmed_on": "2026-01-01"},
    ],
)  # fmt: skip
def test_the_table_refuses_what_no_talk_can_be(care, values):
    talk = care.talk()
    with pytest.raises(IntegrityError), transaction.atomic():
        HeartTalk.objects.filter(pk=talk.pk).update(**values)


def test_a_day_is_agreed_on_and_moved_by_either_of_the_two_or_a_keeper(care):
    talk, day = care.talk(), care.today
    assert talk.planned_on is None
    talk = services.arrange_talk(talk, planned_on=day, place="Library", by=care.user("contact"), on=day)
    assert (talk.planned_on, talk.place) == (day, "Library")
    services.arrange_talk(talk, planned_on=day, place="Room 2", by=care.user("secretary"), on=day)
    told = Notice.objects.filter(message__kind="heart_talk_arranged").values_list("recipient__name", flat=True)
    assert sorted(told) == ["Contact", "Member", "Member"]
    for wrong in (day - timedelta(days=1), day.replace(year=day.year + 1, day=1)):
        with pytest.raises(RuleError):
            services.arrange_talk(talk, planned_on=wrong, by=care.user("member"), on=day)
    held = care.written(talk)
    with pytest.raises(RuleError):
        services.arrange_talk(held, planned_on=day, by=care.user("member"), on=day)


def test_the_two_are_reminded_once_and_asked_when_nothing_was_written(care):
    day = date(care.today.year, 6, 10)
    talk = care.talk(planned_on=day, place="Library", on=date(day.year, 6, 1))
    assert remind_of_talks(date(day.year, 6, 8)) == 0
    assert remind_of_talks(date(day.year, 6, 9)) == 2
    assert remind_of_talks(day) == 0
    assert remind_of_talks(date(day.year, 6, 11)) == 0
    assert remind_of_talks(date(day.year, 6, 12)) == 2
    assert remind_of_talks(date(day.year, 6, 13)) == 0
    kinds = Notice.objects.filter(recipient=talk.first).values_list("message__kind", flat=True)
    assert {"heart_talk_soon", "heart_talk_open"} <= set(kinds)
    later = date(day.year, 6, 20)
    services.arrange_talk(talk, planned_on=later, by=care.user("member"), on=date(day.year, 6, 14))
    assert remind_of_talks(later) == 2
    services.drop_talk(talk, words="Ill", by=care.user("member"), on=later)
    assert remind_of_talks(date(day.year, 6, 25)) == 0


def test_the_day_is_set_on_the_page_of_the_talk(care):
    talk = care.talk()
    client = care.world.client("contact")
    address = client.get(talk.get_absolute_url()).context["arrange_url"]
    assert client.post(address, {"planned_on": "soon"}).context["form"].errors.keys() == {"planned_on"}
    assert client.post(address, {"planned_on": "2020-01-01"}).context["form"].errors.keys() == {"planned_on"}
    assert client.post(address, {"planned_on": care.today.isoformat(), "place": "Library"}).status_code == 302
    talk.refresh_from_db()
    assert talk.planned_on == care.today
    assert care.world.client("retired").get(address).status_code == 404
