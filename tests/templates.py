"""Undefined variables in our own templates are errors in tests; in Django's and other packages' they stay silent."""

import sys
from types import FrameType
from typing import Any

from django.template.base import FilterExpression, Node, Variable, VariableDoesNotExist

from portal.env import BASE_DIR

OURS = str(BASE_DIR / "templates")
DEFAULTS = {"default", "default_if_none"}


class UndefinedVariable(AssertionError):
    """A template printed a name that its context does not hold."""


def _is_allowed(caller: FrameType) -> bool:
    """Say whether whoever asks can do without the variable: a condition, a default, a tag with its own answer."""
    if caller.f_code is not FilterExpression.resolve.__code__ or caller.f_locals["ignore_failures"]:
        return True
    filters = caller.f_locals["self"].filters
    return any(getattr(function, "_filter_name", "") in DEFAULTS for function, _ in filters)


def _template_of(frame: FrameType | None) -> str:
    """Return the file of the innermost node being drawn."""
    while frame:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            return str(node.origin.name)
        frame = frame.f_back
    return ""


def watch_templates() -> None:
    """Make an undefined variable in a template of ours raise ``UndefinedVariable`` from now on."""
    resolve = Variable.resolve

    def resolve_or_raise(self: Variable, context: Any) -> Any:
        try:
            return resolve(self, context)
        except VariableDoesNotExist as fault:
            caller = sys._getframe(1)
            if not _is_allowed(caller) and (template := _template_of(caller)).startswith(OURS):
                raise UndefinedVariable(f"{template}: {self.var} is undefined") from fault
            raise

    Variable.resolve = resolve_or_raise
