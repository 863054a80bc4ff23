"""Bind the minutes of a year: asked for on a page, done by a worker, kept for a week."""

import logging
from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.policy import may
from portal.accounts.models import User
from portal.audit import services as audit
from portal.documents.services import Format, render
from portal.files.services import attach, discard, store
from portal.notifications.services import post
from portal.organizations.models import Organization
from portal.web.refusals import RuleError

from ..models import UNDER_WAY, BoundVolume, Chain, Minutes, MinutesState, VolumeFailure, VolumeState
from ..papers import VOLUME
from ..queries.volumes import volume_of
from ..tasks import bind_volume

logger = logging.getLogger(__name__)

# A worker that has said nothing for so long is dead; setting a thick volume takes a minute without a word.
LEASE = timedelta(minutes=5)
ATTEMPTS = 3
# A worker that was never told is told again after this.
FORGOTTEN = timedelta(seconds=30)
KEPT_DAYS = 7
AT_ONCE = 5
# Links between two words about how far it is.
STEP = 20


def ask_volume(node: Organization, year: int, *, by: User) -> BoundVolume:
    """Have the sealed minutes of ``year`` bound for ``by``; one that is under way already is returned.

    Raises ``RuleError`` when nothing of the year is sealed, or many volumes are under way.
    """
    if not Minutes.objects.filter(organization=node, held_on__year=year, state=MinutesState.SEALED).exists():
        raise RuleError(_("No minutes of this year are sealed yet."))
    mine = BoundVolume.objects.filter(asked_by=by, state__in=UNDER_WAY)
    if known := mine.filter(organization=node, year=year).first():
        return known
    if mine.count() >= AT_ONCE:
        raise RuleError(_("Several volumes are being bound for you. Wait until they are done."))
    try:
        with transaction.atomic():
            row = BoundVolume.objects.create(organization=node, year=year, asked_by=by)
            audit.record("minutes.volume.exported", node, by=by, at=node, changes={"year": [None, year]})
            bind_volume.delay_on_commit(row.pk)
    except IntegrityError:
        # Asked for twice at once.
        return mine.get(organization=node, year=year)
    return row


def claim(pk: int) -> BoundVolume | None:
    """Take a volume for this worker, or return ``None`` when another has it or it waits for nobody."""
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)
    taken = BoundVolume.objects.filter(free, pk=pk, state__in=UNDER_WAY).update(
        claim=F("claim") + 1, claimed_at=now, state=VolumeState.BINDING
    )
    return BoundVolume.objects.select_related("organization", "asked_by").get(pk=pk) if taken else None


def bind(pk: int) -> None:
    """Bind what was asked for; called twice, the second time does nothing."""
    row = claim(pk)
    if row is None:
        return
    if not may(row.asked_by, "view", row):
        fail(row, VolumeFailure.DUTY_ENDED)
        return
    chain = Chain.objects.filter(organization=row.organization_id).first()
    _mine(row).update(total=chain.number if chain else 0, done=0)

    def tell(done: int) -> None:
        if done % STEP == 0:
            _mine(row).filter(total__gte=done).update(done=done, claimed_at=timezone.now())

    facts = volume_of(row.organization, row.year, told=tell)
    if not facts.sheets:
        fail(row, VolumeFailure.NOTHING)
        return
    _mine(row).update(done=F("total"), claimed_at=timezone.now())
    content = render(VOLUME, facts, format=Format.PDF)
    upload = ContentFile(content, name=f"{row.organization.name} {row.year}年会议记录汇编.pdf")
    try:
        file = store(upload, kind="attachment", by=row.asked_by)
    except RuleError as error:
        logger.warning("volume %s could not be kept: %s", row.pk, error.messages)
        fail(row, VolumeFailure.NOT_KEPT)
        return
    with transaction.atomic():
        values = {"records": len(facts.sheets), "holds": facts.holds, "ready_at": timezone.now(), "claimed_at": None}
        if not _mine(row).update(state=VolumeState.READY, **values):
            # Dropped meanwhile, or taken over by another worker.
            discard(file)
            return
        attach(file, row)
        _tell(row, "volume_ready")


def _mine(row: BoundVolume) -> QuerySet[BoundVolume]:
    """Return the row as long as this worker has it."""
    return BoundVolume.objects.filter(pk=row.pk, claim=row.claim, state=VolumeState.BINDING)


@transaction.atomic
def fail(row: BoundVolume, why: VolumeFailure) -> None:
    """End a volume that cannot be bound, and tell who asked for it."""
    if _mine(row).update(state=VolumeState.FAILED, failure=why, claimed_at=None):
        _tell(row, "volume_failed", failure=str(why))


def _tell(row: BoundVolume, kind: str, **params: str) -> None:
    post(
        kind,
        key=f"{kind}:{row.pk}",
        recipients=[row.asked_by_id],
        params={"name": row.organization.name, "year": str(row.year), **params},
        url=row.get_absolute_url(),
    )


@transaction.atomic
def drop_volume(row: BoundVolume) -> None:
    """Drop a volume in whatever state it is; its file goes with it."""
    for file in row.files.all():
        discard(file)
    BoundVolume.objects.filter(pk=row.pk).delete()


def sweep_volumes() -> int:
    """Start those again whose worker died or was never told; return how many."""
    now = timezone.now()
    started = 0
    for row in BoundVolume.objects.filter(
        Q(claimed_at__lt=now - LEASE) | Q(claimed_at=None, asked_at__lt=now - FORGOTTEN), state__in=UNDER_WAY
    ).select_related("organization").order_by("pk")[:50]:  # fmt: skip
        if row.claim >= ATTEMPTS:
            BoundVolume.objects.filter(pk=row.pk).update(state=VolumeState.BINDING)
            fail(row, VolumeFailure.GAVE_UP)
        else:
            bind_volume.delay(row.pk)
            started += 1
    return started


def purge_volumes(on: date) -> int:
    """Drop what was asked for more than ``KEPT_DAYS`` days before ``on``; return how many."""
    over = BoundVolume.objects.filter(asked_at__date__lt=on - timedelta(days=KEPT_DAYS))
    count = 0
    for row in over.iterator(chunk_size=100):
        drop_volume(row)
        count += 1
    return count
