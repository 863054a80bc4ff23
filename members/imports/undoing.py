"""Take the rows of a roster back in sets: what nobody touched since goes back, the rest is kept and named."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import DO_NOTHING, F, Model
from django.utils import timezone

from members.models import Member
from portal.accounts.models import User
from portal.audit import services as audit
from portal.imports import bulk
from portal.imports.models import ImportRow, ImportRun, RowState
from portal.organizations.models import Affiliation, Organization, OrganizationParent

from .known import Known, known_people
from .writing import archive_values, record_changes

PLACE = ("unit", "standing")


def undo_rows(run: ImportRun, rows: Sequence[ImportRow]) -> None:
    """Take a chunk back and set ``state`` and ``note`` of each row."""
    created = [row for row in rows if "affiliation" in row.written]
    changed = [row for row in rows if "affiliation" not in row.written]
    if created:
        _remove(run, created)
    if changed:
        _restore(run, changed)


def remove_units(run: ImportRun) -> None:
    """Delete the organizations that the import created, as far as nothing hangs on them; the last made first."""
    kept = []
    for made in reversed(run.created):
        node = Organization.objects.filter(pk=made["id"]).first()
        if node is None:
            continue
        was_above = OrganizationParent.objects.filter(parent=node).exists()
        if node.numchild or was_above or _pointed_at(Organization, [node.pk], besides=(OrganizationParent,)):
            kept.append(made)
            continue
        audit.record("organizations.removed", node, by=run.by, changes={"name": [node.name, ""]}, reason=run.filename)
        Organization.objects.get(pk=node.pk).delete()
    run.created = kept


def _pointed_at(model: type[Model], ids: Iterable[int], *, besides: tuple[type[Model], ...] = ()) -> set[int]:
    """Return those of ``ids`` that rows of other tables refer to: one query for each relation."""
    found: set[int] = set()
    asked = set(ids)
    if not asked:
        return found
    # An import takes its keys in one go: the bounds ask for little else, and spare each query a list of thousands.
    least, most = min(asked), max(asked)
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)):
            continue
        if relation.on_delete is DO_NOTHING or relation.related_model in besides:
            continue
        name = relation.field.name
        pointing = relation.related_model._base_manager.filter(**{f"{name}_id__gte": least, f"{name}_id__lte": most})
        found |= asked & set(pointing.order_by().values_list(f"{name}_id", flat=True).distinct())
    return found


def _remove(run: ImportRun, rows: Sequence[ImportRow]) -> None:
    user_of = {row.written["user"]: row for row in rows}
    untouched = dict(
        Member.objects.filter(
            user_id__among=list(user_of), version=1, user__last_login=None, user__password__startswith="!"  # noqa: S106 - the mark of no password
        ).values_list("user_id", "pk")
    )
    used = _pointed_at(User, user_of, besides=(Member, Affiliation))
    used_members = _pointed_at(Member, untouched.values())
    places = Affiliation.objects.filter(user_id__among=list(user_of)).values_list("user_id", "pk", "until")
    moved = {user_id for user_id, pk, until in places if until or pk != user_of[user_id].written["affiliation"]}
    gone = [
        user_id
        for user_id, member_id in untouched.items()
        if user_id not in used and user_id not in moved and member_id not in used_members
    ]
    alive = set(User.objects.filter(pk__among=list(user_of)).values_list("pk", flat=True))
    going = set(gone)
    for user_id, row in user_of.items():
        if user_id in going or user_id not in alive:
            row.state, row.note = RowState.UNDONE, []
        else:
            row.state, row.note = RowState.KEPT, ["kept_in_use", "", {}]
    audit.record_many(
        "members.import_undone",
        (
            (Member, row.object_id, f"{row.label} ({row.key})", row.written["user"], {}, None)
            for user_id, row in user_of.items()
            if user_id in going
        ),
        by=run.by,
        reason=run.filename,
        at=run.organization,
    )
    # Nothing else refers to these rows, as was asked above; the collector would ask again table by table.
    using = User.objects.db
    Affiliation.objects.filter(user_id__among=gone)._raw_delete(using)
    Member.objects.filter(user_id__among=gone)._raw_delete(using)
    User.objects.filter(pk__among=gone)._raw_delete(using)


def _restore(run: ImportRun, rows: Sequence[ImportRow]) -> None:
    people = known_people([row.key for row in rows])
    fields: dict[tuple[str, ...], list[tuple]] = {}
    accounts: list[tuple] = []
    restored: list[ImportRow] = []
    moved_back: list[tuple[ImportRow, Known]] = []
    for row in rows:
        person = people.get(row.key)
        kept = sorted(row.diff) if person is None else _changed_since(row, person)
        back = {code: before for code, (before, _after) in row.diff.items() if code not in kept}
        row.state = RowState.KEPT if kept else RowState.UNDONE
        row.note = ["kept_changed", "", {"columns": kept}] if kept else []
        if person is None or not back:
            continue
        names, values = archive_values(back)
        if names:
            fields.setdefault(names, []).append((person.member_id, *values))
        if "name" in back or "email" in back:
            accounts.append((person.user_id, back.get("name", person.name), back.get("email", person.email) or None))
        if back.keys() & set(PLACE):
            moved_back.append((row, person))
        row.diff = {code: pair for code, pair in row.diff.items() if code in back}
        restored.append(row)
    for names, values in fields.items():
        bulk.update(Member, names, values)
    bulk.update(User, ("name", "email"), accounts)
    _place_back(moved_back)
    members = [row.written["member"] for row in restored]
    Member.objects.filter(pk__among=members).update(version=F("version") + 1, updated_at=timezone.now())
    record_changes("members.import_undone", run, [(row, run.organization_id) for row in restored], backwards=True)


def _changed_since(row: ImportRow, person: Known) -> list[str]:
    """Return the columns of the row that hold something else by now than the import wrote."""
    place_kept = False
    written = row.written
    if "place" in written:
        expected = written.get("begun") or written["replaced"][0]
        place_kept = (
            person.affiliation_id != expected or person.standing != row.diff.get("standing", [0, person.standing])[1]
        )
    now: dict[str, Any] = {"name": person.name, "email": person.email, **person.values}
    kept = [code for code, (_before, after) in row.diff.items() if code not in PLACE and now.get(code, "") != after]
    return sorted([*kept, *(code for code in PLACE if place_kept and code in row.diff)])


def _place_back(moved: Sequence[tuple[ImportRow, Known]]) -> None:
    begun = [row.written["begun"] for row, person in moved if "begun" in row.written]
    Affiliation.objects.filter(pk__among=begun).delete()
    Affiliation.objects.filter(
        pk__among=[row.written["ended"] for row, person in moved if "ended" in row.written]
    ).update(until=None)
    bulk.update(
        Affiliation,
        ("organization", "standing"),
        [tuple(row.written["replaced"]) for row, person in moved if "replaced" in row.written],
    )
    bulk.update(
        Member,
        ("organization", "standing", "standing_since"),
        [(row.written["member"], *row.written["place"]) for row, person in moved],
    )
