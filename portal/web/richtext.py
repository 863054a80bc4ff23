"""Make typed or pasted HTML safe to store and show: a short list of tags, pictures of our own only."""

import re

import nh3

TAGS = {
    "p", "br", "h2", "h3", "h4", "strong", "b", "em", "i", "u", "s", "sub", "sup", "blockquote", "ul", "ol", "li", "a",
    "hr", "table", "caption", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "img", "pre", "code",
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start", "type"},
}
# Only what the files door hands out may be shown: no foreign host learns who reads.
_OWN_PICTURE = re.compile(r"/files/(pictures/)?[0-9a-f-]{36}/[^/?#\\]{1,200}\Z")
_NUMBER = re.compile(r"\d{1,4}\Z")
_EMPTY = re.compile(r"<(p|h2|h3|h4|li)>(?:\s|&nbsp;|\u00a0|\u3000|<br>)*</\1>")
_INDENT = re.compile(r"<p>(?:&nbsp;|\u00a0|\u3000|\s)+")
_HEADING_1 = re.compile(r"<(/?)h1\b", re.IGNORECASE)
_NO_PICTURE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")


def _keep(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src":
        return value if _OWN_PICTURE.match(value) else None
    if attribute in ("colspan", "rowspan", "start", "width", "height"):
        return value if _NUMBER.match(value) else None
    return value


def clean(html: str) -> str:
    """Return ``html`` reduced to what a text needs.

    Scripts, styles, forms, frames, handlers, classes and foreign pictures go, and so does what word processors add:
    comments, empty paragraphs, and spaces that stand for an indent. A first-level heading becomes a second-level one.
    """
    text = nh3.clean(
        _HEADING_1.sub(r"<\1h2", html.replace("\x00", "")),
        tags=TAGS,
        clean_content_tags={"script", "style", "template", "noscript", "iframe", "svg", "math", "title", "xml"},
        attributes=ATTRIBUTES,
        attribute_filter=_keep,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    text = _INDENT.sub("<p>", _NO_PICTURE.sub("", text))
    return _EMPTY.sub("", text).strip()
