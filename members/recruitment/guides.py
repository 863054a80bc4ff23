"""Guides to recruitment: one for those who keep the cases of a branch, one for the committee that decides."""

from django.utils.translation import gettext_lazy as _

from portal.access.rights import Rights
from portal.extensions.registry import Guide, guides
from portal.organizations.duties import Duty


def _keeps(rights: Rights) -> bool:
    return rights.holds(Duty.RECRUIT)


def _decides(rights: Rights) -> bool:
    return rights.holds(Duty.APPROVE_MEMBERS)


def register() -> None:
    guides.register(
        Guide(
            code="recruitment",
            label=_("Keeping recruitment"),
            template="members/guides/recruitment.html",
            visible=_keeps,
            order=31,
        )
    )
    guides.register(
        Guide(
            code="recruitment-committee",
            label=_("Deciding on recruitment"),
            template="members/guides/recruitment_committee.html",
            visible=_decides,
            order=32,
        )
    )
