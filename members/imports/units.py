"""Which organization a name in a roster means, and which one to propose when there is none."""

import difflib
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from members.imports.cells import text_of
from portal.access.rights import rights_of
from portal.imports.models import ImportRun
from portal.imports.registry import Finding
from portal.organizations.duties import Duty
from portal.organizations.models import Organization, OrganizationStatus, OrganizationType

# 财经学院 · 教工第一党支部: the part up to the first word for a unit, and a branch under it.
_BRANCH = re.compile(
    r"(?P<unit>.+?(?:学院|学部|书院|研究院|研究所|医院|图书馆|中心|公司|系|部|处|院|所|馆))(?P<rest>.*(?:党支部|支部))"
)
_PREFIX = re.compile(r"^(?:中国共产党|中共)")
NEW = "new:"


def bare_name(name: Any) -> str:
    """Return a name of an organization without blanks and without the customary beginning."""
    return _PREFIX.sub("", text_of(name).replace(" ", ""))


@dataclass(slots=True)
class Unit:
    """What a name means: an id, a proposal, or the finding that says why neither."""

    id: int | None = None
    new: str = ""
    finding: Finding | None = None

    @property
    def stored(self) -> int | str:
        return self.id if self.id is not None else f"{NEW}{self.new}"


@dataclass
class Units:
    """The tree as one import sees it: read once, asked by name."""

    run: ImportRun
    names: dict[int, str] = field(default_factory=dict)  # within the scope only
    _here: dict[str, set[int]] = field(default_factory=dict)
    _elsewhere: set[str] = field(default_factory=set)
    _types: dict[int, str] = field(default_factory=dict)
    _known: dict[str, Unit] = field(default_factory=dict)
    _proposed: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        scope = self.run.organization.path
        rows = Organization.objects.filter(status=OrganizationStatus.ACTIVE, closed_on=None)
        for pk, path, name, short_name, org_type in rows.values_list("pk", "path", "name", "short_name", "org_type"):
            spellings = {bare_name(name), bare_name(short_name)} - {""}
            if not path.startswith(scope):
                self._elsewhere |= spellings
                continue
            self.names[pk], self._types[pk] = name, org_type
            for spelling in spellings:
                self._here.setdefault(spelling, set()).add(pk)

    @cached_property
    def may_create(self) -> bool:
        return rights_of(self.run.by).holds_on(Duty.KEEP_TREE, self.run.organization.path)

    def find(self, name: str) -> Unit:
        """Return what ``name`` means."""
        unit = self._known.get(name)
        if unit is None:
            unit = self._known[name] = self._find(bare_name(name))
        if unit.new and unit.new in self._proposed:
            self._proposed[unit.new]["rows"] += 1
        return unit

    def _find(self, name: str) -> Unit:
        found = self._here.get(name, set())
        if len(found) == 1:
            return Unit(id=next(iter(found)))
        if found:
            return Unit(finding=Finding("unit_ambiguous", "unit"))
        if name in self._elsewhere:
            return Unit(finding=Finding("unit_outside", "unit"))
        match = _BRANCH.fullmatch(name)
        if match and self.may_create and len(name) <= 60:
            self._propose(name, match["unit"])
            return Unit(new=name)
        if alike := difflib.get_close_matches(name, self._here, n=1, cutoff=0.75):
            return Unit(finding=Finding("unit_alike", "unit", {"name": alike[0]}))
        return Unit(finding=Finding("unit_unknown", "unit"))

    def _propose(self, name: str, unit: str) -> None:
        """Propose the branch under the unit's committee, and the committee when it is missing too."""
        parent_id, parent = self._parent_of(unit)
        self._proposed[name] = {"name": name, "parent": parent, "parent_id": parent_id, "rows": 0}

    def _parent_of(self, unit: str) -> tuple[int | None, str]:
        for ending in ("党委", "委员会", "党总支", "总支部", ""):
            found = self._here.get(f"{unit}{ending}", set())
            if len(found) == 1:
                pk = next(iter(found))
                return pk, self.names[pk]
        if self.run.organization.org_type != OrganizationType.UNIVERSITY_COMMITTEE:
            return self.run.organization_id, self.run.organization.name
        return None, f"{unit}党委"

    def proposals(self) -> list[dict[str, Any]]:
        return sorted(self._proposed.values(), key=lambda proposal: (proposal["parent"], proposal["name"]))
