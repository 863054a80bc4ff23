"""Notices of the spaces."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NoticeKind, kinds


def register() -> None:
    kinds.register(
        NoticeKind(
            code="space_replied",
            label=_("A reply to a post of mine in a space"),
            title=_("%(name)s replied to “%(title)s”"),
            body=_("There is a new reply under your post in the space of %(organization)s."),
            reason=_("You wrote the post."),
            order=420,
        )
    )
    kinds.register(
        NoticeKind(
            code="space_post_hidden",
            label=_("A post or reply of mine in a space was hidden"),
            title=_("“%(title)s” in the space of %(organization)s was hidden"),
            body=_("A moderator gave this reason: %(reason)s. On its page you can ask once for another look."),
            reason=_("You wrote the post."),
            statutory=True,
            order=430,
        )
    )
    kinds.register(
        NoticeKind(
            code="space_digest",
            label=_("Once a day: what is new in a space I follow"),
            title=_("New in the space of %(organization)s: %(count)s"),
            body=_("Yesterday there was, among others: %(title)s"),
            reason=_("You follow this space."),
            order=440,
        )
    )
