"""Verbs and questions on audiences: describe one, save it, ask who is in it and what a person may see."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from portal.access.rights import AnyUser, ancestor_paths, rights_of, under
from portal.accounts.models import User
from portal.organizations.duties import Post, posts_on
from portal.organizations.models import Affiliation, Appointment, Organization

from .models import Audience, AudienceRule, Visibility


@dataclass(frozen=True, slots=True)
class Circle:
    """What a form collects: subtrees × (standings or posts), and named people."""

    organizations: Collection[Organization] = ()
    standings: Collection[str] = ()
    posts: Collection[str] = ()
    users: Collection[User] = ()

    @property
    def is_empty(self) -> bool:
        return not self.organizations and not self.users


@transaction.atomic
def save_audience(circle: Circle, *, audience: Audience | None = None, note: str = "") -> Audience:
    """Write ``circle`` as rules, replacing those that ``audience`` had."""
    if audience is None:
        audience = Audience.objects.create(note=note)
    audience.rules.all().delete()
    rows = _rules_of(circle)
    for row in rows:
        row.audience = audience
    AudienceRule.objects.bulk_create(rows, batch_size=500)
    return audience


def _rules_of(circle: Circle) -> list[AudienceRule]:
    rows = [AudienceRule(user=user) for user in circle.users]
    for organization in circle.organizations:
        narrowed = [{"standing": standing} for standing in circle.standings] + [{"post": post} for post in circle.posts]
        rows += [AudienceRule(organization=organization, **extra) for extra in narrowed or [{}]]
    return rows


def circle_of(audience: Audience) -> Circle:
    """Return what a form would show for ``audience``."""
    rules = list(audience.rules.select_related("organization", "user"))
    return Circle(
        organizations=list({rule.organization_id: rule.organization for rule in rules if rule.organization}.values()),
        standings=sorted({rule.standing for rule in rules if rule.standing}),
        posts=sorted({rule.post for rule in rules if rule.post}),
        users=[rule.user for rule in rules if rule.user],
    )


def audiences_of(user: AnyUser) -> QuerySet[Audience]:
    """Return the audiences ``user`` is in today."""
    if rights_of(user).user_id is None:
        return Audience.objects.none()
    return Audience.objects.filter(pk__in=_rules_for(user))


def _rules_for(user: AnyUser) -> RawSQL:
    """Return the subquery of audience ids for ``user``: as text, because nearly every page carries it twice."""
    rights = rights_of(user)
    conditions = ["r.user_id = %s"]
    given: list[int | str | None] = [rights.user_id]
    if rights.organization_path:
        above = ancestor_paths([rights.organization_path])
        conditions.append(f"(o.path IN ({_marks(above)}) AND r.standing IN ('', %s) AND r.post = '')")
        given += [*above, rights.standing]
    for post, paths in rights.posts.items():
        above = ancestor_paths(paths)
        conditions.append(f"(o.path IN ({_marks(above)}) AND r.standing = '' AND r.post IN ('', %s))")
        given += [*above, post]
    rules, organizations = AudienceRule._meta.db_table, Organization._meta.db_table
    text = (
        f"SELECT r.audience_id FROM {rules} r LEFT JOIN {organizations} o ON o.id = r.organization_id "  # noqa: S608
        f"WHERE {' OR '.join(conditions)}"
    )
    return RawSQL(text, given)  # noqa: S611 - only names of our own tables stand in the text, values are parameters


def _marks(values: Collection[str]) -> str:
    return ", ".join(["%s"] * len(values))


def people_of(audience: Audience) -> QuerySet[User]:
    """Return everyone in ``audience`` today, once each."""
    return _people(audience.rules.select_related("organization"))


def people_in(circle: Circle) -> QuerySet[User]:
    """Return everyone who would be in an audience made of ``circle``: for a look before anything is written."""
    return _people(_rules_of(circle))


def _people(rules: Iterable[AudienceRule]) -> QuerySet[User]:
    today = timezone.localdate()
    condition = Q(pk__in=[])
    for rule in rules:
        if rule.user_id:
            condition |= Q(pk=rule.user_id)
            continue
        assert rule.organization is not None
        path = rule.organization.path
        if not rule.post:
            here = Affiliation.objects.filter(until=None, organization__path__startswith=path)
            if rule.standing:
                here = here.filter(standing=rule.standing)
            condition |= Q(pk__in=here.values("user_id"))
        if not rule.standing:
            held = Appointment.objects.in_force(today).filter(organization__path__startswith=path)
            if rule.post:
                held = held.filter(post=rule.post)
            condition |= Q(pk__in=held.values("user_id"))
    return User.objects.filter(condition, is_active=True)


def visible_to(user: AnyUser, *, prefix: str = "") -> Q:
    """Return the condition that a row with ``visibility`` and ``audience`` (``AudienceMixin``) may be seen by ``user``.

    ``prefix`` reaches such a row from another model (``"thread__board__"``).
    """
    seen = Q(**{f"{prefix}visibility": Visibility.PUBLIC})
    if not user.is_authenticated:
        return seen
    return (
        seen
        | Q(**{f"{prefix}visibility": Visibility.INTERNAL})
        | Q(**{f"{prefix}visibility": Visibility.AUDIENCE, f"{prefix}audience_id__in": _rules_for(user)})
    )


def answers_for(user: AnyUser, duty: str, *, prefix: str = "") -> Q:
    """Return the condition that people whom ``user`` answers for by ``duty`` are in the audience of a row.

    So are the people under a node that the audience names, or names a part of; and people named who belong there.
    """
    held = rights_of(user).duties.get(str(duty), ())
    if not held:
        return Q(pk__in=[])
    there = Affiliation.objects.filter(under("organization", held), until=None)
    rules = AudienceRule.objects.filter(
        under("organization", held)
        | Q(organization__path__in=ancestor_paths(held))
        | Q(user__in=there.order_by().values("user"))
    )
    return Q(
        **{
            f"{prefix}visibility": Visibility.AUDIENCE,
            f"{prefix}audience_id__in": rules.order_by().values("audience_id"),
        }
    )


def addressable(user: AnyUser, duty: str, *, kept: Circle) -> QuerySet[Organization]:
    """Return the nodes ``user`` may choose for a circle, and those that ``kept`` names already, in tree order."""
    chosen = Q(pk__in=[organization.pk for organization in kept.organizations])
    return Organization.objects.filter(under("", rights_of(user).duties.get(duty, ())) | chosen).order_by("path")


def posts_in(organizations: QuerySet[Organization]) -> list[Post]:
    """Return the posts that somebody can hold on one of ``organizations``: one query."""
    return posts_on(organizations.filter(closed_on=None).order_by().values_list("org_type", flat=True).distinct())


def posts_below(organizations: Iterable[Organization]) -> list[Post]:
    """Return the posts that somebody can hold on ``organizations`` or below them: one query."""
    return posts_in(Organization.objects.filter(under("", [node.path for node in organizations])))


def may_address(user: AnyUser, circle: Circle, duty: str) -> bool:
    """Say whether every subtree of ``circle`` lies under a node on which ``user`` holds ``duty``."""
    rights = rights_of(user)
    return all(rights.holds_on(duty, organization.path) for organization in circle.organizations)
