"""Headings of the menus, and the doors of the house: workbench, guides, and administration for who holds a duty."""

from django.utils.translation import gettext_lazy as _

from portal.extensions.registry import NavigationGroup, NavigationItem, navigation, navigation_groups, signed_in

for group in (
    NavigationGroup("recruitment", _("Developing members"), 10),
    NavigationGroup("life", _("Organizational life"), 20),
    NavigationGroup("people", _("People and dues"), 30),
    NavigationGroup("publishing", _("News and notices"), 40),
    NavigationGroup("house", _("Rules and records"), 50),
    NavigationGroup("own", _("About me"), 110),
    NavigationGroup("part", _("Taking part"), 120),
    NavigationGroup("account", _("Account and notices"), 130),
):
    navigation_groups.register(group)

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
        group="account",
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
        group="house",
        order=900,
        icon="gear",
        visible=lambda rights: rights.has_duties,
        prefixes=("/admin/",),
    )
)
