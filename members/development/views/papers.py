"""Papers of a report: the text in print, and the sheet for copying it by hand."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from portal.access.policy import fetch

from ..models import ThoughtReport
from ..printing import copy_sheet_pdf, report_pdf


@require_GET
def thought_report_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the last version with the answer as a PDF."""
    report = _report(request, pk)
    return _pdf(report_pdf(report), f"report-{report.period}-{report.code}.pdf")


@require_GET
def thought_report_copy_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a ruled sheet with the code by which its scan finds the report."""
    report = _report(request, pk)
    return _pdf(copy_sheet_pdf(report), f"sheet-{report.period}-{report.code}.pdf")


def _report(request: HttpRequest, pk: int) -> ThoughtReport:
    reports = ThoughtReport.objects.with_people().select_related("review__decided_by")
    return fetch(request.user, "view", ThoughtReport, queryset=reports, pk=pk)


def _pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
