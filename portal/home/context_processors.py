"""What every page's shell needs; kept lazy so that pages without the shell pay nothing."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    return {}
