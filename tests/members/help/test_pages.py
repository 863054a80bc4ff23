"""The pages of talks and requests as people use them, through the browser's requests."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.help import services
from members.help.models import HeartTalk, HelpRequest
from members.help.work import my_answers, my_talks, requests_to_answer
from portal.audit.models import AuditEntry
from portal.organizations.models import Standing
from tests.factories.people import make_people

from .conftest import SECRET


def url(name, *args):
    return reverse(f"members:help:{name}", args=args)


def test_a_person_asks_is_answered_closes_and_opens_again(care):
    author, secretary, contact = (care.world.client(name) for name in ("author", "secretary", "contact"))
    assert author.get(url("request-ask")).status_code == 200
    assert author.post(url("request-ask"), {"kind": "talk"}).context["form"].errors.keys() == {"words", "urgency"}
    sent = author.post(url("request-ask"), {"kind": "talk", "words": SECRET, "urgency": "normal"})
    row = HelpRequest.objects.get()
    assert sent["Location"] == row.get_absolute_url()
    assert author.get(url("my-help")).context["requests"] == [row]
    assert [found.pk for found in secretary.get(url("request-list")).context["page"]] == [row.pk]
    assert contact.get(row.get_absolute_url()).status_code == 404
    form = {"assignee": care.user("contact").pk}
    assert secretary.post(url("request-assign", row.pk), form)["Location"] == row.get_absolute_url()
    assert SECRET in contact.get(row.get_absolute_url()).content.decode()
    assert contact.post(url("request-say", row.pk), {"words": "Come."})["Location"] == row.get_absolute_url()
    page = author.get(row.get_absolute_url())
    assert [look.by.pk for look in page.context["looks"]] == [care.user("contact").pk]
    assert author.post(url("request-close", row.pk), {})["Location"] == row.get_absolute_url()
    assert contact.post(url("request-say", row.pk), {"words": "More."}).context["form"].errors
    assert author.post(url("request-reopen", row.pk), {}).context["form"].errors.keys() == {"words"}
    author.post(url("request-reopen", row.pk), {"words": "Not settled."})
    row.refresh_from_db()
    assert (row.state, row.reopened) == ("assigned", 1)


def test_reading_is_recorded_for_others_and_not_for_oneself(care):
    row = care.ask()
    for name, rows in (("author", 0), ("secretary", 1), ("secretary", 1), ("college", 2)):
        assert care.world.client(name).get(row.get_absolute_url()).status_code == 200
        assert AuditEntry.objects.filter(verb="members_help.request.viewed").count() == rows, name
    mine = care.world.client("author").get(reverse("audit:mine"))
    assert mine.status_code == 200


def test_lists_filter_and_bad_filters_filter_nothing(care):
    care.ask(urgency="urgent")
    client = care.world.client("secretary")
    found = {"": 1, "?state=asked": 1, "?state=closed": 0, "?state=overdue": 0, "?kind=x&page=z": 1}
    for query, count in found.items():
        assert len(client.get(url("request-list") + query).context["page"].object_list) == count, query
    assert len(care.world.client("neighbor").get(url("request-list")).context["page"].object_list) == 0
    assert care.world.client("author").get(url("request-list")).status_code == 403


def test_two_plan_write_down_and_confirm_a_talk(care):
    member, contact, secretary = (care.world.client(name) for name in ("member", "contact", "secretary"))
    assert member.get(url("talk-create")).status_code == 200
    form = {"second": care.user("contact").pk, "planned_on": care.today.isoformat()}
    talk_url = member.post(url("talk-create"), form)["Location"]
    talk = HeartTalk.objects.get()
    data = {"held_on": care.today.isoformat(), "record": SECRET, "version": talk.version}
    assert contact.get(url("talk-record", talk.pk)).status_code == 200
    assert contact.post(url("talk-record", talk.pk), data)["Location"] == talk_url
    assert SECRET in member.get(talk_url).content.decode()
    page = secretary.get(talk_url)
    assert (page.status_code, SECRET in page.content.decode(), page.context["record"]) == (200, False, "")
    assert secretary.get(url("talk-record", talk.pk)).status_code == 403
    talk.refresh_from_db()
    assert member.post(url("talk-confirm", talk.pk), {"version": "x"}).status_code == 409
    assert member.post(url("talk-confirm", talk.pk), {"version": talk.version})["Location"] == talk_url
    talk.refresh_from_db()
    assert talk.is_confirmed


def test_secretary_sees_the_year_plans_it_and_drops_a_talk(care):
    client, branch = care.world.client("secretary"), care.world.branch
    page = client.get(url("talk-list"))
    assert (page.context["branch"], len(page.context["plan"].parts), page.context["may_plan"]) == (branch, 3, True)
    answer = client.post(url("talk-plan-year", branch.pk))
    assert answer.status_code == 302
    talk = HeartTalk.objects.first()
    assert client.post(url("talk-drop", talk.pk), {"words": "Abroad"})["Location"] == talk.get_absolute_url()
    two = {"first": care.user("member").pk, "second": care.user("retired").pk}
    assert client.post(url("talk-create") + f"?organization={branch.pk}", two).status_code in (200, 302)
    for query in ("?year=abc", "?year=9999999999999", "?organization=0", f"?organization={2**70}", "?year=2001"):
        assert client.get(url("talk-list") + query).status_code == 200, query
    for query in ("?organization=0", "?organization=1_2", f"?organization={2**70}", "?organization=x"):
        assert client.get(url("talk-create") + query).status_code == 404, query


def test_workbench_shows_what_waits(care):
    row = care.ask()
    assert requests_to_answer(care.user("secretary"), care.today).items[0].due_on == row.promised_on
    assert requests_to_answer(care.user("college"), care.today).count == 0  # the branch answers first
    services.say(row, words="Come.", by=care.user("secretary"), on=care.today)
    assert requests_to_answer(care.user("secretary"), care.today).count == 0
    assert my_answers(care.user("author"), care.today).count == 1
    talk = care.talk()
    assert my_talks(care.user("contact"), care.today).count == 1
    care.written(talk, "contact")
    assert (my_talks(care.user("contact"), care.today).count, my_talks(care.user("member"), care.today).count) == (0, 1)


@pytest.mark.parametrize("key", ["0", "999999", str(2**63), "1_2", "abc"])
def test_addresses_of_nothing_are_not_found(care, key):
    client = care.world.client("secretary")
    for path in ("requests/{}/", "requests/{}/say/", "requests/{}/assign/", "talks/{}/", "talks/{}/record/"):
        assert client.get("/members/help/" + path.format(key)).status_code == 404, path


def test_pages_cost_the_same_for_few_and_many(care):
    client, author = care.world.client("secretary"), care.world.client("author")
    row = care.ask()
    counts = []
    for more in (0, 20):
        people = make_people(care.world.branch, more, standing=Standing.FULL_MEMBER)
        for person in people:
            services.ask_help(person.user, kind="life", words=SECRET, on=care.today)
            services.say(row, words="More.", by=care.user("author"), on=care.today)
        services.plan_year(care.world.branch, by=None, on=care.today)
        found = []
        client.get(row.get_absolute_url())  # the look of today is recorded once
        author.get(url("my-help"))
        for browser, page in (
            (client, url("request-list")), (client, url("talk-list")), (client, row.get_absolute_url()),
            (author, url("my-help")),
        ):  # fmt: skip
            with CaptureQueriesContext(connection) as counter:
                assert browser.get(page).status_code == 200
            found.append(len(counter))
        counts.append(found)
    assert counts[0] == counts[1]
