"""What readers of a space may report, and how it is taken down."""

from django.utils.translation import gettext_lazy as _

from portal.moderation.registry import ModeratedKind, moderated_kinds

from . import services
from .models import SpacePost


def words_of(post: SpacePost) -> str:
    """Return what a post says, with what is said or shown in its pictures and recordings."""
    return "\n".join(filter(None, [post.text, post.spoken]))


KINDS = (
    ModeratedKind(
        code="space-post",
        model="spaces.SpacePost",
        label=_("Post in a space"),
        title=lambda post: post.title,
        words=words_of,
        url=lambda post: post.get_absolute_url(),
        place=lambda post: post.organization,
        author_id=lambda post: post.author_id,
        is_hidden=lambda post: bool(post.hidden_at or post.removed_at),
        hide=services.hide_post,
        show=services.show_post,
        related=("organization",),
        order=10,
    ),
    ModeratedKind(
        code="space-reply",
        model="spaces.SpaceReply",
        label=_("Reply in a space"),
        title=lambda reply: str(reply),
        words=lambda reply: reply.text,
        url=lambda reply: reply.get_absolute_url(),
        place=lambda reply: reply.post.organization,
        author_id=lambda reply: reply.author_id,
        is_hidden=lambda reply: bool(reply.hidden_at or reply.removed_at or reply.post.hidden_at),
        hide=services.hide_reply,
        show=services.show_reply,
        related=("post__organization",),
        order=20,
    ),
)


def register() -> None:
    for kind in KINDS:
        moderated_kinds.register(kind)
