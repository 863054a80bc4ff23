"""What the regulation and the university ask of talks and answers on a day."""

from collections.abc import Mapping
from datetime import date

from portal.rulesets.editions import edition_on
from portal.rulesets.queries import rules_for
from portal.rulesets.values import RuleSet

from ..rules.promises import Promises
from ..rules.talks import TalkKind, Want


def care_rules(on: date) -> RuleSet:
    """Return the rules in force on a day, with the university's settings; one query."""
    return rules_for(edition_on(on, "care").code)


def wants_on(on: date) -> Mapping[TalkKind, Want]:
    """Return how many talks of each kind a year asks for."""
    rules = care_rules(on)
    found = {kind: rules[f"heart_talk.{kind.value}"] for kind in TalkKind}
    return {kind: Want(rule.amount, rule.article) for kind, rule in found.items()}


def promises_on(on: date) -> Promises:
    """Return within how many working days an answer is promised."""
    rules = care_rules(on)
    return Promises(
        normal=rules["help.answer_within"].amount,
        urgent=rules["help.urgent_within"].amount,
        escalate=rules["help.escalate_after"].amount,
    )
