"""What votes tell people: an election that waits for its approval, and that it has come."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from portal.access.policy import holders
from portal.accounts.models import User
from portal.notifications.registry import NoticeKind, kinds
from portal.notifications.services import post
from portal.organizations.duties import Post

from .models import MeetingVote


def _in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the code of the post into words, and the stored day into one as people write it."""
    words = dict(params)
    if params.get("post") in Post.values:
        words["post"] = Post(params["post"]).label
    if value := params.get("day"):
        words["day"] = date_format(value if isinstance(value, date) else date.fromisoformat(value), "SHORT_DATE_FORMAT")
    return words


ELECTION_HELD = NoticeKind(
    code="vote_election_held",
    label=_("elections that wait for my approval"),
    title=_("To be approved: election in %(organization)s"),
    body=_("%(names)s: elected as %(post)s. The posts are written when you record the approval."),
    reason=_("It is your duty to watch over organizational life there."),
    words=_in_words,
)
ELECTION_APPROVED = NoticeKind(
    code="vote_election_approved",
    label=_("elections that were approved"),
    title=_("Approved: election in %(organization)s"),
    body=_("%(names)s: %(post)s from %(day)s."),
    reason=_("You were elected, or lead the meeting that elected."),
    words=_in_words,
)


def election_held(vote: MeetingVote, names: str, *, by: User | None) -> None:
    """Tell those above who approve the election."""
    post(
        ELECTION_HELD.code,
        key=f"vote:{vote.pk}:held",
        recipients=holders("approve", vote),
        params=_about(vote, names),
        url=vote.get_absolute_url(),
        by=by,
    )


def election_approved(vote: MeetingVote, people: list[User], *, by: User) -> None:
    """Tell those elected, and those who lead the meeting."""
    recipients = {person.pk for person in people} | {vote.meeting.chair_id, vote.meeting.recorder_id}
    post(
        ELECTION_APPROVED.code,
        key=f"vote:{vote.pk}:approved",
        recipients=[key for key in recipients if key],
        params=_about(vote, "、".join(person.name for person in people)) | {"day": vote.approved_on},
        url=vote.get_absolute_url(),
        by=by,
    )


def _about(vote: MeetingVote, names: str) -> dict[str, Any]:
    return {"organization": str(vote.meeting.organization), "names": names, "post": vote.post}


def register() -> None:
    for kind in (ELECTION_HELD, ELECTION_APPROVED):
        kinds.register(kind)
