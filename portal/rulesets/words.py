"""What rules, bounds, units, regulations and amounts are called for people."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from .values import Bound, Flaw, Mark, Unit, Value

LABELS: Mapping[str, Any] = {
    "person.min_age": _("Age on the day of the application"),
    "talk.after_application": _("Talk after the application, within"),
    "nomination.after_application": _("Nomination after the application, not before"),
    "nomination.league_until": _("League members are nominated by the league until the age of"),
    "activist_date.basis": _("Day from which an activist's time counts"),
    "contacts.min": _("Cultivation contacts, at least"),
    "contacts.max": _("Cultivation contacts, at most"),
    "inspection.interval": _("Inspection of activists, every"),
    "pool.analysis_interval": _("Analysis of the pool of activists, every"),
    "pool.per_place": _("Activists behind each place of the year's plan"),
    "cultivation.min": _("Cultivation before becoming a development target"),
    "contact_note.interval": _("Note of the cultivation contact, every"),
    "thought_report.interval": _("Thought report of activists and targets, every"),
    "thought_report.interval_probation": _("Thought report in probation, every"),
    "thought_report.answer_within": _("Answer to a thought report, within"),
    "publicity.target": _("Publicity before listing a development target"),
    "publicity.admission": _("Publicity before the admission congress"),
    "publicity.conversion": _("Publicity before the conversion congress"),
    "sponsors.count": _("Sponsors"),
    "political_review.valid": _("A political review counts for"),
    "training.hours": _("Training of development targets, hours"),
    "training.days": _("Training of development targets, days"),
    "training.valid": _("A training certificate counts for"),
    "leaves_soon.within": _("Admission is generally not handled when the person leaves within"),
    "congress.after_pre_review": _("Admission congress after the pre-review, within"),
    "congress.quorum": _("Voters present at a branch congress"),
    "congress.majority": _("Approving votes of all who should attend"),
    "submission.after_congress": _("Submission after the congress, within"),
    "approval.within": _("Approval after the admission congress, within"),
    "approval.hard": _("Approval in special cases, within"),
    "oath.within": _("Oath after the approval, within"),
    "probation.months": _("Probation"),
    "probation.inspection_interval": _("Inspection in probation, every"),
    "extension.min": _("Extension of probation, at least"),
    "extension.max": _("Extension of probation, at most"),
    "extension.times": _("Extensions of probation"),
    "conversion.apply_from": _("Conversion application, earliest before the end of probation"),
    "conversion.apply_until": _("Conversion application, usually not later than before the end of probation"),
    "conversion.apply_late": _("Conversion application, excused after the end of probation up to"),
    "conversion.approval_within": _("Approval after the conversion congress, within"),
    "dues.salary.1.up_to": _("Salary, first bracket up to"),
    "dues.salary.1.rate": _("Salary, rate of the first bracket"),
    "dues.salary.2.up_to": _("Salary, second bracket up to"),
    "dues.salary.2.rate": _("Salary, rate of the second bracket"),
    "dues.salary.3.up_to": _("Salary, third bracket up to"),
    "dues.salary.3.rate": _("Salary, rate of the third bracket"),
    "dues.salary.4.rate": _("Salary, rate above the third bracket"),
    "dues.pension.1.up_to": _("Pension, first bracket up to"),
    "dues.pension.1.rate": _("Pension, rate of the first bracket"),
    "dues.pension.2.rate": _("Pension, rate above the first bracket"),
    "dues.student": _("Students without a salary, a month"),
    "dues.no_income": _("Members without income, a month"),
    "dues.make_up_within": _("Unpaid dues may be made up within"),
    "dues.self_withdrawal_after": _("Unpaid without reason this long counts as leaving"),
    "dues.rounding": _("Rounding of dues to the fen"),
    "branch.min_full": _("Full members of a branch, at least"),
    "branch.max_members": _("Members of a branch, generally at most"),
    "branch.committee_from": _("A branch has a committee from this many full members"),
    "branch.committee_min": _("Members of a branch committee, at least"),
    "branch.committee_max": _("Members of a branch committee, at most"),
    "joint_branch.max_units": _("Units in a joint branch, generally at most"),
    "general_branch.min_members": _("Members of a general branch, at least"),
    "base_committee.min_members": _("Members under a base-level committee, at least"),
    "secretary.min_standing": _("Party standing of a secretary, at least"),
    "term.branch": _("Term of a branch or general branch"),
    "term.base_committee": _("Term of a base-level committee"),
    "term.shift_max": _("An election may be moved by at most"),
    "term.remind_before": _("Reminder before a term ends"),
    "election.quorum": _("Electors present at an election"),
    "election.majority": _("Votes of the electors present"),
    "election.spare": _("Spare candidates"),
    "committee_meeting.quorum": _("Committee members present at a committee meeting"),
    "transfer.away_from": _("Relations move when away for at least"),
    "letter.valid_max": _("A transfer letter counts for at most"),
    "letter.valid_usual": _("A transfer letter usually counts for"),
    "letter.receipt_within": _("Receipt of a transfer letter, within"),
    "retained.after_graduation": _("Relations stay after graduation for at most"),
    "abroad.contact_interval": _("Contact with members abroad, every"),
    "abroad.limit": _("Membership is suspended after so long abroad"),
    "floating.away_from": _("A member floats when away for"),
    "lost.contact_after": _("A member is lost when out of contact for"),
    "lost.struck_off_after": _("A suspended member is struck off after"),
    "correction.usual": _("Period to correct faults, usually"),
    "correction.max": _("Period to correct faults, at most"),
    "rejoin.not_within": _("No new application after being struck off, for"),
    "heart_talk.committee_committee": _("Heart-to-heart talks of committee members with each other, each year"),
    "heart_talk.committee_member": _("Heart-to-heart talks of the committee with each member, each year"),
    "heart_talk.member_member": _("Heart-to-heart talks of members with each other, each year"),
    "help.answer_within": _("Answer to a request for help, within"),
    "help.urgent_within": _("Answer to an urgent request for help, within"),
    "help.escalate_after": _("An answer that is late is told one node higher after"),
    "appraisal.excellent_max": _("Excellent in the democratic appraisal, at most"),
    "appraisal.count_probationary": _("Probationary members count for the share of excellent"),
    "appraisal.probationary_grade": _("Probationary members grade others in the appraisal"),
    "life.congress_per_quarter": _("Branch congresses, each quarter"),
    "life.committee_per_month": _("Committee meetings, each month"),
    "life.group_per_month": _("Party group meetings, each month"),
    "life.theme_day_per_month": _("Theme party days, each month"),
    "life.lecture_per_quarter": _("Party lectures, each quarter"),
    "life.leader_lecture_per_year": _("Lectures given by a secretary, each year"),
    "life.integrity_lecture_per_year": _("Lectures on integrity, each year"),
    "life.meeting_per_year": _("Organizational-life meetings, each year"),
    "life.appraisal_per_year": _("Democratic appraisals, each year"),
    "life.secretary_review_per_year": _("Reviews of the secretary's report, each year"),
    "life.democratic_meeting_per_year": _("Democratic-life meetings of a committee, each year"),
    "life.democratic_theme_ahead": _("The theme of a democratic-life meeting is told ahead by"),
    "life.democratic_report_within": _("Report on a democratic-life meeting, within"),
    "life.democratic_attendance": _("Members present at a democratic-life meeting"),
    "life.vacation_january": _("January is vacation"),
    "life.vacation_february": _("February is vacation"),
    "life.vacation_july": _("July is vacation"),
    "life.vacation_august": _("August is vacation"),
    "life.vacation_for_staff": _("Vacations hold for branches of staff as well"),
    "life.remind_before": _("Reminder before a period of organizational life ends"),
    "life.attendance_share": _("Attendance that a branch should reach"),
    "life.absent_first": _("The secretary is told of members absent for"),
    "life.absent_second": _("The secretary is told again of members absent for"),
}

CHOICES: Mapping[str, Any] = {
    "decision": _("the committee's decision"),
    "filing": _("the filing above"),
    "half_up": _("half a fen upward"),
    "down": _("downward"),
    "up": _("upward"),
}

EDITION_TITLES: Mapping[str, Any] = {
    "recruitment-2026-05": _("Recruiting members, edition of May 2026"),
    "recruitment-2014": _("Recruiting members, edition of 2014"),
    "dues-2008": _("Membership dues, edition of 2008"),
    "organization-2020": _("Branches, terms and elections, as of 2020"),
    "relations-2019": _("Organization relations, edition of 2019"),
    "care-2019": _("Talks, help and appraisal, as of 2019"),
    "life-2019": _("Organizational life, as of 2019"),
}

REGULATIONS: Mapping[str, Any] = {
    "XZ26": _("Rules on recruiting members (2026)"),
    "XZ14": _("Rules on recruiting members (2014)"),
    "DJ": _("Rules on educating and managing members (2019)"),
    "ZB": _("Rules on the work of branches (2018)"),
    "XJ20": _("Rules on elections of base organizations (2020)"),
    "RQ18": _("Opinion on the terms of base organizations (2018)"),
    "JG19": _("Rules on base organizations of state bodies (2019), by analogy"),
    "DF08": _("Regulation on membership dues (2008)"),
    "ZC24": _("Measures on unqualified members (2024)"),
}

BOUNDS: Mapping[Bound, Any] = {
    Bound.FLOOR: _("floor: may only be raised"),
    Bound.CEILING: _("ceiling: may only be lowered"),
    Bound.FIXED: _("fixed"),
    Bound.FREE: _("local: the university decides"),
}

MARKS: Mapping[Mark, Any] = {
    Mark.SOURCED: _("read in the regulation"),
    Mark.SECOND_HAND: _("quoted by others"),
    Mark.PRACTICE: _("practice of universities"),
    Mark.UNVERIFIED: _("not verified"),
}


def label(code: str) -> Any:
    """Return what the rule ``code`` is called; a code without a name is shown as it is."""
    return LABELS.get(code, code)


def article_words(article: str) -> str:
    """Return ``XZ26 19`` as people cite it, or that nothing national says it."""
    key, _blank, number = article.partition(" ")
    if not key:
        return gettext("no national text")
    regulation = str(REGULATIONS.get(key, key))
    if not number:
        return regulation
    numbers = number.replace(", ", pgettext("between the numbers of articles", ", "))
    return gettext("%(regulation)s, article %(number)s") % {"regulation": regulation, "number": numbers}


def amount_words(value: Value, amount: int) -> str:
    """Return ``amount`` of ``value`` with its unit."""
    if value.unit is Unit.SWITCH:
        return gettext("on") if amount else gettext("off")
    if value.unit is Unit.CHOICE:
        return str(CHOICES[value.choices[amount]]) if amount < len(value.choices) else str(amount)
    if value.unit is Unit.SHARE:
        return share_words(value, amount)
    if value.unit is Unit.COUNT:
        return str(amount)
    if value.unit is Unit.FEN:
        return gettext("%(yuan)s yuan") % {"yuan": f"{amount // 100}.{amount % 100:02}"}
    return _counted(value.unit, amount)


def share_words(value: Value, amount: int) -> str:
    """Return a share as a fraction, or as a percentage when its whole is a power of ten."""
    share = f"{amount * 100 / value.of:g}%" if value.of in (100, 1000) else f"{amount}/{value.of}"
    return gettext("more than %(share)s") % {"share": share} if value.strict else share


def _counted(unit: Unit, count: int) -> str:
    texts = {
        Unit.DAYS: lambda: ngettext("%(count)d day", "%(count)d days", count),
        Unit.WORKDAYS: lambda: ngettext("%(count)d working day", "%(count)d working days", count),
        Unit.MONTHS: lambda: ngettext("%(count)d month", "%(count)d months", count),
        Unit.YEARS: lambda: ngettext("%(count)d year", "%(count)d years", count),
        Unit.AGE: lambda: ngettext("%(count)d year of age", "%(count)d years of age", count),
        Unit.HOURS: lambda: ngettext("%(count)d hour", "%(count)d hours", count),
        Unit.PEOPLE: lambda: ngettext("%(count)d person", "%(count)d people", count),
        Unit.TIMES: lambda: ngettext("%(count)d time", "%(count)d times", count),
    }
    return texts[unit]() % {"count": count}


def flaw_words(value: Value, amount: int, flaw: Flaw, *, above: int | None = None) -> str:
    """Say why ``amount`` cannot be set; ``above`` is the amount that stands over it when not the national one."""
    stands = value.amount if above is None else above
    words = {
        "stands": amount_words(value, stands),
        "wanted": amount_words(value, amount),
        "article": article_words(value.article),
        "least": amount_words(value, value.range[0]),
        "most": amount_words(value, value.range[1]),
    }
    if flaw is Flaw.FIXED:
        return gettext("%(stands)s is fixed (%(article)s); it cannot be set otherwise.") % words
    if flaw is Flaw.OUT_OF_RANGE:
        return gettext("Choose from %(least)s to %(most)s.") % words
    if value.bound is Bound.FLOOR:
        return gettext("At least %(stands)s are asked (%(article)s); %(wanted)s would loosen the rule.") % words
    return gettext("At most %(stands)s are allowed (%(article)s); %(wanted)s would loosen the rule.") % words


def law_words(value: Value) -> str:
    """Say beside a field what the national text asks and how far an amount may go."""
    said = {
        "stands": amount_words(value, value.amount),
        "bound": BOUNDS[value.bound],
        "article": article_words(value.article),
        "least": amount_words(value, value.range[0]),
        "most": amount_words(value, value.range[1]),
    }
    if value.bound is Bound.FREE:
        return gettext("Default: %(stands)s (%(bound)s). From %(least)s to %(most)s.") % said
    return gettext("National text: %(stands)s (%(bound)s; %(article)s). From %(least)s to %(most)s.") % said
