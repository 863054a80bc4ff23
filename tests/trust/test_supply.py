"""T-72: no secret in the tree, and a current list of what the portal is made of and under which licences."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from commands import bill

ROOT = Path(__file__).resolve().parents[2]

# Spelled so that this file does not find itself.
SECRETS = {
    "private key": r"-----BEGIN (?:[A-Z]+ )?PRIVATE" + " KEY-----",
    "AWS key": r"\bAKIA" + r"[0-9A-Z]{16}\b",
    "GitHub token": r"\bgh[pousr]_" + r"[A-Za-z0-9]{36}|\bgithub_pat_" + r"[A-Za-z0-9_]{60}",
    "GitLab token": r"\bglpat-" + r"[A-Za-z0-9_-]{20}\b",
    "Slack token": r"\bxox[abprs]-" + r"[A-Za-z0-9-]{20}",
    "Google key": r"\bAIza" + r"[A-Za-z0-9_-]{35}\b",
    "Aliyun key": r"\bLTAI" + r"[A-Za-z0-9]{20}\b",
    "Tencent key": r"\bAKID" + r"[A-Za-z0-9]{32}\b",
    "JSON web token": r"\beyJ[A-Za-z0-9_-]{15,}\.eyJ" + r"[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{15,}",
    "password in an address": r"\b(?:postgres(?:ql)?|redis|mysql|amqp|smtp)://[^\s:/@{}]*:" + r"[^\s/@{}]{6,}@",
    "setting of a secret": r"(?m)^\s*(?:export )?PORTAL_(?:SECRET|FIELD|INDEX)_KEYS?[ \t]*=[ \t]*[A-Za-z0-9+/_-]{16,}",
}
# What looks like one and is none: the word in it says so.
EXAMPLES = re.compile(r"password|example|secret|change|test", re.I)
FORBIDDEN_NAMES = re.compile(
    r"(?:^|/)(?:\.env|portal\.env|id_(?:rsa|ed25519|ecdsa)|[^/]+\.(?:pem|key|p12|pfx|sqlite3))$"
)


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout of git")
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def secrets_in(text: str) -> list[str]:
    return [
        kind
        for kind, pattern in SECRETS.items()
        for found in re.finditer(pattern, text)
        if not EXAMPLES.search(found.group().partition("KEY")[2] or found.group())
    ]


def test_no_secret_is_kept_in_the_tree():
    found = []
    for name in tracked():
        content = (ROOT / name).read_bytes()
        if b"\0" not in content[:8000]:
            found += [f"{name}: {kind}" for kind in secrets_in(content.decode("utf-8", "replace"))]
    assert found == []


def test_no_file_of_keys_or_data_is_kept_in_the_tree():
    assert [name for name in tracked() if FORBIDDEN_NAMES.search(name)] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("-----BEGIN RSA PRIVATE" + " KEY-----", "private key"), ("AKIA" + "A1B2" * 4, "AWS key"),
        ("ghp_" + "a1B2" * 9, "GitHub token"), ("LTAI" + "a1B2c" * 4, "Aliyun key"),
        ("redis://:" + "9f8e7d6c5b4a@10.0.0.1/0", "password in an address"),
        ("PORTAL_SECRET_KEY=" + "a1B2" * 9, "setting of a secret"),
    ],
)  # fmt: skip
def test_scan_finds_what_it_looks_for(text, kind):
    assert secrets_in(text) == [kind]


def test_lists_of_licences_and_materials_are_current():
    found = bill.parts()
    assert bill.LICENCES.read_text(encoding="utf-8") == bill.licences(found)
    assert bill.BILL.read_text(encoding="utf-8") == bill.bill(found)


def test_lists_name_every_pin_and_everything_vendored():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = {line.split("==")[0].split("[")[0] for line in lines if "==" in line}
    folders = {path.name for path in bill.VENDOR.iterdir() if path.is_dir()}
    named = {part["name"] for part in json.loads(bill.BILL.read_text(encoding="utf-8"))["components"]}
    assert named == wanted | folders
    assert {part.licence for part in bill.parts()} & {"", "not declared"} == set()


def test_what_runs_on_the_server_has_no_licence_that_binds_the_portal():
    """Weak copyleft of a library that is only linked is fine; the tools of the tests never leave the workshop."""
    strong = re.compile(r"(?<!L)\b(?:A?GPL|SSPL|BUSL)")
    assert [part.name for part in bill.parts() if part.needed_for != "tests" and strong.search(part.licence)] == []


def test_lint_asks_for_dangerous_calls():
    """Ruff's S rules are bandit's; they run in the lint stage of bin/test."""
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    assert "S" in lint["select"] + lint.get("extend-select", [])
