"""Organizational life: how often which meeting is held, by the rules on branches (ZB, 2018) and on members (DJ, 2019).

Figures: domain.md 3.7, 5.1 and 5.3. Vacations are no exception that the law makes; a university sets them.
"""

from datetime import date

from ..values import Bound, Edition, Mark, Unit, Value

_FLOOR, _FREE = Bound.FLOOR, Bound.FREE
_S, _S2, _P, _U = Mark.SOURCED, Mark.SECOND_HAND, Mark.PRACTICE, Mark.UNVERIFIED

LIFE_2019 = Edition(
    code="life-2019",
    regulation="organizational_life",
    effective_from=date(2019, 5, 6),
    effective_to=None,
    values=(
        Value("life.congress_per_quarter", 1, Unit.TIMES, "ZB", _S2, _FLOOR, most=12),
        Value("life.committee_per_month", 1, Unit.TIMES, "ZB", _S2, _FLOOR, most=4),
        Value("life.group_per_month", 1, Unit.TIMES, "ZB", _S2, _FLOOR, most=4),
        Value("life.theme_day_per_month", 1, Unit.TIMES, "DJ 16", _S, _FLOOR, most=4),
        Value("life.lecture_per_quarter", 1, Unit.TIMES, "", _P, _FREE, most=6),
        Value("life.leader_lecture_per_year", 1, Unit.TIMES, "", _U, _FREE, most=12),
        Value("life.integrity_lecture_per_year", 1, Unit.TIMES, "", _P, _FREE, most=4),
        Value("life.meeting_per_year", 1, Unit.TIMES, "DJ 17", _S, _FLOOR, most=4),
        Value("life.appraisal_per_year", 1, Unit.TIMES, "DJ 18", _S, _FLOOR, most=2),
        Value("life.secretary_review_per_year", 1, Unit.TIMES, "", _U, _FREE, most=2),
        Value("life.democratic_meeting_per_year", 1, Unit.TIMES, "", _P, _FREE, least=1, most=4),
        Value("life.democratic_theme_ahead", 10, Unit.DAYS, "", _P, _FREE, most=15),
        Value("life.democratic_report_within", 15, Unit.DAYS, "", _P, _FREE, least=1, most=60),
        Value("life.democratic_attendance", 2, Unit.SHARE, "", _U, _FREE, least=1, most=3, of=3),
        Value("life.vacation_january", 0, Unit.SWITCH, "", _U, _FREE),
        Value("life.vacation_february", 0, Unit.SWITCH, "", _U, _FREE),
        Value("life.vacation_july", 0, Unit.SWITCH, "", _U, _FREE),
        Value("life.vacation_august", 0, Unit.SWITCH, "", _U, _FREE),
        Value("life.vacation_for_staff", 0, Unit.SWITCH, "", _U, _FREE),
        Value("life.remind_before", 7, Unit.DAYS, "", _P, _FREE, least=1, most=20),
        Value("life.attendance_share", 80, Unit.SHARE, "", _P, _FREE, most=100, of=100),
        Value("life.absent_first", 3, Unit.MONTHS, "", _P, _FREE, least=1, most=4),
        Value("life.absent_second", 5, Unit.MONTHS, "", _P, _FREE, least=2, most=5),
    ),
)
