"""Reports on paper: the text with its answer, and the sheet for copying it by hand. Drawn by ``portal.documents``."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.documents.registry import Paper, papers
from portal.documents.sheets import Block, Heading, Note, Pairs, Paragraphs, Ruled, Sheet, Signature, Style

from .models import ThoughtReport

PRINT = "development.thought_report"
COPY_SHEET = "development.copy_sheet"
_LINES = 18  # what one page holds


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What both papers say of a report; ``about`` are labels and values, ``answer_*`` the reader's reply."""

    code: str
    title: str = ""
    about: tuple[tuple[str, str], ...] = ()
    body: str = ""
    answer: str = ""
    answer_signature: str = ""


def facts_of(report: ThoughtReport) -> ReportFacts:
    """Return the last version of ``report`` with its answer, in the language of the reader."""
    version = report.review.versions.order_by("-number").first()
    answer = report.review.steps.filter(verb__in=["accept", "return"]).select_related("by").last()
    signature = ""
    if answer:
        signature = _("%(name)s, %(day)s") % {"name": answer.by.name, "day": date_format(answer.at, "DATE_FORMAT")}
    return ReportFacts(
        code=report.code,
        title=version.title if version else "",
        about=_about(report),
        body=version.body if version else "",
        answer=answer.words if answer else "",
        answer_signature=signature,
    )


def copy_facts_of(report: ThoughtReport) -> ReportFacts:
    """Return what the sheet for copying says: the code by which its scan finds the report, and no text of it."""
    return ReportFacts(code=report.code, title=report.title, about=_about(report))


def _about(report: ThoughtReport) -> tuple[tuple[str, str], ...]:
    author = report.author
    facts = [
        (_("Name"), author.name),
        (_("Number"), author.number),
        (_("Branch"), str(author.organization or "")),
        (_("Quarter"), str(report.period.words)),
    ]
    if report.first_submitted_on:
        facts.append((_("Handed in"), date_format(report.first_submitted_on, "DATE_FORMAT")))
    return tuple(facts)


def _draw_report(facts: ReportFacts) -> Sheet:
    blocks: list[Block] = [_pairs(facts), Paragraphs(facts.body)]
    if facts.answer_signature:
        blocks += [
            Heading(_("Answer of the reader")),
            Paragraphs(facts.answer),
            Signature((facts.answer_signature,)),
        ]
    return Sheet(
        facts.title or _("Thought report"),
        tuple(blocks),
        style=Style.LETTER,
        number=_("Thought report") if facts.title else "",
        foot=_code(facts),
        language=_language(),
    )


def _draw_copy_sheet(facts: ReportFacts) -> Sheet:
    hint = _("Copy the text by hand, sign and date it. Then photograph the sheet and attach it on the report's page.")
    signs = ((_("Signature:"), ""), (_("Date:"), ""))
    return Sheet(
        _("Thought report"),
        (_pairs(facts), Paragraphs(facts.title, indent=False), Note(hint), Ruled(_LINES), Pairs(signs, separator="")),
        stamp=_code(facts),
        foot=_code(facts),
        language=_language(),
    )


def _pairs(facts: ReportFacts) -> Pairs:
    return Pairs(facts.about, separator="：" if _language() == "zh" else ": ")


def _code(facts: ReportFacts) -> str:
    return f"{_('Code')} {facts.code}"


def _language() -> str:
    return "zh" if (get_language() or "").startswith("zh") else "en"


def declare() -> None:
    """Register the papers of reports."""
    # No regulation sets their form; the frequency of reports is custom (domain.md 4.1).
    papers.register(Paper(PRINT, gettext_lazy("Thought report"), ReportFacts, "", _draw_report))
    papers.register(Paper(COPY_SHEET, gettext_lazy("Sheet for copying by hand"), ReportFacts, "", _draw_copy_sheet))
