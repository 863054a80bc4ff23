"""The addresses of the whole house; each app owns what lies behind its prefix and names itself by ``app_name``."""

from importlib.util import find_spec

from allauth.account.decorators import secure_admin_login
from django.apps import apps
from django.urls import include, path

from portal.accounts.views import session_list

ROOMS = {
    "": "portal.home.urls",
    "account/": "portal.accounts.urls",
    "notices/": "portal.notifications.urls",
    "files/": "portal.files.urls",
    "drafts/": "portal.drafts.urls",
    "reviews/": "portal.reviews.urls",
    "imports/": "portal.imports.urls",
    "organizations/": "portal.organizations.urls",
    "audit/": "portal.audit.urls",
    "rules/": "portal.rulesets.urls",
    "ballots/": "portal.ballots.urls",
    "search/": "portal.search.urls",
    "moderation/": "portal.moderation.urls",
    "spaces/": "portal.spaces.urls",
    "hours/": "portal.hours.urls",
    "members/": "members.urls",
    "news/": "news.urls",
    "forum/": "forum.urls",
    "party-school/": "partyschool.urls",
}

urlpatterns = [
    # In place of allauth's own list, which ends all other sessions or none and leaves no row in the trail.
    path("accounts/sessions/", session_list, name="usersessions_list"),
    path("accounts/", include("allauth.urls")),
    path("health/", include("portal.web.health")),
    path("", include("portal.web.urls")),
]

if find_spec("portal.access.admin"):
    from portal.access.admin import site

    site.login = secure_admin_login(site.login)  # type: ignore[method-assign]
    urlpatterns.append(path("admin/", site.urls))

urlpatterns += [path(prefix, include(module)) for prefix, module in ROOMS.items() if find_spec(module)]
# Further rooms (PORTAL_EXTRA_APPS) name their own prefix in their AppConfig.
urlpatterns += [
    path(config.url_prefix, include(f"{config.name}.urls"))
    for config in apps.get_app_configs()
    if getattr(config, "url_prefix", "")
]

if find_spec("portal.web.views"):
    handler400 = "portal.web.views.bad_request"
    handler403 = "portal.web.views.permission_denied"
    handler404 = "portal.web.views.page_not_found"
    handler500 = "portal.web.views.server_error"
