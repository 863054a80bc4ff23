"""Plan a sitting from a template or anew, and change one that has not begun."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from portal.access.policy import fetch, scope
from portal.access.rights import rights_of
from portal.drafts.views import DraftMixin
from portal.files.services import attach
from portal.organizations.duties import Duty
from portal.organizations.models import Organization
from portal.web.views import ServiceFormMixin

from .. import forms, services
from ..models import Meeting, MeetingTemplate
from ..queries.meetings import for_page
from ..rules.circles import kinds_for
from ..rules.drafts import draft_for
from ..services.templates import matters_of
from .nodes import choose_node, named_node

# Where a meeting begins when nothing says otherwise: a week from now, in the afternoon.
USUAL_DAYS, USUAL_BEGINS = 7, "14:30"


class _MeetingFormView(DraftMixin, ServiceFormMixin, FormView):
    """What planning and changing share."""

    form_class = forms.MeetingForm
    organization: Organization
    meeting: Meeting | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "organization": self.organization, "by": self.request.user, "is_new": self.meeting is None,
        }  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"organization": self.organization, "meeting": self.meeting}

    def get_success_url(self) -> str:
        return reverse("members:meetings:meeting-detail", args=[self.result.pk])


class _NewMeetingView(_MeetingFormView):
    """What is written for an organization that is named by the address, or chosen first."""

    asking: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rights_of(request.user).holds(Duty.HOLD_MEETINGS):
            raise PermissionDenied
        node = named_node(request)
        if node is None:
            return choose_node(request, self.asking)
        self.organization = node
        return super().dispatch(request, *args, **kwargs)


class MeetingCreateView(_NewMeetingView):
    """Choose an organization and a template, then say when and where."""

    template_name = "members/meetings/meeting_form.html"
    success_message = _("The meeting is planned. Check its agenda, then convene it.")
    asking = _("Plan a meeting")

    @cached_property
    def template(self) -> MeetingTemplate | None:
        """Return the template that the address names; ``None`` for a starting template of a kind, or for none."""
        named = self.request.GET.get("template", "")
        if not (named.isascii() and named.isdigit() and len(named) < 19):
            return None
        return fetch(self.request.user, "hold", MeetingTemplate, pk=named, organization=self.organization)

    def draft_key(self) -> str:
        return f"meetings.plan:{self.organization.pk}"

    def get_initial(self) -> dict[str, Any]:
        begins = timezone.localdate() + timedelta(days=USUAL_DAYS)
        initial: dict[str, Any] = {
            "day": begins, "begins": USUAL_BEGINS, "lasts": 60, "chair": self.request.user.pk, "with_observers": True,
            "with_agenda": True,
        }  # fmt: skip
        if self.template is not None:
            row = self.template
            initial |= {
                "title": row.title, "kinds": row.kinds, "begins": f"{row.begins:%H:%M}", "lasts": row.lasts_minutes,
                "place": row.place, "online_url": row.online_url, "words": row.words,
                "chair": row.chair_id or self.request.user.pk, "recorder": row.recorder_id,
            }  # fmt: skip
        elif (kind := self.request.GET.get("template", "")) in kinds_for(self.organization.org_type):
            title, minutes, _agenda = draft_for([kind])
            initial |= {"title": title, "kinds": [kind], "lasts": minutes}
        asked = _day(self.request.GET.get("on", ""))
        if asked is not None and asked >= timezone.localdate():  # a meeting is planned ahead
            initial["day"] = asked
        # A draft that was begun goes before; a template chosen just now goes before the draft.
        found = super().get_initial()
        return found | initial if self.request.GET.get("template") and self.request.method == "GET" else initial | found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = scope(self.request.user, "view", MeetingTemplate)
        rows = rows.filter(organization=self.organization, is_active=True)
        return super().get_context_data(**kwargs) | {
            "templates": list(rows),
            "drafts": [{"code": kind.value, "label": kind.label} for kind in kinds_for(self.organization.org_type)],
            "chosen": self.request.GET.get("template", ""),
        }

    def perform(self, *, with_agenda: bool, files: list[Any], planned_at: datetime, **data: Any) -> Meeting:
        agenda: list[services.Matter] = []
        if with_agenda:
            agenda = matters_of(self.template) if self.template is not None else []
            drafted = {matter.kind for matter in agenda}
            rest = [kind for kind in data["kinds"] if kind not in drafted]
            agenda += [services.Matter(kind, title, minutes) for kind, title, minutes in draft_for(rest)[2]]
        meeting = services.plan(
            self.organization, agenda=agenda, template=self.template, planned_at=planned_at, by=self.request.user,
            at=timezone.now(), **data,
        )  # fmt: skip
        for file in files:
            attach(file, meeting)
        return meeting


class HeldEnterView(_NewMeetingView):
    """Enter a sitting that was held without the portal, then go on to its list."""

    form_class = forms.HeldForm
    template_name = "members/meetings/held_form.html"
    success_message = _("The sitting is entered. Tick who was there; then write its minutes.")
    asking = _("Enter a sitting that was held")

    def draft_key(self) -> str:
        return f"meetings.enter:{self.organization.pk}"

    def get_initial(self) -> dict[str, Any]:
        initial: dict[str, Any] = {"begins": USUAL_BEGINS, "lasts": 60, "chair": self.request.user.pk}
        if (kind := self.request.GET.get("kind", "")) in kinds_for(self.organization.org_type):
            title, minutes, _agenda = draft_for([kind])
            initial |= {"title": title, "kinds": [kind], "lasts": minutes}
        return initial | super().get_initial()

    def get_success_url(self) -> str:
        return reverse("members:meetings:roll", args=[self.result.pk])

    def perform(self, *, agenda: list[Any], files: list[Any], **data: Any) -> Meeting:
        matters = [services.Matter(line.kind, line.title, line.minutes) for line in agenda]
        meeting = services.enter_held(
            self.organization, agenda=matters, by=self.request.user, at=timezone.now(), **data
        )  # fmt: skip
        for file in files:
            attach(file, meeting)
        return meeting


class MeetingEditView(_MeetingFormView):
    """Change a meeting that has not begun."""

    template_name = "members/meetings/meeting_form.html"
    success_message = _("The meeting is changed.")

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        self.meeting = fetch(request.user, "hold", Meeting, queryset=for_page(request.user), pk=pk)
        self.organization = self.meeting.organization
        return super().dispatch(request, *args, pk=pk)

    def draft_key(self) -> str:
        assert self.meeting is not None
        return f"meetings.edit:{self.meeting.pk}"

    def get_initial(self) -> dict[str, Any]:
        meeting = self.meeting
        assert meeting is not None
        local = timezone.localtime(meeting.planned_at)
        initial = {
            "title": meeting.title, "kinds": [part.kind for part in meeting.parts.all()], "day": local.date(),
            "begins": f"{local:%H:%M}", "place": meeting.place, "online_url": meeting.online_url,
            "lasts": int((meeting.planned_until - meeting.planned_at).total_seconds() // 60),
            "chair": meeting.chair_id, "recorder": meeting.recorder_id, "words": meeting.words,
            "with_observers": meeting.with_observers,
        }  # fmt: skip
        return initial | super().get_initial()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.meeting is not None
        return super().get_context_data(**kwargs) | {
            "seen": self.request.POST.get("seen") or services.fingerprint(self.meeting),
        }

    def perform(self, *, files: list[Any], **data: Any) -> Meeting:
        assert self.meeting is not None
        seen = self.request.POST.get("seen") or None
        meeting = services.edit(self.meeting, seen=seen, by=self.request.user, at=timezone.now(), **data)
        for file in files:
            attach(file, meeting)
        return meeting


def _day(text: str) -> date | None:
    """Read the day that a link carries; ``None`` for what is none."""
    try:
        return parse_date(text)
    except ValueError:
        return None
