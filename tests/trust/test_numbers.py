"""The page of a failure shows a number, and the log of that failure carries the same one."""

import io
import logging
import re

import pytest
from django.conf import settings
from django.test import Client

from portal.audit.context import NumberFilter
from portal.web import pages
from portal.web.logs import LineFormatter

NUMBER = re.compile(r"[0-9a-f]{16}")


@pytest.fixture
def log():
    """Return what the log of an installation would hold: its own format and filter."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    shape = settings.LOGGING["formatters"]["line"]
    handler.setFormatter(LineFormatter(shape["format"], style=shape["style"]))
    handler.addFilter(NumberFilter())
    logging.getLogger().addHandler(handler)
    yield text
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def broken(monkeypatch):
    def fail() -> str:
        raise RuntimeError("Nobody foresaw this.")

    monkeypatch.setattr(pages, "site_name", fail)
    return Client(raise_request_exception=False)


@pytest.mark.logs_errors
def test_number_of_a_failure_stands_on_the_page_and_in_the_log(db, broken, log):
    numbers = set()
    for _turn in range(2):
        log.truncate(log.seek(0))
        page = broken.get("/manifest.webmanifest")
        assert page.status_code == 500
        (number,) = set(NUMBER.findall(page.content.decode()))
        lines = [line for line in log.getvalue().splitlines() if "Nobody foresaw this." in line]
        assert lines and all(f" {number} " in line for line in lines)
        numbers.add(number)
    assert len(numbers) == 2


def test_line_outside_a_request_carries_a_dash(log):
    logging.getLogger("portal").warning("By itself")
    assert " WARNING portal - By itself" in log.getvalue()


def test_number_is_not_taken_from_the_browser(db, broken, log):
    response = Client().get("/about/", headers={"X-Request-ID": "forged"})
    assert response.wsgi_request.id != "forged"
    assert NUMBER.fullmatch(response.wsgi_request.id)
