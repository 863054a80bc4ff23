"""The author's side: the own quarters, the editor, the check before handing in, scans, withdrawal."""

from datetime import date
from hashlib import blake2b
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from members.models import Member
from portal.access.policy import fetch, scope
from portal.accounts.models import User
from portal.drafts.models import Draft
from portal.drafts.services import DraftConflict, draft_of, save_draft
from portal.files.models import StoredFile
from portal.reviews.rules import State
from portal.reviews.texts import count_characters, paragraphs
from portal.web.pagination import numbered_page
from portal.web.refusals import RuleError
from portal.web.views import add_refusal, refused

from .. import services
from ..forms import ReportForm, ScanForm
from ..models import ThoughtReport
from ..queries.reports import member_of, open_quarters, own_reports
from ..rules import EDITION_2026_05, FIRST_YEAR, LAST_YEAR, Quarter, answer_due, draft_key, gaps_before_writing
from ..services.likeness import findings_for


@require_GET
def my_thought_reports(request: HttpRequest) -> HttpResponse:
    """Show what one may write now and what one has handed in."""
    member = member_of(request.user)
    quarters = open_quarters(member, timezone.localdate()) if member else []
    reports = own_reports(member) if member else ThoughtReport.objects.none()
    context = {"quarters": quarters, "page": numbered_page(request, reports), "today": timezone.localdate()}
    return render(request, "members/development/my_thought_reports.html", context)


def thought_report_write(request: HttpRequest, year: int, quarter: int) -> HttpResponse:
    """Edit the text of a quarter: everything sent is kept as the draft first, whatever comes of it after."""
    member, period = _writer(request.user, year, quarter)
    report = _own_report(member, period)
    if report and not report.review.is_writable:
        return redirect(report)
    if gaps := _gaps(member, period, report):
        return refused(request, gaps)
    key = draft_key(period)
    draft = draft_of(request.user, key)
    theirs: Draft | None = None
    if request.method == "POST":
        form = ReportForm(request.POST, request.FILES)
        draft, theirs = _keep(form, request, key, draft)
        if form.is_valid() and not theirs and (answer := _go_on(form, request, member, period)):
            return answer
    else:
        form = ReportForm(initial={**_text_of(report, draft), "draft_version": draft.version if draft else 0})
    context = {
        "form": form,
        "period": period,
        "report": report,
        "theirs": theirs,
        "returned": _last_words(report),
        "files": list(report.files.all()) if report else [],
        "rules": EDITION_2026_05,
        "is_late": timezone.localdate() > period.last_day,
        "draft_key": key,
        "draft_url": reverse("drafts:draft", args=[key]),
        "draft_version": theirs.version if theirs else draft.version if draft else 0,
        "draft_saved_at": draft.saved_at if draft and not theirs else None,
    }
    return render(request, "members/development/thought_report_write.html", context)


def thought_report_check(request: HttpRequest, year: int, quarter: int) -> HttpResponse:
    """Show the author what would be handed in and what it shares with other reports; hand it in."""
    member, period = _writer(request.user, year, quarter)
    report = _own_report(member, period)
    if report and not report.review.is_writable:
        return redirect(report)
    if gaps := _gaps(member, period, report):
        return refused(request, gaps)
    text = _text_of(report, draft_of(request.user, draft_key(period)))
    if not text["title"].strip() or not paragraphs(text["body"]):
        messages.warning(request, _("Write a title and a text first."))
        return redirect("members:development:thought-report-write", year, quarter)
    today, changed = timezone.localdate(), False
    if request.method == "POST":
        changed = request.POST.get("seen") != _fingerprint(text)
        if not changed:
            return _hand_in(request, member, period, text, today)
    context = {
        "period": period,
        "report": report,
        "title": text["title"],
        "paragraphs": paragraphs(text["body"]),
        "seen": _fingerprint(text),
        "changed": changed,
        "characters": count_characters(text["body"]),
        "rules": EDITION_2026_05,
        "findings": findings_for(text["body"], author_id=member.pk, report_id=report.pk if report else None),
        "files": list(report.files.all()) if report else [],
        "answer_due": answer_due(today),
        "is_late": today > period.last_day,
    }
    return render(request, "members/development/thought_report_check.html", context)


def thought_report_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take the report back before it is answered."""
    report = fetch(request.user, "write", ThoughtReport, queryset=ThoughtReport.objects.with_people(), pk=pk)
    if request.method == "POST":
        try:
            services.withdraw_report(report, by=request.user)
        except RuleError as error:
            return refused(request, error.messages)
        messages.success(request, _("The report is yours again; its text is kept as a draft."))
        return redirect("members:development:thought-report-write", report.year, report.quarter)
    return render(request, "members/development/thought_report_withdraw.html", {"report": report})


@require_POST
def thought_report_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """File scans beside a report that is handed in."""
    report = fetch(request.user, "view", ThoughtReport, queryset=ThoughtReport.objects.with_people(), pk=pk)
    form = ScanForm(request.POST, request.FILES)
    if not form.is_valid():
        return refused(request, [_("Choose a file first.")])
    try:
        for upload in form.cleaned_data["scans"]:
            services.attach_scan(report, upload, by=request.user)
    except RuleError as error:
        return refused(request, error.messages)
    messages.success(request, _("The files are kept beside the report."))
    return redirect(report)


@require_POST
def thought_report_scan_remove(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Take a file away while the report is the author's."""
    report = fetch(request.user, "write", ThoughtReport, queryset=ThoughtReport.objects.with_people(), pk=pk)
    found = fetch(request.user, "view", StoredFile, queryset=report.files.all(), pk=file)
    try:
        services.remove_scan(report, found, by=request.user)
    except RuleError as error:
        return refused(request, error.messages)
    messages.success(request, _("The file has been removed."))
    return redirect("members:development:thought-report-write", report.year, report.quarter)


def _writer(user: User, year: int, quarter: int) -> tuple[Member, Quarter]:
    member = member_of(user)
    if member is None or quarter not in (1, 2, 3, 4) or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return member, Quarter(year, quarter)


def _own_report(member: Member, period: Quarter) -> ThoughtReport | None:
    return scope(member.user, "write", ThoughtReport).of(period).with_people().first()


def _gaps(member: Member, period: Quarter, report: ThoughtReport | None) -> list[str]:
    state = report.review.state if report else State.DRAFT
    gaps = gaps_before_writing(standing=member.standing, quarter=period, state=state, on=timezone.localdate())
    return [str(gap.label) for gap in gaps]


def _text_of(report: ThoughtReport | None, draft: Draft | None) -> dict[str, str]:
    """Return the text to go on with: what was typed last, else the version that came back, else nothing."""
    if draft:
        return {name: str(draft.data.get(name, "")) for name in ("title", "body")}
    last = report.review.versions.order_by("-number").first() if report else None
    return {"title": last.title, "body": last.body} if last else {"title": "", "body": ""}


def _keep(form: ReportForm, request: HttpRequest, key: str, draft: Draft | None) -> tuple[Draft | None, Draft | None]:
    """Keep what was sent; return the draft, and the other page's one when that was saved later."""
    data = {name: request.POST.get(name, "").replace("\x00", "") for name in ("title", "body")}
    sent = request.POST.get("draft_version", "")
    version = int(sent) if sent.isdecimal() and len(sent) < 10 else 0
    try:
        return save_draft(request.user, key, data, version=version, device=request.POST.get("draft_device", "")), None
    except DraftConflict as conflict:
        return draft, conflict.draft
    except RuleError as error:
        add_refusal(form, error)
        return draft, None


def _go_on(form: ReportForm, request: HttpRequest, member: Member, period: Quarter) -> HttpResponse | None:
    """File the scans that came along and go where the button leads; ``None`` shows the form again."""
    if form.cleaned_data["scans"]:
        try:
            report = services.begin_report(member, period, by=request.user, on=timezone.localdate())
            for upload in form.cleaned_data["scans"]:
                services.attach_scan(report, upload, by=request.user)
        except ValidationError as error:
            form.add_error("scans", error)
            return None
    action = request.POST.get("action")
    if action == "check":
        for name in ("title", "body"):
            if not form.cleaned_data[name].strip():
                form.add_error(name, _("This is needed before you hand in."))
        if form.errors:
            return None
        return redirect("members:development:thought-report-check", period.year, period.number)
    if action == "attach":
        return redirect("members:development:thought-report-write", period.year, period.number)
    messages.success(request, _("The text is kept. You can go on with it on any device."))
    return redirect("members:development:my-thought-reports")


def _hand_in(request: HttpRequest, member: Member, period: Quarter, text: dict[str, str], on: date) -> HttpResponse:
    try:
        report = services.begin_report(member, period, by=request.user, on=on)
        report = services.hand_in(report, title=text["title"], body=text["body"], by=request.user, on=on)
    except ValidationError as error:
        return refused(request, error.messages)
    words: dict[str, Any] = {"day": report.review.due_on, "number": report.review.version_count}
    messages.success(
        request, _("Handed in as version %(number)d. You have an answer by %(day)s at the latest.") % words
    )
    return redirect(report)


def _last_words(report: ThoughtReport | None) -> Any:
    """Return the step with which a reader gave the report back."""
    if report is None or report.review.state != State.RETURNED:
        return None
    return report.review.steps.filter(verb="return").select_related("by").last()


def _fingerprint(text: dict[str, str]) -> str:
    return blake2b(f"{text['title']}\n{text['body']}".encode(), digest_size=12).hexdigest()
