"""Plan a sitting, its agenda, templates, and remarks on seats."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.files.forms import KeptFileField, KeptFilesMixin
from portal.organizations.models import Organization
from portal.web.forms import DayInput

from ..models import MeetingKind, MeetingPart, MeetingTemplate, SeatRemarkKind
from ..queries.circles import leaders_for, seated
from ..rules.agenda_text import read_agenda
from ..rules.circles import OF_THE_COMMITTEE, kinds_for
from .circle import PersonChoice

# Of a committee whose lectures thousands are due at, its own members are offered as chair.
MANY_TYPES = ("university_committee", "college_committee", "general_branch")


# What people type, with the sign of either keyboard.
CLOCK_FORMATS = ["%H:%M", "%H:%M:%S", "%H：%M"]


def clock() -> forms.TimeInput:
    return forms.TimeInput(
        attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "5", "placeholder": "14:30"}, format="%H:%M"
    )


def leaders(organization: Organization, *, on: date, recording: bool = False) -> Any:
    """Return whom a form offers as chair or recorder."""
    kinds = [str(kind) for kind in kinds_for(organization.org_type)]
    if organization.org_type in MANY_TYPES:
        return leaders_for(organization, [kind for kind in kinds if kind in OF_THE_COMMITTEE], on=on)
    return leaders_for(organization, kinds, on=on, recording=recording)


def online_field() -> forms.URLField:
    return forms.URLField(
        label=_("Link of the online meeting"),
        required=False,
        max_length=300,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https", "http"])],
        help_text=_("Shown to the circle of the meeting alone."),
    )


class MeetingForm(KeptFilesMixin, forms.Form):
    """When, where, led by whom, and as which kinds a sitting counts."""

    title = forms.CharField(label=_("Title"), max_length=120)
    kinds = forms.MultipleChoiceField(
        label=_("Kinds"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A sitting may be several kinds at once; each has minutes of its own and counts for its duty."),
    )
    day = forms.DateField(label=_("Day"), widget=DayInput)
    begins = forms.TimeField(label=_("Begins"), widget=clock(), input_formats=CLOCK_FORMATS)
    lasts = forms.IntegerField(label=_("Lasts (minutes)"), min_value=5, max_value=720)
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    online_url = online_field()
    chair = PersonChoice(User.objects.none(), label=_("Chair"))
    recorder = PersonChoice(User.objects.none(), label=_("Recorder"))
    words = forms.CharField(
        label=_("What it is about"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    with_observers = forms.BooleanField(
        label=_("Invite activists and development targets to listen"), required=False, initial=True
    )
    with_agenda = forms.BooleanField(
        label=_("Begin with the usual agenda"), required=False, initial=True,
        help_text=_("You can change it on the page of the meeting."),
    )  # fmt: skip
    files = KeptFileField(kind="attachment", multiple=True, label=_("Papers for everybody"), required=False)

    def __init__(self, *args: Any, organization: Organization, is_new: bool = True, **kwargs: Any) -> None:
        forms.Form.__init__(self, *args, **{key: value for key, value in kwargs.items() if key != "by"})
        self.by = kwargs.get("by")
        self.organization = organization
        self.fields["kinds"].choices = [(kind.value, kind.label) for kind in kinds_for(organization.org_type)]
        today = timezone.localdate()
        self.fields["chair"].queryset = leaders(organization, on=today)
        self.fields["recorder"].queryset = leaders(organization, on=today, recording=True)
        if not is_new:
            del self.fields["with_agenda"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day, begins, lasts = data.pop("day", None), data.pop("begins", None), data.pop("lasts", None)
        if day is None or begins is None or lasts is None:
            return data
        if day.year > timezone.localdate().year + 10:
            self.add_error("day", _("This is more than a year ahead."))
            return data
        data["planned_at"] = timezone.make_aware(datetime.combine(day, begins))
        data["planned_until"] = data["planned_at"] + timedelta(minutes=lasts)
        return data


class HeldForm(MeetingForm):
    """When and where a sitting was held that is entered afterwards; its list and its minutes follow."""

    agenda = forms.CharField(
        label=_("Agenda"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One matter a line."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("with_agenda", "online_url"):
            del self.fields[name]
        self.fields["with_observers"].label = _("Activists and development targets listened")
        self.fields["day"].help_text = _("The day on which it was held.")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        kinds, text = data.get("kinds"), data.pop("agenda", "")
        labels = {code: label for code, label in self.fields["kinds"].choices if code in (kinds or [])}
        try:
            data["agenda"] = read_agenda(text, labels, first=kinds[0]) if kinds else []
        except ValueError as error:
            self.add_error("agenda", _("This line cannot be read: %(line)s") % {"line": str(error)[:60]})
        return data


class AgendaItemForm(KeptFilesMixin, forms.Form):
    """One matter."""

    title = forms.CharField(label=_("Matter"), max_length=160)
    part = forms.ModelChoiceField(MeetingPart.objects.none(), label=_("Kind"))
    minutes = forms.IntegerField(label=_("Length in minutes"), min_value=1, max_value=480, required=False)
    presenter = PersonChoice(User.objects.none(), label=_("Presented by"), required=False)
    words = forms.CharField(
        label=_("Details"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    files = KeptFileField(kind="attachment", multiple=True, label=_("Papers"), required=False)

    def __init__(self, *args: Any, meeting: Any, **kwargs: Any) -> None:
        forms.Form.__init__(self, *args, **{key: value for key, value in kwargs.items() if key != "by"})
        self.by = kwargs.get("by")
        parts = meeting.parts.order_by("number")
        self.fields["part"].queryset = parts
        self.fields["part"].label_from_instance = lambda part: part.get_kind_display()
        self.fields["part"].empty_label = None
        on = timezone.localdate(meeting.planned_at)
        self.fields["presenter"].queryset = leaders(meeting.organization, on=on)
        if len(self.fields["part"].choices) < 2:
            self.fields["part"].widget = forms.HiddenInput()
            self.fields["part"].initial = next(iter(parts), None)


class TemplateForm(forms.ModelForm):
    """A meeting that comes again, or that one plans from by hand."""

    kinds = forms.MultipleChoiceField(label=_("Kinds"), widget=forms.CheckboxSelectMultiple)
    agenda = forms.CharField(
        label=_("Agenda"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One matter a line, its minutes after a bar: Study | 20. A line [kind] begins those of that kind."),
    )
    week = forms.TypedChoiceField(
        label=_("Week of the month"), required=False, coerce=int, empty_value=None,
        choices=[("", "—"), (1, _("first week")), (2, _("second week")), (3, _("third week")), (4, _("fourth week")),
                 (5, _("last week of the month"))],
    )  # fmt: skip
    weekday = forms.TypedChoiceField(
        label=_("Weekday"), required=False, coerce=int, empty_value=None,
        choices=[("", "—"), (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")),
                 (4, _("Friday")), (5, _("Saturday")), (6, _("Sunday"))],
    )  # fmt: skip
    online_url = online_field()
    chair = PersonChoice(User.objects.none(), label=_("Chair"), required=False)
    recorder = PersonChoice(User.objects.none(), label=_("Recorder"), required=False)

    class Meta:
        model = MeetingTemplate
        fields = (
            "title", "kinds", "recurrence", "day", "week", "weekday", "begins", "lasts_minutes", "place", "online_url",
            "chair", "recorder", "words", "agenda",
        )  # fmt: skip
        widgets = {"begins": clock(), "words": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "recurrence": _("One that comes again is proposed six weeks ahead; you check and convene it."),
            "day": _("31 means the last day of shorter months too."),
        }

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.labels = {kind.value: kind.label for kind in kinds_for(organization.org_type)}
        self.fields["kinds"].choices = list(self.labels.items())
        today = timezone.localdate()
        self.fields["chair"].queryset = leaders(organization, on=today)
        self.fields["recorder"].queryset = leaders(organization, on=today, recording=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        text, kinds = data.get("agenda") or "", data.get("kinds") or []
        data["agenda"] = []
        if kinds:
            try:
                lines = read_agenda(text, {kind: self.labels[kind] for kind in kinds}, first=kinds[0])
            except ValueError as error:
                self.add_error("agenda", _("This line cannot be read: %(line)s") % {"line": str(error)[:80]})
            else:
                data["agenda"] = [{"kind": line.kind, "title": line.title, "minutes": line.minutes} for line in lines]
        return data


class RemarkForm(forms.Form):
    """Why somebody need not attend, has no vote, or is not counted."""

    person = PersonChoice(User.objects.none(), label=_("Person"))
    kind = forms.ChoiceField(label=_("What holds"), widget=forms.RadioSelect, choices=SeatRemarkKind.choices)
    words = forms.CharField(
        label=_("Reason and source"), max_length=200,
        help_text=_("For those not counted: who agreed above, and which congress approved it."),
    )  # fmt: skip
    since = forms.DateField(label=_("Since"), widget=DayInput)
    until = forms.DateField(
        label=_("Until"), widget=DayInput, required=False, help_text=_("The last day; leave empty when it is open.")
    )

    def __init__(self, *args: Any, organization: Organization, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [str(kind) for kind in kinds_for(organization.org_type)]
        if organization.org_type in MANY_TYPES:
            kinds = [kind for kind in kinds if kind in OF_THE_COMMITTEE]
        self.fields["person"].queryset = seated(organization, kinds, on=timezone.localdate(), without=by)


__all__ = ["AgendaItemForm", "MeetingForm", "MeetingKind", "RemarkForm", "TemplateForm"]
