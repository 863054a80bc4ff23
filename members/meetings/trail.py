"""What the trail's verbs of the day of a meeting are called."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import name_verbs

VERBS = {
    "meetings.opened": _("opened a meeting"),
    "meetings.closed": _("closed a meeting"),
    "meetings.item_taken_up": _("took up a matter of a meeting"),
    "meetings.item_finished": _("was done with a matter of a meeting"),
    "meetings.checked_in": _("checked in to a meeting"),
    "meetings.came_back": _("came back to a meeting"),
    "meetings.left_early": _("noted that somebody left a meeting"),
    "meetings.roll_called": _("noted somebody as come to a meeting"),
    "meetings.check_in_undone": _("took back that somebody came to a meeting"),
    "meetings.later_confirmed": _("let a code count that was sent later"),
    "meetings.observer_admitted": _("let somebody into a meeting as observer"),
    "meetings.remark_seen": _("put aside a remark on a check-in"),
    "meetings.leaders_changed": _("changed who chairs or records a meeting"),
    "meetings.guest_invited": _("invited a guest to a meeting"),
    "meetings.guest_withdrawn": _("took back the invitation of a guest"),
    "meetings.paper_removed": _("took a paper off a meeting"),
    "meetings.list_exported": _("exported the attendance list of a meeting"),
    "meetings.made_up": _("noted a meeting as made up"),
}


def register() -> None:
    name_verbs(VERBS)
