"""Doors of the house itself: the workbench, the guides, and the administration for those who hold a duty."""

from django.utils.translation import gettext_lazy as _

from portal.extensions.registry import NavigationItem, navigation, signed_in

navigation.register(
    NavigationItem(
        code="workbench",
        label=_("Workbench"),
        url_name="home:workbench",
        section="main",
        order=1,
        icon="briefcase",
        visible=signed_in,
    )
)
navigation.register(
    NavigationItem(
        code="guides",
        label=_("Guides"),
        url_name="home:guide-list",
        section="me",
        order=900,
        icon="book",
        visible=signed_in,
    )
)
navigation.register(
    NavigationItem(
        code="administration",
        label=_("Administration"),
        url_name="admin:index",
        section="work",
        order=900,
        icon="gear",
        visible=lambda rights: rights.has_duties,
        prefixes=("/admin/",),
    )
)
