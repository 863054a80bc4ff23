"""Tags and filters of every template: icons, due dates, addresses with one parameter changed. Loaded as a builtin."""

from datetime import date, datetime
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from django import template
from django.core.paginator import Page
from django.middleware.csrf import get_token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.templatetags.static import StaticNode, static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal.web.addresses import address

register = template.Library()

SOON_DAYS = 3
STATUS_ICONS = {
    "success": "check-circle", "waiting": "hourglass-split", "warning": "exclamation-triangle",
    "danger": "exclamation-octagon", "info": "info-circle", "neutral": "circle",
}  # fmt: skip


@lru_cache(maxsize=512)
def _address_of(path: str) -> str:
    """Return the address of a static file; it does not change while a process runs, and a page asks for a dozen."""
    return static(path)


class StaticFile(StaticNode):
    """Django's tag, remembering."""

    @classmethod
    def handle_simple(cls, path: str) -> str:
        return _address_of(path)


@register.tag(name="static")
def static_file(parser: template.base.Parser, token: template.base.Token) -> StaticFile:
    return StaticFile.handle_token(parser, token)


class Address(URLNode):
    """Django's tag, but for positional arguments the routes are looked through once for a process."""

    def render(self, context: template.Context) -> str:
        if self.kwargs:
            return super().render(context)
        request = getattr(context, "request", None)
        match = getattr(request, "resolver_match", None)
        current_app = getattr(request, "current_app", match.namespace if match else None)
        found = ""
        try:
            args = (arg.resolve(context) for arg in self.args)
            found = address(self.view_name.resolve(context), *args, current_app=current_app)
        except NoReverseMatch:
            if self.asvar is None:
                raise
        if self.asvar:
            context[self.asvar] = found
            return ""
        return conditional_escape(found) if context.autoescape else found


@register.tag
def url(parser: template.base.Parser, token: template.base.Token) -> Address:
    node = django_url(parser, token)
    return Address(node.view_name, node.args, node.kwargs, node.asvar)


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """Draw an icon of the sprite; without ``label`` it is decoration and silent. ``size`` is ``"lg"`` or ``"xl"``."""
    return _picture(name, str(label), size)


@lru_cache(maxsize=1024)
def _picture(name: str, label: str, size: str) -> SafeString:
    address = f"{_address_of('img/icons.svg')}#{name}"
    css = f"icon icon-{size}" if size else "icon"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, address)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, address)


def _day(value: date | datetime | None) -> date | None:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value if isinstance(value, date) else None


@register.filter(name="due")
def due_words(value: date | datetime | None) -> str:
    """Say how far a day is away and which day it is: ``3 days left (2026-06-15)``; empty for no day."""
    day = _day(value)
    if day is None:
        return ""
    left = (day - timezone.localdate()).days
    words = {"day": date_format(day, "SHORT_DATE_FORMAT"), "count": abs(left)}
    if left < 0:
        return ngettext("%(count)d day overdue (%(day)s)", "%(count)d days overdue (%(day)s)", -left) % words
    if left == 0:
        return _("Due today (%(day)s)") % words
    return ngettext("%(count)d day left (%(day)s)", "%(count)d days left (%(day)s)", left) % words


@register.simple_tag(name="due")
def due_label(value: date | datetime | None, done: bool = False) -> SafeString:
    """Mark a deadline with words and an icon; a thing that is ``done`` only shows its day."""
    day = _day(value)
    return mark_safe("") if day is None else _due_label(day, bool(done), timezone.localdate(), get_language() or "")


@lru_cache(maxsize=4096)
def _due_label(day: date, done: bool, today: date, language: str) -> SafeString:
    """Draw the label of a deadline, which many rows of many pages share on one day."""
    shown = date_format(day, "SHORT_DATE_FORMAT")
    if done:
        return format_html('<time datetime="{}">{}</time>', day.isoformat(), shown)
    left = (day - today).days
    state = "late" if left < 0 else "soon" if left <= SOON_DAYS else "far"
    picture = {"late": "exclamation-octagon", "soon": "alarm", "far": "calendar3"}[state]
    return format_html(
        '<time class="due due-{}" datetime="{}">{}{}</time>', state, day.isoformat(), icon(picture), due_words(day)
    )


@register.simple_tag(name="when")
def when_label(value: datetime | None, form: str = "SHORT_DATETIME_FORMAT") -> SafeString:
    """Write an instant for people, in ``form``, and for machines; empty for none."""
    if not value:
        return mark_safe("")
    return _when(value, form, timezone.get_current_timezone_name(), get_language() or "")


@lru_cache(maxsize=8192)
def _when(value: datetime, form: str, zone: str, language: str) -> SafeString:
    here = timezone.localtime(value)
    return format_html('<time datetime="{}">{}</time>', here.isoformat(), date_format(here, form))


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """Return the query string of this page with ``changes`` made; ``None`` or ``""`` drops a parameter.

    Works inside ``{% include … only %}`` too. Changing anything but the page leaves the page behind.
    """
    request = getattr(context, "request", None) or context.get("request")
    parameters = request.GET.copy()
    if not set(changes) & {"page", "after", "before"}:
        changes = {"page": None, "after": None, "before": None, **changes}
    for name, value in changes.items():
        if value is None or value == "":
            parameters.pop(name, None)
        else:
            parameters[name] = value
    return f"?{parameters.urlencode()}" if parameters else "?"


@register.simple_tag(takes_context=True)
def form_token(context: template.Context) -> SafeString:
    """Write the hidden token of a POST form; unlike ``csrf_token`` it works inside ``{% include … only %}``."""
    request = getattr(context, "request", None) or context.get("request")
    if request is None:
        return mark_safe("")
    token = getattr(request, "_form_token", None)
    if token is None:  # a page has half a dozen small forms, and masking the secret anew for each costs
        token = request._form_token = format_html(
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request)
        )
    return token


@register.simple_tag
def page_numbers(page: Page) -> list[int | None]:
    """Return the page numbers to offer around the current one; ``None`` stands for a gap."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return [number if isinstance(number, int) else None for number in numbers]


@register.simple_tag
def status(label: Any, tone: str = "neutral") -> SafeString:
    """Mark a state by word and icon; the tones are the keys of ``STATUS_ICONS``."""
    return _status(str(label), tone)


@lru_cache(maxsize=1024)
def _status(label: str, tone: str) -> SafeString:
    return format_html('<span class="status status-{}">{}{}</span>', tone, icon(STATUS_ICONS[tone]), label)


@register.simple_tag(takes_context=True)
def crumb(context: template.Context, label: Any, target: str = "", *args: Any, **kwargs: Any) -> SafeString:
    """Write one step of the breadcrumbs: ``target`` is an address or a route with its arguments; none for this page.

    A list that the reader's menus leave out is named without a link: it would lead to a refusal.
    """
    if not target:
        return format_html('<li class="breadcrumb-item active" aria-current="page">{}</li>', label)
    if target in getattr(context.get("shell"), "closed_doors", ()):
        return format_html('<li class="breadcrumb-item">{}</li>', label)
    address = target if target.startswith("/") else reverse(target, args=args, kwargs=kwargs)
    return format_html('<li class="breadcrumb-item"><a href="{}">{}</a></li>', address, label)


@register.simple_block_tag
def table(content: str, caption: str, kind: str = "cards", show_caption: bool = False) -> SafeString:
    """Frame the head and body of a table; on telephones ``cards`` stacks its rows, ``scroll`` scrolls in its box.

    The box has a name and is no landmark: the section around it is.
    """
    return format_html(
        '<div class="table-box table-box-{}" role="group" aria-label="{}" tabindex="0">'
        '<table class="table table-{}"><caption{}>{}</caption>{}</table></div>',
        kind, caption, kind, "" if show_caption else mark_safe(' class="visually-hidden"'), caption, content,
    )  # fmt: skip


@register.filter
def initial(name: Any) -> str:
    """Return the sign that stands for a person where no picture does: the first character of the name."""
    return str(name or "").strip()[:1].upper()


@register.filter
def filesize(size: int | None) -> str:
    """Return a size in bytes as people read it: ``640 KB``, ``1.2 MB``."""
    if size is None:
        return ""
    if size < 1024:
        return ngettext("%(size)d byte", "%(size)d bytes", size) % {"size": size}
    for unit, limit in (("KB", 1024**2), ("MB", 1024**3), ("GB", 1024**4)):
        if size < limit or unit == "GB":
            number = size * 1024 / limit
            return f"{number:.0f} {unit}" if number >= 100 or unit == "KB" else f"{number:.1f} {unit}"
    raise AssertionError(size)


@register.filter
def filetype(name: str | None) -> str:
    """Return the type of a file as its name tells it: ``PDF``, ``DOCX``; empty when the name does not tell."""
    return PurePosixPath(name or "").suffix.removeprefix(".").upper()[:5]
