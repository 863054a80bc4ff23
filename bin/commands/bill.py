"""Write what the portal is made of: licences for people, and a bill of materials for scanners.

They go to docs/licences.md and deploy/sbom.cdx.json.

Read from requirements.txt, from what is installed of it, and from static/vendor. ``--check`` says whether both files
are current; ``--installed`` prints every installed package, those that others brought along included.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions

from commands.machine import ROOT

LICENCES = ROOT / "docs" / "licences.md"
BILL = ROOT / "deploy" / "sbom.cdx.json"
VENDOR = ROOT / "static" / "vendor"
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;#]+)")
HEADING = re.compile(r"^# --- (\w+)")
# For development and tests alone: nothing of it runs where people sign in.
TESTS = "Tests"


@dataclass(frozen=True, slots=True)
class Part:
    """One package: what it is called, in which version, under which licence, and what it is needed for."""

    name: str
    version: str
    licence: str
    needed_for: str
    kind: str = "pypi"

    @property
    def purl(self) -> str:
        name = re.sub(r"[-_.]+", "-", self.name).lower() if self.kind == "pypi" else self.name
        return f"pkg:{self.kind}/{name}@{self.version}"


def pins() -> Iterator[tuple[str, str, str]]:
    """Yield name, version and section of each line of requirements.txt."""
    section = ""
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if heading := HEADING.match(line):
            section = heading[1]
        elif found := PIN.match(line):
            yield found[1], found[2], section


def licence_of(found: Distribution) -> str:
    """Return the licence a package declares: its expression, else its classifiers, else the first line of its text."""
    said = found.metadata
    if expression := said.get("License-Expression"):
        return str(expression)
    classifiers = [line.split(" :: ")[-1] for line in said.get_all("Classifier") or [] if line.startswith("License ::")]
    if named := sorted({name for name in classifiers if name != "OSI Approved"}):
        return ", ".join(named)
    text = str(said.get("License") or "").strip()
    return text.splitlines()[0][:80] if text else "not declared"


def vendored() -> Iterator[Part]:
    """Yield what lies in static/vendor, with the licence that lies beside it."""
    listed = (VENDOR / "VERSIONS.md").read_text(encoding="utf-8")
    for name, version in re.findall(r"^- (\S+) (\S+)$", listed, re.M):
        text = (VENDOR / name / "LICENSE").read_text(encoding="utf-8")
        licence = "MIT" if "Permission is hereby granted, free of charge" in text else text.splitlines()[0].strip()
        yield Part(name, version, licence, "browser", "npm")


def parts() -> list[Part]:
    """Return everything pinned or vendored; raise ``LookupError`` for a pin that is not installed as it says."""
    found = []
    for name, version, section in pins():
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            raise LookupError(f"{name} is not installed: run the set-up first") from None
        if installed.version != version:
            raise LookupError(f"{name} is installed as {installed.version}, pinned as {version}")
        found.append(Part(name, version, licence_of(installed), "tests" if section == TESTS else "server"))
    return sorted([*found, *vendored()], key=lambda part: (part.needed_for, part.name.lower()))


def licences(found: list[Part]) -> str:
    """Return the list for people."""
    rows = "".join(f"| {part.name} | {part.version} | {part.licence} | {part.needed_for} |\n" for part in found)
    return (
        "# Licences of what the portal is made of\n\nWritten by `bin/bill`; do not edit. Licences as the packages"
        " declare them.\n\n| package | version | licence | needed for |\n|---|---|---|---|\n" + rows
    )


def bill(found: list[Part]) -> str:
    """Return the same in CycloneDX 1.5."""
    components = [
        {
            "type": "library", "bom-ref": part.purl, "name": part.name, "version": part.version, "purl": part.purl,
            "scope": "excluded" if part.needed_for == "tests" else "required",
            "licenses": [{"license": {"name": part.licence}}],
        }
        for part in found
    ]  # fmt: skip
    about = {"component": {"type": "application", "name": "party-building-portal"}}
    told = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": about, "components": components}
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bill", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say whether the files are current")
    parser.add_argument("--installed", action="store_true", help="print every installed package")
    arguments = parser.parse_args()
    if arguments.installed:
        everything = sorted(distributions(), key=lambda one: one.name.lower())
        print("".join(f"{one.name} {one.version}  {licence_of(one)}\n" for one in everything), end="")
        return 0
    try:
        found = parts()
    except LookupError as fault:
        print(fault, file=sys.stderr)
        return 1
    wanted = {LICENCES: licences(found), BILL: bill(found)}
    if arguments.check:
        stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not current: run bin/bill", file=sys.stderr)
        return 1 if stale else 0
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {len(found)} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
