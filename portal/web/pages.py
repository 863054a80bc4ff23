"""Pages that belong to no room: statements, site map, switches of the foot, and the files that machines ask for."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import TemplateView

from .shown import CARE_COOKIE, site_name

YEAR_SECONDS = 365 * 24 * 3600
# What robots may not walk: everything that is one person's or behind sign-in.
CLOSED_TO_ROBOTS = (
    "/accounts/", "/admin/", "/audit/", "/desk/", "/drafts/", "/health/", "/imports/", "/members/", "/notices/",
    "/organizations/", "/reviews/", "/search/",
)  # fmt: skip


@method_decorator(login_not_required, name="dispatch")
class AboutView(TemplateView):
    template_name = "site/about.html"


@method_decorator(login_not_required, name="dispatch")
class AccessibilityView(TemplateView):
    template_name = "site/accessibility.html"


@method_decorator(login_not_required, name="dispatch")
class PrivacyView(TemplateView):
    template_name = "site/privacy.html"
    extra_context = {
        "idle_minutes": settings.SESSION_IDLE_MINUTES,
        "session_hours": settings.SESSION_COOKIE_AGE // 3600,
    }


@method_decorator(login_not_required, name="dispatch")
class TermsView(TemplateView):
    template_name = "site/terms.html"


@method_decorator(login_not_required, name="dispatch")
class SitemapView(TemplateView):
    template_name = "site/sitemap.html"


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("home:landing")


@login_not_required
@require_POST
def switch_care(request: HttpRequest) -> HttpResponse:
    """Turn the large-type version on or off for this browser, and go back to the page."""
    response = HttpResponseRedirect(_back(request))
    if request.POST.get("care") == "1":
        response.set_cookie(
            CARE_COOKIE, "1", max_age=YEAR_SECONDS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    else:
        response.delete_cookie(CARE_COOKIE, samesite="Lax")
    return response


def _lines(*lines: str) -> HttpResponse:
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    return _lines("User-agent: *", *(f"Disallow: {prefix}" for prefix in CLOSED_TO_ROBOTS))


@login_not_required
@require_GET
def security(request: HttpRequest) -> HttpResponse:
    """Say where a weakness is reported (RFC 9116)."""
    contact = settings.SITE_CONTACT
    letters = "@" in contact and " " not in contact
    where = f"mailto:{contact}" if letters else settings.SITE_ADDRESS + reverse("site:about")
    until = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    here = settings.SITE_ADDRESS + reverse("site:security")
    return _lines(f"Contact: {where}", f"Expires: {until}", "Preferred-Languages: zh, en", f"Canonical: {here}")


@login_not_required
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    name = site_name()
    sizes: list[dict[str, Any]] = [
        {"src": static("img/mark.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": static("img/mark-192.png"), "sizes": "192x192", "type": "image/png"},
    ]
    colours = {"theme_color": "#a6131b", "background_color": "#fff9f3"}
    about = {"name": name, "short_name": name, "lang": get_language(), "start_url": "/", "display": "browser"}
    return JsonResponse({**about, **colours, "icons": sizes}, content_type="application/manifest+json")


@login_not_required
@require_GET
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(static("img/favicon.ico"))
