"""What the trail calls the acts around votes of meetings; casting one is none of them."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import name_verbs


def register() -> None:
    name_verbs(
        {
            "votes.election_approved": _("recorded the approval of an election"),
            "votes.paper.exported": _("took the report of a count along"),
        }
    )
