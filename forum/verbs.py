"""What the acts of this app are called in the trail."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import name_verbs

name_verbs(
    {
        "forum.board_created": _("opened a board"),
        "forum.board_changed": _("changed a board"),
        "forum.thread_started": _("started a thread"),
        "forum.replied": _("replied in a thread"),
        "forum.post_edited": _("changed the own post"),
        "forum.post_hidden": _("hid a post"),
        "forum.post_restored": _("showed a post again"),
        "forum.thread_lock": _("locked a thread"),
        "forum.thread_unlock": _("unlocked a thread"),
        "forum.thread_pin": _("pinned a thread"),
        "forum.thread_unpin": _("took a thread off the top"),
        "forum.thread_hide": _("hid a thread"),
        "forum.thread_restore": _("showed a thread again"),
    }
)
