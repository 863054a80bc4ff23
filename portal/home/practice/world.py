"""The practice university: the tree, and what the rooms tell each other while they fill it."""

import json
import random
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from portal.accounts.models import User
from portal.organizations.models import Organization, OrganizationType
from portal.organizations.services import create_organization

SEED = 20260701
ACCOUNTS = (
    "admin", "committee", "secretary", "contact", "activist", "target",
    "probationary", "member", "lecturer", "editor", "moderator", "public",
)  # fmt: skip


def texts(module_file: str, name: str) -> Any:
    """Return the data file ``name`` that lies beside the module ``module_file``."""
    return json.loads(Path(module_file).with_name(name).read_text(encoding="utf-8"))


@dataclass
class PracticeWorld:
    """What the practice data of all rooms share. Equal seeds give equal universities."""

    password: str
    today: date = field(default_factory=timezone.localdate)
    rng: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 - practice data, no secret
    root: Organization | None = None
    office: Organization | None = None
    colleges: list[Organization] = field(default_factory=list)
    branches: list[Organization] = field(default_factory=list)
    kinds: dict[int, str] = field(default_factory=dict)
    accounts: dict[str, User] = field(default_factory=dict)

    @property
    def home_branch(self) -> Organization:
        """The branch in which the practice accounts of a branch live."""
        return self.branches[0]


def make_tree(world: PracticeWorld) -> None:
    """Make the committee, its office, six colleges and their twenty-four branches, as far as they are missing."""
    tree = texts(__file__, "tree.json")
    founded = world.today.replace(year=world.today.year - 12, month=9, day=1)
    term = world.today.replace(year=world.today.year - 1, month=3, day=1)
    world.root = _node(None, "U", tree["university"], OrganizationType.UNIVERSITY_COMMITTEE, founded, term, 5)
    world.office = _node(world.root, "U-OFFICE", tree["office"], OrganizationType.DIRECT_BRANCH, founded, term, 3)
    for number, college in enumerate(tree["colleges"], start=1):
        names = {key: value.format(college=college) for key, value in tree["committee"].items()}
        committee = _node(world.root, f"U-C{number}", names, OrganizationType.COLLEGE_COMMITTEE, founded, term, 5)
        world.colleges.append(committee)
        for branch in tree["branches"]:
            names = {key: branch[key].format(college=college) for key in ("name", "short")}
            node = _node(committee, f"U-C{number}-{branch['code']}", names, OrganizationType.BRANCH, founded, term, 3)
            world.branches.append(node)
            world.kinds[node.pk] = branch["kind"]


def _node(
    parent: Organization | None, code: str, names: dict[str, str], kind: str, founded: date, term: date, years: int
) -> Organization:
    found = Organization.objects.filter(code=code).first()
    return found or create_organization(
        parent=parent,
        by=None,
        code=code,
        name=names["name"],
        short_name=names["short"],
        org_type=kind,
        established_on=founded,
        term_started_on=term,
        term_years=years,
        can_approve_members=kind in (OrganizationType.UNIVERSITY_COMMITTEE, OrganizationType.COLLEGE_COMMITTEE),
    )
