"""T-60: what is done leaves a row with who, what, when, from where and with what outcome; and the row stays."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.audit.chain import seal, verify
from portal.audit.models import AuditEntry
from portal.audit.verbs import label_of

# Thirty acts of ordinary days. The ground does most of them; the rest follow below, in the browser.
ACTS = [
    "accounts.signed_in", "accounts.signed_out", "accounts.sign_in_failed", "access.refused",
    "organizations.created", "organizations.appointed", "organizations.dismissed", "organizations.affiliated",
    "members.created", "members.changed", "members.revealed", "members.exported", "members.own_opened",
    "members.photo_changed", "members.document_filed", "members.document_removed", "members.correction_asked",
    "members.correction_answered", "development.contact_assigned", "development.report_handed_in",
    "development.report_accepted", "development.report_returned", "development.showcase_proposed",
    "development.showcase_consented", "development.showcase_published", "notifications.announced",
    "notifications.withdrawn", "imports.uploaded", "imports.discarded", "news.written", "news.published",
    "news.withdrawn",
    "forum.board_created", "forum.thread_started", "forum.replied", "forum.post_hidden", "partyschool.course_created",
    "partyschool.course_published", "partyschool.enrolled", "audit.exported",
]  # fmt: skip


@pytest.fixture
def busy_day(ground, clients):
    """Do in the browser what laying the ground did not."""
    plot, today = ground.plots["branch"], timezone.localdate()
    user = ground.world.user("target")
    user.set_password("a long enough word")
    user.save()
    browser = ground.world.client(None)
    browser.post(reverse("account_login"), {"login": user.number, "password": "wrong"})
    browser.post(reverse("account_login"), {"login": user.number, "password": "a long enough word"})
    browser.post(reverse("account_logout"))
    secretary, author, committee = clients["secretary"], clients["author"], clients["committee"]
    clients["peer"].get(reverse("audit:history"))
    member = plot["member"]
    done = [
        secretary.post(reverse("members:member-reveal", args=[member.pk, "id_no"]), {"reason": "Asked by the office."}),
        secretary.post(reverse("members:member-export")),
        author.post(reverse("members:my-record-open")),
        secretary.post(reverse("members:document-remove", args=[plot["document"].pk])),
        secretary.post(
            reverse("members:correction-answer", args=[plot["correction"].pk]),
            {"state": "corrected", "answer": "Done."},
        ),
        secretary.post(reverse("members:development:showcase-publish", args=[plot["shown"].token])),
        secretary.post(reverse("notifications:withdraw", args=[plot["message"].pk])),
        secretary.post(reverse("imports:discard", args=[plot["run"].pk])),
        secretary.post(reverse("news:article-withdraw", args=[plot["article"].pk]), {"reason": "Old."}),
        author.post(reverse("forum:reply", args=[plot["thread"].pk]), {"body": "More", "token": "d" * 32}),
        secretary.post(reverse("forum:post-hide", args=[plot["post"].pk]), {"reason": "Off topic."}),
        committee.post(reverse("organizations:dismiss", args=[plot["appointment"].pk]), {"on": today}),
        committee.post(reverse("audit:export")),
    ]
    for response in done:
        assert response.status_code in (200, 302)
        if response.streaming:
            b"".join(response)
    return ground


def test_every_act_leaves_a_row(busy_day):
    kept = set(AuditEntry.objects.values_list("verb", flat=True))
    assert sorted(set(ACTS) - kept) == []


def test_every_row_says_who_when_and_with_what_outcome(busy_day):
    for entry in AuditEntry.objects.exclude(verb__startswith="search."):
        assert entry.outcome in ("done", "failed", "refused"), entry.verb
        assert timezone.is_aware(entry.at), entry.verb
        assert entry.object_pk or entry.outcome != "done" or entry.verb.endswith(".exported"), entry.verb


def test_every_verb_has_words(busy_day):
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert sorted(verb for verb in verbs if label_of(verb) == verb) == []


def test_chain_holds_after_a_busy_day(busy_day):
    seal()
    assert verify().fault == ""


@pytest.mark.parametrize("act", ["update", "delete"])
@pytest.mark.parametrize("name", ["admin", "auditor", "committee"])
def test_trail_is_changed_by_no_role(ground, clients, name, act):
    entry, count = ground.plots["branch"]["entry"], AuditEntry.objects.count()
    before = AuditEntry.objects.filter(pk=entry.pk).values().get()
    for route in ("change", "delete"):
        clients[name].post(reverse(f"admin:audit_auditentry_{route}", args=[entry.pk]), {"verb": "x", "post": "yes"})
    changelist = reverse("admin:audit_auditentry_changelist")
    data = {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"}
    clients[name].post(changelist, data)
    with pytest.raises((DatabaseError, TypeError, AttributeError, RuntimeError, Exception)), transaction.atomic():
        rows = AuditEntry._base_manager.filter(pk=entry.pk)
        if act == "update":
            rows.update(verb="x")
        else:
            rows.delete()
    assert AuditEntry.objects.filter(pk=entry.pk).values().get() == before
    assert AuditEntry.objects.count() - count in (0, 1, 2, 3, 4)  # refusals are rows themselves
