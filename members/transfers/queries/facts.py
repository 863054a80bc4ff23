"""Facts for the rules, for any number of people in a constant number of statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from members.models import Member
from portal.access.rights import ancestor_paths
from portal.organizations.models import Appointment, Organization

from ..models import Transfer
from ..rules.checks import LETTER_FIELDS, CheckFacts, needs_letter
from ..sources import dues_sources, matter_sources


def approving_committee(node: Organization) -> Organization | None:
    """Return the nearest node, from ``node`` upwards, that can approve members (XZ26 art. 18, DJ art. 25)."""
    above = Organization.objects.filter(path__in=ancestor_paths([node.path]), can_approve_members=True)
    return above.order_by("-path").first()


def committees_of(nodes: Iterable[Organization]) -> dict[int, Organization]:
    """Return the approving committee of each of ``nodes`` that has one, by the key of the node; one query."""
    nodes = list(nodes)
    above = Organization.objects.filter(path__in=ancestor_paths(node.path for node in nodes), can_approve_members=True)
    by_path = {committee.path: committee for committee in above}
    found = {}
    for node in nodes:
        for path in reversed(ancestor_paths([node.path])):
            if path in by_path:
                found[node.pk] = by_path[path]
                break
    return found


def dues_known(members: Collection[int], on: date) -> dict[int, date]:
    """Return the last month paid of those of whom a source of dues knows it."""
    known: dict[int, date] = {}
    for source in dues_sources:
        known |= source.paid_to(members, on)
    return known


def facts_of(
    people: Iterable[Member],
    *,
    leaves_university: bool,
    on: date,
    dues_paid_to: Mapping[int, date | None] | None = None,
    file_checked: bool = False,
    ignoring: int | None = None,
) -> dict[int, CheckFacts]:
    """Return what the rules ask of each person, by the key of the archive; ``people`` come with user and organization.

    What a source of dues knows goes before ``dues_paid_to``, which a person typed. ``ignoring`` is the transfer in
    hand, which is no obstacle to itself.
    """
    people = list(people)
    keys = [person.pk for person in people]
    dues = {**(dues_paid_to or {}), **dues_known(keys, on)}
    matters: dict[int, list[str]] = defaultdict(list)
    for source in matter_sources:
        for key, words in source.find(keys, on).items():
            matters[key] += words
    under_way = set(
        Transfer.objects.open().filter(person__in=keys).exclude(pk=ignoring).values_list("person_id", flat=True)
    )
    posts = _posts_of(people, everywhere=leaves_university, on=on)
    return {
        person.pk: CheckFacts(
            standing=person.standing,
            joined_on=person.joined_on,
            dues_paid_to=dues.get(person.pk),
            matters=tuple(matters[person.pk]),
            missing=_missing(person) if needs_letter(person.standing) else (),
            file_checked=file_checked,
            holds_posts=tuple(posts[person.user_id]),
            has_open_transfer=person.pk in under_way,
        )
        for person in people
    }


def _missing(person: Member) -> tuple[str, ...]:
    """Name the fields of the letter that the archive lacks; the identity number is known by its index."""
    present = {name: getattr(person, name) for name in LETTER_FIELDS if name != "id_no"}
    present["id_no"] = person.id_no_index
    return tuple(str(Member._meta.get_field(name).verbose_name) for name in LETTER_FIELDS if not present[name])


def _posts_of(people: Iterable[Member], *, everywhere: bool, on: date) -> dict[int, list[str]]:
    """Return the posts that stand in the way: any for who leaves the university, else those in the branch left."""
    paths = {person.user_id: person.organization.path for person in people if person.organization}
    held: dict[int, list[str]] = defaultdict(list)
    rows = Appointment.objects.in_force(on).filter(user__in=list(paths)).select_related("organization")
    for post in rows.order_by("pk"):
        if everywhere or post.organization.path.startswith(paths[post.user_id]):
            held[post.user_id].append(post.get_post_display())
    return held
