"""What the sign-in page shows beside the form, and every page about the end of the session."""

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from django import template
from django.conf import settings
from django.urls import reverse

from portal.accounts.middleware import in_admin, seconds_left
from portal.accounts.models import User

register = template.Library()

WARN_SECONDS = 180

PRACTICE_NUMBERS = (
    "admin", "committee", "secretary", "contact", "activist", "target", "probationary", "member", "lecturer", "editor",
    "moderator", "public",
)


@register.simple_tag
def practice_accounts() -> dict[str, Any]:
    """Return the accounts to practise with, by role, and whom to ask; no account outside practice mode."""
    people: list[User] = []
    if settings.PRACTICE and settings.PRACTICE_PASSWORD:
        found = {person.number: person for person in User.objects.filter(number__in=PRACTICE_NUMBERS, is_active=True)}
        people = [found[number] for number in PRACTICE_NUMBERS if number in found]
    return {"accounts": people, "password": settings.PRACTICE_PASSWORD, "contact": settings.SITE_CONTACT}


@register.simple_tag(takes_context=True)
def get_sign_in_providers(context: template.Context) -> list[dict[str, str]]:
    """Return the university's own sign-in services that are set up, with the address that starts each."""
    request = context["request"]
    target = {"next": request.GET["next"]} if request.GET.get("next") else {}
    return [
        {"name": provider.name, "url": provider.get_login_url(request, **target)}
        for provider in get_adapter().list_providers(request)
    ]


@register.simple_tag(takes_context=True)
def session_end(context: template.Context) -> dict[str, Any]:
    """Return how long the session lasts, how long before its end to warn, and where to ask; no seconds for visitors."""
    request = context.get("request")
    if request is None or not hasattr(request, "session_ends_at"):
        return {"seconds": 0}
    admin = in_admin(request)
    return {
        "seconds": seconds_left(request, admin=admin),
        "warn_seconds": WARN_SECONDS,
        "address": reverse("accounts:stay") + ("?area=admin" if admin else ""),
    }
