"""Put an article's pictures into its text, where the author marked the place."""

import html as html_module
import re
from collections.abc import Sequence

from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString

from portal.files.models import StoredFile
from portal.files.rules import RENDITIONS

_WIDE = RENDITIONS["wide"]
# A paragraph of its own that names a picture by its number, with or without a caption: [picture 1], [图1：会场].
_SHOWN = re.compile(r'<img\b[^>]*\bsrc="/files/(?:pictures/)?([0-9a-f-]{36})/[^"]*"[^>]*>')
_ALT = re.compile(r'\balt="([^"]*)"')
_MARK = re.compile(
    r"<p>\s*[\[【]\s*(?:picture|图片?)\s*(\d{1,2})\s*(?:[:：]\s*([^<>\]】]{1,200}?)\s*)?[\]】]\s*</p>", re.IGNORECASE
)
_BLOCK_END = re.compile(r"</(?:p|h2|h3|h4|li|td|th|tr|blockquote|figure|figcaption)>|<br>")


def place_pictures(html: str, pictures: Sequence[StoredFile]) -> str:
    """Return cleaned ``html`` with each mark replaced by its picture; a mark without a picture stays as typed."""

    def figure(mark: re.Match[str]) -> str:
        number = int(mark[1])
        if not 0 < number <= len(pictures):
            return mark[0]
        return figure_of(pictures[number - 1], caption=html_module.unescape(mark[2] or ""))

    known = {str(picture.token): picture for picture in pictures}

    def sized(image: re.Match[str]) -> str:
        if image[1] not in known:
            return image[0]
        words = _ALT.search(image[0])
        return image_of(known[image[1]], html_module.unescape(words[1]) if words else "")

    return _MARK.sub(figure, _SHOWN.sub(sized, html))


def figure_of(picture: StoredFile, *, caption: str = "") -> SafeString:
    """Return the picture with its caption, which is also what is read aloud in its place."""
    caption = caption or picture.caption
    below = format_html("<figcaption>{}</figcaption>", caption) if caption else ""
    return format_html("<figure>{}{}</figure>", image_of(picture, caption), below)


def image_of(picture: StoredFile, words: str) -> SafeString:
    """Return the picture at reading size; width and height keep the page from jumping while it loads."""
    width, height = picture.width or _WIDE, picture.height or _WIDE
    scale = min(1.0, _WIDE / max(width, height))
    return format_html(
        '<img src="{}" alt="{}" width="{}" height="{}">',
        picture.rendition_url("wide"), words, round(width * scale), round(height * scale),
    )


def beginning_of(html: str, *, limit: int = 120) -> str:
    """Return the first words of a cleaned text, without its pictures: what a list shows when nobody wrote a summary."""
    text = strip_tags(_BLOCK_END.sub(r"\g<0> ", _MARK.sub("", html)))
    return " ".join(html_module.unescape(text).split())[:limit]
