"""The showcase: a reader proposes, the author decides on words and name, the secretary publishes."""

from datetime import date, datetime, time

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.policy import holders
from portal.accounts.models import User
from portal.audit import services as audit
from portal.notifications.services import post
from portal.reviews.rules import State
from portal.reviews.texts import clean_text, paragraphs
from portal.spaces.models import Reach
from portal.spaces.services import tell, untell
from portal.web.refusals import RuleError

from .. import notices
from ..models import ShowcaseEntry, ShowcaseState, ThoughtReport

STREAM_KIND = "development.showcase"


@transaction.atomic
def propose_for_showcase(report: ThoughtReport, *, words: str, by: User) -> ShowcaseEntry:
    """Ask the author whether others may read an accepted report; raise ``RuleError`` when it was proposed before."""
    report = ThoughtReport.objects.select_for_update().select_related("review").get(pk=report.pk)
    if report.review.state not in (State.ACCEPTED, State.PUBLISHED):
        raise RuleError(_("Only an accepted report can be proposed."))
    if ShowcaseEntry.objects.filter(report=report).exists():
        raise RuleError(_("The report was proposed before; the author's answer stands."))
    version = report.review.versions.get(number=report.review.version_count)
    entry = ShowcaseEntry(report=report, words=words.strip(), title=version.title, body=version.body, proposed_by=by)
    entry.full_clean(exclude=["report", "proposed_by"])
    entry.save()
    author = report.author.user
    audit.record("development.showcase_proposed", entry, by=by, about=author)
    post(
        notices.SHOWCASE_PROPOSED.code,
        key=f"showcase_proposed:{entry.pk}",
        recipients=[author.pk],
        params={"reader": by.name, "title": entry.title},
        url=reverse("members:development:showcase-consent", args=[entry.token]),
    )
    return entry


@transaction.atomic
def consent_to_showcase(entry: ShowcaseEntry, *, title: str, body: str, is_named: bool, by: User) -> ShowcaseEntry:
    """Agree that exactly these words be published, with or without the name.

    Raises ``RuleError`` when the entry no longer waits, or an anonymous text holds its author's name or number.
    """
    title, body = " ".join(title.split()), clean_text(body)
    if not title or not paragraphs(body):
        raise RuleError(_("The text is empty."))
    names = [text for text in (by.name, by.number) if text]
    if not is_named and any(text in title or text in body for text in names):
        raise RuleError(_("The text holds your name or number. Take it out, or publish with your name."))
    _move(
        entry,
        [ShowcaseState.PROPOSED],
        state=ShowcaseState.CONSENTED,
        title=title,
        body=body,
        is_named=is_named,
        consented_at=timezone.now(),
    )
    entry.refresh_from_db()
    audit.record("development.showcase_consented", entry, by=by, about=by, changes={"is_named": [None, is_named]})
    publishers = holders("publish", entry).exclude(pk=by.pk)
    post(
        notices.SHOWCASE_CONSENTED.code,
        key=f"showcase_consented:{entry.pk}:{entry.consented_at:%Y%m%d%H%M%S}",
        recipients=publishers,
        params={"title": entry.title},
        url=reverse("members:development:showcase-manage"),
    )
    return entry


@transaction.atomic
def decline_showcase(entry: ShowcaseEntry, *, by: User) -> ShowcaseEntry:
    """Say no; nobody asks again."""
    _move(entry, [ShowcaseState.PROPOSED], state=ShowcaseState.DECLINED)
    audit.record("development.showcase_declined", entry, by=by, about=by)
    return entry


@transaction.atomic
def publish_showcase(entry: ShowcaseEntry, *, by: User, on: date) -> ShowcaseEntry:
    """Show the text to everyone who is signed in; raise ``RuleError`` without the author's consent."""
    _move(entry, [ShowcaseState.CONSENTED], state=ShowcaseState.PUBLISHED, published_by=by, published_on=on)
    audit.record("development.showcase_published", entry, by=by, about=entry.report.author.user)
    _tell_stream(entry)
    return entry


def _moment(day: date | None) -> datetime:
    """Return when a text of ``day`` is told: now, or at noon of an earlier day."""
    if day is None or day == timezone.localdate():
        return timezone.now()
    return timezone.make_aware(datetime.combine(day, time(12)))


def _tell_stream(entry: ShowcaseEntry) -> None:
    """Let the author's branch know of a named text; of one without a name it would tell where its author is."""
    shown = ShowcaseEntry.objects.select_related("report__author__organization", "report__author__user")
    held = shown.get(pk=entry.pk)
    author = held.report.author
    if held.is_named and author.organization is not None:
        tell(
            author.organization, kind=STREAM_KIND, key=f"{STREAM_KIND}:{held.token}", title=held.title,
            url=reverse("members:development:showcase-detail", args=[held.token]), at=_moment(held.published_on),
            by=author.user, visibility=Reach.INTERNAL,
        )  # fmt: skip


@transaction.atomic
def withdraw_showcase(entry: ShowcaseEntry, *, by: User) -> ShowcaseEntry:
    """Take the text off: the author may at any time, and so may those who publish."""
    _move(
        entry,
        [ShowcaseState.PROPOSED, ShowcaseState.CONSENTED, ShowcaseState.PUBLISHED],
        state=ShowcaseState.WITHDRAWN,
    )
    audit.record("development.showcase_withdrawn", entry, by=by, about=entry.report.author.user)
    untell(f"{STREAM_KIND}:{entry.token}")
    return entry


def _move(entry: ShowcaseEntry, before: list[ShowcaseState], **values: object) -> None:
    if not ShowcaseEntry.objects.filter(pk=entry.pk, state__in=before).update(**values):
        raise RuleError(_("This has been decided already. Look at the page again."))
