"""What periods, states and obligations are called for people, and why a light shows what it shows."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from portal.rulesets.words import article_words

from .engine.evaluate import Obligation, Status
from .engine.periods import Period, Span
from .kinds import DUTIES

# Text, tone of ``{% status %}`` and icon: a light is never told by its colour alone.
STATUS_LABELS: Mapping[Status, Any] = {
    Status.MET: pgettext_lazy("a duty", "met"),
    Status.PLANNED: pgettext_lazy("a duty", "planned"),
    Status.DUE: pgettext_lazy("a duty", "due"),
    Status.OVERDUE: pgettext_lazy("a duty", "missed"),
    Status.WAIVED: pgettext_lazy("a duty", "waived"),
    Status.VACATION: pgettext_lazy("a duty", "vacation"),
    Status.LATER: pgettext_lazy("a duty", "later"),
}
STATUS_TONES: Mapping[Status, str] = {
    Status.MET: "success",
    Status.PLANNED: "info",
    Status.DUE: "warning",
    Status.OVERDUE: "danger",
    Status.WAIVED: "info",
    Status.VACATION: "neutral",
    Status.LATER: "neutral",
}
STATUS_ICONS: Mapping[Status, str] = {
    Status.MET: "check-circle",
    Status.PLANNED: "calendar-event",
    Status.DUE: "clock",
    Status.OVERDUE: "exclamation-octagon",
    Status.WAIVED: "dash-circle",
    Status.VACATION: "sunrise",
    Status.LATER: "circle",
}
_EACH: Mapping[Span, Any] = {
    Span.MONTH: gettext_lazy("each month"),
    Span.QUARTER: gettext_lazy("each quarter"),
    Span.YEAR: gettext_lazy("each year"),
}


def period_words(period: Period) -> str:
    """Return what a period is called: a month and a year in the language's own manner."""
    if period.span is Span.MONTH:
        return date_format(period.first, "YEAR_MONTH_FORMAT")
    if period.span is Span.QUARTER:
        return _("quarter %(quarter)d of %(year)d") % {
            "quarter": (period.first.month + 2) // 3,
            "year": period.first.year,
        }
    return _("the year %(year)d") % {"year": period.first.year}


def each_words(span: Span) -> str:
    return str(_EACH[span])


def day_words(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def reasons_of(owed: Obligation, *, waiver: str = "") -> list[str]:
    """Say why an obligation stands as it does: the rule with its article, what was held, what is missing."""
    found = _asked_and_held(owed) if DUTIES[owed.kind].meeting else _talks_asked_and_held(owed)
    said = {"last": day_words(owed.due_on), "first": day_words(owed.earliest), "reason": waiver}
    found += {
        Status.PLANNED: [_("It stands in the plan and counts once it has been held. The last day is %(last)s.") % said],
        Status.DUE: [_("The last day is %(last)s.") % said],
        Status.OVERDUE: [_("The period ended on %(last)s; what is held now counts for its own period.") % said],
        Status.WAIVED: [_("The organization above waived it: %(reason)s") % said],
        Status.VACATION: [_("The months are vacation by the setting of the university.")],
        Status.LATER: [_("The period begins on %(first)s.") % said],
    }.get(owed.status, [])
    if owed.told_late:
        found.append(
            ngettext(
                "Its theme was told %(count)d day later than asked.",
                "Its theme was told %(count)d days later than asked.",
                owed.told_late,
            )
            % {"count": owed.told_late}
        )
    return found


def _asked_and_held(owed: Obligation) -> list[str]:
    found = [
        _("Owed: at least %(count)d %(each)s (%(article)s).")
        % {"count": owed.needed, "each": each_words(owed.period.span), "article": article_words(owed.article)}
    ]
    if owed.is_in_part:
        found.append(
            _("Counted from %(first)s to %(last)s only: the organization did not owe this for the whole period.")
            % {"first": day_words(owed.earliest), "last": day_words(owed.due_on)}
        )
    held = len(owed.satisfied_by)
    found.append(
        ngettext("%(count)d was held.", "%(count)d were held.", held) % {"count": held}
        if held
        else _("None has been held.")
    )
    return found


def _talks_asked_and_held(owed: Obligation) -> list[str]:
    return [
        _("Owed each year: the members of the committee talk with each other, the committee talks with each member, "
          "and each member with another one (%(article)s).")
        % {"article": article_words(owed.article)},
        _("%(held)d of %(needed)d have taken place and were confirmed by both; %(missing)d are missing.")
        % {"held": owed.held, "needed": owed.needed, "missing": owed.missing},
        _("Those who took part know what was said, and nobody else; here only the number counts."),
    ]  # fmt: skip
