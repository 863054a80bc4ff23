"""The showcase of reports: reading, proposing, consenting, publishing, withdrawing."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portal.access.policy import fetch, scope
from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.reviews.texts import paragraphs
from portal.web.pagination import numbered_page
from portal.web.refusals import RuleError
from portal.web.views import add_refusal, refused

from .. import services
from ..forms import ConsentForm, ProposalForm
from ..models import ShowcaseEntry, ShowcaseState, ThoughtReport


@require_GET
def showcase_list(request: HttpRequest) -> HttpResponse:
    """Show what is published. The author is read only where the author agreed to be named."""
    entries = scope(request.user, "view", ShowcaseEntry).filter(state=ShowcaseState.PUBLISHED)
    entries = entries.order_by("-published_on", "-pk").select_related("report__author__user")
    return render(request, "members/development/showcase_list.html", {"page": numbered_page(request, entries)})


@require_GET
def showcase_detail(request: HttpRequest, token: str) -> HttpResponse:
    """Show one text to its readers; before it is published to those who decide."""
    entry = _entry(request, "view", token)
    context = {
        "entry": entry,
        "paragraphs": paragraphs(entry.body),
        "is_mine": entry.report.author.user_id == request.user.pk,
    }
    return render(request, "members/development/showcase_detail.html", context)


def showcase_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose an accepted report."""
    report = fetch(request.user, "propose", ThoughtReport, queryset=ThoughtReport.objects.with_people(), pk=pk)
    form = ProposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.propose_for_showcase(report, words=form.cleaned_data["words"], by=request.user)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The author has been asked for consent."))
            return redirect(report)
    return render(request, "members/development/showcase_propose.html", {"report": report, "form": form})


def showcase_consent(request: HttpRequest, token: str) -> HttpResponse:
    """Let the author decide: words, name, or no."""
    entry = _entry(request, "consent", token)
    if entry.state != ShowcaseState.PROPOSED:
        return redirect(entry)
    form = ConsentForm(request.POST or None, instance=entry)
    if request.method == "POST":
        if request.POST.get("action") == "decline":
            try:
                services.decline_showcase(entry, by=request.user)
            except RuleError as error:
                return refused(request, error.messages)
            messages.success(request, _("The text stays with you and your readers."))
            return redirect("members:development:my-thought-reports")
        if form.is_valid():
            try:
                services.consent_to_showcase(_entry(request, "consent", token), **form.cleaned_data, by=request.user)
            except ValidationError as error:
                add_refusal(form, error)
            else:
                messages.success(request, _("Thank you. You can withdraw your consent at any time."))
                return redirect("members:development:showcase-detail", token)
    return render(request, "members/development/showcase_consent.html", {"entry": entry, "form": form})


@require_GET
def showcase_manage(request: HttpRequest) -> HttpResponse:
    """Show those who publish what their authors have agreed to; to others the duty is named that they lack."""
    if not rights_of(request.user).holds(Duty.PUBLISH_NEWS):
        raise PermissionDenied(_("Texts for the showcase are published by those who review and publish news."))
    entries = scope(request.user, "publish", ShowcaseEntry).filter(
        state__in=[ShowcaseState.CONSENTED, ShowcaseState.PUBLISHED]
    )
    return render(
        request,
        "members/development/showcase_manage.html",
        {"page": numbered_page(request, entries.order_by("state", "-pk"))},
    )


def showcase_publish(request: HttpRequest, token: str) -> HttpResponse:
    """Show the text as it would stand, then publish it."""
    entry = _entry(request, "publish", token)
    if request.method == "POST":
        try:
            services.publish_showcase(entry, by=request.user, on=timezone.localdate())
        except RuleError as error:
            return refused(request, error.messages)
        messages.success(request, _("The text is published."))
        return redirect(entry)
    context = {"entry": entry, "paragraphs": paragraphs(entry.body)}
    return render(request, "members/development/showcase_publish.html", context)


def showcase_withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, then take a text off: its author, or those who publish."""
    mine = scope(request.user, "consent", ShowcaseEntry).filter(token=token).exists()
    entry = _entry(request, "consent" if mine else "publish", token)
    if request.method == "POST":
        try:
            services.withdraw_showcase(entry, by=request.user)
        except RuleError as error:
            return refused(request, error.messages)
        messages.success(request, _("The text is no longer shown."))
        return redirect("members:development:showcase-list")
    return render(request, "members/development/showcase_withdraw.html", {"entry": entry})


def _entry(request: HttpRequest, action: str, token: str) -> ShowcaseEntry:
    entries = ShowcaseEntry.objects.select_related("report__author__user", "report__author__organization")
    return fetch(request.user, action, ShowcaseEntry, queryset=entries, token=token)
