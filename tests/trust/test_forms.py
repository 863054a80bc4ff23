"""T-07 and T-14: nothing that a form does not ask for is written, and nothing without the token."""

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.access.matrix import MATRIX
from tests.access.walking import address, method_of, outcome, places, row_counts

# Sent along with every form: what would raise somebody, or move, close, backdate or re-own a row.
SMUGGLED = {
    "is_staff": "on", "is_superuser": "on", "is_active": "", "organization_id": "1", "standing": "full_member",
    "state": "accepted", "status": "published", "role": "admin", "post": "system_administrator", "score": "100",
    "author": "1", "author_id": "1", "user": "1", "user_id": "1", "by": "1", "by_id": "1", "created_by": "1",
    "pk": "1", "id": "1", "groups": "1", "user_permissions": "1", "duties": "keep_accounts", "number": "2024",
    "uploaded_by": "1", "published_at": "2020-01-01", "decided_by": "1", "hidden_at": "", "version_count": "99",
    "recipient": "1", "object_id": "1", "content_type": "1", "password": "x", "owner": "1", "path": "0001",
    "depth": "1",
}  # fmt: skip
# What a POST without more words may rightly write in the name of the actor: drafts, marks and switches.
QUIET = ("drafts_", "forum_", "notifications_", "account_", "django_", "search_", "partyschool_")


def facts() -> dict[str, list]:
    """Return every row of the tables that say who somebody is and what somebody may do."""
    named = {
        "accounts.User": ("pk", "number", "email", "name", "is_active", "is_superuser"),
        "organizations.Organization": ("pk", "path", "org_type", "name", "status"),
        "organizations.Affiliation": ("pk", "user_id", "organization_id", "standing", "since", "until"),
        "organizations.Appointment": ("pk", "user_id", "organization_id", "post", "since", "until"),
        "members.Member": ("pk", "user_id", "organization_id", "standing", "standing_since"),
        "development.ThoughtReport": ("pk", "author_id", "year", "quarter", "review_id"),
        "reviews.Review": ("pk", "state", "author_id", "version_count", "decided_by_id"),
        "news.Article": ("pk", "state", "organization_id", "created_by_id"),
        "forum.Thread": ("pk", "author_id", "board_id", "is_pinned", "is_locked", "hidden_at"),
        "forum.Post": ("pk", "author_id", "thread_id", "hidden_at"),
        "partyschool.Course": ("pk", "organization_id", "state"),
        "files.StoredFile": ("pk", "uploaded_by_id", "object_id", "content_type_id"),
        "notifications.Notice": ("pk", "recipient_id"),
        "imports.ImportRun": ("pk", "by_id", "organization_id", "state"),
    }
    return {
        label: list(apps.get_model(label)._base_manager.order_by("pk").values_list(*fields))
        for label, fields in named.items()
    }


@pytest.mark.parametrize("name", ["author", "secretary", "admin"])
def test_smuggled_fields_write_nothing(ground, clients, name):
    before = facts()
    for key, (what, *_columns) in MATRIX.items():
        route, _method = method_of(key)
        if route in CHANGING:
            continue
        for place in places(what, ground):
            with transaction.atomic():
                response = clients[name].post(address(route, what, ground.plots[place]), SMUGGLED)
                assert response.status_code < 500, route
                # What is refused writes nothing: the matrix counts the rows.
                assert outcome(response) != "ok" or facts() == before, (route, place)
                transaction.set_rollback(True)


# Pages with nothing to fill in: the button alone is the whole form, and it does what it says.
CHANGING = {
    "imports:undo", "imports:discard", "members:development:thought-report-withdraw", "members:document-remove",
    "members:development:showcase-publish", "members:development:showcase-withdraw", "notifications:withdraw",
    "members:development:contact-end", "partyschool:lesson-remove", "partyschool:course-state", "account_logout",
    "members:development:thought-report-read", "members:development:thought-report-scan-remove", "news:article-publish",
    "news:article-withdraw", "admin:news_article_publish", "admin:news_article_withdraw", "organizations:dismiss",
    "organizations:organization-close", "imports:confirm", "members:member-photo",
    "members:development:showcase-propose", "spaces:document-remove", "members:activities:activity-discard",
    "members:minutes:resolution-strike", "members:meetings:guest-withdraw", "members:meetings:paper-remove",
    "members:activities:activity-submit", "members:activities:picture-remove", "members:help:request-close",
    "members:help:talk-plan-year", "members:meetings:meeting-convene", "members:minutes:file-remove",
}  # fmt: skip


def test_own_profile_form_raises_nobody(ground):
    world = ground.world
    client, user = world.client("secretary"), world.users["author"]
    url = reverse("members:member-edit", args=[world.member("author").pk])
    before = facts()
    version = ground.plots["branch"]["member"].version
    client.post(url, {"version": version, **SMUGGLED, "organization": world.sibling.pk})
    assert facts() == before
    url = reverse("admin:accounts_user_change", args=[user.pk])
    world.client("admin").post(url, {"name": "Author", "email": "author@example.org", "is_active": "on", **SMUGGLED})
    assert [row for row in facts()["accounts.User"] if row[-1]] == []


def test_creating_a_person_gives_no_account_rights(ground):
    world = ground.world
    data = {
        "number": "20249999", "name": "New", "organization": world.branch.pk, "standing": "applicant",
        "on": timezone.localdate(), **{k: v for k, v in SMUGGLED.items() if k not in ("number", "standing")},
    }  # fmt: skip
    world.client("secretary").post(reverse("members:member-create"), data)
    made = apps.get_model("accounts.User").objects.get(number="20249999")
    assert (made.is_superuser, made.has_usable_password(), made.is_active) == (False, False, True)
    assert made.appointments.count() == 0


def test_nothing_is_written_without_the_token(ground, clients):
    """T-14: every route refuses a POST without token, with a foreign one, and from a foreign page."""
    browsers = {}
    for name in ("author", "secretary", "admin"):
        browsers[name] = Client(enforce_csrf_checks=True)
        browsers[name].cookies = clients[name].cookies
    before = row_counts()
    for key, (what, *_columns) in MATRIX.items():
        route, _method = method_of(key)
        url = address(route, what, ground.plots["branch"])
        for name, browser in browsers.items():
            status = browser.post(url, {}).status_code
            assert status in (302, 403, 404, 405), (route, name, status)
            foreign = {"Origin": "https://evil.example", "Referer": "https://evil.example/"}
            status = browser.post(url, {"csrfmiddlewaretoken": "a" * 64}, headers=foreign).status_code
            assert status in (302, 403, 404, 405), (route, name, status)
    assert row_counts() == before
