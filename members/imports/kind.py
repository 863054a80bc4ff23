"""The roster as a kind of import."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from members.fields import SENSITIVE
from members.models import Member
from portal.imports.models import ImportRow, ImportRun
from portal.imports.registry import ImportKind, kinds
from portal.organizations.duties import Duty

from .checking import RosterChecker
from .columns import COLUMNS
from .masking import shown
from .rules import FINDINGS
from .undoing import remove_units, undo_rows
from .writing import RosterWriter, create_units


class RosterKind(ImportKind):
    """People with their archive, standing and place, from the list that every branch keeps in Excel."""

    code = "roster"
    label = _("Roster of people")
    duty = Duty.IMPORT_ROSTERS
    order = 10
    columns = COLUMNS
    findings = FINDINGS
    instructions = (
        _(
            "One person in each row. The student or staff number tells the people apart; "
            "importing the same list again changes nothing."
        ),
        _("An empty cell leaves what the portal knows. To remove something, change it in the archive."),
        _(
            "Numbers of people, identity cards and phones are text: format the columns as text before entering them."
        ),
        _("Days are written as 2026-08-10; 20260810, 2026/8/10 and 2026.8.10 are understood too."),
        _("Nothing is written before you have seen what would change, and for seven days an import can be undone."),
    )

    def checker(self, run: ImportRun) -> RosterChecker:
        return RosterChecker(run)

    def prepare(self, run: ImportRun) -> None:
        create_units(run)

    def apply(self, run: ImportRun, rows: Sequence[ImportRow]) -> None:
        RosterWriter(run).write(rows)

    def undo(self, run: ImportRun, rows: Sequence[ImportRow]) -> None:
        undo_rows(run, rows)

    def finish_undo(self, run: ImportRun) -> None:
        remove_units(run)

    def label_of(self, code: str) -> Any:
        column = self.column(code)
        return column.label if column else Member._meta.get_field(code).verbose_name

    def params_in_words(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        words = dict(params)
        if "earlier" in words:
            words["earlier"] = self.label_of(words["earlier"])
        if "standing" in words:
            words["standing"] = shown("standing", words["standing"])
        if "columns" in words:
            words["columns"] = ", ".join(str(self.label_of(code)) for code in words["columns"])
        return words

    def show(self, code: str, value: Any, names: dict[int, str]) -> str:
        if code == "unit":
            return names.get(value, "") if isinstance(value, int) else str(value or "").partition(":")[2]
        return shown(code, value)

    def mask(self, column: str, value: str) -> str:
        return SENSITIVE[column](value) if column in SENSITIVE else value


def register() -> None:
    kinds.register(RosterKind())
