"""The language a person chose: kept with the account, told to the browser by a cookie."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from .models import User


def language_of(request: HttpRequest, user: User | None) -> str:
    """Return what ``user`` chose, else what this browser was told, else the first language of the portal."""
    offered = dict(settings.LANGUAGES)
    for code in (user.language if user else "", request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")):
        if code in offered:
            return code
    return settings.LANGUAGE_CODE


def remember_language(response: HttpResponse, code: str) -> None:
    """Let the browser ask for ``code`` from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


def choose_language(user: User, code: str) -> None:
    """Keep ``code`` as the language of ``user``: pages after the next sign-in and all mail use it."""
    User.objects.filter(pk=user.pk).update(language=code)
    user.language = code
