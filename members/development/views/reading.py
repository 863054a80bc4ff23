"""One report on a page: for its author, its contacts and those whose duty it is; comments, answer, comparison."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portal.access.policy import fetch, with_power
from portal.reviews.models import Version
from portal.reviews.queries import history, with_comments
from portal.reviews.rules import State
from portal.reviews.services import compare, visible_comments
from portal.reviews.texts import paragraphs
from portal.web.refusals import RuleError
from portal.web.views import add_refusal, refused

from .. import services
from ..forms import AnswerForm, CommentForm, ScanForm
from ..models import ThoughtReport
from ..queries.reports import showcase_of
from ..services.likeness import findings_for


@require_GET
def thought_report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a report as it stands, an earlier version by ``?version=``."""
    report = _report(request, "view", pk)
    context = _page(request, report)
    context["showcase"] = showcase_of(report)
    context["scan_form"] = ScanForm()
    return render(request, "members/development/thought_report_detail.html", context)


def thought_report_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a report that waits, comment on its paragraphs, return or accept it."""
    report = _report(request, "answer", pk)
    if request.method != "POST" and not report.review.is_waiting:
        return redirect(report)
    form = AnswerForm(request.POST or None, initial={"version": report.review.version_count})
    if request.method == "POST" and form.is_valid():
        act = services.accept_report if form.cleaned_data["decision"] == "accept" else services.return_report
        try:
            act(report, words=form.cleaned_data["words"], by=request.user, version=form.cleaned_data["version"])
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Your answer is with the author."))
            return redirect("members:development:thought-report-to-answer")
    report = _report(request, "view", pk)
    context = {**_page(request, report, answering=True), "form": form}
    return render(request, "members/development/thought_report_answer.html", context)


@require_POST
def thought_report_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the read mark."""
    report = _report(request, "answer", pk)
    try:
        services.take_up_report(report, by=request.user)
    except RuleError as error:
        return refused(request, error.messages)
    return redirect("members:development:thought-report-answer", pk)


@require_POST
def thought_report_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a comment on one paragraph; a refused one comes back in its place on the page."""
    report = _report(request, "answer", pk)
    form = CommentForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            comment = services.comment_on_report(
                report,
                paragraph=data["paragraph"],
                body=data["body"],
                visibility=data["visibility"],
                quote=data["quote"],
                by=request.user,
            )
        except ValidationError as error:
            add_refusal(form, error)
        else:
            return redirect(f"{reverse('members:development:thought-report-answer', args=[pk])}#c{comment.pk}")
    context = _page(request, report, answering=True, comment_form=form)
    context["form"] = AnswerForm(initial={"version": report.review.version_count})
    return render(request, "members/development/thought_report_answer.html", context, status=422)


@require_POST
def thought_report_settle(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    """Mark a comment as settled: the author who has rewritten the paragraph, or a reader."""
    report = _report(request, "view", pk)
    found = visible_comments(report.review, reader=request.user, answers=report.may_answer).filter(pk=comment).first()
    if found is None:
        raise Http404
    services.settle_comment(found, by=request.user)
    return redirect(f"{report.get_absolute_url()}#c{found.pk}")


@require_GET
def thought_report_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Show two versions side by side, by default the last two."""
    report = _report(request, "view", pk)
    last = report.review.version_count
    newer = _number(request, "newer", last)
    older = _number(request, "older", newer - 1)
    versions = {version.number: version for version in report.review.versions.filter(number__in=[older, newer])}
    if len(versions) != 2:
        raise Http404
    context = {
        "report": report,
        "older": older,
        "newer": newer,
        "numbers": range(1, last + 1),
        "rows": compare(versions[older], versions[newer]),
    }
    return render(request, "members/development/thought_report_compare.html", context)


@require_GET
def thought_report_likeness(request: HttpRequest, pk: int) -> HttpResponse:
    """Show author and readers what the report shares with others; advice, without names."""
    report = _report(request, "view", pk)
    version = report.review.versions.order_by("-number").first()
    if version is None:
        raise Http404
    findings = findings_for(version.body, author_id=report.author_id, report_id=report.pk)
    context = {"report": report, "findings": findings}
    return render(request, "members/development/thought_report_likeness.html", context)


def _report(request: HttpRequest, action: str, pk: int) -> ThoughtReport:
    """Return the report with the reader's powers marked, in one query."""
    reports = ThoughtReport.objects.with_people().select_related("review__taken_up_by", "review__decided_by")
    for power in ("answer", "write", "propose"):
        reports = with_power(reports, request.user, power)
    return fetch(request.user, action, ThoughtReport, queryset=reports, pk=pk)


def _number(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 6 else default


def _page(
    request: HttpRequest, report: ThoughtReport, *, answering: bool = False, comment_form: CommentForm | None = None
) -> dict[str, Any]:
    """Return what every page of one report shows."""
    review = report.review
    number = review.version_count if answering else _number(request, "version", review.version_count)
    version = review.versions.filter(number=number).first() if number else None
    if number and version is None:
        raise Http404
    comments = list(visible_comments(review, reader=request.user, answers=report.may_answer))
    context: dict[str, Any] = {
        "report": report,
        "review": review,
        "version": version,
        "is_last": number == review.version_count,
        "numbers": range(1, review.version_count + 1),
        "previous": number - 1,
        "paragraphs": with_comments(version, comments) if version else [],
        "steps": list(history(review)),
        "files": list(report.files.all()),
        "today": timezone.localdate(),
        "waits_for_reader": report.may_answer and review.is_waiting,
        "may_rewrite": report.may_write and review.is_writable,
        "may_withdraw": report.may_write and review.is_waiting,
        "may_propose": report.may_propose and review.state == State.ACCEPTED,
        "resolve_name": "members:development:thought-report-settle",
        "comment_url": "",
        "comment_form": None,
        "commenting": 0,
    }
    if answering and review.is_waiting:
        context.update(_commenting(request, report, version, comment_form))
    return context


def _commenting(
    request: HttpRequest, report: ThoughtReport, version: Version | None, form: CommentForm | None
) -> dict[str, Any]:
    """Return the open comment form: the refused one, or an empty one at the paragraph the address names."""
    paragraph = _number(request, "comment", 0)
    if form is not None:
        sent = str(form.data.get("paragraph", ""))
        paragraph = int(sent) if sent.isdecimal() and len(sent) < 6 else 0
    elif version is None or paragraph > len(paragraphs(version.body)):
        paragraph = 0
    quote = request.GET.get("quote", "").replace("\x00", "")[:300]
    return {
        "comment_url": reverse("members:development:thought-report-comment", args=[report.pk]),
        "comment_form": form or CommentForm(initial={"paragraph": paragraph, "quote": quote}),
        "commenting": paragraph,
    }
