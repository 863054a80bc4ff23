"""One event is one line, whatever a name or a traceback holds."""

import logging
import sys

import pytest

from portal.web.logs import LineFormatter


def written(message: str, *arguments: object, exc_info: object = None) -> str:
    record = logging.LogRecord("portal", logging.WARNING, __file__, 1, message, arguments, exc_info)  # type: ignore[arg-type]
    record.created, record.msecs = 1_790_000_000.5, 500.0
    return LineFormatter("{asctime} {levelname} {name} {message}", style="{").format(record)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张三"),
        ("a\nERROR forged", r"a\nERROR forged"),
        ("a\r\x1b[2Jb", r"a\r\x1b[2Jb"),
        ("a\u2028b\u0085c", r"a\u2028b\x85c"),
    ],
)
def test_line_formatter_spells_out_control_characters(name: str, shown: str) -> None:
    assert written("by %s", name) == f"2026-09-21T14:13:20.500Z WARNING portal by {shown}"


def test_line_formatter_keeps_a_traceback_in_its_line() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        line = written("failed", exc_info=sys.exc_info())
    assert line.count("\n") == 0
    assert line.endswith(r"ValueError: two\nlines")
