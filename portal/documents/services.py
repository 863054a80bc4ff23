"""The one generator: facts in, a PDF or Word file out."""

from enum import StrEnum
from typing import Any

from .pdf import write_pdf
from .registry import papers
from .sheets import Sheet
from .word import write_word


class Format(StrEnum):
    """File formats of a paper."""

    PDF = "pdf"
    DOCX = "docx"

    @property
    def content_type(self) -> str:
        return _CONTENT_TYPES[self]


_CONTENT_TYPES = {
    Format.PDF: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_WRITERS = {Format.PDF: write_pdf, Format.DOCX: write_word}


def render(code: str, facts: Any, *, format: Format | str) -> bytes:
    """Return the paper ``code`` filled with ``facts`` as a file.

    Raises ``LookupError`` when no room declared the paper, ``TypeError`` when the facts are those of another, and
    ``ValueError`` for an unknown format.
    """
    return _WRITERS[Format(format)](sheet_of(code, facts))


def sheet_of(code: str, facts: Any) -> Sheet:
    """Return what stands on the paper ``code``, for a preview or a test; raises as ``render`` does."""
    paper = papers.get(code)
    if paper is None:
        raise LookupError(f"no paper {code} is declared")
    if not isinstance(facts, paper.facts):
        raise TypeError(f"{code} is filled with {paper.facts.__name__}, not {type(facts).__name__}")
    return paper.draw(facts)
