"""Pages of imports: bring a list, watch it being checked, see what would change, confirm, undo."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portal.access.policy import fetch, scope
from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.web.pagination import KeysetPaginator, numbered_page
from portal.web.views import add_refusal

from . import progress, services
from .exports import XLSX
from .forms import ColumnsForm, ConfirmForm, RowFilterForm, UploadForm
from .models import ImportRun, State
from .queries import counts_of, rows_of, shown_rows
from .registry import kinds
from .results import annotated_workbook, template_workbook
from .workbooks import failure_words


def _run(request: HttpRequest, pk: int, action: str = "view") -> ImportRun:
    return fetch(request.user, action, ImportRun, queryset=ImportRun.objects.select_related("organization"), pk=pk)


def _require_duty(request: HttpRequest) -> None:
    if not rights_of(request.user).holds(Duty.IMPORT_ROSTERS):
        raise PermissionDenied


@require_http_methods(["GET", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """Show my imports, and take a new list in."""
    _require_duty(request)
    asked = {"kind": request.GET["kind"]} if kinds.get(request.GET.get("kind", "")) else None
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user, initial=asked)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            run = services.start_import(
                data["kind"], organization=data["organization"], upload=data["file"], by=request.user
            )
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("imports:run", pk=run.pk)
    runs = scope(request.user, "view", ImportRun).select_related("organization").order_by("-pk")
    offered = [kind for kind in kinds if kind.offered_to(request.user)]
    context = {"form": form, "page": numbered_page(request, runs), "kinds": offered}
    return render(request, "portal/imports/list.html", context, status=422 if form.errors else 200)


@require_GET
@never_cache
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where an import stands: progress, preview, result."""
    run = _run(request, pk)
    return render(request, "portal/imports/run.html", _context(request, run))


@require_GET
@never_cache
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the part of the page that moves; when the work is over the page is loaded again."""
    run = _run(request, pk)
    response = render(request, "portal/imports/_progress.html", {"run": run, "text": _progress_words(run)})
    if not run.is_busy:
        response["HX-Refresh"] = "true"
    return response


def _progress_words(run: ImportRun) -> str:
    run.progress_done = progress.done(run)
    words = {"done": run.progress_done, "total": run.progress_total}
    if run.state == State.UPLOADED:
        return _("The list waits for its turn.")
    if run.state == State.CHECKING:
        return _("Checking: %(done)s of %(total)s rows.") % words
    if run.state == State.APPLYING:
        return _("Importing: %(done)s of %(total)s rows.") % words
    return _("Undoing: %(done)s of %(total)s rows.") % words


def _context(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    context: dict[str, Any] = {
        "run": run, "failure": failure_words(run.failure), "page": None, "rows": [], "confirm": None, "filters": None,
        "columns": [], "skipped": [], "text": "",
        "report_url": run.spec.report_url(run) if run.state == State.DONE else "",
    }  # fmt: skip
    if run.is_busy:
        return {**context, "text": _progress_words(run)}
    if run.state in (State.READY, State.DONE, State.UNDONE) and run.purged_at is None:
        filters = RowFilterForm(request.GET)
        chosen = filters.cleaned_data if filters.is_valid() else {}
        found = rows_of(run, chosen.get("show", ""), chosen.get("q", ""))
        page = KeysetPaginator(found, ("number",), 50).page(request.GET)
        context |= {
            "page": page, "rows": shown_rows(run, page.object_list), "filters": filters, "counts": counts_of(run),
            "is_filtered": any(chosen.values()), "skipped": _skipped(run),
        }  # fmt: skip
    if run.headings and run.mapping:
        spec = run.spec
        context["columns"] = [
            (heading, spec.label_of(code) if code else "")
            for heading, code in zip(run.headings, run.mapping, strict=True)
            if heading
        ]
    if run.state == State.READY and run.new_count + run.changed_count:
        context["confirm"] = ConfirmForm(run=run)
    return context


def _skipped(run: ImportRun) -> list[dict[str, Any]]:
    words = {
        "above": _("stands above the heading row"),
        "total": _("is a total"),
        "remark": _("is a remark"),
        "heading": _("repeats the heading"),
    }
    return [{"number": number, "reason": words.get(reason, reason)} for number, reason in run.skipped]


@require_http_methods(["GET", "POST"])
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the columns by hand; the list is then checked again."""
    run = _run(request, pk, "change")
    if run.state not in (State.READY, State.UNCLEAR) or not run.headings:
        return redirect("imports:run", pk=run.pk)
    form = ColumnsForm(request.POST or None, run=run)
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_columns(run, mapping=form.mapping, by=request.user)
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("imports:run", pk=run.pk)
    context = {"run": run, "form": form, "failure": failure_words(run.failure)}
    return render(request, "portal/imports/columns.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the preview written; a second click finds it under way."""
    run = _run(request, pk, "change")
    if run.state in (State.APPLYING, State.DONE):
        return redirect("imports:run", pk=run.pk)
    form = ConfirmForm(request.POST or None, run=run)
    if request.method == "POST" and form.is_valid():
        try:
            services.confirm(
                run, take=form.cleaned_data["take"], chosen=form.cleaned_data.get("create", []), by=request.user
            )
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("imports:run", pk=run.pk)
    context = {"run": run, "form": form}
    return render(request, "portal/imports/confirm.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk, "change")
    if request.method == "POST":
        try:
            services.request_undo(run, by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return redirect("imports:run", pk=run.pk)
    if not run.can_be_undone:
        return redirect("imports:run", pk=run.pk)
    return render(request, "portal/imports/undo.html", {"run": run})


@require_http_methods(["GET", "POST"])
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk, "change")
    if request.method == "POST":
        try:
            services.discard(run, by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect("imports:run", pk=run.pk)
        messages.success(request, _("The list was discarded; nothing was imported from it."))
        return redirect("imports:list")
    return render(request, "portal/imports/discard.html", {"run": run})


@require_GET
@never_cache
def import_workbook(request: HttpRequest, pk: int) -> FileResponse:
    """Give the workbook back with a column of findings and the cells in question colored."""
    run = _run(request, pk)
    if run.purged_at or run.state not in (State.READY, State.APPLYING, State.DONE, State.UNDONE):
        raise Http404
    stem = run.filename.rsplit(".", 1)[0][:80]
    name = _("%(name)s (checked).xlsx") % {"name": stem}
    return FileResponse(annotated_workbook(run), as_attachment=True, filename=name, content_type=XLSX)


@require_GET
def import_template(request: HttpRequest, kind: str) -> FileResponse:
    """Give an empty workbook with headings, a sample row, lists to choose from, and instructions."""
    _require_duty(request)
    spec = kinds.get(kind)
    if spec is None or not spec.offered_to(request.user):
        raise Http404
    name = _("%(kind)s - template.xlsx") % {"kind": spec.label}
    return FileResponse(template_workbook(spec), as_attachment=True, filename=name, content_type=XLSX)
