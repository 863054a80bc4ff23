"""Keep the traces of handed-in texts, and find which of them share much with a new one."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F

from portal.reviews.models import Version

from ..likeness import Passage, likeness, sketch
from ..models import ShingleHash, ThoughtReport
from ..rules import Quarter

# A hash that so many texts hold belongs to a set phrase; it is not kept again and never asked for.
COMMON_FROM = 300
CANDIDATES_MAX = 6
SHARED_MIN = 2
SHOWN_FROM_PERCENT = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """What a text shares with one other report: ``own`` says whether it is the same author's; never whose else."""

    own: bool
    quarter: Quarter
    percent: int
    passages: tuple[Passage, ...]


def index_report(report: ThoughtReport, version: Version) -> int:
    """Keep the traces of ``version`` in place of earlier ones, and return the largest share found, in percent."""
    findings = findings_for(version.body, author_id=report.author_id, report_id=report.pk)
    ShingleHash.objects.filter(version__review=version.review_id).delete()
    hashes = sketch(version.body)
    common = _common(hashes)
    ShingleHash.objects.bulk_create(ShingleHash(version=version, hash=value) for value in hashes if value not in common)
    return max((finding.percent for finding in findings), default=0)


def findings_for(body: str, *, author_id: int, report_id: int | None) -> list[Finding]:
    """Return what ``body`` shares with the author's other reports and with those of others, the most alike first.

    At most ``CANDIDATES_MAX`` texts are read, chosen by shared hashes in one statement on the index.
    """
    hashes = sketch(body)
    shared = ShingleHash.objects.filter(hash__in=hashes)
    if report_id is not None:
        shared = shared.exclude(version__review__thought_report=report_id)
    counted = (
        shared.values("version_id")
        .annotate(shared=Count("pk"))
        .filter(shared__gte=SHARED_MIN)
        .order_by("-shared", "-version_id")
        .values_list("version_id", flat=True)[:CANDIDATES_MAX]
    )
    versions = (
        Version.objects.filter(pk__in=list(counted), number=F("review__version_count"))
        .exclude(review__state="withdrawn")
        .select_related("review__thought_report")
    )
    found = []
    for version in versions:
        report, result = version.review.thought_report, likeness(body, version.body)
        if result.percent >= SHOWN_FROM_PERCENT:
            found.append(Finding(report.author_id == author_id, report.period, result.percent, result.passages))
    return sorted(found, key=lambda finding: -finding.percent)


def _common(hashes: Iterable[int]) -> set[int]:
    counted = ShingleHash.objects.filter(hash__in=list(hashes)).values("hash").annotate(count=Count("pk"))
    return set(counted.filter(count__gte=COMMON_FROM).values_list("hash", flat=True))
