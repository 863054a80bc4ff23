"""A thought report from its first line to the accepted text. Who may is for the policy; here the rules decide."""

from datetime import date, datetime, time

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Member
from portal.access.policy import holders
from portal.accounts.models import User
from portal.audit import services as audit
from portal.drafts.services import discard as discard_draft
from portal.drafts.services import overwrite_draft
from portal.files.models import Kind, StoredFile
from portal.files.services import attach, discard, store
from portal.notifications.services import post
from portal.reviews import services as reviews
from portal.reviews.models import Comment
from portal.reviews.rules import State
from portal.reviews.texts import clean_text, count_characters
from portal.web.refusals import RuleError

from .. import notices
from ..models import CultivationContact, ThoughtReport
from ..rules import Quarter, answer_due, draft_key, gaps_before_writing
from ..signals import cared
from .likeness import index_report

KIND = "thought_report"
TEXT_MAX = 20_000
SCANS_MAX = 12


@transaction.atomic
def begin_report(author: Member, quarter: Quarter, *, by: User, on: date) -> ThoughtReport:
    """Return the author's report for ``quarter``, begun if there is none; raise ``RuleError`` if none may be."""
    # The author's row is the lock: two pages that begin at once get the same report.
    author = Member.objects.select_for_update(of=("self",)).select_related("user", "organization").get(pk=author.pk)
    report = ThoughtReport.objects.select_related("review").of(quarter).filter(author=author).first()
    gaps = gaps_before_writing(
        standing=author.standing, quarter=quarter, state=report.review.state if report else State.DRAFT, on=on
    )
    if gaps:
        raise RuleError([gap.label for gap in gaps])
    if report is None:
        report = ThoughtReport(
            author=author,
            year=quarter.year,
            quarter=quarter.number,
            review=reviews.open_review(KIND, author=author.user),
        )
        report.full_clean(exclude=["review", "author"])
        report.save()
    return report


@transaction.atomic
def hand_in(report: ThoughtReport, *, title: str, body: str, by: User, on: date) -> ThoughtReport:
    """Hand in the next version and tell the readers, who promise an answer within ``answer_days``.

    ``on`` may lie in the past for what is entered later. Handing the same text in twice (a double click) hands it in
    once. Raises ``RuleError`` when the rules or the state forbid it, or the text is empty or too long.
    """
    report = ThoughtReport.objects.select_for_update().get(pk=report.pk)
    author = Member.objects.select_related("user", "organization").get(pk=report.author_id)
    gaps = gaps_before_writing(standing=author.standing, quarter=report.period, state=report.review.state, on=on)
    if gaps:
        raise RuleError([gap.label for gap in gaps])
    title, body = " ".join(title.split()), clean_text(body)
    if len(body) > TEXT_MAX:
        raise RuleError(_("The text is longer than %(limit)d characters.") % {"limit": TEXT_MAX})
    known = report.review.version_count
    version = reviews.submit(report.review, title=title, body=body, by=by, due_on=answer_due(on), at=_instant(on))
    if version.number == known:
        return report
    report.review.refresh_from_db()
    report.title, report.characters = title, count_characters(body)
    report.standing_at_submission = report.standing_at_submission or author.standing
    report.first_submitted_on = report.first_submitted_on or on
    report.likeness = index_report(report, version)
    report.save(update_fields=["title", "characters", "standing_at_submission", "first_submitted_on", "likeness"])
    discard_draft(author.user, draft_key(report.period))
    audit.record(
        "development.report_handed_in",
        report,
        by=by,
        about=author.user,
        changes={"version": [known, version.number]},
        at=author.organization,
    )
    post(
        notices.HANDED_IN.code,
        key=f"report_handed_in:{report.pk}:{version.number}",
        recipients=readers_of(report),
        params={**about(report, author), "due": report.review.due_on},
        url=report.get_absolute_url(),
    )
    return report


@transaction.atomic
def withdraw_report(report: ThoughtReport, *, by: User) -> ThoughtReport:
    """Take a report back before it is answered; its text becomes the author's draft again."""
    last = report.review.versions.order_by("-number").first()
    reviews.withdraw(report.review, by)
    if last:
        overwrite_draft(by, draft_key(report.period), {"title": last.title, "body": last.body})
    audit.record("development.report_withdrawn", report, by=by, about=by)
    return report


def take_up_report(report: ThoughtReport, *, by: User, on: date | None = None) -> ThoughtReport:
    """Set the read mark, once."""
    reviews.take_up(report.review, by, at=_instant(on))
    return report


def return_report(
    report: ThoughtReport, *, words: str, by: User, version: int | None = None, on: date | None = None
) -> ThoughtReport:
    """Give the report back with words on what to rewrite; raise ``RuleError`` without words or after somebody else."""
    with transaction.atomic():
        reviews.return_(report.review, words, by, version=version, at=_instant(on))
        _answered(report, notices.RETURNED.code, "development.report_returned", by=by)
    return report


def accept_report(
    report: ThoughtReport, *, words: str, by: User, version: int | None = None, on: date | None = None
) -> ThoughtReport:
    """Accept the report with a reply: it is locked and filed. Raise ``RuleError`` without reply or as second."""
    if not words.strip():
        raise RuleError(_("Write a few words of reply: the author waits for them."))
    with transaction.atomic():
        reviews.accept(report.review, words, by, version=version, at=_instant(on))
        _answered(report, notices.ACCEPTED.code, "development.report_accepted", by=by)
        cared.send(ThoughtReport, person_id=report.author_id)
    return report


def comment_on_report(
    report: ThoughtReport,
    *,
    paragraph: int,
    body: str,
    visibility: str,
    by: User,
    quote: str = "",
    on: date | None = None,
) -> Comment:
    """Remark on a paragraph of the last version; raise ``RuleError`` once the report is accepted."""
    if report.review.state in (State.ACCEPTED, State.PUBLISHED):
        raise RuleError(_("The report is accepted and can no longer be changed."))
    return reviews.comment(
        report.review, paragraph=paragraph, body=body, visibility=visibility, by=by, quote=quote, at=_instant(on)
    )


def settle_comment(comment: Comment, *, by: User) -> Comment:
    """Mark a comment as settled."""
    return reviews.resolve(comment, by)


@transaction.atomic
def attach_scan(report: ThoughtReport, upload: File, *, by: User) -> StoredFile:
    """File a scan or photograph beside the text, at any time: the handwritten copy often comes last."""
    if report.files.count() >= SCANS_MAX:
        raise RuleError(_("A report holds at most %(limit)d files.") % {"limit": SCANS_MAX})
    file = attach(store(upload, kind=Kind.SCAN, by=by), report)
    audit.record(
        "development.scan_attached", report, by=by, about=report.author.user, changes={"file": ["", file.name]}
    )
    return file


@transaction.atomic
def remove_scan(report: ThoughtReport, file: StoredFile, *, by: User) -> None:
    """Take a file away again while the report is the author's; raise ``RuleError`` once it is handed in."""
    if not report.review.is_writable:
        raise RuleError(_("The report is handed in; its files can no longer be removed."))
    audit.record("development.scan_removed", report, by=by, about=by, changes={"file": [file.name, ""]})
    discard(file)


def readers_of(report: ThoughtReport) -> list[int]:
    """Return whom to tell of a report: the present contacts, or without any those whose duty it is."""
    contacts = CultivationContact.objects.current().filter(person_id=report.author_id)
    found = list(contacts.values_list("contact__user_id", flat=True))
    if not found:
        found = list(holders("answer", report).exclude(member=report.author_id).values_list("pk", flat=True))
    return found


def about(report: ThoughtReport, author: Member) -> dict[str, object]:
    """Return the parameters that every notice of a report has."""
    return {"name": author.name, "year": report.year, "quarter": report.quarter}


def _answered(report: ThoughtReport, kind: str, verb: str, *, by: User) -> None:
    report.review.refresh_from_db()
    author = Member.objects.select_related("user", "organization").get(pk=report.author_id)
    audit.record(verb, report, by=by, about=author.user, at=author.organization)
    post(
        kind,
        key=f"{kind}:{report.pk}:{report.review.version_count}",
        recipients=[author.user_id],
        params={**about(report, author), "reader": by.name},
        url=report.get_absolute_url(),
    )


def _instant(on: date | None) -> datetime | None:
    """Return noon of a day in the past for what is entered later; ``None`` lets the clock speak."""
    if on is None or on >= timezone.localdate():
        return None
    return timezone.make_aware(datetime.combine(on, time(12)))
