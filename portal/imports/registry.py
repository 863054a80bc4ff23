"""What can be imported: a room declares an ``ImportKind`` in its ``imports`` and registers it in ``ready``."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.access.rights import AnyUser, rights_of
from portal.extensions.registry import Registry

if TYPE_CHECKING:
    from portal.imports.models import ImportRow, ImportRun


class Severity(TextChoices):
    """How much a finding weighs: an error keeps the row out, a warning asks for a look, a note only tells."""

    ERROR = "error", _("error")
    WARNING = "warning", _("please check")
    NOTE = "note", _("note")


class Outcome(TextChoices):
    """What taking the row would do."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    SAME = "same", _("unchanged")
    ERROR = "error", _("with errors")


@dataclass(frozen=True, slots=True)
class FindingKind:
    """Something a check can find: its weight, and the words, with the finding's parameters as placeholders."""

    code: str
    severity: Severity
    message: Any  # lazy text


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in one row; ``column`` is the code of the column it is about, or empty."""

    code: str
    column: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    def stored(self) -> list[Any]:
        return [self.code, self.column, dict(self.params)]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the workbook: how its heading may read, and what the template shows for it.

    ``heading`` is what templates and exports write; a heading is recognized with blanks, brackets and stars left out.
    ``sensitive`` columns are encrypted in the staged rows and masked wherever they are shown.
    """

    code: str
    label: Any
    heading: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    sensitive: bool = False
    choices: tuple[str, ...] = ()
    sample: str = ""
    help: Any = ""
    is_date: bool = False
    width: int = 14


@dataclass(slots=True)
class SourceRows:
    """A chunk of the workbook, column by column; a row is known by its place in these lists.

    ``numbers`` are those that Excel shows, ``columns`` the cells by column code, and ``formulas`` the codes of the
    columns in which a row holds a bare formula, by place.
    """

    numbers: Sequence[int]
    columns: Mapping[str, Sequence[Any]]
    formulas: Mapping[int, Sequence[str]] = field(default_factory=dict)

    def cells(self, code: str) -> Sequence[Any]:
        """Return the cells of a column; those of a column that the workbook lacks are empty."""
        return self.columns.get(code) or [""] * len(self.numbers)

    def without(self, places: Collection[int]) -> "SourceRows":
        """Return the other rows."""
        kept = [place for place in range(len(self.numbers)) if place not in places]
        return SourceRows(
            [self.numbers[place] for place in kept],
            {code: [cells[place] for place in kept] for code, cells in self.columns.items()},
            {new: self.formulas[place] for new, place in enumerate(kept) if place in self.formulas},
        )


@dataclass(slots=True)
class Staged:
    """What a check says about one row.

    ``data`` and ``diff`` are JSON; sensitive values in them are encrypted. ``diff`` is ``{column: [before, after]}``.
    """

    number: int
    outcome: Outcome
    key: str
    label: str
    data: dict[str, Any]
    diff: dict[str, list[Any]]
    findings: list[list[Any]]
    suspicious: bool


class Checker(ABC):
    """Checks the rows of one run, chunk by chunk, in the order of the workbook."""

    @abstractmethod
    def check(self, rows: SourceRows) -> list[Staged]:
        """Return one ``Staged`` for each row, with a constant number of queries."""

    def proposals(self) -> list[dict[str, Any]]:
        """Return what must be created before the rows fit, as ``{"parent", "name", ...}`` for the preview."""
        return []

    def skips(self, rows: SourceRows) -> dict[int, str]:
        """Return the places of rows that are no record at all, with the reason: a total, a remark."""
        return {}


class ImportKind(ABC):
    """A kind of list that can be imported. Every verb works on chunks and may be called again after a crash."""

    code: str
    label: Any
    order: int = 100
    duty: str
    columns: tuple[Column, ...]
    findings: Mapping[str, FindingKind]
    instructions: tuple[Any, ...] = ()

    @abstractmethod
    def checker(self, run: "ImportRun") -> Checker: ...

    @abstractmethod
    def prepare(self, run: "ImportRun") -> None:
        """Create what the preview proposed, before the first row; called once, in a transaction."""

    @abstractmethod
    def apply(self, run: "ImportRun", rows: Sequence["ImportRow"]) -> None:
        """Write ``rows`` and set on each ``state``, ``object_id``, ``written`` and, when left out, ``note``."""

    @abstractmethod
    def undo(self, run: "ImportRun", rows: Sequence["ImportRow"]) -> None:
        """Take ``rows`` back and set on each ``state`` and, where something is kept, ``note``."""

    def offered_to(self, user: AnyUser) -> bool:
        """Say whether ``user`` may bring such lists at all; what a row is about is judged by the checker."""
        return rights_of(user).holds(self.duty)

    def report_url(self, run: "ImportRun") -> str:
        """Return the page that tells what came of a written list beyond its rows, or nothing."""
        return ""

    def finish_undo(self, run: "ImportRun") -> None:  # noqa: B027 - most kinds create nothing beforehand
        """Take back what ``prepare`` created, as far as it is empty again."""

    def label_of(self, code: str) -> Any:
        """Return the words for a column of ``data`` or ``diff``."""
        column = self.column(code)
        return column.label if column else code

    def show(self, code: str, value: Any, names: dict[int, str]) -> str:
        """Return a staged value as the preview shows it, masked if sensitive; ``names`` are those of organizations."""
        return str(value or "")

    def mask(self, column: str, value: str) -> str:
        """Return how a sensitive value is shown."""
        return "****" if value else ""

    def words(self, findings: Iterable[Sequence[Any]]) -> list["Words"]:
        """Return stored findings with their weight and their words in the reader's language."""
        labels = {column.code: column.label for column in self.columns}
        return [
            Words(
                code=code,
                severity=kind.severity,
                column=column,
                label=labels.get(column, ""),
                text=str(kind.message) % {**self.params_in_words(params), "column": labels.get(column, "")},
            )
            for code, column, params in findings
            if (kind := self.findings.get(code))
        ]

    def params_in_words(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the parameters of a finding for the reader: codes of columns become their words."""
        return params

    def column(self, code: str) -> Column | None:
        return next((column for column in self.columns if column.code == code), None)


@dataclass(frozen=True, slots=True)
class Words:
    """A finding as a person reads it."""

    code: str
    severity: Severity
    column: str
    label: Any
    text: str


kinds: Registry[ImportKind] = Registry()
