"""Which device somebody signs in from: in words for people, and by a cookie that only this portal can read.

The cookie is random and says nothing. Of it the account keeps a keyed hash, one for each account, so that the table
neither opens a device nor tells who shares one. No address and no profile of the browser is kept.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from .models import KnownDevice, User

KEPT_DAYS = 400
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")

# The first that fits is named; browsers that pretend to be others as well stand before those.
_BROWSERS = (
    ("WeChat", "MicroMessenger"),
    ("DingTalk", "DingTalk"),
    ("QQ Browser", "MQQBrowser|QQBrowser"),
    ("UC Browser", "UCBrowser|UBrowser"),
    ("360 Browser", "QIHU|360SE|360EE"),
    ("Edge", "Edg/|EdgA/|EdgiOS/"),
    ("Opera", "OPR/|Opera"),
    ("Firefox", "Firefox/|FxiOS/"),
    ("Chrome", "Chrome/|CriOS/|Chromium/"),
    ("Safari", "Safari/"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS|OpenHarmony"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("macOS", "Macintosh|Mac OS X"),
    ("Linux", "Linux|X11"),
)


@dataclass(frozen=True, slots=True)
class Device:
    """Browser family and system as a user agent names them; empty when it does not."""

    browser: str
    system: str

    def __str__(self) -> str:
        """Return both in the active language."""
        names = {"browser": self.browser, "system": self.system}
        if self.browser and self.system:
            return _("%(browser)s on %(system)s") % names
        return self.browser or self.system or _("A browser that does not say its name")


def device_of(user_agent: str) -> Device:
    """Read the families from a user agent; versions and models are left out."""
    return Device(_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent))


def _first(families: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for name, pattern in families if re.search(pattern, user_agent)), "")


def new_token() -> str:
    """Return what the cookie of a device carries: 256 random bits."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    return bool(_TOKEN.fullmatch(text))


def hash_of(user: User, token: str) -> str:
    """Return the hash under which ``user`` keeps the device that carries ``token``."""
    key = f"device:{settings.INDEX_KEY}".encode()
    return hmac.new(key, f"{user.pk}:{token}".encode(), hashlib.sha256).hexdigest()


def note_sign_in(user: User, token: str, *, on: date) -> KnownDevice | None:
    """Remember that ``user`` signed in from the device with ``token``; return it when the account should be told.

    The first device of an account is nothing to tell of, and neither is one that was used before.
    """
    known = KnownDevice.objects.filter(user=user)
    if known.filter(token_hash=hash_of(user, token)).update(used_on=on):
        return None
    is_first = not known.exists()
    device, is_new = KnownDevice.objects.get_or_create(
        user=user, token_hash=hash_of(user, token), defaults={"used_on": on}
    )
    return device if is_new and not is_first else None


def sweep_devices(on: date) -> int:
    """Forget devices unused for 400 days, save the last one of each account: the next would pass as its first."""
    newer = KnownDevice.objects.filter(user=OuterRef("user"), pk__gt=OuterRef("pk"))
    old = KnownDevice.objects.filter(Exists(newer), used_on__lt=on - timedelta(days=KEPT_DAYS))
    return old.delete()[0]
