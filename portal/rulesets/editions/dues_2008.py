"""The regulation on membership dues of 2008 (DF08): one rate on the whole base, by its bracket (domain.md 6.1).

Brackets are ``dues.<kind>.<n>.up_to`` (fen a month, included) and ``dues.<kind>.<n>.rate``; the last has no ``up_to``.
"""

from datetime import date

from ..values import Bound, Edition, Mark, Unit, Value

_FIXED, _CEILING, _FREE = Bound.FIXED, Bound.CEILING, Bound.FREE
_S, _S2, _P, _U = Mark.SOURCED, Mark.SECOND_HAND, Mark.PRACTICE, Mark.UNVERIFIED

DUES_2008 = Edition(
    code="dues-2008",
    regulation="dues",
    effective_from=date(2008, 4, 1),
    effective_to=None,
    values=(
        Value("dues.salary.1.up_to", 300_000, Unit.FEN, "DF08 2", _S, _FIXED),
        Value("dues.salary.1.rate", 5, Unit.SHARE, "DF08 2", _S, _FIXED, of=1000),
        Value("dues.salary.2.up_to", 500_000, Unit.FEN, "DF08 2", _S, _FIXED),
        Value("dues.salary.2.rate", 10, Unit.SHARE, "DF08 2", _S, _FIXED, of=1000),
        Value("dues.salary.3.up_to", 1_000_000, Unit.FEN, "DF08 2", _S, _FIXED),
        Value("dues.salary.3.rate", 15, Unit.SHARE, "DF08 2", _S, _FIXED, of=1000),
        Value("dues.salary.4.rate", 20, Unit.SHARE, "DF08 2", _S, _FIXED, of=1000),
        Value("dues.pension.1.up_to", 500_000, Unit.FEN, "DF08 5", _S, _FIXED),
        Value("dues.pension.1.rate", 5, Unit.SHARE, "DF08 5", _S, _FIXED, of=1000),
        Value("dues.pension.2.rate", 10, Unit.SHARE, "DF08 5", _S, _FIXED, of=1000),
        Value("dues.student", 20, Unit.FEN, "DF08", _S2, _FIXED),
        Value("dues.no_income", 20, Unit.FEN, "DF08", _U, _FIXED),
        Value("dues.make_up_within", 6, Unit.MONTHS, "DF08", _S2, _CEILING, least=1),
        Value("dues.self_withdrawal_after", 6, Unit.MONTHS, "DJ 31", _S, _FIXED),
        Value("dues.rounding", 0, Unit.CHOICE, "", _U, _FREE, choices=("half_up", "down", "up")),
    ),
)
