"""How much a candidate's letter shares with those of others: set phrases are common, whole passages are not."""

from dataclasses import dataclass

from django.db.models import Count

from members.development.likeness import Passage, likeness, sketch
from portal.reviews.models import Version

from ..models import LetterTrace

# A hash that so many letters hold belongs to a set phrase; it is not kept again.
COMMON_FROM = 300
CANDIDATES_MAX = 6
SHARED_MIN = 2
SHOWN_FROM_PERCENT = 5


@dataclass(frozen=True, slots=True)
class LetterFinding:
    """What a letter shares with one by somebody else; never whose."""

    percent: int
    passages: tuple[Passage, ...]


def findings_for(body: str, *, author_id: int) -> list[LetterFinding]:
    """Return what ``body`` shares with letters of other people than the account ``author_id``, the most alike first."""
    shared = LetterTrace.objects.filter(hash__in=sketch(body)).exclude(version__review__author=author_id)
    counted = (
        shared.values("version_id")
        .annotate(shared=Count("pk"))
        .filter(shared__gte=SHARED_MIN)
        .order_by("-shared", "-version_id")
        .values_list("version_id", flat=True)[:CANDIDATES_MAX]
    )
    found = []
    for version in Version.objects.filter(pk__in=list(counted)).exclude(review__state="withdrawn"):
        result = likeness(body, version.body)
        if result.percent >= SHOWN_FROM_PERCENT:
            found.append(LetterFinding(result.percent, result.passages))
    return sorted(found, key=lambda finding: -finding.percent)


def index_letter(version: Version, *, author_id: int) -> int:
    """Keep the traces of ``version`` in place of earlier ones; return the largest share found, in percent."""
    findings = findings_for(version.body, author_id=author_id)
    LetterTrace.objects.filter(version__review=version.review_id).delete()
    hashes = set(sketch(version.body))
    counted = LetterTrace.objects.filter(hash__in=hashes).values("hash").annotate(count=Count("pk"))
    common = set(counted.filter(count__gte=COMMON_FROM).values_list("hash", flat=True))
    LetterTrace.objects.bulk_create(LetterTrace(version=version, hash=value) for value in sorted(hashes - common))
    return max((finding.percent for finding in findings), default=0)
