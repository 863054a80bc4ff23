"""Put an article's pictures into its text, where the author marked the place."""

import re
from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.files.models import StoredFile

# A paragraph of its own that names a picture by its number: [picture 1], [图1], [图片 1].
_MARK = re.compile(r"<p>\s*[\[【]\s*(?:picture|图片?)\s*(\d{1,2})\s*[\]】]\s*</p>", re.IGNORECASE)


def place_pictures(html: str, pictures: Sequence[StoredFile]) -> str:
    """Return cleaned ``html`` with each mark replaced by its picture; a mark without a picture stays as typed."""

    def figure(mark: re.Match[str]) -> str:
        number = int(mark[1])
        return figure_of(pictures[number - 1]) if 0 < number <= len(pictures) else mark[0]

    return _MARK.sub(figure, html)


def figure_of(picture: StoredFile) -> SafeString:
    """Return the picture at reading size with its caption; width and height keep the page from jumping."""
    wide = 1280
    width, height = picture.width or wide, picture.height or wide
    scale = min(1.0, wide / max(width, height))
    image = format_html(
        '<img src="{}" alt="{}" width="{}" height="{}">',
        picture.rendition_url("wide"), picture.caption, round(width * scale), round(height * scale),
    )
    caption = format_html("<figcaption>{}</figcaption>", picture.caption) if picture.caption else ""
    return format_html("<figure>{}{}</figure>", image, caption)
