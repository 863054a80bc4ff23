"""What must hold before a branch confirms, a committee issues, a receiver accepts; all gaps at once, with articles."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.organizations.models import Standing
from portal.rulesets.days import add_months

from .values import NATIONAL, Limits

MEMBERS = frozenset({Standing.PROBATIONARY.value, Standing.FULL_MEMBER.value})
# Organizations for a task or a stay hold no relations (ZB: relations do not move there).
HOLDS_NO_RELATIONS = frozenset({"temporary_branch", "functional_branch", "floating_branch"})
# What the letter says of the person (domain.md 6.2).
LETTER_FIELDS = ("sex", "ethnicity", "birth_date", "id_no")


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing; ``words`` is lazy text with ``%(name)s`` placeholders filled from ``params``."""

    code: str
    article: str
    words: Any
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return str(self.words) % self.params


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """What is known of a person whose relation is to move.

    ``dues_paid_to`` is any day of the last month paid; ``matters`` are open matters in words that people read;
    ``missing`` are the labels of fields that the letter needs and the archive lacks.
    """

    standing: str
    joined_on: date | None = None
    probation_until: date | None = None
    dues_paid_to: date | None = None
    matters: Sequence[str] = ()
    missing: Sequence[str] = ()
    file_checked: bool = False
    holds_posts: Sequence[str] = ()
    has_open_transfer: bool = False


def needs_letter(standing: str) -> bool:
    """Say whether the person has an organization relation at all: probationary and full members have."""
    return standing in MEMBERS


def gaps_before_request(facts: CheckFacts, *, leaves_university: bool, destination_type: str = "") -> list[Gap]:
    """Say what forbids asking for the transfer at all."""
    gaps = []
    if facts.has_open_transfer:
        gaps.append(Gap("already_open", "DJ art. 25", _("A transfer of this person is under way already.")))
    if leaves_university and not needs_letter(facts.standing):
        gaps.append(
            Gap(
                "no_relation",
                "DJ art. 25",
                _("Only probationary and full members have a relation to transfer; hand over the file of the others."),
            )
        )
    if destination_type in HOLDS_NO_RELATIONS:
        gaps.append(
            Gap(
                "holds_no_relations",
                "ZB art. 5",
                _("Temporary, functional and floating branches hold no organization relations."),
            )
        )
    return gaps


def gaps_before_check(facts: CheckFacts, *, leaves_university: bool, on: date) -> list[Gap]:
    """Say what the branch must settle before it confirms (domain.md 6.2: dues, open matters, file)."""
    gaps = []
    if needs_letter(facts.standing):
        gaps += _dues_gaps(facts.dues_paid_to, on=on)
        ends_on = facts.probation_until or (add_months(facts.joined_on, 12) if facts.joined_on else None)
        if facts.standing == Standing.PROBATIONARY and ends_on and ends_on <= on:
            gaps.append(
                Gap(
                    "conversion_due",
                    "XZ26 art. 31",
                    _("Probation ended on %(day)s: decide on the conversion first; receivers refuse such letters."),
                    {"day": ends_on.isoformat()},
                )
            )
    gaps += [Gap("open_matter", "ZC24", _("Not settled yet: %(matter)s"), {"matter": words}) for words in facts.matters]
    if facts.holds_posts:
        gaps.append(
            Gap(
                "holds_posts",
                "ZB art. 22",
                _("The person still holds a post here (%(posts)s); dismiss or elect anew first."),
                {"posts": ", ".join(facts.holds_posts)},
            )
        )
    if leaves_university and facts.missing:
        gaps.append(
            Gap(
                "fields_missing",
                "DJ art. 25",
                _("The letter needs fields that the archive lacks: %(fields)s"),
                {"fields": ", ".join(facts.missing)},
            )
        )
    if not facts.file_checked:
        gaps.append(
            Gap("file_unchecked", "DJ art. 25", _("Confirm that the file was gone through and is complete."))
        )
    return gaps


def _dues_gaps(paid_to: date | None, *, on: date) -> list[Gap]:
    if paid_to is None:
        return [Gap("dues_unknown", "DF08", _("Say up to which month dues are paid."))]
    if (paid_to.year, paid_to.month) < (on.year, on.month):
        return [
            Gap(
                "dues_owed",
                "DF08",
                _("Dues are paid up to %(paid)s only; they must be paid up to %(month)s."),
                {"paid": f"{paid_to:%Y-%m}", "month": f"{on:%Y-%m}"},
            )
        ]
    return []


def gaps_before_issue(*, can_approve: bool, valid_days: int, limits: Limits = NATIONAL) -> list[Gap]:
    """Say what forbids the committee to issue: the authority to approve members (DJ art. 25), the letter's days."""
    gaps = []
    if not can_approve:
        gaps.append(
            Gap("no_authority", "DJ art. 25", _("Only a committee that can approve members issues transfer letters."))
        )
    if not 1 <= valid_days <= limits.letter_days_max:
        gaps.append(
            Gap(
                "valid_days",
                "",
                _("A letter is valid from 1 to %(most)d days."),
                {"most": limits.letter_days_max},
            )
        )
    return gaps


def gaps_before_accept(
    *, on: date, today: date, since: date | None, expires_on: date | None, placed_since: date | None
) -> list[Gap]:
    """Say what forbids accepting on ``on``: the future, a day before the step before it, a letter that had run out."""
    gaps = []
    if on > today:
        gaps.append(Gap("future", "", _("Nobody is accepted in the future.")))
    if since is not None and on < since:
        gaps.append(
            Gap(
                "too_early",
                "",
                _("The day of acceptance cannot come before %(day)s, the step before it."),
                {"day": since.isoformat()},
            )
        )
    if placed_since is not None and on < placed_since:
        gaps.append(
            Gap(
                "before_place",
                "",
                _("The person came to the present organization on %(day)s; nobody leaves before."),
                {"day": placed_since.isoformat()},
            )
        )
    if expires_on is not None and on > expires_on:
        gaps.append(
            Gap(
                "letter_expired",
                "DJ art. 25",
                _("The letter was valid until %(day)s; have it issued again."),
                {"day": expires_on.isoformat()},
            )
        )
    return gaps
