"""What the acts in a space are called in the trail."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import name_verbs


def register() -> None:
    name_verbs(
        {
            "spaces.posted": _("posted in a space"),
            "spaces.post_changed": _("changed the own post in a space"),
            "spaces.post_removed": _("removed the own post from a space"),
            "spaces.post_restored": _("brought the own post back"),
            "spaces.post_hidden": _("hid a post in a space"),
            "spaces.post_shown": _("showed a post in a space again"),
            "spaces.replied": _("replied in a space"),
            "spaces.reply_removed": _("removed the own reply from a space"),
            "spaces.reply_hidden": _("hid a reply in a space"),
            "spaces.reply_shown": _("showed a reply in a space again"),
            "spaces.document_kept": _("put a document into a space"),
            "spaces.document_changed": _("changed a document of a space"),
            "spaces.document_removed": _("removed a document from a space"),
        }
    )
