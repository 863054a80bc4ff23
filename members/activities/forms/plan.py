"""The plan of an activity."""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.hours.models import HourKind
from portal.organizations.models import Organization

from ..models import Activity, ActivityKind, Mode
from ..models.activity import CREDIT_MAX, LIMIT_MAX, POINTS_MAX, TEAM_MAX, WORDS_MAX
from ..queries.places import startable
from ..rules import CRITERIA_MAX, JURORS_MAX
from ..services import Details
from .fields import MOMENT, MomentField, PeopleField

# "Content 40", with any space or colon between, and full-width digits as a Chinese keyboard gives them.
_CRITERION = re.compile(r"^(?P<title>.+?)[\s:：]+(?P<most>\d{1,3})$")


class ActivityForm(forms.Form):
    """The plan of an activity. ``by`` starts it; a draft kept while typing comes back as it was."""

    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Held for"), help_text=_("Your organization, or one above it.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=ActivityKind.choices)
    title = forms.CharField(label=_("Title"), max_length=80)
    words = forms.CharField(
        label=_("What it is about"), max_length=WORDS_MAX, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What people do, what they should bring, who can come."),
    )  # fmt: skip
    is_for_all = forms.TypedChoiceField(
        label=_("Who may see it and enrol"),
        choices=[("", _("the organization and everything below it")), ("1", _("everyone signed in"))],
        widget=forms.RadioSelect,
        coerce=bool,
        empty_value=False,
        required=False,
    )
    begins_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends"))
    mode = forms.ChoiceField(
        label=_("How people meet"), choices=Mode.choices, widget=forms.RadioSelect, initial=Mode.ON_SITE
    )
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    online_url = forms.URLField(
        label=_("Link of the online meeting"), max_length=300, required=False, assume_scheme="https"
    )
    enrol_from = MomentField(label=_("Enrolment opens"))
    enrol_until = MomentField(label=_("Enrolment closes"))
    limit = forms.IntegerField(
        label=_("Number of places"), min_value=1, max_value=LIMIT_MAX, required=False, help_text=_("Empty: no limit.")
    )
    has_waiting_list = forms.BooleanField(label=_("With a waiting list"), required=False, initial=True)
    team_size = forms.IntegerField(
        label=_("People in a team, at most"), min_value=2, max_value=TEAM_MAX, required=False,
        help_text=_("Empty: people take part one by one."),
    )  # fmt: skip
    hour_kind = forms.ChoiceField(
        label=_("Hours count as"), choices=[("", _("no hours")), *HourKind.choices], required=False
    )
    minutes = forms.IntegerField(
        label=_("Minutes credited"), min_value=1, max_value=CREDIT_MAX, required=False,
        help_text=_("For everyone who was there, entered when the activity is finished."),
    )  # fmt: skip
    takes_contributions = forms.BooleanField(
        label=_("People hand something in: a speech, a text, a work"), required=False
    )
    criteria = forms.CharField(
        label=_("Criteria of the jury"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line, with the most points at the end: Content 40"),
    )  # fmt: skip
    jurors = PeopleField(
        most=JURORS_MAX, label=_("Jury"),
        help_text=_("Student or staff numbers, one a line. The jury is told once the activity is approved."),
    )  # fmt: skip
    audience_votes = forms.BooleanField(label=_("The audience votes"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        nodes = startable(by)
        self.fields["organization"].queryset = nodes
        self.fields["organization"].label_from_instance = lambda node: node.name

    @staticmethod
    def initial_for(user: User) -> dict[str, Any]:
        """Return what a new plan begins with: a week ahead, in the afternoon."""
        day = (timezone.localtime() + timedelta(days=7)).replace(hour=14, minute=0, second=0, microsecond=0)
        own = startable(user).first()
        return {
            "organization": own.pk if own else None,
            "begins_at": day.strftime(MOMENT),
            "ends_at": (day + timedelta(hours=2)).strftime(MOMENT),
            "enrol_from": timezone.localtime().strftime(MOMENT),
            "enrol_until": (day - timedelta(hours=20)).strftime(MOMENT),
        }

    @classmethod
    def initial_like(cls, activity: Activity, user: User) -> dict[str, Any]:
        """Return a new plan that repeats an earlier one, a week ahead, as long as that was; its own times are over."""
        found = cls.initial_of(activity) | cls.initial_for(user)
        found.pop("version", None)
        begins = (timezone.localtime() + timedelta(days=7)).replace(second=0, microsecond=0)
        before = timezone.localtime(activity.begins_at)
        begins = begins.replace(hour=before.hour, minute=before.minute)
        found["begins_at"] = begins.strftime(MOMENT)
        found["ends_at"] = (begins + (activity.ends_at - activity.begins_at)).strftime(MOMENT)
        closes = begins + (activity.enrol_until - activity.begins_at)
        found["enrol_until"] = max(closes, timezone.localtime() + timedelta(days=1)).strftime(MOMENT)
        if startable(user).filter(pk=activity.organization_id).exists():
            found["organization"] = activity.organization_id
        return found

    @staticmethod
    def initial_of(activity: Activity) -> dict[str, Any]:
        """Return a plan as its form shows it."""
        plain = (
            "kind", "title", "words", "mode", "place", "online_url", "limit", "has_waiting_list", "team_size",
            "hour_kind", "takes_contributions", "audience_votes", "version",
        )  # fmt: skip
        moments = ("begins_at", "ends_at", "enrol_from", "enrol_until")
        shown: dict[str, Any] = {name: getattr(activity, name) for name in plain}
        shown |= {name: timezone.localtime(getattr(activity, name)).strftime(MOMENT) for name in moments}
        return shown | {
            "organization": activity.organization_id,
            "minutes": activity.minutes or None,
            "is_for_all": "1" if activity.audience_id is None else "",
            "criteria": "\n".join(f"{row.title} {row.most}" for row in activity.criteria.all()),
            "jurors": "\n".join(row.user.number for row in activity.jurors.select_related("user")),
        }

    def clean_criteria(self) -> list[tuple[str, int]]:
        found = []
        for line in filter(None, (line.strip() for line in self.cleaned_data["criteria"].splitlines())):
            match = _CRITERION.match(line)
            if match is None or not 1 <= int(match["most"]) <= POINTS_MAX or len(match["title"]) > 60:
                raise ValidationError(
                    _("“%(line)s”: write the criterion and its most points, from 1 to %(most)d, at the end."),
                    params={"line": line[:60], "most": POINTS_MAX},
                )
            found.append((match["title"], int(match["most"])))
        if len(found) > CRITERIA_MAX:
            raise ValidationError(_("At most %(limit)d criteria."), params={"limit": CRITERIA_MAX})
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        is_half = bool(data.get("hour_kind")) != bool(data.get("minutes"))
        if is_half and not self.errors.keys() & {"hour_kind", "minutes"}:
            self.add_error("minutes", _("Say what the hours count as and how many minutes, or leave both empty."))
        mode = data.get("mode")
        if mode in (Mode.ON_SITE, Mode.MIXED) and not data.get("place"):
            self.add_error("place", _("Say where people meet."))
        if mode in (Mode.ONLINE, Mode.MIXED) and not data.get("online_url") and "online_url" not in self.errors:
            self.add_error("online_url", _("Give the link of the online meeting."))
        begins, ends = data.get("begins_at"), data.get("ends_at")
        opens, closes = data.get("enrol_from"), data.get("enrol_until")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _("The end must come after the beginning."))
        if opens and closes and closes <= opens:
            self.add_error("enrol_until", _("Enrolment must close after it opens."))
        elif ends and closes and closes > ends:
            self.add_error("enrol_until", _("Enrolment must close before the activity ends."))
        if data.get("audience_votes") and not data.get("takes_contributions"):
            self.add_error("audience_votes", _("The audience can only vote on what people hand in."))
        return data

    def details(self) -> Details:
        """Return what was planned, for the services."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return Details(**data | {"minutes": data["minutes"] or 0, "is_for_all": bool(data["is_for_all"])})
