"""Who is told of unpaid dues, when, and that a second or late run tells nobody twice (domain.md 3.7)."""

from datetime import timedelta

from members.dues import services
from members.dues.models import DuesLedger
from members.dues.months import last_day, shifted
from portal.notifications.models import Notice


def told(kind):
    return sorted(Notice.objects.filter(message__kind=kind).values_list("recipient__name", flat=True))


def test_members_are_told_at_the_end_of_the_month_once(desk):
    for name in ("member", "contact"):
        desk.student(name)
    desk.pay("member")
    end = last_day(desk.month)
    services.run_daily(end - timedelta(days=1))
    before = Notice.objects.filter(message__kind="dues_unpaid").count()
    services.run_daily(end)
    after = Notice.objects.filter(message__kind="dues_unpaid", message__params__month=desk.month.isoformat())
    names = sorted(after.values_list("recipient__name", flat=True))
    assert ("Contact" in names, "Member" in names, "Author" in names) == (True, False, False)
    services.run_daily(end)
    services.run_daily(end + timedelta(days=1))
    assert sorted(after.values_list("recipient__name", flat=True)) == names
    assert before in (0, len(told("dues_unpaid")) - len(names))


def test_late_schedule_tells_all_the_same_and_not_for_ever(desk):
    desk.student("contact")
    services.reminders.remind_members(last_day(desk.month) + timedelta(days=4))
    first = told("dues_unpaid")
    assert "Contact" in first
    services.reminders.remind_members(last_day(shifted(desk.month, 1)) - timedelta(days=3))
    assert told("dues_unpaid") == first


def test_clerks_are_told_at_three_months_and_committees_at_five(desk):
    DuesLedger.objects.exclude(organization=desk.world.branch).delete()
    for name in ("member", "contact", "probationary", "retired", "disabled", "secretary"):
        desk.student(name)
    for name in ("contact", "probationary", "retired", "disabled", "secretary"):
        desk.pay(name, desk.ago(1))
    desk.pay("member", desk.ago(3))
    services.run_daily(desk.today)
    assert (told("dues_arrears"), told("dues_risk")) == ([], [])
    # Two months on three are unpaid; the others have two.
    on = shifted(desk.month, 1)
    services.run_daily(on)
    assert (told("dues_arrears"), told("dues_risk")) == (["Secretary"], [])
    services.run_daily(on + timedelta(days=1))
    assert told("dues_arrears") == ["Secretary"]
    on = shifted(desk.month, 3)
    services.run_daily(on)
    assert told("dues_risk") == ["College"]
    services.run_daily(on)
    assert (told("dues_arrears"), told("dues_risk")) == (["Secretary"] * 2, ["College"])


def test_schedule_asks_the_same_for_few_and_many(desk, django_assert_max_num_queries):
    from portal.organizations.models import Standing
    from tests.factories.people import make_people

    for rows in (2, 40):
        make_people(desk.world.sibling, rows, standing=Standing.FULL_MEMBER, since=desk.first)
        with django_assert_max_num_queries(42):
            services.run_daily(last_day(shifted(desk.month, rows)))
