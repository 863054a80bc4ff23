"""What a branch must not leave half done when a candidate moves: a decision that is under way.

Before and between them a case can go along; inside, the body that has begun to decide is the one to finish.
"""

from collections.abc import Collection
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..models import Case

# Current step of the case: what is under way. Read from the settled figures, in one query for all.
UNDER_WAY: dict[str, Promise] = {
    "consent_publicity": _("recruitment: the listing as a development target waits for consent or publicity"),
    "pre_review": _("recruitment: the superior's pre-review is under way"),
    "fill_form": _("recruitment: the pre-review has passed, the branch congress is pending"),
    "congress": _("recruitment: the pre-review has passed, the branch congress is pending"),
    "superior_talk": _("recruitment: the congress has admitted the candidate, the approval is pending"),
    "approve": _("recruitment: the congress has admitted the candidate, the approval is pending"),
    "convert_approve": _("recruitment: the congress has decided on the conversion, the approval is pending"),
}


def open_matters(member_ids: Collection[int], on: date) -> dict[int, list[str]]:
    """Return, by member, what is under way in an open case; one query."""
    rows = Case.objects.open().filter(person__in=list(member_ids), current_step__in=list(UNDER_WAY))
    return {person: [str(UNDER_WAY[step])] for person, step in rows.values_list("person_id", "current_step")}
