"""What is found in a row of running cases: how it was read, who it is about, and what the rules of recruitment say.

An **error** keeps the row out, a **warning** takes the case over and asks a person to look, a **note** only tells.
The rules speak for themselves: each refusal and contradiction of the engine is a finding here, with its article.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.imports.registry import Finding, FindingKind, Severity

from ..engine.bans import BANS
from ..engine.dossier import LINTS
from ..engine.takeover import BARS, HOLES, Judged
from ..engine.verdicts import Finding as Broken
from ..engine.vocabulary import KIND_LABELS
from ..services.weighing import OBSTACLES, Obstacle

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE

_TABLE: tuple[tuple[str, Severity, Promise], ...] = (
    ("number_missing", E, _("The student or staff number is missing.")),
    ("person_unknown", E, _("Nobody here has this number: bring the roster first.")),
    ("name_differs", E, _("The portal knows another name under this number: check that it is the same person.")),
    ("unit_differs", W, _("The portal knows this person in “%(name)s”. The case goes there.")),
    ("formula", E, _("%(column)s holds a formula without a value. Replace the formula by its value.")),
    ("day_unreadable", E, _("“%(value)s” in %(column)s is not a day that exists. Write it as 2026-08-10.")),
    ("day_month_only", E, _("“%(value)s” in %(column)s names no day. Write it as 2026-08-10.")),
    ("application_missing", E, _("Without the day of the application there is no case.")),
    ("number_unreadable", E, _("“%(value)s” in %(column)s is not a whole number.")),
    (
        "votes_unreadable",
        E,
        _("“%(value)s” in %(column)s: write due, present, in favor, against and abstained, for example 5/5/5/0/0."),
    ),
    ("choice_unknown", E, _("“%(value)s” in %(column)s is not in the list of possible values.")),
    ("too_long", E, _("%(column)s is too long.")),
    ("named_unknown", E, _("“%(value)s” in %(column)s is nobody in the portal. Write a number of the roster.")),
    ("named_ambiguous", E, _("Several people are called “%(value)s” (%(column)s): write the number.")),
    ("incomplete", W, _("%(column)s is not taken over, because %(other)s is missing.")),
    ("filing_left", W, _("The filing is not taken over: the committee records its own.")),
    ("paper_unknown", W, _("“%(value)s” is no paper of the file; it is left out.")),
    ("paper_alone", W, _("This paper belongs to a step of which nothing else is given; it is left out: %(paper)s.")),
    ("archive_differs", W, _("The archive says %(known)s for %(field)s; the day of this file is written there.")),
    ("not_told", W, _("The file does not tell of: %(steps)s.")),
    ("papers_missing", N, _("These papers are missing in the file: %(papers)s.")),
    ("cannot_hold", E, _("A value in this row cannot be right: %(words)s")),
    ("proves", N, _("The file proves “%(standing)s”; the case then stands at: %(at)s.")),
    ("case_known", N, _("This case is in the portal already, just as it stands here.")),
    ("repeated", E, _("Row %(row)s is about the same person.")),
    ("changed_since", W, _("Something was recorded or changed since the preview. The row was left out.")),
    ("kept_in_use", W, _("Somebody has gone on with this case by now; it was kept.")),
)
_RULES = {
    f"rule_{code}": FindingKind(
        f"rule_{code}",
        E if code in BARS else W,
        format_lazy("%(step)s: {} (%(article)s)", entry.words),
    )
    for code, entry in (*BANS.items(), *LINTS.items())
    if code not in HOLES
}
FINDINGS: dict[str, FindingKind] = {
    **{code: FindingKind(code, severity, words) for code, severity, words in _TABLE},
    **{code: FindingKind(code, E, words) for code, words in OBSTACLES.items()},
    **_RULES,
}

# Where in the list a step is told: the column that a finding about it colors.
COLUMN_OF: Mapping[str, str] = {
    "apply": "applied_on", "talk": "talk_on", "nominate": "activist_on", "file_activist": "filed_on",
    "assign_contacts": "contacts", "cultivate": "inspections", "propose_target": "target_on",
    "consent_publicity": "consent_on", "sponsors": "sponsors", "political_review": "political_on",
    "training": "training_to", "committee_review": "review_on", "pre_review": "pre_review_on", "fill_form": "form_on",
    "congress": "congress_on", "superior_talk": "superior_talk_on", "approve": "approved_on",
    "file_above": "filed_above_on", "assign_branch": "assigned_on", "oath": "oath_on",
    "probation": "probation_inspections", "convert_apply": "convert_applied_on", "convert_congress": "convert_on",
    "convert_approve": "convert_approved_on",
}  # fmt: skip


def findings_of(judged: Judged) -> list[Finding]:
    """Return what the rules say of a file: what bars it, what to look at, what it does not tell, which papers lack."""
    found = [_of_rule(broken) for broken in (*judged.bars, *judged.doubts)]
    if judged.holes:
        holes = dict.fromkeys((gap.step, gap.kind) for gap in judged.holes)
        found.append(Finding("not_told", params={"holes": [list(hole) for hole in holes]}))
    if judged.papers:
        lacking = dict.fromkeys((gap.step, gap.kind) for gap in judged.papers)
        found.append(Finding("papers_missing", "papers", {"lacking": [list(paper) for paper in lacking]}))
    return found


def of_obstacles(obstacles: Iterable[Obstacle]) -> list[Finding]:
    return [Finding(obstacle.code, "number", {name: str(value) for name, value in obstacle.params.items()})
            for obstacle in obstacles]  # fmt: skip


def _of_rule(broken: Broken) -> Finding:
    params = {name: _plain(value) for name, value in broken.params.items()}
    params |= {"rule_step": broken.step, "rule_article": broken.article}
    if "part" in params:
        params["part_kind"] = next(code for code, label in KIND_LABELS.items() if label is broken.params["part"])
    return Finding(f"rule_{broken.code}", COLUMN_OF.get(broken.step, ""), params)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int | str) else str(value)
