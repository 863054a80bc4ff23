"""Boxes that several forms of activities use: a moment, and people by their numbers."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User

from ..queries.people import by_numbers

MOMENT = "%Y-%m-%d %H:%M"
YEARS = (2000, 2200)


class MomentField(forms.DateTimeField):
    """A day and a time as text in one field: typed or pasted whole, and one stop for the Tab key instead of six."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "19", "placeholder": _("YYYY-MM-DD HH:MM")}
        widget = forms.DateTimeInput(attrs=attrs, format=MOMENT)
        formats = [MOMENT, "%Y-%m-%d %H：%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]
        super().__init__(widget=widget, input_formats=formats, **kwargs)

    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        # At the edges of the calendar lie days that no zone can hold.
        if moment is not None and not YEARS[0] <= moment.year <= YEARS[1]:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class PeopleField(forms.CharField):
    """People by their student or staff numbers, as they come out of a list: any space, comma or line between them."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(max_length=1000, required=False, **kwargs)
        self.most = most

    def clean(self, value: Any) -> list[User]:
        numbers = [number for number in re.split(r"[\s,;，；、]+", super().clean(value).strip()) if number]
        numbers = list(dict.fromkeys(numbers))
        if len(numbers) > self.most:
            raise ValidationError(_("At most %(limit)d people at once."), params={"limit": self.most})
        people = by_numbers(numbers)
        if unknown := [number for number in numbers if number not in people]:
            raise ValidationError(
                _("Nobody has these numbers: %(numbers)s"), params={"numbers": ", ".join(unknown)[:200]}
            )
        return [people[number] for number in numbers]
