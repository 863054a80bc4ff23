"""What is checked in a row of a roster: the table of findings, and the pure checks behind it (domain.md 8.4, 2, 3).

An **error** keeps a row out: it says something that cannot be stored truthfully. A **warning** lets it in and asks a
person to look, because the records of the past are what they are. A **note** tells what was understood.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.imports.registry import Finding, FindingKind, Severity
from portal.organizations.models import Standing

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE

# (code, severity, words, source)
_TABLE = [
    # Who
    ("number_missing", E, _("The student or staff number is missing."), "8.4"),
    (
        "number_damaged",
        E,
        _(
            "Excel has kept the student or staff number as a number and damaged it. "
            "Format the column as text and enter it again."
        ),
        "peers 14",
    ),
    ("number_shape", E, _("A student or staff number has at most 20 letters, digits, hyphens and underscores."), "8.4"),
    ("number_is_id", E, _("An identity number stands where the student or staff number belongs."), "8.5"),
    (
        "number_from_number_cell",
        N,
        _("The student or staff number stands in a number cell: check that no leading zero is missing."),
        "8.4",
    ),
    ("name_missing", E, _("The name is missing."), "8.4"),
    ("name_shape", W, _("This does not look like a name. A name has 2 to 30 characters."), "8.4"),
    ("too_long", E, _("%(column)s is longer than %(limit)s characters."), "8.1"),
    ("formula", E, _("%(column)s holds a formula without a value. Replace the formula by its value."), "trust T-22"),
    ("taken_as_empty", N, _("“%(value)s” in %(column)s was taken as empty."), "8.4"),
    ("not_in_list", W, _("“%(value)s” in %(column)s is not in the list of possible values. It is left out."), "8.3"),
    # Identity number
    (
        "id_damaged",
        E,
        _(
            "Excel has damaged the identity number: a number cell keeps only 15 of its 18 digits. "
            "Format the column as text and enter it again."
        ),
        "peers 14",
    ),
    ("id_shape", E, _("An identity number has 18 digits; only the last may be X."), "GB 11643"),
    ("id_date", E, _("The date of birth inside the identity number does not exist or lies in the future."), "GB 11643"),
    ("id_check_digit", E, _("The check digit of the identity number is wrong: a digit was mistyped."), "GB 11643"),
    ("id_birth_date", W, _("The date of birth differs from the identity number."), "8.4"),
    ("id_sex", W, _("The sex differs from the identity number."), "8.4"),
    (
        "id_repeated",
        E,
        _("The same identity number stands in row %(row)s under another student or staff number."),
        "8.4",
    ),
    ("id_of_other", E, _("This identity number already belongs to another person in the portal."), "8.4"),
    # Contact
    (
        "mobile_damaged",
        E,
        _("Excel has damaged the mobile number. Format the column as text and enter it again."),
        "peers 14",
    ),
    ("mobile_shape", E, _("A mobile number has 11 digits and begins with 1."), "8.4"),
    ("email_shape", E, _("This is not an e-mail address."), "8.4"),
    ("email_repeated", W, _("The same e-mail address stands in row %(row)s. It is left out here."), "8.4"),
    ("email_of_other", W, _("This e-mail address belongs to another account. It is left out."), "8.4"),
    (
        "email_kept",
        W,
        _("The e-mail address is not changed: the account is in use, and only its owner changes it."),
        "trust",
    ),
    # Days
    ("day_unreadable", E, _("“%(value)s” in %(column)s is not a day that exists. Write it as 2026-08-10."), "8.4"),
    ("day_month_only", E, _("“%(value)s” in %(column)s names no day. Write it as 2026-08-10."), "8.4"),
    ("day_future", W, _("%(column)s lies in the future."), "8.4"),
    ("birth_future", E, _("The date of birth lies in the future."), "8.4"),
    (
        "days_out_of_order",
        E,
        _("%(column)s (%(day)s) lies before %(earlier)s (%(earlier_day)s)."),
        "8.4; XZ26 8, 13, 24, 31",
    ),
    ("under_age", W, _("On the day of application the person was under 18 years old."), "8.4; XZ26 5"),
    (
        "cultivation_short",
        W,
        _("Less than one year lies between becoming an activist and becoming a development target."),
        "XZ26 13",
    ),
    ("probation_short", W, _("Less than one year lies between joining and becoming a full member."), "XZ26 31"),
    (
        "probation_overdue",
        W,
        _("Probation has lasted more than one year since %(day)s without a conversion."),
        "XZ26 31",
    ),
    # Standing
    ("standing_missing", E, _("The political status is missing."), "2"),
    ("standing_unknown", E, _("“%(value)s” is no political status that is known here."), "8.3"),
    (
        "standing_from_days",
        W,
        _("The political status names no stage; the stage was taken from the days: %(standing)s."),
        "2",
    ),
    (
        "joined_but_not_member",
        E,
        _("A day of joining the party is given, but the political status is not that of a member."),
        "2.1",
    ),
    (
        "converted_but_probationary",
        E,
        _("A day of conversion is given, but the political status is still that of a probationary member."),
        "2.1",
    ),
    ("further_than_standing", W, _("%(column)s is given, but the political status names an earlier stage."), "2.1"),
    ("stage_day_missing", W, _("%(column)s is missing, although the political status asks for it."), "8.4"),
    ("standing_goes_back", W, _("The portal records a later stage for this person than this row."), "2.1"),
    # Place
    ("unit_missing", E, _("The party branch is missing."), "8.1"),
    ("unit_unknown", E, _("There is no organization of this name. Check the spelling."), "1.1"),
    ("unit_alike", E, _("There is no organization of this name. Did you mean %(name)s?"), "1.1"),
    ("unit_outside", E, _("This organization is outside those you import for."), "11.5"),
    ("unit_ambiguous", E, _("Several organizations have this name. Write the full name."), "1.1"),
    (
        "unit_proposed",
        N,
        _("This branch does not exist yet; it is created with the import unless you take it out."),
        "1.1",
    ),
    ("moves", W, _("The person moves to another branch."), "6.2"),
    (
        "person_elsewhere",
        E,
        _("This number cannot be imported here. If the person comes from elsewhere, ask for a transfer."),
        "6.2",
    ),
    # The same row again
    ("repeated", W, _("This row repeats row %(row)s. It is taken once."), "8.4"),
    ("repeated_differently", E, _("Row %(row)s has the same student or staff number with other content."), "8.4"),
    ("name_changes", W, _("The portal knows another name under this number: check that it is the same person."), "8.4"),
    # Later
    ("changed_since", W, _("The record was changed since the preview. It was left as it is."), ""),
    ("unit_not_created", W, _("The branch was not created, so the row was left out."), ""),
    ("has_warnings", W, _("The row was left out because something in it is to be checked."), ""),
    ("kept_changed", W, _("Changed since the import and therefore kept: %(columns)s."), ""),
    ("kept_in_use", W, _("The person is in use by now and was therefore kept."), ""),
]
FINDINGS = {code: FindingKind(code, severity, words) for code, severity, words, source in _TABLE}
SOURCES = {code: source for code, severity, words, source in _TABLE}

# The days of the way into the party, in their order, with the standing that each one opens.
STAGES = (
    ("application_on", Standing.APPLICANT),
    ("activist_on", Standing.ACTIVIST),
    ("target_on", Standing.DEVELOPMENT_TARGET),
    ("joined_on", Standing.PROBATIONARY),
    ("converted_on", Standing.FULL_MEMBER),
)
RANK = {standing.value: rank for rank, standing in enumerate(Standing)}


@dataclass(slots=True)
class Days:
    """The days of one row as ``YYYY-MM-DD``, or empty: text of this shape compares as days do."""

    birth_date: str = ""
    application_on: str = ""
    activist_on: str = ""
    target_on: str = ""
    joined_on: str = ""
    converted_on: str = ""


def years_after(day: str, years: int) -> str:
    """Return the same day ``years`` later; 29 February becomes the 28th in a common year (domain.md 3.4)."""
    year = int(day[:4]) + years
    if day[4:] == "-02-29" and not (year % 4 == 0 and (year % 100 or year % 400 == 0)):
        return f"{year:04d}-02-28"
    return f"{year:04d}{day[4:]}"


def check_days(days: Days, *, on: str) -> Iterator[Finding]:
    """Say what is wrong with the days of one person as seen on day ``on``."""
    if days.birth_date > on:
        yield Finding("birth_future", "birth_date")
    earlier, earlier_day = "birth_date", days.birth_date
    for code, _standing in STAGES:
        day = getattr(days, code)
        if not day:
            continue
        if earlier_day and day < earlier_day:
            yield Finding("days_out_of_order", code, {"day": day, "earlier": earlier, "earlier_day": earlier_day})
        else:
            earlier, earlier_day = code, day
        if day > on:
            yield Finding("day_future", code)
    if days.birth_date and days.birth_date <= days.application_on < years_after(days.birth_date, 18):
        yield Finding("under_age", "application_on")
    if days.activist_on and days.activist_on <= days.target_on < years_after(days.activist_on, 1):
        yield Finding("cultivation_short", "target_on")
    if days.joined_on and days.joined_on <= days.converted_on < years_after(days.joined_on, 1):
        yield Finding("probation_short", "converted_on")


def standing_by_days(days: Days) -> str:
    """Return the stage that the days before joining prove, for people whose political status names none."""
    if days.target_on:
        return Standing.DEVELOPMENT_TARGET.value
    if days.activist_on:
        return Standing.ACTIVIST.value
    return Standing.APPLICANT.value if days.application_on else Standing.MASS.value


def check_standing(standing: str, days: Days, *, on: str) -> Iterator[Finding]:
    """Say where the standing and the days contradict each other, or a day is missing that the standing asks for."""
    rank = RANK[standing]
    if rank < RANK[Standing.PROBATIONARY] and (days.joined_on or days.converted_on):
        yield Finding("joined_but_not_member", "joined_on" if days.joined_on else "converted_on")
    if standing == Standing.PROBATIONARY and days.converted_on and days.converted_on <= on:
        yield Finding("converted_but_probationary", "converted_on")
    for code, opens in STAGES[:3]:
        if getattr(days, code) and RANK[opens] > rank:
            yield Finding("further_than_standing", code)
    for code, opens in STAGES:
        asked = opens == standing or (standing == Standing.FULL_MEMBER and opens == Standing.PROBATIONARY)
        if asked and not getattr(days, code):
            yield Finding("stage_day_missing", code)
    if (
        standing == Standing.PROBATIONARY
        and days.joined_on
        and not days.converted_on
        and years_after(days.joined_on, 1) < on
    ):
        yield Finding("probation_overdue", "joined_on", {"day": days.joined_on})


def standing_since(standing: str, days: Days, *, on: str) -> str:
    """Return the day from which the standing counts: the day of its stage, or ``on`` when that is unknown or ahead."""
    day = next((getattr(days, code) for code, opens in STAGES if opens == standing), "")
    return day if day and day <= on else on
