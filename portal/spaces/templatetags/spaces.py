"""Filters of the pages of a space."""

from django import template
from django.utils.safestring import SafeString

from portal.files.models import StoredFile

from ..texts import shown

register = template.Library()


@register.filter
def as_shown(text: str) -> SafeString:
    """Draw plain text: paragraphs, lines and links, nothing else as markup."""
    return shown(text)


@register.filter
def rendition(file: StoredFile, size: str) -> str:
    """Return the address of a smaller form of a picture."""
    return file.rendition_url(size)
