"""What the acts around reports are called in the trail."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import name_verbs


def register() -> None:
    name_verbs(
        {
            "moderation.flagged": _("reported something to those who moderate"),
            "moderation.dismissed": _("left reported content as it is"),
            "moderation.appealed": _("asked for another look at what was taken down"),
            "moderation.upheld": _("confirmed that content stays taken down"),
        }
    )
