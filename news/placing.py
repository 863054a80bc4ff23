"""Put an article's pictures into its text, where the author marked the place."""

import html as html_module
import re
from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.files.models import StoredFile
from portal.files.rules import RENDITIONS

_WIDE = RENDITIONS["wide"]
# A paragraph of its own that names a picture by its number: [picture 1], [图1], [图片 1].
_SHOWN = re.compile(r'<img\b[^>]*\bsrc="/files/(?:pictures/)?([0-9a-f-]{36})/[^"]*"[^>]*>')
_ALT = re.compile(r'\balt="([^"]*)"')
_MARK = re.compile(r"<p>\s*[\[【]\s*(?:picture|图片?)\s*(\d{1,2})\s*[\]】]\s*</p>", re.IGNORECASE)


def place_pictures(html: str, pictures: Sequence[StoredFile]) -> str:
    """Return cleaned ``html`` with each mark replaced by its picture; a mark without a picture stays as typed."""

    def figure(mark: re.Match[str]) -> str:
        number = int(mark[1])
        return figure_of(pictures[number - 1]) if 0 < number <= len(pictures) else mark[0]

    known = {str(picture.token): picture for picture in pictures}

    def sized(image: re.Match[str]) -> str:
        if image[1] not in known:
            return image[0]
        words = _ALT.search(image[0])
        return image_of(known[image[1]], html_module.unescape(words[1]) if words else "")

    return _MARK.sub(figure, _SHOWN.sub(sized, html))


def figure_of(picture: StoredFile) -> SafeString:
    """Return the picture with its caption."""
    caption = format_html("<figcaption>{}</figcaption>", picture.caption) if picture.caption else ""
    return format_html("<figure>{}{}</figure>", image_of(picture, picture.caption), caption)


def image_of(picture: StoredFile, words: str) -> SafeString:
    """Return the picture at reading size; width and height keep the page from jumping while it loads."""
    width, height = picture.width or _WIDE, picture.height or _WIDE
    scale = min(1.0, _WIDE / max(width, height))
    return format_html(
        '<img src="{}" alt="{}" width="{}" height="{}">',
        picture.rendition_url("wide"), words, round(width * scale), round(height * scale),
    )
