"""Hide what people wrote in a space, and show it again; what was reported about it is decided by that."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.services import record
from portal.moderation.services import shown_again, taken_down
from portal.notifications.services import post as post_notice
from portal.web.refusals import RuleError

from ..models import SpacePost, SpaceReply
from .posts import held_post, tell_of
from .replies import count_reply, held_reply


@transaction.atomic
def hide_post(post: SpacePost, *, reason: str, by: User) -> SpacePost:
    """Hide a post from its readers with a reason that its author is told."""
    held = held_post(post)
    _need_reason(reason)
    if held.removed_at:
        raise RuleError(_("The author has removed this post."))
    if held.hidden_at is None:
        held.hidden_at, held.hidden_reason = timezone.now(), reason.strip()
        held.save(update_fields=["hidden_at", "hidden_reason"])
        record("spaces.post_hidden", held, by=by, reason=reason)
        taken_down(held, reason=reason, by=by)
        tell_of(held)
        _tell_author(held, held, by=by)
    return held


@transaction.atomic
def show_post(post: SpacePost, *, reason: str, by: User) -> SpacePost:
    """Show a hidden post again; raises ``RuleError`` where a node further up has hidden it."""
    held = held_post(post)
    if held.hidden_at is not None:
        shown_again(held, reason=reason, by=by)
        held.hidden_at, held.hidden_reason = None, ""
        held.save(update_fields=["hidden_at", "hidden_reason"])
        record("spaces.post_shown", held, by=by, reason=reason)
        tell_of(held)
    return held


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleError({"reason": _("Give the reason; the author can read it.")})


def _tell_author(row: SpacePost | SpaceReply, post: SpacePost, *, by: User) -> None:
    if row.author_id == by.pk:
        return
    assert row.hidden_at is not None
    post_notice(
        "space_post_hidden",
        key=f"spaces.hidden:{row._meta.model_name}:{row.pk}:{row.hidden_at.isoformat()}",
        recipients=[row.author_id],
        params={"title": str(row), "organization": str(post.organization), "reason": row.hidden_reason},
        url=row.get_absolute_url(),
        by=by,
    )


@transaction.atomic
def hide_reply(row: SpaceReply, *, reason: str, by: User) -> SpaceReply:
    """Hide a reply with a reason that its author is told."""
    held = held_reply(row)
    _need_reason(reason)
    if held.removed_at:
        raise RuleError(_("The author has removed this reply."))
    if held.hidden_at is None:
        held.hidden_at, held.hidden_reason = timezone.now(), reason.strip()
        held.save(update_fields=["hidden_at", "hidden_reason"])
        count_reply(held, -1)
        taken_down(held, reason=reason, by=by)
        record("spaces.reply_hidden", held, by=by, reason=reason, at=held.post.organization)
        _tell_author(held, held.post, by=by)
    return held


@transaction.atomic
def show_reply(row: SpaceReply, *, reason: str, by: User) -> SpaceReply:
    """Show a hidden reply again; raises ``RuleError`` where a node further up has hidden it."""
    held = held_reply(row)
    if held.hidden_at is not None and held.removed_at is None:
        shown_again(held, reason=reason, by=by)
        held.hidden_at, held.hidden_reason = None, ""
        held.save(update_fields=["hidden_at", "hidden_reason"])
        count_reply(held, 1)
        record("spaces.reply_shown", held, by=by, reason=reason, at=held.post.organization)
    return held
