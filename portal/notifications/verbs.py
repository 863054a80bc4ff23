"""What the acts of this app are called in the trail."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import name_verbs

name_verbs(
    {
        "notifications.announced": _("sent a notice"),
        "notifications.withdrawn": _("withdrew a notice"),
    }
)
