"""What the portal calls itself and how a person wants it shown; needs neither database nor session."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

CARE_COOKIE = "care"


def site_name() -> str:
    return settings.SITE_NAME or _("University Party Building Portal")


def care_mode(request: HttpRequest) -> bool:
    """Say whether the large-type version is switched on for this browser."""
    return request.COOKIES.get(CARE_COOKIE) == "1"
