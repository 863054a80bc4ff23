"""What the acts of this app are called in the trail."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import name_verbs

name_verbs(
    {
        "reviews.submit": _("handed in a text"),
        "reviews.take_up": _("took up a text"),
        "reviews.return": _("gave a text back"),
        "reviews.accept": _("accepted a text"),
        "reviews.publish": _("published a text"),
        "reviews.withdraw": _("took a text back"),
        "reviews.comment": _("commented on a text"),
        "reviews.resolve": _("settled a comment"),
    }
)
