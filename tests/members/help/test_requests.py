"""Requests from asking to the end: who hears, the promise, answers, looks, opening again."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from members.help import services
from members.help.models import HelpMessage, HelpRequest
from members.help.queries.limits import promises_on
from members.help.queries.requests import hearers, looks_of, to_answer
from members.help.rules.promises import promised_on
from portal.access.policy import holders, may, scope
from portal.audit.models import AuditEntry
from portal.files.services import store
from portal.notifications.models import Message, Notice
from portal.organizations.duties import Post
from portal.organizations.services import dismiss
from portal.rulesets.queries import calendar
from portal.web.refusals import RuleError
from tests.portal.files.samples import picture, upload

from .conftest import SECRET


def told(name, care):
    return list(
        Notice.objects.filter(recipient=care.user(name)).order_by("pk").values_list("message__kind", flat=True)
    )


def test_a_request_runs_from_asking_to_its_end(care):
    row = care.ask(urgency="urgent")
    day = care.today
    assert row.promised_on == promised_on(day, "urgent", promises_on(day), calendar())
    assert (told("secretary", care), told("college", care), row.organization) == (["help_asked"], [], care.world.branch)
    secretary, contact, author = (care.user(name) for name in ("secretary", "contact", "author"))
    row = services.assign(row, assignee=contact, by=secretary, on=day)
    assert (row.state, told("contact", care), told("author", care)) == ("assigned", ["help_yours"], ["help_taken"])
    services.say(row, words="One more thing.", by=author, on=day)
    row.refresh_from_db()
    assert (row.state, told("contact", care)) == ("assigned", ["help_yours", "help_more"])
    services.say(row, words="Come tomorrow.", by=contact, on=day)
    row.refresh_from_db()
    assert (row.state, row.answered_on, told("author", care)[-1]) == ("answered", day, "help_answered")
    row = services.close(row, words="Thank you.", by=author, on=day)
    assert (row.state, row.closed_on, told("contact", care)[-1]) == ("closed", day, "help_closed")
    with pytest.raises(RuleError, match="closed"):
        services.say(row, words="Too late.", by=contact, on=day)
    later = day + timedelta(days=10)
    row = services.reopen(row, words="It came back.", by=author, on=later)
    assert (row.state, row.reopened, row.closed_on, row.promised_on > later) == ("assigned", 1, None, True)
    lines = [line.said for line in row.messages.all()]
    assert lines == ["words", "assigned", "words", "words", "closed", "reopened"]


def test_whoever_answers_what_nobody_took_up_has_taken_it_up(care):
    row = care.ask()
    services.say(row, words="I will see to it.", by=care.user("secretary"), on=care.today)
    row.refresh_from_db()
    assert (row.state, row.assignee) == ("answered", care.user("secretary"))


def test_words_stand_encrypted_and_in_no_notice_or_trail(care):
    care.ask()
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM members_help_helpmessage")
        assert SECRET not in cursor.fetchone()[0]
    assert HelpMessage.objects.get().words == SECRET
    assert [row for row in AuditEntry.objects.all() if SECRET in str(row.changes) + row.reason] == []
    assert [row for row in Message.objects.all() if SECRET in str(row.params)] == []


def test_the_three_sides_read_and_nobody_else(care):
    row = services.assign(care.ask(), assignee=care.user("contact"), by=care.user("secretary"), on=care.today)
    reading = {"author", "contact", "secretary", "college", "committee"}
    for name in care.world.users:
        assert may(care.user(name), "view", row) == (name in reading), name
        assert scope(care.user(name), "view", HelpMessage).exists() == (name in reading), name
    # Whoever it was taken from reads it no more.
    services.assign(row, assignee=care.user("member"), by=care.user("secretary"), on=care.today)
    assert not may(care.user("contact"), "view", row)


def test_nobody_hears_the_own_request_by_duty(care):
    row = care.ask("secretary")
    secretary = care.user("secretary")
    assert not may(secretary, "assign", row)
    assert secretary not in holders("assign", row)
    assert told("college", care) == ["help_asked"]  # the node above hears it
    with pytest.raises(RuleError, match="cannot be given"):
        services.assign(row, assignee=secretary, by=care.user("college"), on=care.today)
    assert row not in to_answer(secretary)


def test_looks_of_others_are_recorded_once_a_day_and_shown_to_the_person(care):
    row, author = care.ask(), care.user("author")
    assert services.look(row, by=author) is None
    for _time in range(2):
        services.look(row, by=care.user("secretary"))
    services.look(row, by=care.user("college"))
    looks = looks_of(row, author)
    assert [look.by for look in looks] == [care.user("college"), care.user("secretary")]
    assert looks_of(row, care.user("peer")) == []


def test_promises_are_told_on_the_last_day_late_and_above(care):
    row = care.ask()
    secretary, college, above = "secretary", "college", "committee"
    last = row.promised_on
    services.run_daily(last - timedelta(days=1))
    assert told(secretary, care) == ["help_asked"]
    for _time in range(2):
        services.run_daily(last)
    assert told(secretary, care) == ["help_asked", "help_due"]
    services.run_daily(last + timedelta(days=1))
    assert (told(secretary, care)[-1], told(college, care)) == ("help_late", [])
    late = promised_on(last, "normal", promises_on(last), calendar()) + timedelta(days=1)
    assert services.run_daily(late) == 1
    assert services.run_daily(late + timedelta(days=1)) == 0
    row.refresh_from_db()
    assert (row.escalated_on, told(college, care), told(above, care)) == (late, ["help_late"], [])
    assert [line.said for line in row.messages.all()] == ["words", "escalated"]
    assert row in to_answer(care.user(college))
    services.say(row, words="At last.", by=care.user(college), on=late)
    assert services.run_daily(late + timedelta(days=9)) == 0


def test_the_nearest_who_hear_are_told_and_the_node_above_when_nobody_is_left(care):
    path = care.world.branch.path
    near, above = hearers(path)
    assert (near, above) == ({care.user("secretary").pk}, {care.user("college").pk})
    appointment = care.user("secretary").appointments.get(post=Post.SECRETARY)
    dismiss(appointment, on=care.today, by=None)
    assert hearers(path)[0] == {care.user("college").pk}


def test_bad_input_is_refused_and_nothing_is_written(care):
    day, author = care.today, care.user("author")
    with pytest.raises(RuleError, match="belong to no organization"):
        care.ask("outsider")
    with pytest.raises(ValidationError):
        care.ask(kind="nothing")
    with pytest.raises(ValidationError):
        services.ask_help(author, kind="talk", words="  ", on=day)
    with pytest.raises(ValidationError, match="cannot be asked"):
        care.ask(wanted=care.user("neighbor"))
    assert HelpRequest.objects.count() == HelpMessage.objects.count() == 0
    row = care.ask(wanted=care.user("secretary"))
    for verb in (services.close, services.reopen):
        with pytest.raises(RuleError, match="Only whoever asked"):
            verb(row, words="w", by=care.user("secretary"), on=day)
    with pytest.raises(RuleError, match="still open"):
        services.reopen(row, words="w", by=author, on=day)
    with pytest.raises(ValidationError, match="cannot be given"):
        services.assign(row, assignee=care.user("neighbor"), by=care.user("secretary"), on=day)
    with pytest.raises(ValidationError, match="Write something"):
        services.say(row, words=" ", by=author, on=day)
    services.close(row, by=author, on=day)
    with pytest.raises(RuleError, match="closed already"):
        services.close(row, by=author, on=day)
    with pytest.raises(RuleError, match="closed"):
        services.assign(row, assignee=care.user("contact"), by=care.user("secretary"), on=day)


def test_ten_open_requests_are_enough(care):
    for _number in range(10):
        care.ask()
    with pytest.raises(RuleError, match="Ten of your requests"):
        care.ask()


def test_files_of_a_message_are_read_by_its_readers(care):
    author = care.user("author")
    file = store(upload("p.jpg", picture()), kind="attachment", by=author)
    row = care.ask(files=[file])
    assert list(row.messages.get().files.all()) == [file]
    for name, status in (("author", 200), ("secretary", 200), ("peer", 404), ("neighbor", 404)):
        answer = care.world.client(name).get(file.get_absolute_url())
        assert answer.status_code == status, name
        answer.close()


@pytest.mark.parametrize(
    "values",
    [
        {"state": "closed"}, {"state": "assigned"}, {"kind": "x"}, {"urgency": "x"}, {"state": "x"},
        {"promised_on": "2000-01-01"}, {"closed_on": "2026-01-01"},
    ],
)  # fmt: skip
def test_the_table_refuses_what_no_request_can_be(care, values):
    row = care.ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpRequest.objects.filter(pk=row.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpRequest.objects.filter(pk=row.pk).update(assignee=row.requester)
