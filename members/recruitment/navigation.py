"""Where the boards of recruitment stand in the menus, and what a trail's verb of theirs is called."""

from django.utils.translation import gettext_lazy as _

from portal.access.rights import Rights
from portal.audit.verbs import name_verbs
from portal.extensions.registry import NavigationItem, navigation
from portal.organizations.duties import Duty
from portal.organizations.models import Standing


def handles(rights: Rights) -> bool:
    """Say whether somebody keeps cases or decides on them anywhere."""
    return rights.holds(Duty.RECRUIT) or rights.holds(Duty.APPROVE_MEMBERS)


ITEMS = (
    NavigationItem(
        code="recruitment",
        label=_("Recruitment"),
        url_name="members:recruitment:board",
        section="work",
        group="recruitment",
        order=35,
        icon="person-check",
        visible=handles,
        prefixes=(
            "/members/recruitment/cases/",
            "/members/recruitment/calendar/",
            "/members/recruitment/coming/",
            "/members/recruitment/plan/",
            "/members/recruitment/people/",
            "/members/recruitment/records/",
            "/members/recruitment/batches/",
            "/members/recruitment/takeovers/",
            "/members/recruitment/lists/",
        ),
    ),
)
ITEMS += (
    NavigationItem(
        code="accompanied",
        label=_("People I accompany"),
        url_name="members:recruitment:accompanied-list",
        section="work",
        group="recruitment",
        order=29,
        icon="people",
        visible=lambda rights: rights.standing == Standing.FULL_MEMBER,
    ),
)
VERBS = {"recruitment.cases.exported": _("took a list of recruitment cases along")}


def register() -> None:
    for item in ITEMS:
        navigation.register(item)
    name_verbs(VERBS)
