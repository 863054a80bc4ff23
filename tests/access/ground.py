"""One object of every kind in each of three nodes: what the rows of the matrix are asked about.

``branch`` is the actors' own, ``sibling`` the next branch of their college, ``far_branch`` one of another college.
"""

from dataclasses import dataclass, field
from datetime import time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from forum.services import start_thread
from members.activities import services as activities
from members.activities.models import Activity
from members.appraisals import services as appraisals
from members.corrections import ask_correction
from members.development import services as development
from members.development.models import CultivationContact, ThoughtReport
from members.development.rules import Quarter
from members.dues import services as dues
from members.dues.months import month_of, shifted
from members.help import services as care
from members.meetings import services as meetings
from members.meetings.models import AgendaItem, MeetingTemplate
from members.minutes import services as minutes
from members.minutes.services.binding import ask_volume
from members.models import Member
from members.obligations.engine.periods import Period, Span
from members.obligations.kinds import DutyKind
from members.obligations.services import waive
from members.recruitment import services as recruitment
from members.recruitment.engine.details import ApplicationFact, TalkFact, Topic
from members.recruitment.engine.people import Named
from members.recruitment.letters import Tables
from members.recruitment.models import BatchKind, Letter, SealedKind
from members.services import file_document, set_photo, update_archive
from members.transfers import services as transfers
from members.votes import services as votes
from news.models import Article, Column
from news.services import Text, publish, write_article
from partyschool.services import enrol
from portal.accounts.models import User
from portal.audiences.models import Visibility
from portal.audiences.services import Circle, save_audience
from portal.audit.models import AuditEntry
from portal.ballots import services as ballots
from portal.files.services import attach, store
from portal.hours.models import HourEntry, HourKind
from portal.hours.services import Hours, enter_hours
from portal.imports import services as imports
from portal.imports.registry import kinds
from portal.moderation.services import decide, flag
from portal.notifications.dispatch import announce
from portal.notifications.models import Notice
from portal.organizations.duties import Post
from portal.organizations.models import Affiliation, Appointment, Standing
from portal.organizations.services import appoint
from portal.rulesets.models import CalendarYear, RuleSetting
from portal.rulesets.services import preview_setting, set_amount
from portal.spaces import services as spaces
from tests.factories.people import make_member
from tests.factories.rooms import make_board, make_course
from tests.fifth_room.models import Book
from tests.portal.files.samples import picture, upload
from tests.portal.imports.lists import HEADINGS, ROW, book
from tests.world import World

PLACES = ("branch", "sibling", "far_branch")
# Identity numbers with a right check digit, and mobiles: nobody but the reveal page may show one in full.
ID_NUMBERS = {"branch": "11010519491231002X", "sibling": "110105200001010112", "far_branch": "110105200001010120"}
MOBILES = {"branch": "13911110001", "sibling": "13911110002", "far_branch": "13911110003"}
STAGED_NUMBER, STAGED_MOBILE = "110105200001010139", "13911110009"
TEXT = "\n".join(f"Paragraph {number} says something of its own about the quarter." for number in range(1, 6))


@dataclass
class Plot:
    """What stands in one node, by the name that a row of the matrix calls it."""

    node: Any
    objects: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.objects[name]


@dataclass
class Ground:
    world: World
    plots: dict[str, Plot]


def make_ground(world: World) -> Ground:
    """Build every object through the services, in the world's branch, its sibling and far away."""
    secretary = make_member(world.far_branch, Standing.FULL_MEMBER, name="Far secretary", on=world.since)
    appoint(secretary.user, world.far_branch, Post.SECRETARY, on=world.since, by=None)
    far = (make_member(world.far_branch, Standing.ACTIVIST, name="Far author", on=world.since), secretary, secretary)
    people = {
        "branch": tuple(world.member(name) for name in ("author", "contact", "secretary")),
        "sibling": tuple(world.member(name) for name in ("stranger", "neighbor", "neighbor")),
        "far_branch": far,
    }
    return Ground(world, {place: _plot(world, place, *people[place]) for place in PLACES})


def _plot(world: World, place: str, author: Member, contact: Member, secretary: Member) -> Plot:
    node, keeper = world.nodes[place], secretary.user
    author = update_archive(
        author, {"id_no": ID_NUMBERS[place], "mobile": MOBILES[place]}, version=author.version, by=keeper
    )
    photo = store(upload("p.jpg", picture(size=(300, 400))), kind="image", by=keeper)
    set_photo(author, photo, by=keeper)
    scan = store(upload("scan.jpg", picture()), kind="scan", by=keeper)
    document = file_document(author, scan, kind="other", title=f"Paper of {place}", dated_on=None, by=keeper)
    plot = Plot(node)
    plot.objects = {
        "node": node,
        "member": author,
        "document": document,
        "scan": scan,
        "photo": photo,
        "correction": ask_correction(author, field="title", words="Please.", by=author.user),
        "account": author.user,
        "session": UserSession.objects.create(
            user=author.user, session_key=f"session-of-{place}", ip="10.0.0.1", user_agent="Firefox/1 Windows"
        ),
        "appointment": Appointment.objects.get(user=keeper, post=Post.SECRETARY, organization=node),
        "affiliation": Affiliation.objects.get(user=author.user, until=None),
        "setting": _habit(world, node),
        "calendar_year": CalendarYear.objects.get_or_create(year=2026)[0],
        **_development(world, author, contact, keeper),
        **_transfers(world, place, author, contact, keeper),
        **_dues(world, place, contact),
        **_obligations(world, node),
        **_recruitment(author, contact, keeper),
        **_rooms(world, place, author, keeper),
        **_spaces(node, author, keeper),
        **_reports(node, author, contact, keeper),
        **_meetings(node, author, contact, keeper),
        **_votes(node, contact, keeper),
        **_minutes(world, node, author, contact, keeper),
        **_care(node, author, contact),
        **_hours(node, author, keeper),
        **_activities(node, author, contact, keeper),
    }
    plot.objects["entry"] = AuditEntry.objects.filter(organization=node).order_by("pk").last()
    return plot


def _habit(world: World, node: Any) -> RuleSetting:
    edition, code, amount = "recruitment-2026-05", "thought_report.interval", 1
    seen = preview_setting(edition, code, amount=amount, organization=node).fingerprint
    return set_amount(
        edition, code, amount=amount, organization=node, reason="Habit", seen=seen, by=world.user("committee"),
        on=timezone.localdate(),
    )  # fmt: skip


def _development(world: World, author: Member, contact: Member, keeper: Any) -> dict[str, Any]:
    today, by = timezone.localdate(), author.user
    row: CultivationContact = development.assign_contact(author, contact, by=keeper, on=world.since)
    now = Quarter.of(today)

    def report(quarter: Quarter) -> ThoughtReport:
        begun = development.begin_report(author, quarter, by=by, on=today)
        return development.hand_in(begun, title="My quarter", body=TEXT, by=by, on=today)

    accepted = development.accept_report(report(now.previous), words="Well thought.", by=contact.user)
    shown = development.accept_report(report(now.previous.previous), words="Well.", by=contact.user)
    proposed = development.propose_for_showcase(shown, words="", by=keeper)
    handed_in = development.begin_report(author, now, by=by, on=today)
    file = development.attach_scan(handed_in, SimpleUploadedFile("page.jpg", picture()), by=by)
    handed_in = development.hand_in(handed_in, title="My quarter", body=TEXT, by=by, on=today)
    comment = development.comment_on_report(
        handed_in, paragraph=1, body="Why?", visibility="author", quote="", by=contact.user
    )
    development.return_report(handed_in, words="Once more.", by=contact.user)
    handed_in = development.hand_in(handed_in, title="My quarter", body=f"{TEXT} More.", by=by, on=today)
    return {
        "contact": row,
        "report": handed_in,
        "accepted": accepted,
        "comment": comment,
        "report_file": file,
        "shown": development.consent_to_showcase(proposed, title="A text", body=TEXT, is_named=False, by=by),
    }


def _dues(world: World, place: str, payer: Member) -> dict[str, Any]:
    today, by, branch = timezone.localdate(), world.user("committee"), world.nodes[place]
    dues.open_ledgers(branch, month=today, by=by, on=today)
    standard = dues.set_standard(payer, kind="monthly", base=Decimal("8123.45"), month=today, by=by, on=today)
    payment = dues.record_payment(
        payer, today, branch=branch, paid_on=today, channel="cash", by=by, on=today, token=UUID(int=branch.pk)
    )
    later = shifted(month_of(today), 1)
    reduction = dues.ask_reduction(
        payer, first=later, last=later, amount=Decimal(0), reason="Illness", decided_on=today, by=by, on=today
    )
    return {"payer": payer, "standard": standard, "payment": payment, "reduction": reduction}


def _obligations(world: World, node: Any) -> dict[str, Any]:
    """Waive this month's theme party day."""
    today = timezone.localdate()
    month = Period.of(Span.MONTH, today)
    by = world.user("committee")
    return {"life_waiver": waive(node, DutyKind.THEME_PARTY_DAY, month, reason="All are away.", by=by, on=today)}


def _recruitment(author: Member, contact: Member, keeper: Any) -> dict[str, Any]:
    today = timezone.localdate()
    author = Member.objects.select_related("user", "organization").get(pk=author.pk)
    case = recruitment.open_case(author, on=today, details=ApplicationFact(received_on=today), by=keeper)
    talk = TalkFact(Named(contact.user_id, contact.name), tuple(Topic), "Well prepared.")
    held = recruitment.record_batch(
        [case], "talk", kind=BatchKind.MEETING, organization=case.organization, on=today, details={case.pk: talk},
        by=keeper,
    )  # fmt: skip
    scan = store(upload("reply.jpg", picture()), kind="scan", by=keeper)
    sealed = recruitment.seal_file(case, scan, kind=SealedKind.REPLY, subject="father", dated_on=None, by=keeper)
    letter, letter_file = _letter(case.organization, today)
    return {
        "case": case, "record": held.records[case.pk], "recruitment_batch": held.batch, "sealed": sealed,
        "letter": letter, "letter_file": letter_file,
        "takeover": recruitment.begin_takeover(case.organization, by=keeper, on=today),
    }  # fmt: skip


def _care(node: Any, author: Member, contact: Member) -> dict[str, Any]:
    """Let the author ask for help, given to the contact, who has a talk planned with somebody outside the cast."""
    today, partner = timezone.localdate(), make_member(node, Standing.FULL_MEMBER)
    request = care.ask_help(author.user, kind="talk", words=f"Words of {node}", on=today)
    return {
        "help_request": care.assign(request, assignee=contact.user, by=partner.user, on=today),
        "heart_talk": care.plan_talk(contact.user, partner.user, organization=node, by=contact.user, on=today),
        **_appraisal(node, contact, today),
    }


def _appraisal(node: Any, contact: Member, today: Any) -> dict[str, Any]:
    """Announce an appraisal whose self-appraisals have begun."""
    appraisal = appraisals.announce(node, year=today.year, self_until=today, ballot_on=today, by=contact.user, on=today)
    appraisal = appraisals.advance(appraisal, stage="announced", by=contact.user, on=today)
    return {"appraisal": appraisal, "appraisal_part": appraisal.people.get(user=contact.user)}


def _letter(node: Any, today: Any) -> tuple[Letter, Any]:
    """Hand in the letter of somebody who is not among the actors: it waits for the branch."""
    person = make_member(node, Standing.MASS)
    letter = recruitment.begin_letter(person, "admission", on=today)
    page = SimpleUploadedFile("letter.jpg", picture())
    file = recruitment.attach_letter_scan(letter, page, by=person.user)
    letter = recruitment.hand_in_letter(
        letter, body=f"{TEXT} {node}", tables=Tables(), carrier="handwritten", is_declared=True, by=person.user,
        on=today,
    )  # fmt: skip
    return letter, file


def _transfers(world: World, place: str, author: Member, contact: Member, keeper: Any) -> dict[str, Any]:
    node, today, by = world.nodes[place], timezone.localdate(), world.user("committee")
    elsewhere = world.nodes["far_branch" if place != "far_branch" else "sibling"]
    leaver, graduate, away = (make_member(node, Standing.FULL_MEMBER) for _person in range(3))
    for number, person in enumerate((leaver, graduate)):
        born = today.replace(year=today.year - 22, day=1)
        update_archive(person, {"sex": "1", "ethnicity": "01", "birth_date": born}, version=1, by=keeper)
        Member.objects.filter(pk=person.pk).update(id_no_index=f"{place}{number}")
    row = transfers.ask_transfer_out(leaver, committee="Committee outside", by=by, on=today)
    row = transfers.check(row, dues_paid_to=today, file_checked=True, by=by, on=today)
    return {
        "transfer": transfers.ask_move(author, elsewhere, by=author.user, on=today),
        "issued": transfers.issue(row, valid_days=30, by=by, on=today),
        "batch": transfers.start_batch(
            node, [transfers.BatchLine(graduate, committee="Committee outside")], title="Graduates",
            dues_paid_to=today, file_checked=True, by=by, on=today,
        ),
        "relation": transfers.begin_relation(
            away, "abroad", since=today, responsible=contact, by=by, on=today
        ),
    }  # fmt: skip


def _activities(node: Any, author: Member, contact: Member, keeper: Any) -> dict[str, Any]:
    """Let the author start a draft, one that waits, a contest that the contact judges, and one that has ended."""
    begins = timezone.now() + timedelta(days=7)

    def started(title: str, **more: Any) -> activities.Details:
        return activities.Details(
            organization=node, kind="other", title=title, words="Words", begins_at=begins,
            ends_at=begins + timedelta(hours=1), enrol_from=timezone.now() - timedelta(days=1), enrol_until=begins,
            place="Here", **more,
        )  # fmt: skip

    def approved(details: activities.Details) -> Activity:
        row = activities.submit(activities.start_activity(details, by=author.user), by=author.user)
        row = activities.approve(row, by=keeper)
        activities.enrol(row, author.user)
        return row

    waiting = activities.submit(activities.start_activity(started("Waiting"), by=author.user), by=author.user)
    contest = approved(
        started("Contest", takes_contributions=True, jurors=[contact.user], criteria=[("Voice", 10)])
    )
    work = activities.contribute(contest, author.user, title="Work")
    over = approved(started("Over"))
    file = store(upload("p.jpg", picture(size=(300, 400))), kind="image", by=author.user)
    activities.add_pictures(over, [file], by=author.user, now=begins)
    activities.record_attendance(over, [], by=author.user, now=begins)
    activities.finish(over, story="Done", by=author.user, now=begins + timedelta(hours=2))
    return {
        "activity": contest,
        "activity_draft": activities.start_activity(started("Draft"), by=author.user),
        "activity_waiting": waiting,
        "activity_over": over,
        "activity_picture": file,
        "contribution": work,
    }


def _hours(node: Any, author: Member, keeper: Any) -> dict[str, Any]:
    """Enter an hour of volunteering for the author."""
    line = Hours(
        author.user_id, HourKind.VOLUNTEERING, 60, timezone.localdate(), "ground", "cleaning", "Cleaning", node.pk
    )
    enter_hours([line], by=keeper)
    return {"hours": HourEntry.objects.get(person=author.user_id)}


def _rooms(world: World, place: str, author: Member, keeper: Any) -> dict[str, Any]:
    node = world.nodes[place]
    circle = Circle(organizations=[node])
    column, _made = Column.objects.get_or_create(slug="notices", defaults={"name": "Notices"})
    message = announce(title="Tell", text="All", circle=circle, key=place, by=keeper)
    board = make_board(node, by=keeper, visibility=Visibility.AUDIENCE)
    thread = start_thread(board, title=f"Thread of {place}", body="Words", by=author.user)
    course = make_course(node, by=world.user("lecturer"), visibility=Visibility.AUDIENCE)
    row = {**ROW, "学号": f"2026{node.pk:04}", "公民身份号码": STAGED_NUMBER, "手机号码": STAGED_MOBILE}
    row["所在党支部"] = place
    run = imports.start_import(
        kinds.get("roster"), organization=node, upload=book(HEADINGS, [*row.values()]), by=keeper
    )
    imports.work(run.pk)
    run.refresh_from_db()

    def article(visibility: str) -> Article:
        chosen = circle if visibility == Visibility.AUDIENCE else Circle()
        text = Text(column=column, organization=node, title="News", body="<p>Words</p>", visibility=visibility,
                    circle=chosen)  # fmt: skip
        return write_article(text, by=keeper)

    return {
        "column": column,
        "message": message,
        "notice": Notice.objects.get(message=message, recipient=author.user),
        "board": board,
        "thread": thread,
        "post": thread.posts.get(),
        "course": course,
        "lesson": course.lessons.get(number=1),
        "enrolment": enrol(course, by=author.user),
        "run": run,
        "draft_article": article(Visibility.PUBLIC),
        "article": publish(article(Visibility.AUDIENCE), by=keeper),
        "public_article": publish(article(Visibility.PUBLIC), by=keeper),
        "book": Book.objects.create(
            organization=node, title="Book", visibility=Visibility.AUDIENCE, audience=save_audience(circle)
        ),
    }


def _meetings(node: Any, author: Member, contact: Member, keeper: Any) -> dict[str, Any]:
    """Convene a congress that somebody asks leave from, and plan a committee's sitting that nobody knows of yet."""
    now, today = timezone.now(), timezone.localdate()
    asker = make_member(node, Standing.FULL_MEMBER, on=today - timedelta(days=40))
    begins = now + timedelta(days=10)
    facts: dict[str, Any] = {
        "planned_until": begins + timedelta(hours=1), "chair": keeper, "recorder": contact.user, "by": keeper,
        "at": now,
    }  # fmt: skip
    planned = meetings.plan(node, kinds=["branch_committee"], title="Committee", planned_at=begins, **facts)
    matters = [meetings.Matter("branch_congress", title) for title in ("First matter", "Second matter")]
    row = meetings.plan(
        node, kinds=["branch_congress"], title="Congress", planned_at=begins, agenda=matters, place="Hall", **facts
    )
    row = meetings.convene(row, by=keeper, at=now)
    leave = meetings.answer(row, asker.user, answer="leave", words="Illness", at=now)
    stranger = User.objects.create(number=f"guest{node.pk}", name="Guest", password="!")
    paper = store(upload("agenda.txt", b"Words of the agenda"), kind="attachment", by=keeper)
    template = MeetingTemplate(
        organization=node, title="Each month", kinds=["branch_committee"], recurrence="monthly_day", day=5,
        begins=time(14, 30),
    )  # fmt: skip
    return {
        "meeting": row,
        "meeting_part": row.parts.get(),
        "planned_meeting": planned,
        "agenda_item": row.agenda.order_by("number").first(),
        "attendance": row.attendances.get(user=author.user),
        "leave": leave,
        "guest": meetings.invite_guest(row, stranger, words="Lecturer", by=keeper),
        "meeting_paper": attach(paper, row),
        "meeting_template": meetings.save_template(template, by=keeper),
        "feed": meetings.make_feed(author.user, at=now)[0],
        "seat_remark": meetings.remark_seat(
            asker.user, node, kind="exempt", words="Aged", since=today, by=keeper
        ),
    }


def _votes(node: Any, contact: Member, keeper: Any) -> dict[str, Any]:
    """Prepare a vote in the congress, and open a ballot to two electors."""
    matters = AgendaItem.objects.select_related("part")
    item = matters.filter(meeting__organization=node, meeting__title="Congress").first()
    assert item is not None
    ballot = ballots.create_ballot(node, kind="proposal", title="Open ballot", rule="plurality", by=keeper)
    circle = {contact.user_id, keeper.pk}
    return {
        "vote": votes.create_vote(item, purpose="resolution", title="Prepared vote", by=keeper),
        "open_ballot": ballots.open_ballot(ballot, electors=circle, present=circle, by=keeper),
    }


def _minutes(world: World, node: Any, author: Member, contact: Member, keeper: Any) -> dict[str, Any]:
    """Hold two congresses: one with written minutes, a resolution and a picture, the other with sealed minutes."""
    rows = []
    for days in (2, 3):
        begins = timezone.now() - timedelta(days=days)
        held = meetings.plan(
            node, kinds=["branch_congress"], title=f"Congress {days} days ago", planned_at=begins,
            planned_until=begins + timedelta(hours=1), chair=keeper, recorder=contact.user, by=keeper,
            at=begins - timedelta(days=1),
        )  # fmt: skip
        held = meetings.convene(held, by=keeper, at=begins - timedelta(days=1))
        held = meetings.open_meeting(held, keeper, begins)
        for person in (keeper, author.user):
            meetings.check_in(held, person, means="list", at=begins)
        held = meetings.close_meeting(held, keeper, begins + timedelta(minutes=30))
        row = held.minutes.get()
        rows.append(
            minutes.write(
                row, version=1, speeches=[], decisions=f"Words of {node}", dissent="", remarks="", disclosure="title",
                by=keeper,
            )  # fmt: skip
        )
    row, finished = rows
    due = timezone.localdate() + timedelta(days=20)
    resolution = minutes.resolve(row, words="See to it", owner=author.user, due_on=due, by=keeper)
    file = store(upload("m.jpg", picture()), kind="image", by=keeper)
    row = minutes.add_files(row, [file], by=keeper)
    other = contact.user if contact.user_id != keeper.pk else world.user("committee")
    for person in (keeper, other):
        finished = minutes.confirm(finished, seen=minutes.shown(finished, minutes.facts_now(finished)), by=person)
    return {
        "minutes": row, "sealed_minutes": finished, "minuted_resolution": resolution, "minutes_file": file,
        "bound_volume": ask_volume(node, finished.held_on.year, by=keeper),
    }  # fmt: skip


def _reports(node: Any, author: Member, contact: Member, keeper: Any) -> dict[str, Any]:
    """A post that was reported, and one that was taken down."""
    told, down = (spaces.write_post(node, spaces.Written(words), by=author.user) for words in ("Told", "Down"))
    flagged = flag(told, reason="untrue", by=contact.user).flagged
    taken = flag(down, reason="insult", by=contact.user).flagged
    return {
        "flagged": flagged,
        "space_post_down": down,
        "flagged_down": decide(taken, take_down=True, words="Rude", by=keeper),
    }


def _spaces(node: Any, author: Member, keeper: Any) -> dict[str, Any]:
    shown = spaces.write_post(node, spaces.Written(f"Words of {node}"), by=author.user)
    paper = store(upload("paper.txt", b"Words of the paper"), kind="attachment", by=keeper)
    return {
        "space_post": shown,
        "space_reply": spaces.reply(shown, text="Heard.", by=author.user),
        "space_document": spaces.keep_document(node, paper, title="Paper", by=keeper),
    }
