"""T-70 to T-74: production settings, cookies, foreign hosts, shipped accounts, robots."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROBE = """
import django; django.setup()
from django.test import Client
from django.core.management import call_command
call_command("migrate", verbosity=0)
client = Client(headers={"X-Forwarded-Proto": "https", "Host": "portal.example.edu"})
for path in ("/", "/accounts/login/", "/nowhere/", "/robots.txt", "/news/"):
    response = client.get(path)
    for name, value in response.headers.items():
        print("HEADER", path, response.status_code, name, value, sep="|")
    for cookie in response.cookies.values():
        print("COOKIE", path, cookie.key, cookie.OutputString(), sep="|")
plain = Client(headers={"Host": "portal.example.edu"}).get("/accounts/login/")
print("PLAIN", plain.status_code, plain.headers.get("Location"), sep="|")
print("HOST", Client(headers={"Host": "evil.example", "X-Forwarded-Proto": "https"}).get("/").status_code, sep="|")
from portal.accounts.models import User
print("ACCOUNTS", User.objects.count(), sep="|")
"""


@pytest.fixture(scope="module")
def production(tmp_path_factory) -> dict[str, str]:
    """Return the environment of an installation behind TLS, with an empty database of its own."""
    data = tmp_path_factory.mktemp("data")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "DATABASE", "REDIS"))}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "portal.settings", "PORTAL_DATA": str(data), "PORTAL_HTTPS": "true",
        "PORTAL_SECRET_KEY": "k" * 20 + "0123456789abcdefghijABCDEFGHIJ-_" + "z" * 20, "PORTAL_FIELD_KEYS": "field-key",
        "PORTAL_INDEX_KEY": "index-key", "PORTAL_HOSTS": "portal.example.edu", "PORTAL_ADDRESS": "https://portal.example.edu",
        "EMAIL_URL": "memorymail://",
    }  # fmt: skip


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture(scope="module")
def probe(production) -> list[list[str]]:
    made = run(production, "manage.py", "collectstatic", "--noinput", "-v0")
    assert made.returncode == 0, made.stderr
    made = run(production, "-c", PROBE)
    assert made.returncode == 0, made.stderr
    return [line.split("|") for line in made.stdout.splitlines() if "|" in line]


def test_deployment_check_finds_nothing(production):
    """T-72."""
    made = run(production, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert (made.returncode, "no issues (0 silenced)" in made.stdout + made.stderr) == (0, True), made.stderr


HEADERS = {
    "Strict-Transport-Security": r"max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": r".*camera=\(\).*",
    "Content-Security-Policy": r".*default-src 'none'.*",
}


@pytest.mark.parametrize("name", HEADERS)
def test_headers_of_production(probe, name):
    found = {row[1]: row[4] for row in probe if row[0] == "HEADER" and row[3] == name}
    assert set(found) == {"/", "/accounts/login/", "/nowhere/", "/robots.txt", "/news/"}
    assert [path for path, value in found.items() if not re.fullmatch(HEADERS[name], value)] == []


def test_policy_of_content_allows_no_inline_and_no_foreign_source(probe):
    for row in probe:
        if row[0] == "HEADER" and row[3] == "Content-Security-Policy":
            assert "unsafe" not in row[4] and "http" not in row[4] and "*" not in row[4]
            for directive in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
                assert directive in row[4]


def test_no_header_tells_what_runs(probe):
    assert [row for row in probe if row[0] == "HEADER" and row[3].lower() in ("server", "x-powered-by", "via")] == []


def test_cookies_of_production(probe):
    cookies = {row[2]: row[3] for row in probe if row[0] == "COOKIE"}
    assert cookies and all(name.startswith("__Host-") for name in cookies if "lang" not in name)
    for text in cookies.values():
        assert "Secure" in text and "SameSite=" in text and "Domain=" not in text
        assert "HttpOnly" in text


def test_plain_http_is_sent_to_tls_and_a_foreign_host_refused(probe):
    rows = {row[0]: row[1:] for row in probe if row[0] in ("PLAIN", "HOST")}
    assert rows == {"PLAIN": ["301", "https://portal.example.edu/accounts/login/"], "HOST": ["400"]}


def test_fresh_installation_has_no_account(probe):
    """T-73."""
    assert [row for row in probe if row[0] == "ACCOUNTS"] == [["ACCOUNTS", "0"]]


def test_practice_accounts_are_refused_outside_practice_mode(production):
    made = run(production, "manage.py", "practice")
    assert made.returncode != 0
    assert run(production, "-c", "import django; django.setup()\nfrom portal.accounts.models import User\n"
               "import sys; sys.exit(User.objects.count())").returncode == 0  # fmt: skip


def test_production_without_secrets_does_not_start(production):
    for name in ("PORTAL_SECRET_KEY", "PORTAL_INDEX_KEY"):
        bare = {key: value for key, value in production.items() if key != name}
        made = run(bare, "manage.py", "check")
        assert (made.returncode != 0, name in made.stderr) == (True, True)


FOREIGN = re.compile(r"""(?:src|href|action|srcset)=["'](?:https?:)?//|@import\s+["'(]|url\(\s*["']?(?:https?:)?//""")


def test_templates_and_styles_load_nothing_foreign():
    """T-71: campus networks are often closed, and no visit is told to anybody."""
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for folder, kinds in (("templates", ("*.html",)), ("static", ("*.css", "*.html", "*.svg")))
        for kind in kinds
        for path in (ROOT / folder).rglob(kind)
        for match in FOREIGN.finditer(path.read_text(encoding="utf-8"))
        if "w3.org" not in match.group()
    ]
    assert found == []


def test_own_scripts_ask_no_foreign_host():
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in (ROOT / "static" / "js").rglob("*.js")
        for match in re.finditer(r"""["'`]https?://(?!www\.w3\.org)[^"'`]+""", path.read_text(encoding="utf-8"))
    ]
    assert found == []
