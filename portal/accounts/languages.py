"""The language a person chose: kept with the account, told to the browser by a cookie."""

from django.conf import settings
from django.http import HttpResponse

from .models import User


def remember_language(response: HttpResponse, code: str) -> None:
    """Let the browser ask for ``code`` from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 86400,
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
