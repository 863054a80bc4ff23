"""The rules on recruiting members as revised in May 2026 (XZ26), with the local values a university keeps beside them.

Articles, marks and defaults: domain.md 3, 4 and 13.
"""

from datetime import date

from ..values import Bound, Edition, Mark, Unit, Value

_FLOOR, _CEILING, _FIXED, _FREE = Bound.FLOOR, Bound.CEILING, Bound.FIXED, Bound.FREE
_S, _S2, _P, _U = Mark.SOURCED, Mark.SECOND_HAND, Mark.PRACTICE, Mark.UNVERIFIED

STEPS = (
    "apply talk nominate file_activist assign_contacts cultivate propose_target consent_publicity sponsors "
    "political_review training committee_review pre_review fill_form congress superior_talk approve file_above "
    "assign_branch oath probation convert_apply convert_congress convert_approve archive"
)

# What no national text says: every university sets it for itself, whatever the edition.
LOCAL = (
    Value("nomination.after_application", 0, Unit.MONTHS, "", _P, _FREE, most=24),
    Value("nomination.league_until", 28, Unit.AGE, "", _S2, _FREE, least=18, most=35),
    Value("activist_date.basis", 0, Unit.CHOICE, "", _P, _FREE, choices=("decision", "filing")),
    Value("thought_report.interval", 3, Unit.MONTHS, "", _P, _FREE, least=1, most=12),
    Value("thought_report.interval_probation", 3, Unit.MONTHS, "", _P, _FREE, least=1, most=12),
    Value("thought_report.answer_within", 7, Unit.DAYS, "", _P, _FREE, least=1, most=60),
    Value("contact_note.interval", 3, Unit.MONTHS, "", _P, _FREE, least=1, most=12),
    # Activists that must stand behind each place of the year's plan; 0: not asked.
    Value("pool.per_place", 0, Unit.PEOPLE, "", _P, _FREE, most=20),
    Value("political_review.valid", 12, Unit.MONTHS, "", _P, _FREE, least=3, most=36),
    Value("training.valid", 24, Unit.MONTHS, "", _U, _FREE, least=6, most=60),
    # Publicity that many universities keep before the congress and before conversion; 0: none.
    Value("publicity.admission", 5, Unit.WORKDAYS, "", _P, _FREE, most=30),
    Value("publicity.conversion", 5, Unit.WORKDAYS, "", _P, _FREE, most=30),
    Value("submission.after_congress", 3, Unit.MONTHS, "", _P, _FREE, least=1, most=3),
    Value("probation.inspection_interval", 6, Unit.MONTHS, "", _P, _FREE, least=1, most=6),
    Value("conversion.apply_from", 1, Unit.MONTHS, "", _P, _FREE, least=1, most=3),
    Value("conversion.apply_until", 7, Unit.DAYS, "", _S2, _FREE, most=30),
    Value("conversion.apply_late", 1, Unit.MONTHS, "", _S2, _FREE, most=3),
)

EDITION_2026_05 = Edition(
    code="recruitment-2026-05",
    regulation="recruitment",
    effective_from=date(2026, 5, 11),
    effective_to=None,
    steps=tuple(STEPS.split()),
    values=(
        Value("person.min_age", 18, Unit.AGE, "XZ26 5", _S, _FLOOR, most=30),
        Value("talk.after_application", 1, Unit.MONTHS, "XZ26 7", _S, _CEILING, least=1),
        Value("contacts.min", 1, Unit.PEOPLE, "XZ26 9", _S, _FIXED),
        Value("contacts.max", 2, Unit.PEOPLE, "XZ26 9", _S, _FIXED),
        Value("inspection.interval", 6, Unit.MONTHS, "XZ26 11", _S, _CEILING, least=1),
        Value("pool.analysis_interval", 12, Unit.MONTHS, "XZ26 11", _S2, _CEILING, least=3),
        Value("cultivation.min", 12, Unit.MONTHS, "XZ26 13", _S, _FLOOR, most=36),
        Value("publicity.target", 5, Unit.WORKDAYS, "XZ26 13", _S, _FLOOR, most=30),
        Value("sponsors.count", 2, Unit.PEOPLE, "XZ26 14", _S, _FIXED),
        # Either of the two suffices.
        Value("training.hours", 24, Unit.HOURS, "XZ26 17", _S, _FLOOR, most=120),
        Value("training.days", 3, Unit.DAYS, "XZ26 17", _S, _FLOOR, most=15),
        # Generally not handled; the superior may decide otherwise with a reason.
        Value("leaves_soon.within", 3, Unit.MONTHS, "XZ26 18", _S2, _FLOOR, most=12),
        Value("congress.after_pre_review", 1, Unit.MONTHS, "XZ26 19", _S, _CEILING, least=1),
        Value("congress.quorum", 1, Unit.SHARE, "XZ26 19", _S, _FIXED, of=2, strict=True),
        Value("congress.majority", 1, Unit.SHARE, "XZ26 20", _S, _FIXED, of=2, strict=True),
        Value("approval.within", 3, Unit.MONTHS, "XZ26 25", _S, _CEILING, least=1),
        Value("approval.hard", 6, Unit.MONTHS, "XZ26 25", _S2, _CEILING, least=3),
        Value("oath.within", 1, Unit.MONTHS, "XZ26 29", _S2, _CEILING, least=1),
        Value("probation.months", 12, Unit.MONTHS, "XZ26 31", _S, _FIXED),
        Value("extension.min", 6, Unit.MONTHS, "XZ26 31", _S, _FIXED),
        Value("extension.max", 12, Unit.MONTHS, "XZ26 31", _S, _FIXED),
        Value("extension.times", 1, Unit.TIMES, "XZ26 31", _S, _FIXED),
        Value("conversion.approval_within", 3, Unit.MONTHS, "XZ26 33", _S, _CEILING, least=1),
        *LOCAL,
    ),
)
