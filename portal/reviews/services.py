"""Verbs of the review flow. Each is compare-and-set: of two people at once the second is told who was first, and when.

The caller has asked the policy of its own record whether ``by`` may; here only the state is judged.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.web.refusals import RuleError

from .comparison import compare
from .models import Comment, Review, Step, Version
from .rules import State, Verb, Visibility, next_state, sources
from .texts import paragraphs

__all__ = [
    "accept",
    "comment",
    "compare",
    "open_review",
    "paragraphs",
    "publish",
    "resolve",
    "return_",
    "submit",
    "take_up",
    "withdraw",
]


@transaction.atomic
def open_review(kind: str, *, author: User) -> Review:
    """Begin the flow of one text; it is a draft that nobody but its author knows of."""
    return Review.objects.create(kind=kind, author=author)


@transaction.atomic
def submit(
    review: Review, *, title: str, body: str, by: User, due_on: date | None = None, at: datetime | None = None
) -> Version:
    """Hand in the next version; the answer is promised for ``due_on``. ``at`` dates what happened earlier.

    Handing in once more what is waiting already, word for word (a double click), returns the version that waits. Raises
    ``RuleError`` when the text is empty or the state does not allow it.
    """
    if not paragraphs(body):
        raise RuleError(_("There is no text to hand in."))
    locked = Review.objects.select_for_update().get(pk=review.pk)
    if locked.is_waiting:
        waiting = locked.versions.get(number=locked.version_count)
        if (waiting.title, waiting.body) == (title, body):
            return waiting
    state = next_state(locked.state, Verb.SUBMIT)
    if state is None:
        raise RuleError(_refusal(locked))
    now = at or timezone.now()
    before = locked.state
    locked.state, locked.submitted_at, locked.due_on = state, now, due_on
    locked.version_count += 1
    locked.taken_up_at = locked.taken_up_by = locked.decided_at = locked.decided_by = None
    locked.save()
    version = Version(review=locked, number=locked.version_count, title=title, body=body, made_at=now)
    version.full_clean(exclude=["review"])
    version.save()
    Step.objects.create(review=locked, verb=Verb.SUBMIT, number=version.number, by=by, at=now)
    audit.record("reviews.submit", locked, by=by, about=locked.author, changes={"state": [before, state]})
    return version


def take_up(review: Review, by: User, *, at: datetime | None = None) -> Review:
    """Set the read mark; when somebody set it before, theirs stays and nothing changes."""
    now = at or timezone.now()
    with transaction.atomic():
        taken = Review.objects.filter(pk=review.pk, state=State.SUBMITTED).update(
            state=State.UNDER_REVIEW, taken_up_at=now, taken_up_by=by
        )
        current = Review.objects.get(pk=review.pk)
        if taken:
            Step.objects.create(review=current, verb=Verb.TAKE_UP, number=current.version_count, by=by, at=now)
            audit.record(
                "reviews.take_up",
                current,
                by=by,
                about=current.author,
                changes={"state": [State.SUBMITTED, State.UNDER_REVIEW]},
            )
        elif current.state != State.UNDER_REVIEW:
            raise RuleError(_refusal(current))
    return current


def return_(review: Review, words: str, by: User, *, version: int | None = None, at: datetime | None = None) -> Review:
    """Give the text back with words on what to rewrite; raise ``RuleError`` without words or when somebody was first.

    ``version`` is the number the reader had before them; a newer one in the meantime refuses the answer.
    """
    if not words.strip():
        raise RuleError(_("Say what should be rewritten."))
    return _decide(review, Verb.RETURN, words=words, by=by, version=version, at=at)


def accept(review: Review, words: str, by: User, *, version: int | None = None, at: datetime | None = None) -> Review:
    """Accept the text with a reply; raise ``RuleError`` when somebody was first. ``version`` as in ``return_``."""
    return _decide(review, Verb.ACCEPT, words=words, by=by, version=version, at=at)


def publish(review: Review, by: User, *, words: str = "") -> Review:
    """Mark an accepted text as published."""
    return _move(review, Verb.PUBLISH, words=words, by=by)


def withdraw(review: Review, by: User, *, words: str = "") -> Review:
    """Take the text back; raise ``RuleError`` once it is accepted."""
    return _move(review, Verb.WITHDRAW, words=words, by=by)


@transaction.atomic
def comment(
    review: Review,
    *,
    paragraph: int,
    body: str,
    visibility: str,
    by: User,
    version: Version | None = None,
    quote: str = "",
    at: datetime | None = None,
) -> Comment:
    """Remark on ``paragraph`` (from 1) of ``version``, by default the last; raise ``RuleError`` if there is none."""
    version = version or review.versions.order_by("-number").first()
    if version is None or version.review_id != review.pk or not 1 <= paragraph <= len(paragraphs(version.body)):
        raise RuleError(_("The text has no such paragraph."))
    if not body.strip():
        raise RuleError(_("Write the comment first."))
    made = Comment(
        review=review,
        version=version,
        paragraph=paragraph,
        quote=quote,
        body=body.strip(),
        visibility=visibility,
        by=by,
        made_at=at or timezone.now(),
    )
    made.full_clean(exclude=["review", "version", "by"])
    made.save()
    audit.record("reviews.comment", review, by=by, about=review.author, changes={"paragraph": ["", str(paragraph)]})
    return made


@transaction.atomic
def resolve(comment: Comment, by: User) -> Comment:
    """Mark a comment as settled; settling it twice changes nothing."""
    if Comment.objects.filter(pk=comment.pk, resolved_at=None).update(resolved_at=timezone.now(), resolved_by=by):
        audit.record("reviews.resolve", comment.review, by=by, about=comment.review.author)
    return Comment.objects.get(pk=comment.pk)


def visible_comments(review: Review, *, reader: User, answers: bool) -> QuerySet[Comment]:
    """Return the comments that ``reader`` may see; ``answers`` says whether the person answers this text."""
    found = review.comments.select_related("by", "resolved_by", "version")
    if answers:
        return found
    levels = [Visibility.ALL, Visibility.AUTHOR] if review.author_id == reader.pk else [Visibility.ALL]
    return found.filter(visibility__in=levels)


def _decide(review: Review, verb: Verb, *, words: str, by: User, version: int | None, at: datetime | None) -> Review:
    now = at or timezone.now()
    waiting = {} if version is None else {"version_count": version}
    with transaction.atomic():
        # Whoever answers has read: the read mark comes with the answer when it was not set before.
        Review.objects.filter(pk=review.pk, taken_up_at=None, state__in=sources(verb), **waiting).update(
            taken_up_at=now, taken_up_by=by
        )
        written = {"decided_at": now, "decided_by": by}
        return _move(review, verb, words=words, by=by, at=now, written=written, only_if=waiting)


def _move(
    review: Review,
    verb: Verb,
    *,
    words: str,
    by: User,
    at: datetime | None = None,
    written: dict[str, Any] | None = None,
    only_if: dict[str, Any] | None = None,
) -> Review:
    """Change the state in one statement that fails when somebody else was first."""
    with transaction.atomic():
        for before in sources(verb):
            after = next_state(before, verb)
            here = Review.objects.filter(pk=review.pk, state=before, **(only_if or {}))
            if moved := here.update(state=after, **(written or {})):
                break
        current = Review.objects.select_related("author", "decided_by").get(pk=review.pk)
        if not moved:
            raise RuleError(_refusal(current))
        Step.objects.create(
            review=current, verb=verb, number=current.version_count, words=words.strip(), by=by, at=at or timezone.now()
        )
        audit.record(f"reviews.{verb.value}", current, by=by, about=current.author, changes={"state": [before, after]})
    return current


def _refusal(review: Review) -> str:
    """Say who brought the text where it is, and when."""
    last = review.steps.select_related("by").order_by("-at", "-pk").first()
    if last is None:
        return _("The text has not been handed in yet.")
    return _("%(name)s was first: %(step)s on %(time)s. Look at the page again before you go on.") % {
        "name": last.by,
        "step": last.get_verb_display(),
        "time": date_format(timezone.localtime(last.at), "DATETIME_FORMAT"),
    }
