"""What the acts of this app are called in the trail."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import name_verbs

name_verbs(
    {
        "imports.uploaded": _("brought a list"),
        "imports.confirmed": _("confirmed an import"),
        "imports.finished": _("finished an import"),
        "imports.discarded": _("discarded a list"),
        "imports.undo_requested": _("asked to undo an import"),
        "imports.undone": _("undid an import"),
    }
)
