"""Write, change and take back what people post in a space."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.services import record
from portal.files.models import Kind, StoredFile
from portal.files.services import attach, discard
from portal.moderation.queries import kept_as_evidence
from portal.moderation.services import brought_back, withdrawn
from portal.organizations.models import Organization
from portal.search.services import touch
from portal.web.refusals import RuleError

from ..models import CHOSEN, Reach, SpacePost, SpaceReply
from ..reach import may_publish
from .stream import Told, tell_many, untell

PICTURES_MAX = 9
# What was removed is kept half a year, as the rules for forums ask, then goes for good.
KEPT_DAYS = 183
POST_KIND = "spaces.post"


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody posts: words, pictures, a video or a voice message with what is said in it; plain text."""

    text: str = ""
    pictures: tuple[StoredFile, ...] = ()
    video: StoredFile | None = None
    voice: StoredFile | None = None
    spoken: str = ""
    visibility: str = Reach.SPACE


@transaction.atomic
def write_post(
    organization: Organization, written: Written, *, by: User, at: datetime | None = None, token: str = ""
) -> SpacePost:
    """Post in the space of ``organization``; the same ``token`` from the same person gives the same post again.

    Raises ``RuleError`` when nothing is said, there are too many pictures, the organization is closed, or ``by`` may
    not show something to everybody.
    """
    held = Organization.objects.select_for_update().get(pk=organization.pk)
    if token and (earlier := SpacePost.objects.filter(author=by, token=token).first()):
        return earlier
    if held.closed_on is not None:
        raise RuleError(_("This organization is closed; its space can be read, not written."))
    _check(written, held, by=by)
    made = SpacePost(organization=held, author=by, created_at=at or timezone.now(), token=token)
    _fill(made, written)
    made.save(force_insert=True)
    _own_files(made, written)
    record("spaces.posted", made, by=by)
    tell_of(made)
    return made


@transaction.atomic
def change_post(post: SpacePost, written: Written, *, by: User, version: int) -> SpacePost:
    """Write over the own post that still is at ``version``; pictures and recordings left out are discarded."""
    held = held_post(post)
    if held.hidden_at or held.removed_at:
        raise RuleError(_("This post is hidden or removed."))
    if held.version != version:
        raise RuleError(_("This post was changed in another window meanwhile. Open it again and repeat your change."))
    _check(written, held.organization, by=by, before=held.visibility)
    before = {"text": held.text, "visibility": held.visibility}
    _fill(held, written)
    held.version, held.edited_at = held.version + 1, timezone.now()
    held.save()
    _own_files(held, written)
    record("spaces.post_changed", held, by=by, changes=_changed(before, held))
    tell_of(held)
    return held


def _changed(before: dict[str, str], post: SpacePost) -> dict[str, list[str]]:
    return {name: [old, getattr(post, name)] for name, old in before.items() if old != getattr(post, name)}


def held_post(post: SpacePost) -> SpacePost:
    """Hold the row of ``post`` until the transaction ends."""
    return SpacePost.objects.select_for_update(of=("self",)).select_related("organization").get(pk=post.pk)


def _check(written: Written, organization: Organization, *, by: User, before: str = "") -> None:
    if not (written.text.strip() or written.pictures or written.video or written.voice):
        raise RuleError({"text": _("Write something, or add a picture, a video or a voice message.")})
    if len(written.text) > 5000:
        raise RuleError({"text": _("The text is too long: at most %(limit)s characters.") % {"limit": 5000}})
    if len(written.pictures) > PICTURES_MAX:
        raise RuleError({"pictures": _("At most %(limit)s pictures.") % {"limit": PICTURES_MAX}})
    if written.visibility not in CHOSEN:
        raise RuleError({"visibility": _("Choose who may see it.")})
    if written.visibility == Reach.PUBLIC and before != Reach.PUBLIC and not may_publish(by, organization):
        raise RuleError({"visibility": _("Only those who publish news here may show something to everybody.")})


def _fill(post: SpacePost, written: Written) -> None:
    post.text, post.visibility = written.text.strip(), written.visibility
    post.video, post.voice = written.video, written.voice
    post.spoken = written.spoken.strip() if written.pictures or written.video or written.voice else ""
    post.picture_count = len(written.pictures)


def _own_files(post: SpacePost, written: Written) -> None:
    wanted = [*written.pictures, *(file for file in (written.video, written.voice) if file)]
    kinds = {Kind.IMAGE: written.pictures, Kind.VIDEO: (written.video,), Kind.VOICE: (written.voice,)}
    for kind, files in kinds.items():
        if any(file is not None and file.kind != kind for file in files):
            raise RuleError(_("This file is of another kind."))
    for file in wanted:
        attach(file, post)
    for file in post.files.exclude(pk__in=[file.pk for file in wanted]):
        discard(file)


def key_of(post: SpacePost) -> str:
    return f"{POST_KIND}:{post.pk}"


def tell_of(post: SpacePost) -> None:
    """Let the stream and the search say what the post says now."""
    if post.removed_at:
        untell(key_of(post))
    else:
        # Hidden posts keep their place for those who moderate.
        entry = Told(
            post.organization, POST_KIND, key_of(post), post.title, post.get_absolute_url(), post.created_at,
            post.author, post.visibility, post=post, is_shown=post.hidden_at is None,
        )  # fmt: skip
        tell_many([entry])
    touch(post)


@transaction.atomic
def remove_post(post: SpacePost, *, by: User) -> SpacePost:
    """Take the own post away; it can be brought back for some days."""
    held = held_post(post)
    if held.removed_at is None:
        held.removed_at = timezone.now()
        held.save(update_fields=["removed_at"])
        record("spaces.post_removed", held, by=by)
        withdrawn(held)
        tell_of(held)
    return held


@transaction.atomic
def restore_post(post: SpacePost, *, by: User) -> SpacePost:
    """Bring the own post back where it stood."""
    held = held_post(post)
    if held.removed_at is not None:
        held.removed_at = None
        held.save(update_fields=["removed_at"])
        record("spaces.post_restored", held, by=by)
        brought_back(held)
        tell_of(held)
    return held


def purge_posts(*, before: datetime | None = None) -> int:
    """Delete what its author removed half a year ago, with pictures and recordings; return how many posts.

    What was reported stays until it is decided, and half a year longer.
    """
    before = before or timezone.now() - timedelta(days=KEPT_DAYS)
    SpaceReply.objects.filter(~kept_as_evidence(SpaceReply, since=before), removed_at__lt=before).delete()
    removed = SpacePost.objects.filter(~kept_as_evidence(SpacePost, since=before), removed_at__lt=before)
    rows = list(removed.order_by("pk")[:500])
    for row in rows:
        with transaction.atomic():
            for file in row.files.all():
                discard(file)
            row.delete()
    return len(rows)


def may_choose(user: User, organization: Organization) -> list[str]:
    """Return how far ``user`` may show something of the space of ``organization``."""
    return [reach for reach in CHOSEN if reach != Reach.PUBLIC or may_publish(user, organization)]

