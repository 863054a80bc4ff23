"""The shape of a saving as it arrives, from script as JSON or from a page that closes as a form."""

import json
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.web.refusals import RuleError

from .services import MAX_BYTES

# A batch of a hundred people has some twenty fields for each; what all of it may weigh is ``MAX_BYTES``.
MAX_FIELDS = 2500
_OURS = {"csrfmiddlewaretoken", "draft_version", "draft_device", "draft_sequence"}


@dataclass(frozen=True, slots=True)
class Saving:
    """Fields typed so far, each a text or a list of texts, with the page's own counters."""

    data: dict[str, str | list[str]]
    version: int
    device: str
    sequence: int


def read_saving(request: HttpRequest) -> Saving:
    """Return what the page sent; raise ``RuleError`` when it is too large or has another shape."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > 2 * MAX_BYTES:
        raise RuleError(_("The text is too long to be kept as a draft. Shorten it or divide it."))
    try:
        if request.content_type == "application/json":
            sent = json.loads(request.body)
            data, version = sent["data"], int(sent.get("version") or 0)
            device, sequence = str(sent.get("device") or ""), int(sent.get("sequence") or 0)
        else:
            version, device = int(request.POST.get("draft_version") or 0), request.POST.get("draft_device", "")
            sequence = int(request.POST.get("draft_sequence") or 0)
            data = {
                name: values[0] if len(values) == 1 else values
                for name, values in request.POST.lists()
                if name not in _OURS
            }
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise RuleError(_("The draft could not be read.")) from error
    if not _is_flat(data) or version < 0 or sequence < 0:
        raise RuleError(_("The draft could not be read."))
    return Saving(data=data, version=version, device=device, sequence=sequence)


def _is_flat(data: object) -> bool:
    """Say whether ``data`` maps names to texts or lists of texts, free of what a database refuses (NUL, half marks)."""
    if not isinstance(data, dict) or len(data) > MAX_FIELDS:
        return False
    texts: list[object] = list(data)
    for value in data.values():
        texts += value if isinstance(value, list) else [value]
    return all(_is_text(text) for text in texts)


def _is_text(text: object) -> bool:
    if not isinstance(text, str) or "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
