"""Papers of a report: the text in print, and the sheet for copying it by hand."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from portal.access.policy import fetch
from portal.documents.responses import paper_response
from portal.documents.services import Format

from ..models import ThoughtReport
from ..printing import COPY_SHEET, PRINT, copy_facts_of, facts_of


@require_GET
def thought_report_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the last version with the answer as a PDF."""
    report = _report(request, pk)
    return paper_response(PRINT, facts_of(report), format=Format.PDF, name=f"report-{report.period}-{report.code}")


@require_GET
def thought_report_copy_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a ruled sheet with the code by which its scan finds the report."""
    report = _report(request, pk)
    name = f"sheet-{report.period}-{report.code}"
    return paper_response(COPY_SHEET, copy_facts_of(report), format=Format.PDF, name=name)


def _report(request: HttpRequest, pk: int) -> ThoughtReport:
    reports = ThoughtReport.objects.with_people().select_related("review__decided_by")
    return fetch(request.user, "view", ThoughtReport, queryset=reports, pk=pk)
