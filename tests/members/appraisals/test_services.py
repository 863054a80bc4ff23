"""An appraisal from announcement to archive, what is refused on the way, and that nothing tells who marked what."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from members.appraisals import services
from members.appraisals.models import Appraisal, AppraisalPerson
from members.appraisals.queries import count_rows, results_of
from members.appraisals.rules import Opinion, Stage
from portal.access.policy import holders, may, scope
from portal.audit.models import AuditEntry
from portal.ballots.services import cast
from portal.notifications.models import Notice
from portal.organizations.models import Standing
from portal.rulesets.services import preview_setting, set_amount
from portal.web.refusals import RuleError
from tests.factories.people import make_member

from .conftest import TEXT


def told(user):
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("message__kind", flat=True))


def test_an_appraisal_runs_from_announcement_to_the_archive(year):
    appraisal = year.announced()
    assert (appraisal.people.count(), appraisal.superior) == (7, year.world.unit)
    appraisal = year.forward(appraisal, to=Stage.SELF)
    member = year.world.user("member")
    services.hand_in(year.part(appraisal, "member"), text=TEXT, by=member, on=year.today)
    appraisal = year.forward(appraisal, to=Stage.BALLOT)
    assert (appraisal.base, appraisal.limit().most) == (7, 2)
    year.vote(appraisal)
    appraisal = year.decided(year.forward(appraisal, to=Stage.COMMITTEE), excellent=2)
    appraisal = services.report(appraisal, decided_on=year.today, by=year.by, on=year.today)
    college = year.world.user("college")
    assert told(college)[-1] == "appraisal_reported"
    appraisal = services.confirm(appraisal, by=college, on=year.today)
    assert results_of(member, member).count() == 0  # not before everybody is told
    appraisal = services.close(appraisal, by=year.by, on=year.today)
    (row,) = results_of(member, member)
    assert (row.grade, row.told_on, appraisal.state) == (year.part(appraisal, "member").grade, year.today, "closed")
    assert told(member) == ["appraisal_announced", "appraisal_self", "appraisal_vote", "appraisal_result"]
    assert told(year.world.user("probationary"))[-1] == "appraisal_ungraded"
    assert AuditEntry.objects.filter(verb="appraisals.told", about=member).count() == 1


def test_one_third_is_kept_on_every_paper_and_by_the_committee(year):
    appraisal = year.voting()
    voter = year.voters[0]
    with pytest.raises(RuleError, match="3 excellent: of 7 at most 1/3 may be, that is 2"):
        cast(appraisal.ballot, voter, year.paper(appraisal.ballot, voter, excellent=3))
    assert not appraisal.ballot.electors.filter(voted_on__isnull=False).exists()
    cast(appraisal.ballot, voter, year.paper(appraisal.ballot, voter, excellent=2))
    appraisal = year.forward(appraisal, to=Stage.COMMITTEE)
    with pytest.raises(RuleError, match="of 7 at most 1/3 may be, that is 2"):
        year.decided(appraisal, excellent=3)
    assert not appraisal.people.exclude(grade="").exists()


def test_nobody_grades_oneself_a_probationary_member_twice_or_late(year):
    appraisal = year.voting()
    ballot, voter = appraisal.ballot, year.voters[1]
    own = ballot.options.get(person=voter)
    with pytest.raises(RuleError, match="Nobody grades oneself"):
        cast(ballot, voter, {own.pk: "qualified"})
    assert not ballot.options.filter(person=year.world.user("probationary")).exists()
    with pytest.raises(RuleError, match="not on the ballot"):
        cast(ballot, voter, {999_999: "qualified"})
    probationary = year.part(appraisal, "probationary")
    with pytest.raises(IntegrityError), transaction.atomic():
        AppraisalPerson.objects.filter(pk=probationary.pk).update(grade="qualified")
    cast(ballot, voter, year.paper(ballot, voter))
    with pytest.raises(RuleError, match="in the box already"):
        cast(ballot, voter, year.paper(ballot, voter))
    for stranger in ("neighbor", "author", "college"):
        with pytest.raises(RuleError, match="may not vote here"):
            cast(ballot, year.world.user(stranger), year.paper(ballot, year.world.user(stranger)))
    appraisal = year.forward(appraisal, to=Stage.COMMITTEE)
    with pytest.raises(RuleError, match="closed"):
        cast(ballot, year.voters[2], year.paper(ballot, year.voters[2]))
    with pytest.raises(RuleError, match="gets no grade"):
        services.decide(
            appraisal, {probationary.pk: Opinion("qualified")}, version=appraisal.version, by=year.by, on=year.today
        )


def test_probationary_members_grade_or_not_by_setting(year):
    code, edition = "appraisal.probationary_grade", "care-2019"
    appraisal = year.announced()
    seen = preview_setting(edition, code, amount=0, organization=year.world.root).fingerprint
    set_amount(
        edition, code, amount=0, organization=year.world.root, reason="Resolution", seen=seen,
        by=year.world.user("committee"), on=year.today,
    )  # fmt: skip
    # What was announced before stays under its rules.
    assert year.forward(appraisal, to=Stage.BALLOT).ballot.electors.count() == 7
    other = year.announced(organization=year.world.branch, year=year.today.year - 1)
    assert year.forward(other, to=Stage.BALLOT).ballot.electors.count() == 6


def _dump():
    """Return every row of every table as text, but what a clock wrote of who acted when, keys and ciphertext."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table.startswith(("django_", "audit_seal", "sqlite_")):
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names of tables
            names = [column[0] for column in cursor.description]
            kept = [place for place, name in enumerate(names) if not name.endswith("_at") and name not in ("at",)]
            found[table] = [tuple(str(row[place]) for place in kept) for row in cursor.fetchall()]
    return found


@pytest.mark.parametrize("stage", [Stage.BALLOT, Stage.COMMITTEE])
def test_two_who_swap_their_grades_leave_the_same_database(year, stage):
    """Architecture.md 4: with the whole database in hand nobody learns who marked what."""
    appraisal = year.voting()
    one, other = year.voters[2], year.voters[3]
    ballot = appraisal.ballot
    third = [option.pk for option in ballot.options.all() if option.person_id not in (one.pk, other.pk)]
    papers = ({third[0]: "excellent", third[1]: "unqualified"}, {third[0]: "qualified", third[1]: "qualified"})
    dumps = []
    for first, second in (papers, papers[::-1]):
        with transaction.atomic():
            cast(ballot, one, first)
            cast(ballot, other, second)
            if stage == Stage.COMMITTEE:
                services.advance(appraisal, stage=Stage.BALLOT, by=year.by, on=year.today)
            dumps.append(_dump())
            transaction.set_rollback(True)
    for table, rows in dumps[0].items():
        if table.startswith("audit_"):  # chained by the moment; the trail knows of no vote at all
            assert len(rows) == len(dumps[1][table])
        else:
            assert rows == dumps[1][table], table


def test_two_who_swap_their_grades_on_the_page_leave_the_same_database_and_log(year, caplog):
    """The same through the browser: neither tables nor the log tell the two apart, and the trail knows of no vote."""
    caplog.set_level("DEBUG", logger="portal")
    appraisal = year.voting()
    ballot, address = appraisal.ballot, reverse("ballots:ballot-vote", args=[appraisal.ballot_id])
    browsers = [(year.world.client(name), year.world.users[name].pk) for name in ("member", "retired")]
    third = [option.pk for option in ballot.options.all() if option.person_id not in [pk for _browser, pk in browsers]]
    papers = [
        {f"grade_{third[0]}": "excellent", f"grade_{third[1]}": "unqualified", "sure": "1"},
        {f"grade_{third[0]}": "qualified", f"grade_{third[1]}": "qualified", "sure": "1"},
    ]
    dumps, logs, trails = [], [], []
    for given in (papers, papers[::-1]):
        caplog.clear()
        with transaction.atomic():
            for (browser, _pk), paper in zip(browsers, given, strict=True):
                assert browser.post(address, paper).status_code == 302
            dumps.append(_dump())
            trails.append(AuditEntry.objects.count())
            transaction.set_rollback(True)
        logs.append([record.getMessage() for record in caplog.records if record.name.startswith("portal")])
    assert {table: rows for table, rows in dumps[0].items() if not table.startswith("audit_")} == {
        table: rows for table, rows in dumps[1].items() if not table.startswith("audit_")
    }
    assert trails == [AuditEntry.objects.count()] * 2  # no vote left a row
    assert not any("excellent" in line or "unqualified" in line for line in logs[0] + logs[1])


def test_counts_of_few_are_shown_to_nobody(year, settings):
    appraisal = year.voting()
    year.vote(appraisal, year.voters[:4])
    appraisal = year.forward(appraisal, to=Stage.COMMITTEE)
    assert count_rows([appraisal.ballot]) == {}
    settings.BALLOT_MIN_GROUP = 4
    shown = count_rows([appraisal.ballot])
    # The four who voted left themselves out: only three marks stand on each of them.
    first, last = year.voters[0].pk, year.voters[5].pk
    assert (shown[first].grades, shown[last].total) == (None, 4)


def test_counts_are_of_closed_ballots_alone(year):
    appraisal = year.voting()
    year.vote(appraisal)
    assert count_rows([appraisal.ballot]) == {}


def test_mutual_appraisal_is_secret_and_in_groups_that_are_large_enough(year):
    appraisal = year.forward(year.announced(peers="groups"), to=Stage.PEERS)
    (peer,) = appraisal.peer_ballots.all()  # seven in one place are one group
    ballot, voter = peer.ballot, year.voters[0]
    assert (ballot.is_secret, ballot.electors.count(), ballot.options.count()) == (True, 7, 6)
    with pytest.raises(RuleError, match="Nobody grades oneself"):
        cast(ballot, voter, {ballot.options.get(person=voter).pk: "excellent"})
    cast(ballot, voter, year.paper(ballot, voter, excellent=5))  # no third before the ballot of the branch
    appraisal = year.forward(appraisal, to=Stage.BALLOT)
    ballot.refresh_from_db()
    assert (ballot.state, appraisal.ballot.state) == ("closed", "open")


def test_participants_follow_the_branch_until_the_ballot_settles_them(year):
    appraisal = year.forward(year.announced(), to=Stage.SELF)
    newcomer = make_member(year.world.branch, Standing.FULL_MEMBER, name="Newcomer")
    appraisal = year.forward(appraisal, to=Stage.BALLOT)
    assert appraisal.ballot.options.filter(person=newcomer.user).exists()
    assert appraisal.base == 8
    late = make_member(year.world.branch, Standing.FULL_MEMBER, name="Late")
    year.forward(appraisal, to=Stage.COMMITTEE)
    assert not appraisal.people.filter(user=late.user).exists()


def test_texts_are_handed_in_by_their_authors_in_time(year):
    appraisal = year.announced()
    part, member = year.part(appraisal, "member"), year.world.user("member")
    with pytest.raises(RuleError, match="beginning of this step"):
        services.hand_in(part, text=TEXT, by=member, on=year.today)
    appraisal = year.forward(appraisal, to=Stage.SELF)
    with pytest.raises(RuleError, match="own self-appraisal"):
        services.hand_in(part, text=TEXT, by=year.by, on=year.today)
    with pytest.raises(ValidationError):
        services.hand_in(part, text=" ", by=member, on=year.today)
    services.hand_in(part, text=TEXT, by=member, on=year.today)
    year.forward(appraisal, to=Stage.BALLOT)
    with pytest.raises(RuleError, match="until the ballot"):
        services.hand_in(part, text="Better.", by=member, on=year.today)


def test_whoever_has_not_written_is_reminded_once_before_the_last_day(year):
    last = year.today + timedelta(days=5)
    appraisal = year.forward(year.announced(self_until=last, ballot_on=last), to=Stage.SELF)
    member = year.world.user("member")
    services.hand_in(year.part(appraisal, "member"), text=TEXT, by=member, on=year.today)
    assert services.run_daily(last - timedelta(days=3)) == 0
    assert services.run_daily(last - timedelta(days=2)) == 6
    assert services.run_daily(last) == 0
    assert (told(member).count("appraisal_self"), told(year.by).count("appraisal_self")) == (1, 2)


def test_announcing_refuses_what_cannot_be_appraised(year):
    with pytest.raises(RuleError, match="Only a branch"):
        year.announced(organization=year.world.unit)
    with pytest.raises(RuleError, match="this year or the last"):
        year.announced(year=year.today.year - 2)
    with pytest.raises(RuleError, match="this year or the last"):
        year.announced(year=year.today.year + 1)
    with pytest.raises(RuleError, match="at least two"):
        year.announced(organization=year.world.far_branch)
    with pytest.raises(ValidationError, match="after the self-appraisals"):
        year.announced(self_until=year.today + timedelta(days=2))
    year.announced()
    with pytest.raises(ValidationError, match="announced already"):
        year.announced()
    assert Appraisal.objects.count() == 1


def test_steps_are_taken_once_and_in_order(year):
    appraisal = year.announced()
    services.advance(appraisal, stage="announced", by=year.by, on=year.today)
    with pytest.raises(RuleError, match="gone on in the meantime"):
        services.advance(appraisal, stage="announced", by=year.by, on=year.today)
    with pytest.raises(RuleError, match="takes the stage"):
        services.confirm(appraisal, by=year.world.user("college"), on=year.today)
    with pytest.raises(RuleError, match="takes the stage"):
        services.close(appraisal, by=year.by, on=year.today)
    appraisal.refresh_from_db()
    appraisal = year.forward(appraisal, to=Stage.COMMITTEE)
    with pytest.raises(RuleError, match="committee reports"):
        services.advance(appraisal, stage="committee", by=year.by, on=year.today)


def test_a_report_is_whole_and_may_come_back(year):
    appraisal = year.counted()
    with pytest.raises(RuleError, match="Without a grade"):
        services.report(appraisal, decided_on=year.today, by=year.by, on=year.today)
    appraisal = year.decided(appraisal, member=Opinion("unqualified"))
    with pytest.raises(RuleError, match="what is missing and what follows"):
        services.report(appraisal, decided_on=year.today, by=year.by, on=year.today)
    with pytest.raises(RuleError, match="changed the opinions"):
        services.decide(appraisal, {}, version=appraisal.version - 1, by=year.by, on=year.today)
    appraisal = year.decided(appraisal, member=Opinion("unqualified", "Absent all year; talk in a month."))
    with pytest.raises(RuleError, match="between the announcement and today"):
        services.report(appraisal, decided_on=year.today + timedelta(days=1), by=year.by, on=year.today)
    appraisal = services.report(appraisal, decided_on=year.today, by=year.by, on=year.today)
    with pytest.raises(RuleError, match="takes the stage"):
        year.decided(appraisal)
    college = year.world.user("college")
    appraisal = services.return_report(appraisal, words="Give reasons.", by=college, on=year.today)
    assert (appraisal.state, appraisal.returned_words, told(year.by)[-1]) == (
        "committee", "Give reasons.", "appraisal_returned",
    )  # fmt: skip


def test_the_superior_confirms_and_not_who_takes_part(year):
    appraisal = year.reported()
    confirming = {name for name in year.world.users if may(year.world.user(name), "confirm", appraisal)}
    assert confirming == {"college", "committee"}
    assert set(holders("confirm", appraisal)) == {year.world.user(name) for name in confirming}
    assert {name for name in year.world.users if may(year.world.user(name), "hold", appraisal)} == {
        "secretary", "college", "committee",
    }  # fmt: skip


def test_results_are_read_by_the_person_and_the_keepers_of_the_archive(year):
    year.closed()
    member = year.world.user("member")
    reading = {name for name in year.world.users if results_of(member, year.world.user(name)).exists()}
    assert reading == {"member", "secretary", "college", "committee"}


def test_scope_and_may_agree_on_every_action(year):
    appraisal = year.closed()
    for model, rows in ((Appraisal, [appraisal]), (AppraisalPerson, list(appraisal.people.all()))):
        for name in ("member", "secretary", "probationary", "college", "neighbor", "admin", "author"):
            user = year.world.user(name)
            for action in ("view", "hold", "confirm", "export", "write", "result"):
                found = set(scope(user, action, model).values_list("pk", flat=True))
                assert found == {row.pk for row in rows if may(user, action, row)}, (model, name, action)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "closed"}, {"state": "confirmed"}, {"state": "ballot"}, {"state": "x"}, {"peers": "x"},
        {"self_until": "2000-01-01"}, {"base": 3}, {"closed_on": "2026-01-01"},
    ],
)  # fmt: skip
def test_the_table_refuses_what_no_appraisal_can_be(year, values):
    appraisal = year.announced()
    with pytest.raises(IntegrityError), transaction.atomic():
        Appraisal.objects.filter(pk=appraisal.pk).update(**values)
