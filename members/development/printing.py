"""Reports on paper, by typst. People's words travel as data (JSON) and are never read as typst source.

Official papers use FangSong and XiaoBiaoSong: they are named first; a subset of Noto Serif SC comes with the portal, so
that a machine without Chinese fonts prints too. Layout after GB/T 9704 (ux.md).
"""

import json
from pathlib import Path
from typing import Any

import typst
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.reviews.texts import paragraphs

from .models import ThoughtReport

_PLACE = Path(__file__).parent / "print"
_FONTS = _PLACE / "fonts"


def report_pdf(report: ThoughtReport) -> bytes:
    """Return the last version with its answer as a PDF."""
    version = report.review.versions.order_by("-number").first()
    answer = report.review.steps.filter(verb__in=["accept", "return"]).select_related("by").last()
    data = {
        **_heading(report),
        "title": version.title if version else "",
        "paragraphs": paragraphs(version.body) if version else [],
        "answer": None,
    }
    if answer:
        data["answer"] = {
            "heading": _("Answer of the reader"),
            "words": paragraphs(answer.words),
            "signature": _("%(name)s, %(day)s")
            % {"name": answer.by.name, "day": date_format(answer.at, "DATE_FORMAT")},
        }
    return _print("report.typ", data)


def copy_sheet_pdf(report: ThoughtReport) -> bytes:
    """Return a ruled sheet for the handwritten copy; the code leads its scan back to the report."""
    data = {
        **_heading(report),
        "title": report.title,
        "hint": _(
            "Copy the text by hand, sign and date it. Then photograph the sheet and attach it on the report's page."
        ),
        "sign": _("Signature:"),
        "date": _("Date:"),
    }
    return _print("copy_sheet.typ", data)


def _heading(report: ThoughtReport) -> dict[str, Any]:
    author = report.author
    facts = [
        (_("Name"), author.name),
        (_("Number"), author.number),
        (_("Branch"), str(author.organization or "")),
        (_("Quarter"), report.period.words),
    ]
    if report.first_submitted_on:
        facts.append((_("Handed in"), date_format(report.first_submitted_on, "DATE_FORMAT")))
    return {
        "kind": _("Thought report"),
        "facts": facts,
        "code": report.code,
        "code_label": _("Code"),
        "lang": "zh" if (get_language() or "").startswith("zh") else "en",
    }


def _print(template: str, data: dict[str, Any]) -> bytes:
    return typst.compile(
        str(_PLACE / template),
        root=str(_PLACE),
        font_paths=[str(_FONTS)],
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
