"""A rule set as people read it: one line for each rule, with the law beside what is in force."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from . import words
from .values import Bound, Layer, Rule, RuleSet


@dataclass(frozen=True, slots=True)
class Line:
    """A rule in words."""

    code: str
    label: Any
    in_force: str
    origin: str
    is_local: bool  # the university's own amount
    reason: str
    national: str
    bound: Any
    article: str
    mark: Any
    habit: str
    is_open: bool  # may be set at all


def line_of(rule: Rule) -> Line:
    """Return ``rule`` in the reader's language."""
    value = rule.value
    return Line(
        code=rule.code,
        label=words.label(rule.code),
        in_force=words.amount_words(value, rule.amount),
        origin=_origin(rule),
        is_local=rule.layer is Layer.UNIVERSITY,
        reason=rule.words,
        national=words.amount_words(value, value.amount),
        bound=words.BOUNDS[value.bound],
        article=words.article_words(value.article),
        mark=words.MARKS[value.mark],
        habit="" if rule.habit is None else words.amount_words(value, rule.habit),
        is_open=value.bound is not Bound.FIXED and value.range[0] < value.range[1],
    )


def _origin(rule: Rule) -> str:
    if rule.layer is Layer.UNIVERSITY:
        return _("the university")
    return _("default of the portal") if rule.value.bound is Bound.FREE else _("national text")


def lines_of(rules: RuleSet) -> list[Line]:
    """Return every rule of ``rules``, in the order of the edition."""
    return [line_of(rule) for rule in rules]
