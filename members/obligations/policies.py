"""Who sees what a node owes, who waives it, and who says what a lecture was (domain.md 11.5)."""

from portal.access.policy import Policy, policy_for
from portal.access.rights import AnyUser, rights_of
from portal.organizations.duties import POST_DUTIES, Duty, Post
from portal.organizations.models import Organization

from .models import LectureMark, Waiver

SEEING = (Duty.SEE_MEETINGS, Duty.HOLD_MEETINGS, Duty.SUPERVISE_LIFE)


@policy_for(Waiver)
class WaiverPolicy(Policy):
    """Seen with the duties of the node; taken back by those who watch over it. See ``is_superior`` for its own."""

    node = "organization"
    duties = {"view": SEEING, "revoke": Duty.SUPERVISE_LIFE}


@policy_for(LectureMark)
class LectureMarkPolicy(Policy):
    node = "part__meeting__organization"
    duties = {"view": SEEING, "remove": Duty.HOLD_MEETINGS}


def is_superior(user: AnyUser, node: Organization) -> bool:
    """Say whether ``user`` watches over ``node`` from above: nobody waives their own, but for the root."""
    held = rights_of(user).duties.get(str(Duty.SUPERVISE_LIFE), ())
    return any(node.path.startswith(path) and (path != node.path or node.depth == 1) for path in held)


def keeps_here(user: AnyUser, node: Organization) -> bool:
    """Say whether ``user`` convenes meetings by a post on ``node`` itself."""
    posts = rights_of(user).posts.items()
    return any(node.path in paths for post, paths in posts if Duty.HOLD_MEETINGS in POST_DUTIES[Post(post)])
