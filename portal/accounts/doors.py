"""Where a page that visitors may open sends those to whom it shows nothing."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _


def ask_second_factor(request: HttpRequest) -> HttpResponse:
    """Lead somebody signed in to the page where a second factor is set up."""
    words = _("Your duties need a second factor. Set up an authenticator app or a security key to go on.")
    messages.warning(request, words)
    return HttpResponseRedirect(reverse("mfa_index"))


def to_the_door(request: HttpRequest) -> HttpResponse:
    """Send a visitor to sign in and back; one who counts as a visitor for want of a second factor, to that."""
    if getattr(request, "lacks_second_factor", False):
        return ask_second_factor(request)
    return redirect_to_login(request.get_full_path())
