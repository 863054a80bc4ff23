"""The rules on recruiting members of 2014 (XZ14), for cases that began before the revision of May 2026.

Against 2026 there is no national publicity before a development target is listed (the superior files it only), and the
oath is taken in time, without a term (domain.md 3.2). The text was read through quotations.
"""

from datetime import date

from ..values import Bound, Edition, Mark, Unit, Value
from .development_2026_05 import LOCAL, STEPS

_FLOOR, _CEILING, _FIXED = Bound.FLOOR, Bound.CEILING, Bound.FIXED
_S2 = Mark.SECOND_HAND

EDITION_2014 = Edition(
    code="recruitment-2014",
    regulation="recruitment",
    effective_from=date(2014, 5, 28),
    effective_to=date(2026, 5, 10),
    steps=tuple(STEPS.split()),
    values=(
        Value("person.min_age", 18, Unit.AGE, "XZ14 5", _S2, _FLOOR, most=30),
        Value("talk.after_application", 1, Unit.MONTHS, "XZ14 7", _S2, _CEILING, least=1),
        Value("contacts.min", 1, Unit.PEOPLE, "XZ14 9", _S2, _FIXED),
        Value("contacts.max", 2, Unit.PEOPLE, "XZ14 9", _S2, _FIXED),
        Value("inspection.interval", 6, Unit.MONTHS, "XZ14 11", _S2, _CEILING, least=1),
        Value("pool.analysis_interval", 12, Unit.MONTHS, "XZ14 11", _S2, _CEILING, least=3),
        Value("cultivation.min", 12, Unit.MONTHS, "XZ14 13", _S2, _FLOOR, most=36),
        Value("sponsors.count", 2, Unit.PEOPLE, "XZ14 14", _S2, _FIXED),
        # Either of the two suffices.
        Value("training.hours", 24, Unit.HOURS, "XZ14 17", _S2, _FLOOR, most=120),
        Value("training.days", 3, Unit.DAYS, "XZ14 17", _S2, _FLOOR, most=15),
        # Generally not handled; the superior may decide otherwise with a reason.
        Value("leaves_soon.within", 3, Unit.MONTHS, "XZ14 18", _S2, _FLOOR, most=12),
        Value("congress.after_pre_review", 1, Unit.MONTHS, "XZ14 19", _S2, _CEILING, least=1),
        Value("congress.quorum", 1, Unit.SHARE, "XZ14 19", _S2, _FIXED, of=2, strict=True),
        Value("congress.majority", 1, Unit.SHARE, "XZ14 20", _S2, _FIXED, of=2, strict=True),
        Value("approval.within", 3, Unit.MONTHS, "XZ14 25", _S2, _CEILING, least=1),
        Value("approval.hard", 6, Unit.MONTHS, "XZ14 25", _S2, _CEILING, least=3),
        Value("probation.months", 12, Unit.MONTHS, "XZ14 31", _S2, _FIXED),
        Value("extension.min", 6, Unit.MONTHS, "XZ14 31", _S2, _FIXED),
        Value("extension.max", 12, Unit.MONTHS, "XZ14 31", _S2, _FIXED),
        Value("extension.times", 1, Unit.TIMES, "XZ14 31", _S2, _FIXED),
        Value("conversion.approval_within", 3, Unit.MONTHS, "XZ14 33", _S2, _CEILING, least=1),
        *LOCAL,
    ),
)
