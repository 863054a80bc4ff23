"""What the rules on dues reckon with, read from the edition of the regulation (``portal.rulesets``)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from portal.rulesets.editions import edition_on
from portal.rulesets.values import Edition, RuleSet, merge
from portal.rulesets.words import article_words


@dataclass(frozen=True, slots=True)
class Bracket:
    """One rate on the whole base, for bases up to and with ``upto`` yuan; ``None``: for all above."""

    upto: Decimal | None
    percent: Decimal
    article: str

    @property
    def article_label(self) -> str:
        return article_words(self.article)


@dataclass(frozen=True, slots=True)
class DuesRules:
    """One dated edition as the rules use it; amounts in yuan, months by the calendar, articles as ``KEY number``."""

    code: str
    pay: tuple[Bracket, ...]
    pension: tuple[Bracket, ...]
    student: Decimal
    no_income: Decimal
    fixed_article: str
    make_up_months: int
    make_up_article: str
    risk_months: int
    risk_article: str
    rounding: str
    base_article: str = "DF08 1"
    # Named without a number, like the edition does, where the number of the article was not read.
    reduction_article: str = "DF08"
    where_article: str = "DF08"
    monthly_article: str = "DF08"
    gift_article: str = "DF08"
    large_gift: Decimal = Decimal(1000)  # domain.md 6.1: single gifts from here on go to the centre
    warn_months: int = 3  # domain.md 3.7, ``dues_unpaid``
    near_months: int = 5  # domain.md 3.7: 150 days
    reduction_months: int = 12  # local custom: hardship is studied anew every year

    @property
    def fixed_article_label(self) -> str:
        return article_words(self.fixed_article)


def rules_of(edition: Edition, rules: RuleSet | None = None) -> DuesRules:
    """Return an edition, with the settings laid over it in ``rules``, as the rules on dues use it."""
    rules = rules or merge(edition)
    return DuesRules(
        code=edition.code,
        pay=_brackets(rules, "salary"),
        pension=_brackets(rules, "pension"),
        student=_yuan(rules.amount("dues.student")),
        no_income=_yuan(rules.amount("dues.no_income")),
        fixed_article=rules["dues.student"].article,
        make_up_months=rules.amount("dues.make_up_within"),
        make_up_article=rules["dues.make_up_within"].article,
        risk_months=rules.amount("dues.self_withdrawal_after"),
        risk_article=rules["dues.self_withdrawal_after"].article,
        rounding=_rounding(rules),
    )


def edition_of(day: date) -> Edition:
    """Return the edition of the regulation in force on ``day``."""
    return edition_on(day, "dues")


@lru_cache(maxsize=1)
def national() -> DuesRules:
    """Return the newest edition as it stands, without any setting."""
    return rules_of(edition_of(date.max))


def _yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def _brackets(rules: RuleSet, kind: str) -> tuple[Bracket, ...]:
    found, number = [], 1
    while (rate := rules.get(f"dues.{kind}.{number}.rate")) is not None:
        limit = rules.get(f"dues.{kind}.{number}.up_to")
        upto = None if limit is None else _yuan(limit.amount)
        percent = Decimal(rate.amount) * 100 / rate.value.of
        found.append(Bracket(upto, percent, rate.article))
        number += 1
    return tuple(found)


def _rounding(rules: RuleSet) -> str:
    choice = rules["dues.rounding"]
    code = choice.value.choices[choice.amount]
    return code if isinstance(code, str) else code[0]
