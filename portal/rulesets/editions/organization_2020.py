"""Branches, terms and elections: the branch rules of 2018 (ZB), terms of 2018 (RQ18) and elections of 2020 (XJ20).

Figures: domain.md 1.2 and 1.3.
"""

from datetime import date

from ..values import Bound, Edition, Mark, Unit, Value

_FLOOR, _CEILING, _FIXED, _FREE = Bound.FLOOR, Bound.CEILING, Bound.FIXED, Bound.FREE
_S, _S2, _U = Mark.SOURCED, Mark.SECOND_HAND, Mark.UNVERIFIED

ORGANIZATION_2020 = Edition(
    code="organization-2020",
    regulation="organization",
    effective_from=date(2020, 7, 13),
    effective_to=None,
    values=(
        Value("branch.min_full", 3, Unit.PEOPLE, "ZB 4", _S2, _FIXED),
        Value("branch.max_members", 50, Unit.PEOPLE, "ZB 4", _S2, _CEILING, least=10),
        Value("branch.committee_from", 7, Unit.PEOPLE, "JG19 7", _S, _FIXED),
        Value("branch.committee_min", 3, Unit.PEOPLE, "JG19 7", _S, _FIXED),
        Value("branch.committee_max", 7, Unit.PEOPLE, "JG19 7", _S, _CEILING, least=3),
        Value("joint_branch.max_units", 5, Unit.COUNT, "ZB 5", _S2, _CEILING, least=2),
        Value("general_branch.min_members", 50, Unit.PEOPLE, "JG19 6", _S, _FLOOR),
        Value("base_committee.min_members", 100, Unit.PEOPLE, "JG19 5", _S, _FLOOR),
        Value("secretary.min_standing", 12, Unit.MONTHS, "ZB", _S2, _FLOOR, most=60),
        Value("term.branch", 3, Unit.YEARS, "RQ18 1", _S, _FIXED),
        Value("term.base_committee", 5, Unit.YEARS, "RQ18 1", _S, _FIXED),
        Value("term.shift_max", 1, Unit.YEARS, "RQ18 2", _S, _CEILING),
        Value("term.remind_before", 6, Unit.MONTHS, "", _S2, _FLOOR, most=12),
        Value("election.quorum", 4, Unit.SHARE, "XJ20", _S2, _FIXED, of=5),
        Value("election.majority", 1, Unit.SHARE, "XJ20", _S2, _FIXED, of=2, strict=True),
        Value("election.spare", 20, Unit.SHARE, "XJ20", _U, _FLOOR, most=100, of=100),
        Value("committee_meeting.quorum", 1, Unit.SHARE, "ZB", _S2, _FIXED, of=2, strict=True),
    ),
)
