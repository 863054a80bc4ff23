"""Who sits where in the practice university: branches with their people, committees of colleges, groups."""

from datetime import date, timedelta
from typing import Any

from members.models import Member
from members.services import place
from portal.home.practice.world import PracticeWorld
from portal.organizations.duties import Post
from portal.organizations.models import Affiliation, Appointment, Organization, OrganizationType
from portal.organizations.queries import COMMITTEE_POSTS
from portal.organizations.services import appoint, create_organization

from .rules.circles import MEMBERS, OBSERVERS, Person, seats_of

# Of the committee of a college, in the order in which they are filled from its branches.
COMMITTEE = (
    Post.SECRETARY, Post.DEPUTY_SECRETARY, Post.ORGANIZATION_COMMISSIONER, Post.PUBLICITY_COMMISSIONER,
    Post.DISCIPLINE_COMMISSIONER,
)  # fmt: skip
GROUPS = ("第一党小组", "第二党小组")
IN_OFFICE_DAYS, IN_GROUP_DAYS = 760, 330


class Node:
    """An organization with its people of every day, read once; ``secretary`` chairs."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.people: list[tuple[int, str, date, date | None]] = []
        self.posts: dict[int, set[str]] = {}
        self.secretary: int | None = None

    def seats(self, kinds: list[str], on: date) -> dict[int, Any]:
        people = [
            Person(user_id, standing, posts=frozenset(self.posts.get(user_id, ())))
            for user_id, standing, since, until in self.people
            if since <= on and (until is None or until >= on)
        ]
        return seats_of(kinds, people, org_type=self.organization.org_type)


def nodes_of(world: PracticeWorld) -> list[Node]:
    """Read the branches that have a secretary, with their people."""
    nodes = {branch.pk: Node(branch) for branch in world.branches}
    rows = Affiliation.objects.filter(organization__in=nodes, standing__in=MEMBERS | OBSERVERS).order_by("pk")
    for user_id, node_id, standing, since, until in rows.values_list(
        "user_id", "organization_id", "standing", "since", "until"
    ):
        nodes[node_id].people.append((user_id, standing, since, until))
    held = Appointment.objects.filter(organization__in=nodes, ended_at=None, post__in=sorted(COMMITTEE_POSTS))
    for user_id, node_id, post in held.order_by("pk").values_list("user_id", "organization_id", "post"):
        nodes[node_id].posts.setdefault(user_id, set()).add(post)
        if post == Post.SECRETARY:
            nodes[node_id].secretary = user_id
    return [node for node in nodes.values() if node.secretary]


def committees_of(world: PracticeWorld) -> list[Node]:
    """Give each college whose branches are all there a committee, from its officers, and return them."""
    found = []
    for college in world.colleges:
        below = [branch for branch in world.branches if branch.path.startswith(college.path)]
        if len(below) < len(COMMITTEE) - 1:
            continue
        since = world.today - timedelta(days=IN_OFFICE_DAYS)
        for person, post in zip(_officers(below), COMMITTEE, strict=False):
            appoint(person, college, post, on=since, by=None)
        found.append(_node(college, dict.fromkeys(COMMITTEE_POSTS)))
    return found


def _officers(branches: list[Organization]) -> list[Any]:
    """Return officers of branches, teachers before students, nobody twice."""
    rows = Appointment.objects.filter(
        organization__in=branches, ended_at=None, post__in=[Post.SECRETARY, Post.ORGANIZATION_COMMISSIONER]
    ).select_related("user").order_by("-organization__path", "pk")  # fmt: skip
    return list({row.user_id: row.user for row in rows}.values())


def groups_of(world: PracticeWorld) -> list[Node]:
    """Part the last branch into groups, each with a leader, and return them; none where branches are few."""
    if len(world.branches) <= len(COMMITTEE):
        return []
    branch = world.branches[-1]
    officers = set(Appointment.objects.filter(organization=branch, ended_at=None).values_list("user_id", flat=True))
    people = Member.objects.filter(organization=branch, standing__in=MEMBERS).exclude(user__in=officers)
    rows = list(people.select_related("user").order_by("pk"))
    size = (len(rows) + 1) // len(GROUPS)
    found = []
    for number, name in enumerate(GROUPS):
        group = create_organization(
            parent=branch, by=None, code=f"{branch.code}-{number + 1}", name=f"{branch.short_name}{name}",
            short_name=f"{branch.short_name}{name}", org_type=OrganizationType.GROUP,
            established_on=world.today - timedelta(days=IN_OFFICE_DAYS),
        )  # fmt: skip
        for member in rows[number * size : (number + 1) * size]:
            _move(world, member, group)
        leader = next((row for row in rows[number * size :] if row.standing == "full_member"), None)
        if leader is not None:
            since = world.today - timedelta(days=IN_GROUP_DAYS)
            appoint(leader.user, group, Post.GROUP_LEADER, on=since, by=None)
        found.append(_node(group, {Post.GROUP_LEADER: None}))
    return found


def _move(world: PracticeWorld, member: Member, group: Organization) -> None:
    began = Affiliation.objects.filter(user=member.user_id, until=None).values_list("since", flat=True).first()
    on = world.today - timedelta(days=IN_GROUP_DAYS)
    if began is not None:
        on = max(on, began + timedelta(days=1))
    place(member, group, standing=member.standing, on=min(on, world.today), by=None)


def _node(organization: Organization, posts: dict[Any, None]) -> Node:
    """Read who belongs to ``organization`` itself and who holds which of ``posts`` there."""
    node = Node(organization)
    held = Appointment.objects.filter(organization=organization, ended_at=None, post__in=list(posts))
    for user_id, post in held.order_by("pk").values_list("user_id", "post"):
        node.posts.setdefault(user_id, set()).add(post)
        if post in (Post.SECRETARY, Post.GROUP_LEADER):
            node.secretary = user_id
    rows = Affiliation.objects.filter(standing__in=MEMBERS | OBSERVERS)
    here = rows.filter(organization=organization) | rows.filter(user__in=list(node.posts))
    for user_id, standing, since, until in here.order_by("pk").values_list("user_id", "standing", "since", "until"):
        node.people.append((user_id, standing, since, until))
    return node
