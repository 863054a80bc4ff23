"""How a paper is sent: as a file to keep, never stored on the way."""

from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from .services import Format, render


def paper_response(code: str, facts: Any, *, format: Format | str, name: str) -> HttpResponse:
    """Answer with the paper as a download called ``name`` (any language, without its ending); raises as ``render``."""
    kind = Format(format)
    return HttpResponse(
        render(code, facts, format=kind),
        content_type=kind.content_type,
        headers={
            "Content-Disposition": content_disposition_header(True, f"{name}.{kind}"),
            "Cache-Control": "no-store",
        },
    )
