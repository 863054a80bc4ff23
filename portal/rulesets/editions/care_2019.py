"""Talks, answers and the democratic appraisal: the rules of 2018 on branches (ZB) and of 2019 on members (DJ).

Figures: domain.md 5.1 and 5.4. What nothing national says, the university sets.
"""

from datetime import date

from ..values import Bound, Edition, Mark, Unit, Value

_FLOOR, _CEILING, _FREE = Bound.FLOOR, Bound.CEILING, Bound.FREE
_S2, _P = Mark.SECOND_HAND, Mark.PRACTICE

CARE_2019 = Edition(
    code="care-2019",
    regulation="care",
    effective_from=date(2019, 5, 6),
    effective_to=None,
    values=(
        Value("heart_talk.committee_committee", 1, Unit.TIMES, "ZB", _S2, _FLOOR, most=12),
        Value("heart_talk.committee_member", 1, Unit.TIMES, "ZB", _S2, _FLOOR, most=12),
        Value("heart_talk.member_member", 1, Unit.TIMES, "ZB", _S2, _FLOOR, most=12),
        Value("help.answer_within", 5, Unit.WORKDAYS, "", _P, _FREE, least=1, most=30),
        Value("help.urgent_within", 2, Unit.WORKDAYS, "", _P, _FREE, least=1, most=30),
        Value("help.escalate_after", 2, Unit.WORKDAYS, "", _P, _FREE, least=0, most=30),
        Value("appraisal.excellent_max", 1, Unit.SHARE, "DJ 18", _S2, _CEILING, least=1, of=3),
        Value("appraisal.count_probationary", 1, Unit.SWITCH, "", _P, _FREE),
        Value("appraisal.probationary_grade", 1, Unit.SWITCH, "", _P, _FREE),
    ),
)
