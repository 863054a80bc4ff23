"""What somebody typed into a form that could not be taken: where it was sent from, and the texts to be copied."""

from urllib.parse import urlsplit, urlunsplit

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError

# Shorter answers are chosen or typed again at once.
WORTH_KEEPING = 20
SECRETS = ("password", "token", "secret", "code")


def sent_from(request: HttpRequest) -> str:
    """Return the page of this site that the request was sent from; empty when that is unknown, or another site's."""
    origin = urlsplit(request.headers.get("Referer", ""))
    if origin.netloc != request.get_host() or not origin.path.startswith("/"):
        return ""
    return urlunsplit(("", "", own_path(origin.path), origin.query, ""))


def own_path(path: str) -> str:
    """Return ``path`` so that no browser reads the name of another host at its start."""
    return "/" + path.lstrip("/\\")


def typed_texts(request: HttpRequest) -> list[str]:
    """Return the longer texts of a form of this site, in their order; what another site sent is shown to nobody."""
    if request.method != "POST" or not sent_from(request):
        return []
    try:
        fields = list(request.POST.lists())
    except (SuspiciousOperation, UnreadablePostError):
        return []
    return [
        text
        for name, texts in fields
        for text in texts
        if len(text.strip()) >= WORTH_KEEPING and not any(secret in name.lower() for secret in SECRETS)
    ]
