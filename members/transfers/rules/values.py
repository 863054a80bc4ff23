"""Limits of letters and of relation states, taken from the edition of the regulation (``portal.rulesets``)."""

from dataclasses import dataclass

from portal.rulesets.editions import RELATIONS_2019
from portal.rulesets.values import RuleSet, merge


@dataclass(frozen=True, slots=True)
class Limits:
    """What the rules on relations reckon with: days of a letter, then months and years."""

    letter_days_max: int
    letter_days_usual: int
    retained_years: int
    abroad_contact_months: int
    abroad_years: int
    lost_months: int

    @classmethod
    def of(cls, rules: RuleSet) -> "Limits":
        return cls(
            letter_days_max=rules.amount("letter.valid_max"),
            letter_days_usual=min(rules.amount("letter.valid_usual"), rules.amount("letter.valid_max")),
            retained_years=rules.amount("retained.after_graduation"),
            abroad_contact_months=rules.amount("abroad.contact_interval"),
            abroad_years=rules.amount("abroad.limit"),
            lost_months=rules.amount("lost.contact_after"),
        )


# Without what a university has set; also the most that the database takes.
NATIONAL = Limits.of(merge(RELATIONS_2019))
