"""Organization relations, floating and lost members: the rules on educating and managing members of 2019 (DJ).

Figures: domain.md 2.1, 2.2, 6.2 and 6.3.
"""

from datetime import date

from ..values import Bound, Edition, Mark, Unit, Value

_FLOOR, _CEILING, _FIXED, _FREE = Bound.FLOOR, Bound.CEILING, Bound.FIXED, Bound.FREE
_S, _S2, _P, _U = Mark.SOURCED, Mark.SECOND_HAND, Mark.PRACTICE, Mark.UNVERIFIED

RELATIONS_2019 = Edition(
    code="relations-2019",
    regulation="relations",
    effective_from=date(2019, 5, 6),
    effective_to=None,
    values=(
        Value("transfer.away_from", 6, Unit.MONTHS, "DJ 25", _S, _FIXED),
        Value("letter.valid_max", 90, Unit.DAYS, "", _P, _FREE, least=1, most=90),
        Value("letter.valid_usual", 30, Unit.DAYS, "", _P, _FREE, least=1, most=90),
        Value("letter.receipt_within", 1, Unit.MONTHS, "", _P, _FREE, least=1, most=3),
        Value("retained.after_graduation", 2, Unit.YEARS, "DJ 34", _S, _CEILING),
        Value("abroad.contact_interval", 6, Unit.MONTHS, "DJ 34", _S, _CEILING, least=1),
        Value("abroad.limit", 5, Unit.YEARS, "DJ 24", _S, _FIXED),
        Value("floating.away_from", 6, Unit.MONTHS, "DJ 32", _S, _FIXED),
        Value("lost.contact_after", 6, Unit.MONTHS, "DJ 24", _S, _FIXED),
        Value("lost.struck_off_after", 2, Unit.YEARS, "DJ 24", _S, _FIXED),
        Value("correction.usual", 6, Unit.MONTHS, "DJ 30", _S2, _FREE, least=1, most=12),
        Value("correction.max", 12, Unit.MONTHS, "DJ 30", _S, _CEILING, least=1),
        Value("rejoin.not_within", 5, Unit.YEARS, "ZC24", _S2, _FIXED),
    ),
)
