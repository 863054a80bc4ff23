"""My account: where its keys are kept, and the language of the pages."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_POST, require_safe

from . import languages
from .factors import has_second_factor
from .forms import LanguageForm
from .middleware import go_on


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


@require_POST
def stay(request: HttpRequest) -> JsonResponse:
    """Go on with the session: what the warning before its end calls. Answers how many seconds are left."""
    return JsonResponse({"seconds": go_on(request)})
