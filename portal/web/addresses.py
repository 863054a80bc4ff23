"""Addresses of pages without looking through the routes again for each row of a list."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

# What stands for numbers while an address is taken apart; no route names such a number itself.
_STAND_INS = (7_310_450_017, 7_310_450_029, 7_310_450_033)


def address(name: str, *args: Any, current_app: str | None = None) -> str:
    """Return what ``django.urls.reverse`` returns for ``name`` and ``args``; raise ``NoReverseMatch`` as it does.

    An address whose arguments are keys is put together from its pieces, which each process finds once.
    """
    pieces = None
    if len(args) <= len(_STAND_INS) and all(type(arg) is int and arg >= 0 for arg in args):
        pieces = _pieces(name, len(args), current_app, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
    if pieces is None:
        return reverse(name, args=args, current_app=current_app)
    written = [pieces[0]]
    for arg, piece in zip(args, pieces[1:], strict=True):
        written += (str(arg), piece)
    return "".join(written)


@lru_cache(maxsize=4096)
def _pieces(name: str, numbers: int, current_app: str | None, urlconf: str, prefix: str) -> tuple[str, ...] | None:
    """Return what stands before, between and behind the numbers of a route; ``None`` for one that asks for others."""
    given = _STAND_INS[:numbers]
    try:
        rest = reverse(name, args=given, current_app=current_app)
    except NoReverseMatch:
        if not numbers:
            raise
        return None
    found = []
    for number in given:
        before, mark, rest = rest.partition(str(number))
        if not mark or str(number) in rest:
            return None
        found.append(before)
    return (*found, rest)
