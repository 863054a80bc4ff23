"""What an account is told of itself through the inbox and by mail."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NoticeKind, Params, kinds
from portal.notifications.services import post

from .devices import Device
from .models import KnownDevice, User


def words_of(params: Params) -> Params:
    """Put browser and time into the reader's language."""
    at = timezone.localtime(datetime.fromisoformat(str(params["at"])))
    device = Device(str(params["browser"]), str(params["system"]))
    return {**params, "device": str(device), "time": date_format(at, "DATETIME_FORMAT")}


NEW_DEVICE = NoticeKind(
    code="new_device",
    label=_("sign-ins from a new device"),
    title=_("Your account was signed in to from a new device"),
    body=_(
        "%(time)s, %(device)s. If this was you, there is nothing to do. If it was not, open “Where I am signed in” in "
        "“My account”, end that session there and choose a new password at once."
    ),
    reason=_("It concerns the safety of your account."),
    statutory=True,
    order=5,
    words=words_of,
)


def tell_of_new_device(user: User, known: KnownDevice, *, device: Device, at: datetime) -> None:
    """Leave the notice about a sign-in from ``known``, once."""
    params: dict[str, Any] = {"browser": device.browser, "system": device.system, "at": at.isoformat()}
    key = f"accounts.new_device:{user.pk}:{known.pk}"
    post(NEW_DEVICE.code, key=key, recipients=[user.pk], params=params, url=reverse("usersessions_list"))


def register() -> None:
    kinds.register(NEW_DEVICE)
