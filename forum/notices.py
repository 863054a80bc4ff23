"""Notices of the forum."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NoticeKind, kinds

kinds.register(
    NoticeKind(
        code="thread_replied",
        label=_("New reply in a thread I follow"),
        title=_("%(name)s replied in “%(title)s”"),
        body=_("There is a new reply in “%(title)s”."),
        reason=_("You follow this thread."),
        order=400,
    )
)
kinds.register(
    NoticeKind(
        code="post_hidden",
        label=_("A post of mine was hidden"),
        title=_("Your post in “%(title)s” was hidden"),
        body=_("A moderator gave this reason: %(reason)s"),
        reason=_("You wrote the post."),
        statutory=True,
        order=410,
    )
)
