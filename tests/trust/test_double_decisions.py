"""T-30a: an answer, a publication or a withdrawal that is sent twice is given once."""

from django.urls import reverse
from django.utils import timezone

from members.development.models import CultivationContact
from portal.audit.models import AuditEntry
from portal.reviews.models import Step

from .test_double_submit import twice


def test_contact_assigned_twice(ground, clients):
    plot = ground.plots["branch"]
    peer = ground.world.member("peer")
    data = {"contact": plot["contact"].contact_id, "since": timezone.localdate()}
    twice(clients["secretary"], reverse("members:development:contact-assign", args=[peer.pk]), data)
    assert CultivationContact.objects.filter(person=peer).count() == 1


def test_report_answered_twice(ground, clients):
    report = ground.plots["branch"]["report"]
    data = {"decision": "accept", "words": "Good.", "version": report.review.version_count}
    before = Step.objects.filter(review=report.review).count()
    twice(clients["contact"], reverse("members:development:thought-report-answer", args=[report.pk]), data)
    assert Step.objects.filter(review=report.review, verb="accept").count() == 1
    assert Step.objects.filter(review=report.review).count() <= before + 2


def test_article_published_twice(ground, clients):
    article = ground.plots["branch"]["draft_article"]
    twice(clients["secretary"], reverse("news:article-publish", args=[article.pk]), {"confirm": "1"})
    entries = AuditEntry.objects.filter(verb="news.published", object_pk=str(article.pk))
    assert entries.count() == 1


def test_notice_withdrawn_twice(ground, clients):
    message = ground.plots["branch"]["message"]
    twice(clients["secretary"], reverse("notifications:withdraw", args=[message.pk]), {})
    assert AuditEntry.objects.filter(verb="notifications.withdrawn", object_pk=str(message.pk)).count() == 1
