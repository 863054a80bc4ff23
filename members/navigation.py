"""Where people stand in the menus, and what the trail's verbs are called."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import name_verbs
from portal.extensions.registry import NavigationItem, navigation, signed_in
from portal.organizations.duties import Duty


def register() -> None:
    navigation.register(
        NavigationItem(
            code="my-record",
            label=_("My record"),
            url_name="members:my-record",
            section="me",
            group="own",
            order=10,
            icon="person-vcard",
            visible=signed_in,
        )
    )
    navigation.register(
        NavigationItem(
            code="members",
            label=_("People"),
            url_name="members:member-list",
            section="work",
            group="people",
            order=20,
            icon="people",
            visible=lambda rights: rights.holds(Duty.SEE_PEOPLE),
        )
    )
    navigation.register(
        NavigationItem(
            code="corrections",
            label=_("Requests for correction"),
            url_name="members:correction-list",
            section="work",
            group="people",
            order=25,
            icon="pencil-square",
            visible=lambda rights: rights.holds(Duty.KEEP_RECORDS),
        )
    )
    name_verbs(
        {
            "members.created": _("took a person in"),
            "members.changed": _("changed an archive"),
            "members.revealed": _("opened a sensitive field"),
            "members.own_opened": _("opened the own sensitive fields"),
            "members.exported": _("exported a list of people"),
            "members.photo_changed": _("changed a photo"),
            "members.document_filed": _("filed a document"),
            "members.document_removed": _("removed a document"),
            "members.correction_asked": _("asked for a correction"),
            "members.correction_answered": _("answered a request for correction"),
            "members.imported": _("took a person in from a list"),
            "members.changed_by_import": _("changed an archive from a list"),
            "members.import_undone": _("took back what a list had changed"),
            "organizations.removed": _("took back an organization that a list had brought"),
        }
    )
