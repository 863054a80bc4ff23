"""What the acts of this app are called in the trail."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import name_verbs

name_verbs(
    {
        "news.written": _("wrote an article"),
        "news.changed": _("changed an article"),
        "news.published": _("published an article"),
        "news.withdrawn": _("withdrew an article"),
        "news.column_opened": _("opened a column"),
        "news.column_changed": _("changed a column"),
    }
)
