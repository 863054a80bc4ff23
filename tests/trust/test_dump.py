"""T-31: whoever steals database, uploads and logs finds no identity number, no mobile and no password in clear."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from members.models import Member
from members.rules import id_fault
from portal.encryption.crypto import blind_index
from tests.access.ground import ID_NUMBERS, MOBILES, STAGED_MOBILE, STAGED_NUMBER

NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
PASSWORD = "correct horse battery staple"


def dump() -> str:
    """Return every value of every column of every table as text."""
    texts: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                texts.extend(f"{table}: {value}" for value in row if isinstance(value, str | bytes | dict | list))
    return "\n".join(texts)


def leaks(text: str) -> list[str]:
    """Return the lines that hold a number which somebody could be found by, or the password."""
    found = []
    for line in text.splitlines():
        numbers = [number for number in NUMBER.findall(line) if not id_fault(number.upper(), on=timezone.localdate())]
        mobiles = set(MOBILE.findall(line)) & {*MOBILES.values(), STAGED_MOBILE}
        if numbers or mobiles or PASSWORD in line:
            found.append(line[:200])
    return found


@pytest.fixture
def lived_in(ground, clients):
    """Let people sign in, look, reveal, search and export before the theft."""
    user = ground.world.user("author")
    user.set_password(PASSWORD)
    user.save()
    browser = ground.world.client(None)
    browser.post(reverse("account_login"), {"login": user.number, "password": PASSWORD})
    browser.post(reverse("account_login"), {"login": "nobody", "password": PASSWORD})
    member = ground.plots["branch"]["member"]
    secretary = clients["secretary"]
    for field in ("id_no", "mobile"):
        secretary.post(reverse("members:member-reveal", args=[member.pk, field]), {"reason": "Asked by the office."})
    secretary.get(reverse("members:member-list"), {"q": ID_NUMBERS["branch"]})
    secretary.get(reverse("search:search"), {"q": MOBILES["branch"]})
    secretary.post(reverse("members:member-export"))
    clients["author"].post(reverse("members:my-record-open"))
    clients["secretary"].post(
        reverse("members:member-edit", args=[member.pk]), {"version": member.version, "id_no": ID_NUMBERS["far_branch"]}
    )
    return ground


@pytest.mark.parametrize("text", [*ID_NUMBERS.values(), *MOBILES.values(), STAGED_NUMBER, f"x{PASSWORD}x"])
def test_the_search_itself_finds_what_it_looks_for(text):
    assert leaks(f"a line: {text};") == [f"a line: {text};"]


def test_database_tells_nobody_apart_by_number(lived_in):
    assert leaks(dump()) == []


def test_files_and_caches_hold_no_number_in_clear(lived_in):
    found = [
        path
        for folder in (settings.MEDIA_ROOT, settings.DATA_DIR if hasattr(settings, "DATA_DIR") else settings.BASE_DIR)
        for path in _files(Path(folder))
        if leaks(path.read_bytes().decode("latin-1"))
    ]
    assert found == []


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size < 5_000_000]


def test_people_are_still_found_by_their_number(lived_in):
    member = Member.objects.get(id_no_index=blind_index(ID_NUMBERS["branch"]))
    assert (member.id_no, member.mobile) == (ID_NUMBERS["branch"], MOBILES["branch"])


def test_log_holds_no_number(lived_in, clients, caplog):
    """T-34: what a request says of a person stays out of the log."""
    caplog.set_level(0)
    clients["secretary"].get(reverse("members:member-list"), {"q": ID_NUMBERS["branch"]})
    clients["secretary"].get(f"/nowhere/{lived_in.plots['branch']['member'].pk}/")
    member = lived_in.plots["branch"]["member"]
    clients["peer"].get(reverse("members:member-detail", args=[member.pk]))
    assert leaks(caplog.text) == []
    assert "Author" not in caplog.text
