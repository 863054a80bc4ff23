"""My account: where its keys are kept, where it is signed in, and the language of the pages."""

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.policy import fetch

from . import languages, sessions
from .devices import device_of
from .factors import has_second_factor
from .forms import LanguageForm
from .middleware import go_on, may_stay, seconds_left


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show what belongs to the account and where to change it."""
    form = LanguageForm(initial={"language": request.LANGUAGE_CODE})
    context = {"language_form": form, "has_second_factor": has_second_factor(request.user)}
    return render(request, "account/overview.html", context)


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages, for good when somebody is signed in."""
    form = LanguageForm(request.POST)
    target = request.POST.get("next", "")
    response = HttpResponseRedirect(target if get_adapter(request).is_safe_url(target) else resolve_url("home:landing"))
    if form.is_valid():
        languages.remember_language(response, form.cleaned_data["language"])
        if request.user.is_authenticated:
            languages.choose_language(request.user, form.cleaned_data["language"])
    return response


@require_http_methods(["GET", "POST"])
def stay(request: HttpRequest) -> JsonResponse:
    """Say how many seconds are left of the session and whether staying would put its end off; a POST stays."""
    admin = request.GET.get("area") == "admin"
    seconds = (go_on if request.method == "POST" else seconds_left)(request, admin=admin)
    return JsonResponse({"seconds": seconds, "may_stay": may_stay(request, admin=admin)})


@require_safe
def session_list(request: HttpRequest) -> HttpResponse:
    """Show where the account is signed in, with a way to end each of it."""
    found = sessions.open_sessions(request.user, here=request.session.session_key, at=timezone.now())
    return render(request, "portal/accounts/session_list.html", {"sessions": found})


def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one session of one's own, after a question."""
    row = fetch(request.user, "end", UserSession, pk=pk)
    if request.method == "POST":
        sessions.end_session(row, here=request.session.session_key, by=request.user)
        messages.success(request, _("The session has ended."))
        return redirect("usersessions_list")
    context = {"device": device_of(row.user_agent), "began_at": row.created_at}
    return render(request, "portal/accounts/session_end.html", context)


def session_end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here, after a question."""
    if request.method == "POST":
        count = sessions.end_other_sessions(request.user, here=request.session.session_key)
        words = ngettext("%(count)d other session has ended.", "%(count)d other sessions have ended.", count)
        messages.success(request, words % {"count": count})
        return redirect("usersessions_list")
    return render(request, "portal/accounts/session_end_others.html")
