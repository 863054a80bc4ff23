"""One event, one line: what a log reader may rely on."""

import logging
import re
import time

# Control characters, and the separators that some readers take for the end of a line.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def one_line(text: str) -> str:
    """Return ``text`` with every control character spelled out, so that no input can forge a second line."""
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


class LineFormatter(logging.Formatter):
    """Write each record, its traceback included, as a single line that begins with the time in UTC."""

    converter = time.gmtime
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        return one_line(super().format(record))
