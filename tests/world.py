"""The world that tests act in: one university, two colleges, sibling branches, and a fixed cast.

Made through services once per test. Two of everything, or a leak cannot be seen.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from members.models import Member
from members.services import create_member
from portal.accounts.models import User
from portal.audit.models import AuditEntry
from portal.organizations.duties import Post
from portal.organizations.models import (
    Affiliation,
    Appointment,
    Organization,
    OrganizationParent,
    OrganizationType,
    OrganizationUserObjectPermission,
    Standing,
)
from portal.organizations.services import appoint, create_organization, dismiss

# name: (node of affiliation, standing); posts follow below.
CAST: dict[str, tuple[str, Standing]] = {
    "secretary": ("branch", Standing.FULL_MEMBER),
    "neighbor": ("sibling", Standing.FULL_MEMBER),
    "committee": ("office", Standing.FULL_MEMBER),
    "college": ("office", Standing.FULL_MEMBER),
    "author": ("branch", Standing.ACTIVIST),
    "peer": ("branch", Standing.ACTIVIST),
    "contact": ("branch", Standing.FULL_MEMBER),
    "probationary": ("branch", Standing.PROBATIONARY),
    "applicant": ("branch", Standing.APPLICANT),
    "target": ("branch", Standing.DEVELOPMENT_TARGET),
    "member": ("branch", Standing.FULL_MEMBER),
    "stranger": ("sibling", Standing.ACTIVIST),
    "lecturer": ("office", Standing.FULL_MEMBER),
    "editor": ("office", Standing.FULL_MEMBER),
    "moderator": ("office", Standing.FULL_MEMBER),
    "retired": ("branch", Standing.FULL_MEMBER),
    "disabled": ("branch", Standing.FULL_MEMBER),
}
POSTS: dict[str, tuple[Post, str]] = {
    "secretary": (Post.SECRETARY, "branch"),
    "neighbor": (Post.SECRETARY, "sibling"),
    "committee": (Post.COMMITTEE_STAFF, "root"),
    "college": (Post.COMMITTEE_STAFF, "unit"),
    "lecturer": (Post.LECTURER, "root"),
    "editor": (Post.EDITOR, "root"),
    "moderator": (Post.MODERATOR, "root"),
    "admin": (Post.SYSTEM_ADMINISTRATOR, "root"),
    "auditor": (Post.AUDITOR, "root"),
    "retired": (Post.SECRETARY, "branch"),
    "disabled": (Post.SECRETARY, "branch"),
}
NODES = [
    ("root", None, OrganizationType.UNIVERSITY_COMMITTEE),
    ("office", "root", OrganizationType.DIRECT_BRANCH),
    ("unit", "root", OrganizationType.COLLEGE_COMMITTEE),
    ("branch", "unit", OrganizationType.BRANCH),
    ("sibling", "unit", OrganizationType.BRANCH),
    ("far_unit", "root", OrganizationType.COLLEGE_COMMITTEE),
    ("far_branch", "far_unit", OrganizationType.BRANCH),
]


@dataclass
class World:
    """``world.user("author")``, ``world.member("author")``, ``world.client("secretary")``, ``world.branch`` and so on.

    ``admin``, ``auditor`` and ``outsider`` belong to no organization; ``retired`` was secretary until yesterday;
    ``disabled`` is a secretary whose account is closed.
    """

    since: date
    users: dict[str, User] = field(default_factory=dict)
    nodes: dict[str, Organization] = field(default_factory=dict)

    def user(self, name: str) -> User:
        """Return the person with a fresh memory of rights, as at the start of a request."""
        return User.objects.get(pk=self.users[name].pk)

    def member(self, name: str) -> Member:
        return Member.objects.select_related("user", "organization").get(user=self.users[name])

    def client(self, name: str | None) -> Client:
        """Return a browser in which ``name`` is signed in; ``None`` or ``"visitor"``: nobody."""
        client = Client()
        if name not in (None, "visitor"):
            client.force_login(self.users[name], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    def __getattr__(self, name: str) -> Organization:
        nodes = self.__dict__.get("nodes", {})
        if name not in nodes:
            raise AttributeError(name)
        return nodes[name]


# What the services wrote the first time on a day, in the order of foreign keys: put back as it was for the next test.
_TABLES = [
    User, Organization, OrganizationParent, Member, Affiliation, Appointment, OrganizationUserObjectPermission,
    AuditEntry,
]  # fmt: skip
_kept: dict[tuple, tuple[World, list[list[Model]]]] = {}


def make_world() -> World:
    """Create the tree, the cast and their posts, all since 400 days ago."""
    if User.objects.exists() or Organization.objects.exists() or AuditEntry.objects.exists():
        return _build()
    permissions = Permission.objects.filter(content_type__app_label="organizations").order_by("pk")
    key = (timezone.localdate(), *permissions.values_list("pk", flat=True))
    if key not in _kept:
        _kept[key] = (_build(), [list(model._base_manager.all()) for model in _TABLES])
        return deepcopy(_kept[key][0])
    world, tables = deepcopy(_kept[key])
    for model, rows in zip(_TABLES, tables, strict=True):
        model._base_manager.bulk_create(rows)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _TABLES):
            cursor.execute(statement)
    return world


def _build() -> World:
    today = timezone.localdate()
    world = World(since=today - timedelta(days=400))
    for code, parent, org_type in NODES:
        world.nodes[code] = create_organization(
            parent=world.nodes.get(parent) if parent else None,
            by=None,
            name=f"The {code}",
            short_name=code,
            code=code,
            org_type=org_type,
            established_on=world.since,
            can_approve_members=org_type in (OrganizationType.UNIVERSITY_COMMITTEE, OrganizationType.COLLEGE_COMMITTEE),
        )
    # Adding children changes the counters of the parents.
    world.nodes = {code: Organization.objects.get(pk=node.pk) for code, node in world.nodes.items()}
    for number, name in enumerate([*CAST, "admin", "auditor", "outsider"], start=1):
        place, standing = CAST.get(name, ("", Standing.MASS))
        world.users[name] = create_member(
            number=f"2024{number:04}",
            name=name.capitalize(),
            email=f"{name}@example.org",
            by=None,
            organization=world.nodes.get(place),
            standing=standing,
            on=world.since,
        ).user
    for name, (post, place) in POSTS.items():
        held = appoint(world.users[name], world.nodes[place], post, on=world.since, by=None)
        if name == "retired":
            dismiss(held, on=today - timedelta(days=1), by=None)
    User.objects.filter(pk=world.users["disabled"].pk).update(is_active=False)
    return world
