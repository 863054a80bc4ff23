"""What the regulation and the university ask of an appraisal on a day."""

from dataclasses import dataclass
from datetime import date

from portal.organizations.models import Organization
from portal.rulesets.editions import edition_on
from portal.rulesets.queries import rules_for


@dataclass(frozen=True, slots=True)
class CareRules:
    """The settings an appraisal begins under."""

    share_amount: int
    share_of: int
    share_article: str
    counts_probationary: bool
    probationary_grade: bool


def care_rules_on(on: date, organization: Organization | None = None) -> CareRules:
    """Return the settings in force on a day; one query."""
    rules = rules_for(edition_on(on, "care").code, organization)
    share = rules["appraisal.excellent_max"]
    return CareRules(
        share_amount=share.amount,
        share_of=share.value.of,
        share_article=share.article,
        counts_probationary=rules["appraisal.count_probationary"].is_on,
        probationary_grade=rules["appraisal.probationary_grade"].is_on,
    )
