"""Answer under a post, and take the own answer back."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.services import record
from portal.moderation.services import withdrawn
from portal.notifications.services import post as post_notice
from portal.web.refusals import RuleError

from ..models import SpacePost, SpaceReply
from .posts import held_post


@transaction.atomic
def reply(post: SpacePost, *, text: str, by: User, token: str = "") -> SpaceReply:
    """Answer under a post and tell its author; the same ``token`` from the same person gives the same reply again."""
    held = held_post(post)
    if token and (earlier := SpaceReply.objects.filter(author=by, token=token).first()):
        return earlier
    if held.hidden_at or held.removed_at:
        raise RuleError(_("This post takes no more replies."))
    if not text.strip():
        raise RuleError({"text": _("Write something.")})
    made = SpaceReply.objects.create(
        post=held, author=by, text=text.strip()[:1000], created_at=timezone.now(), token=token
    )
    SpacePost.objects.filter(pk=held.pk).update(reply_count=F("reply_count") + 1)
    record("spaces.replied", made, by=by, at=held.organization)
    if held.author_id != by.pk:
        post_notice(
            "space_replied",
            key=f"spaces.reply:{made.pk}",
            recipients=[held.author_id],
            params={"name": by.name, "title": held.title, "organization": str(held.organization)},
            url=held.get_absolute_url(),
            by=by,
        )
    return made


def held_reply(row: SpaceReply) -> SpaceReply:
    """Hold the row of a reply until the transaction ends."""
    found = SpaceReply.objects.select_for_update(of=("self",)).select_related("post__organization")
    return found.get(pk=row.pk)


@transaction.atomic
def remove_reply(row: SpaceReply, *, by: User) -> SpaceReply:
    """Take the own reply away."""
    held = held_reply(row)
    if held.removed_at is None:
        held.removed_at = timezone.now()
        held.save(update_fields=["removed_at"])
        if held.hidden_at is None:
            SpacePost.objects.filter(pk=held.post_id).update(reply_count=F("reply_count") - 1)
        withdrawn(held)
        record("spaces.reply_removed", held, by=by, at=held.post.organization)
    return held


def count_reply(row: SpaceReply, more: int) -> None:
    """Let the post count one shown reply more or less."""
    SpacePost.objects.filter(pk=row.post_id).update(reply_count=F("reply_count") + more)
