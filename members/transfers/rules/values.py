"""Limits of letters and of relation states, each with its source (domain.md 6.2, 6.3, 13)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    letter_days_max: int = 90  # practice; domain.md 6.2
    retained_years: int = 2  # DJ art. 34
    abroad_contact_months: int = 6  # DJ art. 34
    abroad_years: int = 5  # DJ art. 24
    floating_months: int = 6  # DJ art. 32
    lost_months: int = 6  # DJ art. 24
    receipt_months: int = 1  # practice


LIMITS = Limits()
