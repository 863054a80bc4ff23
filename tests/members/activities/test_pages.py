"""Each page as people use it, through the browser's requests; constant numbers of statements for the lists."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from members.activities import services
from members.activities.forms import MOMENT
from members.activities.models import Activity, ApprovalRule, Contribution, Enrolment, Score
from members.activities.spaces import days, record
from members.activities.work import activities_to_approve, activities_to_go_on, my_activities
from portal.access.policy import holders, may, policy_of, scope
from portal.accounts.models import User
from portal.audit.models import AuditEntry
from portal.drafts.services import draft_of
from portal.extensions.registry import search_sources
from portal.files.services import store
from portal.organizations.services import affiliate
from tests.access.test_agreement import ACTORS
from tests.factories.people import make_people
from tests.portal.files.samples import picture, upload


def url(name, *args):
    return reverse(f"members:activities:{name}", args=args)


def moment(value):
    return timezone.localtime(value).strftime(MOMENT)


@pytest.fixture
def sent(season):
    """What the form of a plan sends."""
    plan = season.details()
    return {
        "organization": season.world.branch.pk, "kind": plan.kind, "title": plan.title, "words": plan.words,
        "is_for_all": "", "begins_at": moment(plan.begins_at), "ends_at": moment(plan.ends_at), "mode": "on_site",
        "place": plan.place, "online_url": "", "enrol_from": moment(plan.enrol_from),
        "enrol_until": moment(plan.enrol_until), "limit": "", "has_waiting_list": "on", "team_size": "",
        "hour_kind": "volunteering", "minutes": "120", "criteria": "", "jurors": "",
    }  # fmt: skip


def test_a_member_plans_on_a_page_that_keeps_what_was_typed(season, sent):
    client = season.world.client("member")
    assert client.get(url("activity-create")).context["form"].initial["organization"] == season.world.branch.pk
    wrong = client.post(url("activity-create"), sent | {"title": "", "place": ""})
    assert wrong.context["form"].errors.keys() == {"title", "place"}
    assert draft_of(season.user("member"), "activity:new").data["words"] == "Bring gloves."
    assert client.get(url("activity-create")).context["form"].initial["words"] == "Bring gloves."
    done = client.post(url("activity-create"), sent)
    row = Activity.objects.get()
    assert (done["Location"], row.state) == (url("activity-submit", row.pk), "draft")
    assert draft_of(season.user("member"), "activity:new") is None
    page = client.get(url("activity-submit", row.pk))
    assert (page.context["gaps"], page.context["needs_approval"]) == ([], True)
    assert client.post(url("activity-submit", row.pk))["Location"] == row.get_absolute_url()
    assert client.post(url("activity-submit", row.pk)).status_code == 409
    assert client.get(row.get_absolute_url()).context["actions"][0]["label"] == "Call off"


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"organization": "0"}, {"organization"}), ({"organization": str(2**63)}, {"organization"}),
        ({"begins_at": "soon"}, {"begins_at"}), ({"begins_at": "0001-01-01T00:00"}, {"begins_at"}),
        ({"limit": "-1"}, {"limit"}), ({"limit": "many"}, {"limit"}), ({"minutes": ""}, {"minutes"}),
        ({"hour_kind": "sleep"}, {"hour_kind"}), ({"mode": "mixed"}, {"online_url"}),
        ({"criteria": "Content"}, {"criteria"}), ({"criteria": "Content 0"}, {"criteria"}),
        ({"criteria": "Content 101"}, {"criteria"}), ({"jurors": "nobody"}, {"jurors"}),
        ({"audience_votes": "on"}, {"audience_votes"}), ({"ends_at": "2020-01-01T10:00"}, {"ends_at", "enrol_until"}),
    ],
)  # fmt: skip
def test_a_wrong_plan_comes_back_with_its_errors(season, sent, given, fields):
    page = season.world.client("member").post(url("activity-create"), sent | given)
    assert (page.status_code, page.context["form"].errors.keys()) == (200, fields)
    assert not Activity.objects.exists()


def test_a_contest_is_planned_with_criteria_and_jury(season, sent):
    world = season.world
    jury = f"{world.users['contact'].number}，{world.users['secretary'].number}\n{world.users['contact'].number}"
    more = {"takes_contributions": "on", "criteria": "内容：60\n表达 40", "jurors": jury, "is_for_all": "1"}
    client = world.client("member")
    client.post(url("activity-create"), sent | more)
    row = Activity.objects.get()
    assert list(row.criteria.values_list("title", "most")) == [("内容", 60), ("表达", 40)]
    assert [juror.user.name for juror in row.jurors.all()] == ["Contact", "Secretary"]
    assert (row.visibility, row.audience) == ("internal", None)
    form = client.get(url("activity-edit", row.pk)).context["form"]
    assert form.initial["criteria"] == "内容 60\n表达 40"
    changed = {name: value for name, value in form.initial.items() if value not in (None, False)}
    done = client.post(url("activity-edit", row.pk), changed | {"title": "Other", "is_for_all": ""})
    assert done.status_code == 302
    row.refresh_from_db()
    assert (row.title, row.version, row.audience.rules.get().organization) == ("Other", 2, world.branch)
    stale = client.post(url("activity-edit", row.pk), changed | {"title": "Late"})
    assert stale.context["form"].non_field_errors()


def test_approving_and_returning_on_pages(season):
    row, other = season.submitted(), season.submitted(title="Second")
    client = season.world.client("secretary")
    page = client.get(url("approval-list"))
    assert [entry.title for entry in page.context["page"]] == ["Sweeping snow", "Second"]
    assert client.get(url("activity-decide", row.pk)).status_code == 200
    empty = client.post(url("activity-decide", other.pk), {"decision": "return", "words": " ", "version": "1"})
    assert empty.context["form"].errors.keys() == {"words"}
    stale = client.post(url("activity-decide", other.pk), {"decision": "approve", "words": "", "version": "7"})
    assert stale.context["form"].non_field_errors()
    client.post(url("activity-decide", row.pk), {"decision": "approve", "words": "", "version": "1"})
    client.post(url("activity-decide", other.pk), {"decision": "return", "words": "Where?", "version": "1"})
    assert list(Activity.objects.order_by("pk").values_list("state", flat=True)) == ["approved", "returned"]
    assert client.post(url("activity-decide", row.pk), {"decision": "approve", "version": "1"}).status_code == 409
    member = season.world.client("member")
    assert member.get(url("activity-edit", row.pk)).status_code == 409
    assert member.post(url("activity-edit", row.pk), {"title": "x"}).status_code == 409
    assert member.get(url("activity-decide", season.submitted().pk)).status_code == 403
    again = season.world.client("member")
    assert again.get(url("activity-detail", other.pk)).context["actions"][0]["label"] == "Hand in"


def test_a_second_version_is_shown_beside_the_first(season):
    row = services.return_(season.submitted(), words="Where?", by=season.user("secretary"))
    services.change_activity(row, season.details(words="Bring spades."), version=1, by=season.user("member"))
    services.submit(row, by=season.user("member"))
    page = season.world.client("secretary").get(url("activity-decide", row.pk))
    assert page.context["older"] == 1
    assert b"Bring <ins>" in page.content or b"<ins>" in page.content


def test_rules_of_approval_on_a_page(season):
    client, node = season.world.client("secretary"), season.world.branch
    assert client.get(url("rule-edit", node.pk)).context["form"].initial == {"is_needed": ""}
    client.post(url("rule-edit", node.pk), {"is_needed": "no"})
    assert not ApprovalRule.objects.get().is_needed
    assert client.post(url("rule-edit", node.pk), {"is_needed": "maybe"}).context["form"].errors
    client.post(url("rule-edit", node.pk), {"is_needed": ""})
    assert not ApprovalRule.objects.exists()
    assert client.get(url("rule-edit", season.world.unit.pk)).status_code == 404
    assert client.get(f"{url('approval-list')}rules/{2**63}/").status_code == 404


def test_enrolling_waiting_and_withdrawing_on_pages(season):
    row = season.approved(limit=1)
    author, peer = season.world.client("author"), season.world.client("peer")
    assert [action["label"] for action in author.get(row.get_absolute_url()).context["actions"]] == ["Enrol"]
    assert author.get(url("enrol", row.pk)).context["is_full"] is False
    assert author.post(url("enrol", row.pk))["Location"] == row.get_absolute_url()
    assert peer.get(url("enrol", row.pk)).context["is_full"] is True
    peer.post(url("enrol", row.pk))
    page = peer.get(row.get_absolute_url())
    assert (page.context["queue"], page.context["left"]) == (1, 0)
    assert peer.post(url("enrol", row.pk)).context["form"].non_field_errors() == ["You are enrolled already."]
    assert author.get(url("withdraw", row.pk)).status_code == 200
    author.post(url("withdraw", row.pk))
    assert season.states(row) == {"author": "withdrawn", "peer": "enrolled"}
    season.shift(row, days=6, hours=1)
    closed = author.post(url("enrol", row.pk))
    assert closed.context["form"].non_field_errors() == ["Enrolment has closed."]
    assert season.world.client("stranger").post(url("enrol", row.pk)).status_code == 404


def test_list_filters_stand_in_the_address(season):
    rows = {
        "snow": season.approved(),
        "later": season.approved(title="Reading", kind="reading", begins_at=season.now + timedelta(days=20),
                                 ends_at=season.now + timedelta(days=20, hours=1),
                                 enrol_from=season.now + timedelta(days=5)),
        "over": season.shift(season.approved(title="Over"), days=9),
        "draft": season.draft(title="Draft"),
    }  # fmt: skip
    season.enrol(rows["snow"], "author")
    client = season.world.client("author")

    def shown(who=client, **query):
        return [row["activity"].title for row in who.get(url("activity-list"), query).context["rows"]]

    assert shown() == ["Sweeping snow", "Reading"]
    assert shown(kind="reading") == ["Reading"]
    assert shown(when="past") == ["Over"]
    assert shown(when="week") == []
    assert shown(when="month") == ["Sweeping snow", "Reading"]
    assert shown(open="on") == ["Sweeping snow"]
    assert shown(words="read") == ["Reading"]
    assert shown(mine="enrolled") == ["Sweeping snow"]
    assert shown(organization=season.world.branch.pk) == ["Sweeping snow", "Reading"]
    assert shown(organization=season.world.sibling.pk) in ([], ["Sweeping snow", "Reading"])
    for odd in ({"kind": "x"}, {"when": "x"}, {"mine": "x"}, {"organization": "1_2"}, {"organization": str(2**63)},
                {"organization": "0"}, {"page": "abc"}):  # fmt: skip
        assert shown(**odd) == ["Sweeping snow", "Reading"], odd
    member = season.world.client("member")
    assert shown(member, mine="started") == ["Reading", "Draft", "Sweeping snow", "Over"]
    assert shown(season.world.client("stranger")) == []
    assert shown(season.world.client("secretary"), mine="started") == []


def test_the_list_asks_the_same_for_few_and_for_many(season):
    client = season.world.client("author")

    def statements():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url("activity-list")).status_code == 200
        return len(seen)

    season.enrol(season.approved(limit=1), "author", "peer")
    statements()
    few = statements()
    for number in range(12):
        row = season.approved(title=f"No. {number}", limit=2)
        season.enrol(row, "author", "peer", "contact")
    assert statements() == few


def test_the_desk_asks_the_same_for_few_and_for_many(season):
    row = season.approved(details=season.contest(audience_votes=True))
    season.enrol(row, "author")
    services.contribute(row, season.user("author"), title="Mine")
    client = season.world.client("member")

    def statements(name):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url(name, row.pk)).status_code == 200
        return len(seen)

    few = [(statements(name), statements(name))[1] for name in ("activity-desk", "activity-detail")]
    for person in make_people(season.world.branch, 15):
        user = User.objects.get(pk=person.user_id)
        services.enrol(row, user)
        services.contribute(row, user, title=f"Of {user.number}")
    assert [statements(name) for name in ("activity-desk", "activity-detail")] == few


def test_attendance_pictures_and_the_end_on_the_desk(season, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    row = season.approved()
    first, second = season.enrol(row, "author", "peer")
    client = season.world.client("member")
    early = client.post(url("attendance", row.pk), {"present": [first.pk]}, follow=True)
    assert b"has not begun" in early.content
    season.shift(row, days=7, minutes=1)
    assert client.get(url("activity-desk", row.pk)).context["may_tick"]
    client.post(url("attendance", row.pk), {"present": [first.pk, "x", "1_2", str(2**63)]})
    assert dict(Enrolment.objects.values_list("user__name", "attended")) == {"Author": True, "Peer": False}
    early = client.post(url("activity-finish", row.pk), {"story": "Cold."})
    assert early.context["form"].non_field_errors() == ["The activity has not ended yet."]
    sent = {"pictures": [SimpleUploadedFile("a.jpg", picture(), "image/jpeg")]}
    assert client.post(url("pictures", row.pk), sent).status_code == 302
    assert client.post(url("pictures", row.pk), {}).context["form"].errors.keys() == {"pictures"}
    wrong = client.post(url("pictures", row.pk), {"pictures": [SimpleUploadedFile("a.pdf", b"%PDF-1.4 x")]})
    assert wrong.context["form"].errors.keys() == {"pictures"}
    shown = client.get(url("pictures", row.pk)).context["pictures"]
    assert len(shown) == 1
    assert season.world.client("author").get(shown[0].thumb).status_code == 200
    assert season.world.client("stranger").get(shown[0].thumb).status_code == 404
    assert season.world.client("author").get(row.get_absolute_url()).context["results_url"] == ""
    assert season.world.client("author").get(url("results", row.pk)).status_code == 404
    season.shift(row, hours=2)
    done = client.post(url("activity-finish", row.pk), {"story": "Cold."})
    assert done["Location"] == url("results", row.pk)
    page = season.world.client("author").get(url("results", row.pk))
    assert (page.context["came"], len(page.context["pictures"])) == (1, 1)
    assert b"Cold." in page.content
    assert client.get(url("picture-remove", row.pk, 10**6)).status_code == 404
    client.post(url("picture-remove", row.pk, shown[0].pk))
    assert client.get(url("pictures", row.pk)).context["pictures"] == []


def test_a_picture_of_another_activity_stays(season, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    mine, other = season.shift(season.approved(), days=8), season.shift(season.approved("contact"), days=8)
    file = store(upload("p.jpg", picture()), kind="image", by=season.user("contact"))
    services.add_pictures(other, [file], by=season.user("contact"))
    client = season.world.client("member")
    assert client.post(url("picture-remove", mine.pk, file.pk)).status_code == 404
    assert other.pictures.count() == 1


def test_scores_on_the_sheet(season):
    row = season.approved(details=season.contest())
    season.enrol(row, "author", "peer")
    works = [services.contribute(row, season.user(name), title=f"Of {name}").pk for name in ("author", "peer")]
    criteria = list(row.criteria.values_list("pk", flat=True))
    client = season.world.client("contact")
    boxes = {f"p-{work}-{criterion}": "5" for work in works for criterion in criteria}
    assert client.post(url("score-sheet", row.pk), boxes).status_code == 422
    season.shift(row, days=7, minutes=1)
    for wrong in ("11", "-1", "2.5", "x", "²", "9" * 30):
        page = client.post(url("score-sheet", row.pk), boxes | {f"p-{works[0]}-{criteria[1]}": wrong})
        assert (page.status_code, len(page.context["errors"])) == (422, 1), wrong
    assert not Score.objects.exists()
    assert client.post(url("score-sheet", row.pk), boxes).status_code == 302
    assert Score.objects.count() == 4
    empty = season.world.client("secretary").get(url("score-sheet", row.pk)).context["rows"][0]["boxes"]
    assert [box["value"] for box in empty] == ["", ""]
    assert season.world.client("author").get(url("score-sheet", row.pk)).status_code == 403
    lead = season.world.client("member")
    lead.post(url("scores-close", row.pk))
    assert list(Contribution.objects.values_list("score", "rank")) == [(1000, 1), (1000, 1)]
    page = client.post(url("score-sheet", row.pk), boxes)
    assert page.status_code == 422
    season.held(row)
    assert [line["score"] for line in lead.get(url("results", row.pk)).context["rows"]] == ["10.00", "10.00"]


def test_handing_in_on_a_page_keeps_the_file(season, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    row = season.approved(details=season.contest())
    season.enrol(row, "author")
    client = season.world.client("author")
    assert client.post(url("contribute", row.pk), {"title": ""}).context["form"].errors.keys() == {"title"}
    sent = {"title": "Mine", "text": "Words", "file": SimpleUploadedFile("t.pdf", b"%PDF-1.4\n%%EOF")}
    assert client.post(url("contribute", row.pk), sent).status_code == 302
    work = Contribution.objects.get()
    assert work.file is not None
    assert season.world.client("contact").get(work.file.get_absolute_url()).status_code == 200
    assert season.world.client("peer").get(work.file.get_absolute_url()).status_code == 404
    assert season.world.client("peer").get(work.get_absolute_url()).status_code == 404
    assert client.get(work.get_absolute_url()).status_code == 200
    season.shift(row, days=8)
    late = client.post(url("contribute", row.pk), {"title": "Late"})
    assert late.context["form"].non_field_errors()
    assert season.world.client("member").get(url("contribute", row.pk)).status_code == 403


def test_the_vote_is_opened_and_closed_from_the_desk(season):
    row = season.approved(details=season.contest(jurors=(), criteria=(), audience_votes=True))
    season.enrol(row, "author", "peer", "target")
    for name in ("author", "peer"):
        services.contribute(row, season.user(name), title=f"Of {name}")
    client = season.world.client("member")
    assert b"has not begun" in client.post(url("vote-open", row.pk), follow=True).content
    season.shift(row, days=7, minutes=1)
    client.post(url("vote-open", row.pk))
    page = season.world.client("target").get(row.get_absolute_url())
    assert season.world.client("target").get(page.context["vote_url"]).status_code == 200
    assert season.world.client("contact").get(row.get_absolute_url()).context["vote_url"] == ""
    assert season.world.client("target").get(Contribution.objects.first().get_absolute_url()).status_code == 200
    assert client.get(url("activity-desk", row.pk)).context["figures"].electors == 3
    client.post(url("vote-close", row.pk))
    assert season.world.client("target").get(row.get_absolute_url()).context["vote_url"] == ""


def test_the_list_is_taken_along_as_a_workbook(season):
    row = season.approved(limit=1)
    season.enrol(row, "author", "peer")
    answer = season.world.client("member").post(url("activity-export", row.pk))
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)]
    assert [(line[2], line[3], line[5]) for line in lines] == [
        ("Author", "branch", "enrolled"), ("Peer", "branch", "on the waiting list"),
    ]  # fmt: skip
    assert AuditEntry.objects.filter(verb="activities.exported").count() == 1


def test_the_link_of_the_meeting_is_for_those_who_take_part(season):
    row = season.approved(mode="online", place="", online_url="https://meet.example.org/7")
    season.enrol(row, "author")
    for name, sees in (("author", True), ("member", True), ("peer", False)):
        page = season.world.client(name).get(row.get_absolute_url())
        assert (b"meet.example.org" in page.content) is sees, name


def test_workbench_calendar_and_search(season):
    today = timezone.localdate()
    row, waiting = season.approved(), season.submitted(title="Waits")
    season.enrol(row, "author")
    found = activities_to_approve(season.user("secretary"), today)
    assert (found.count, found.items[0].url) == (1, url("activity-decide", waiting.pk))
    assert [item.title for item in my_activities(season.user("author"), today).items] == ["Sweeping snow"]
    assert my_activities(season.user("peer"), today).count == 0
    season.shift(row, days=8)
    assert activities_to_go_on(season.user("member"), today).items[0].url == url("activity-desk", row.pk)
    day = timezone.localdate(row.begins_at)
    for name, sees in (("author", 1), ("stranger", 0), ("college", 1)):
        assert len(list(days(season.world.unit, season.user(name), day, day))) == sees, name
    source = search_sources.get("activities")
    assert (source.at(row) is not None, source.at(waiting)) == (True, None)
    page = season.world.client("secretary").get(reverse("home:workbench"))
    assert b"Waits" in page.content


def test_the_record_of_a_year_counts_what_was_held_as_far_as_it_is_seen(season):
    row, other = season.approved(), season.approved()
    season.enrol(row, "author", "peer", "contact")
    season.enrol(other, "author")
    season.held(row, "peer")
    season.held(other)
    year = timezone.localdate(row.begins_at).year
    block = record(season.world.unit, season.user("author"), year)
    assert [value for _label, value, _url in block.figures] == [2, 3]
    assert [entry.title for entry in block.entries] == ["Sweeping snow"] * 2
    assert record(season.world.unit, season.user("stranger"), year) is None
    assert record(season.world.unit, season.user("author"), year - 2) is None


def test_those_who_left_the_audience_keep_what_they_take_part_in(season):
    row = season.approved()
    season.enrol(row, "author")
    author, today = season.world.users["author"], timezone.localdate()
    affiliate(author, season.world.far_branch, standing="activist", on=today, by=None)
    assert season.world.client("author").get(row.get_absolute_url()).status_code == 200
    assert season.world.client("author").get(season.approved().get_absolute_url()).status_code == 404


@pytest.mark.parametrize("model", [Activity, Contribution, Enrolment, Score], ids=lambda model: model.__name__)
def test_scope_may_and_holders_agree(season, model):
    season.draft()
    season.submitted("secretary")
    row = season.approved(details=season.contest())
    season.enrol(row, "author", "peer")
    work = services.contribute(row, season.user("author"), title="Mine")
    points = {(work.pk, row.criteria.first().pk): 1}
    services.score(row, season.user("contact"), points, now=season.begun(row))
    season.held(season.approved("contact"))
    rows, policy = list(model.objects.all()), policy_of(model)
    for action in policy.actions:
        for name in ACTORS:
            actor = season.user(name)
            scoped = set(scope(actor, action, model).values_list("pk", flat=True))
            assert scoped == {row.pk for row in rows if may(actor, action, row)}, (name, action)
    for action in policy.duties:
        for row in rows:
            told = set(holders(action, row).values_list("pk", flat=True))
            allowed = {user.pk for user in User.objects.all() if may(user, action, row)}
            assert told <= allowed, (row, action)


def test_a_juror_alone_sees_the_own_scores(season):
    row = season.approved(details=season.contest())
    season.enrol(row, "author")
    work = services.contribute(row, season.user("author"), title="Mine")
    services.score(row, season.user("contact"), {(work.pk, row.criteria.first().pk): 1}, now=season.begun(row))
    assert {name for name in ACTORS if scope(season.user(name), "view", Score).exists()} == {"contact"}
