"""The people of the practice university: about six hundred in all standings, and one account per role."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from members.models import Member
from members.rules import check_digit
from members.services import create_member
from portal.accounts.models import User
from portal.home.practice.world import ACCOUNTS, PracticeWorld, texts
from portal.organizations.duties import Post
from portal.organizations.models import Organization, Standing
from portal.organizations.services import appoint

S = Standing
# How many of each standing live in a branch of each kind.
STUDENTS = {S.FULL_MEMBER: 7, S.PROBATIONARY: 3, S.DEVELOPMENT_TARGET: 2, S.ACTIVIST: 6, S.APPLICANT: 6, S.MASS: 1}
STAFF = {S.FULL_MEMBER: 19, S.PROBATIONARY: 1, S.ACTIVIST: 2, S.APPLICANT: 2}
# Standings that people stay in for long enough to have written many reports.
LONG = {S.ACTIVIST, S.FULL_MEMBER}
POLITICAL = {S.FULL_MEMBER: "01", S.PROBATIONARY: "02"}
# account: (standing, where, post); where is the home branch, the office, the root or nowhere.
ROLES: dict[str, tuple[Standing, str, Post | None]] = {
    "admin": (S.MASS, "", Post.SYSTEM_ADMINISTRATOR),
    "committee": (S.FULL_MEMBER, "office", Post.COMMITTEE_STAFF),
    "secretary": (S.FULL_MEMBER, "branch", Post.SECRETARY),
    "contact": (S.FULL_MEMBER, "branch", None),
    "activist": (S.ACTIVIST, "branch", None),
    "target": (S.DEVELOPMENT_TARGET, "branch", None),
    "probationary": (S.PROBATIONARY, "branch", None),
    "member": (S.FULL_MEMBER, "branch", None),
    "lecturer": (S.FULL_MEMBER, "office", Post.LECTURER),
    "editor": (S.FULL_MEMBER, "office", Post.EDITOR),
    "moderator": (S.FULL_MEMBER, "office", Post.MODERATOR),
    "public": (S.MASS, "", None),
}
OFFICERS = (Post.SECRETARY, Post.ORGANIZATION_COMMISSIONER, Post.PUBLICITY_COMMISSIONER)
# Whoever holds a post or accompanies others has been a full member for some time (domain.md 1.3).
OFFICERS_YEARS = 3


class People:
    """Make people one after the other, each with a believable archive."""

    def __init__(self, world: PracticeWorld) -> None:
        self.world, self.rng = world, world.rng
        self.names = texts(__file__, "names.json")
        self.serial = 0

    def archive(self, standing: str, kind: str, *, years_ago: int = 0) -> dict[str, Any]:
        """Return the fields of an archive that fit ``standing``, dates in their lawful order."""
        rng, today = self.rng, self.world.today
        self.serial += 1
        male = rng.random() < 0.5
        since = today - timedelta(days=rng.randint(60, 700 if standing in LONG else 300) + 365 * years_ago)
        dates = {} if standing == S.MASS else self.way(standing, since)
        # Nobody applies before the eighteenth birthday (XZ26 art. 5).
        years = rng.randint(30, 45) if kind == "teacher" else rng.randint(21, 24) if kind == "master" else 18
        applied = dates.get("application_on", today)
        born = date(applied.year - years, 1, 1) - timedelta(days=rng.randint(1, 300))
        return {
            "sex": "1" if male else "2",
            "ethnicity": "01" if rng.random() < 0.9 else rng.choice(["03", "08", "11", "15"]),
            "birth_date": born,
            "native_place": rng.choice(self.names["places"]),
            "id_no": self.id_no(born, male=male),
            "mobile": f"139{self.serial:08d}",
            "home_address": self.address(),
            "education_level": "21" if kind == "teacher" else "14" if kind == "master" else "",
            "person_kind": kind,
            "political_status": POLITICAL.get(S(standing), "03" if kind != "teacher" else "13"),
            **dates,
        }

    def way(self, standing: str, since: date) -> dict[str, date]:
        """Return the dates of the stages passed, the last of which began on ``since``."""
        order = [S.APPLICANT, S.ACTIVIST, S.DEVELOPMENT_TARGET, S.PROBATIONARY, S.FULL_MEMBER]
        fields = ["application_on", "activist_on", "target_on", "joined_on", "converted_on"]
        reached = order.index(S(standing))
        gaps = [0, 150, 400, 150, 366]
        found, day = {}, since
        for place in range(reached, -1, -1):
            found[fields[place]] = day
            day = day - timedelta(days=gaps[place] + self.rng.randint(0, 40))
        return found

    def id_no(self, born: date, *, male: bool) -> str:
        body = f"{self.rng.choice(self.names['areas'])}{born:%Y%m%d}{self.serial % 100:02d}{1 if male else 2}"
        return body + check_digit(body)

    def address(self) -> str:
        place, street = self.rng.choice(self.names["places"]), self.rng.choice(self.names["streets"])
        return f"{place}{street}{self.rng.randint(1, 300)}{self.names['door']}"

    def name(self, *, male: bool) -> str:
        given = self.names["men" if male else "women"]
        return self.rng.choice(self.names["surnames"]) + self.rng.choice(given)


def make_people(world: PracticeWorld) -> None:
    """Fill every branch, give it its officers, and make the practice accounts; what is there stays."""
    people = People(world)
    for number, branch in enumerate(world.branches, start=1):
        first = f"{world.today.year - 2}{number:02d}0001"
        if User.objects.filter(number=first).exists():
            continue
        _fill(people, branch, number)
    _accounts(people)


def _fill(people: People, branch: Organization, number: int) -> None:
    world, kind = people.world, people.world.kinds[branch.pk]
    full: list[Member] = []
    for place, standing in enumerate(_standings(STAFF if kind == "teacher" else STUDENTS), start=1):
        holds_post = standing == S.FULL_MEMBER and len(full) < len(OFFICERS)
        archive = people.archive(standing, kind, years_ago=OFFICERS_YEARS if holds_post else 0)
        member = create_member(
            number=f"{world.today.year - 2}{number:02d}{place:04d}",
            name=people.name(male=archive["sex"] == "1"),
            email=f"p{number:02d}{place:04d}@example.edu.cn",
            by=None,
            organization=branch,
            standing=standing,
            on=_since(archive) or world.today - timedelta(days=300),
            **archive,
        )
        if standing == S.FULL_MEMBER:
            full.append(member)
    # The home branch has its secretary among the practice accounts.
    posts = OFFICERS[1:] if branch == world.home_branch else OFFICERS
    for member, post in zip(full, posts, strict=False):
        appoint(member.user, branch, post, on=world.today - timedelta(days=400), by=None)


def _standings(counts: dict[Standing, int]) -> Iterator[Standing]:
    for standing, count in counts.items():
        yield from [standing] * count


def _since(archive: dict[str, Any]) -> date | None:
    for name in ("converted_on", "joined_on", "target_on", "activist_on", "application_on"):
        if archive.get(name):
            return archive[name]
    return None


def _accounts(people: People) -> None:
    world = people.world
    encoded = make_password(world.password)
    places = {"branch": world.home_branch, "office": world.office}
    for account in ACCOUNTS:
        standing, where, post = ROLES[account]
        user = User.objects.filter(number=account).first()
        if user is None:
            kind = "undergraduate" if where == "branch" else "teacher"
            is_old = standing == S.FULL_MEMBER
            archive = people.archive(standing, kind, years_ago=OFFICERS_YEARS if is_old else 0)
            user = create_member(
                number=account,
                name=people.names["accounts"][account],
                email=f"{account}@example.edu.cn",
                by=None,
                organization=places.get(where),
                standing=standing,
                on=_since(archive) or world.today - timedelta(days=300),
                **archive,
            ).user
            user.password = encoded
            user.save(update_fields=["password"])
            if post is not None:
                node = world.home_branch if post == Post.SECRETARY else world.root
                appoint(user, node, post, on=world.today - timedelta(days=400), by=None)
        world.accounts[account] = user
