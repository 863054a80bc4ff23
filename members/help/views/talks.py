"""Heart-to-heart talks: the branch's year, one talk, its record for the two, confirming and dropping."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView

from portal.access.policy import fetch, may
from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.organizations.models import Organization
from portal.web.pagination import numbered_page
from portal.web.views import ServiceFormMixin

from .. import services
from ..forms import (
    BranchYearForm,
    TalkArrangeForm,
    TalkConfirmForm,
    TalkDropForm,
    TalkForm,
    TalkRecordForm,
    YearForm,
    heard_branches,
)
from ..models import HeartTalk, TalkState
from ..queries.overview import branch_years
from ..queries.places import branch_at
from ..queries.talks import year_plan
from ..rules.talks import TalkKind
from .requests import PARTY_STANDINGS

# A committee's branches on one page; a university has more than one.
BRANCHES_SHOWN = 60


def _chosen_branch(request: HttpRequest, chosen: dict[str, Any]) -> Organization | None:
    """Return the branch of the address, else the reader's own, else the first that is heard."""
    if branch := chosen.get("organization"):
        return branch
    mine = branch_at(rights_of(request.user).organization_path)
    heard = heard_branches(request.user)
    return (heard.filter(pk=mine.pk).first() if mine else None) or heard.first()


@require_GET
def talk_list(request: HttpRequest) -> HttpResponse:
    """Show what a branch's year of talks holds and lacks."""
    if not rights_of(request.user).holds(Duty.HEAR_MEMBERS):
        raise PermissionDenied
    today = timezone.localdate()
    form = BranchYearForm(request.GET, by=request.user)
    chosen = form.chosen
    branch = _chosen_branch(request, chosen)
    year = min(chosen.get("year", today.year), today.year + 1)
    context: dict[str, Any] = {
        "filter_form": form,
        "filtered": bool(chosen),
        "clear_url": reverse("members:help:talk-list") if chosen else "",
        "branch": branch,
        "year": year,
        "plan": year_plan(branch, year, on=today) if branch else None,
        "may_plan": branch is not None and year == today.year,
        "create_url": f"{reverse('members:help:talk-create')}?organization={branch.pk}" if branch else "",
        "overview_url": reverse("members:help:talk-overview") if heard_branches(request.user)[1:2] else "",
    }
    return render(request, "members/help/talk_list.html", context)


@require_GET
def talk_overview(request: HttpRequest) -> HttpResponse:
    """Show whoever hears the members of several branches how far each of them is, in numbers alone."""
    if not rights_of(request.user).holds(Duty.HEAR_MEMBERS):
        raise PermissionDenied
    today = timezone.localdate()
    form = YearForm(request.GET)
    year = min(form.chosen.get("year", today.year), today.year)
    page = numbered_page(request, heard_branches(request.user).order_by("path"), BRANCHES_SHOWN)
    rows = branch_years(list(page), year, on=today)
    context = {
        "filter_form": form,
        "clear_url": reverse("members:help:talk-overview") if form.chosen else "",
        "year": year,
        "page": page,
        "rows": rows,
        "kinds": TalkKind.labels,
        "complete": sum(row.is_complete for row in rows),
        "late": sum(row.late for row in rows),
        "waiting": sum(row.waiting for row in rows),
    }
    return render(request, "members/help/talk_overview.html", context)


@require_POST
def talk_plan_year(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan all that the running year of a branch lacks."""
    if not rights_of(request.user).holds(Duty.HEAR_MEMBERS):
        raise PermissionDenied
    branch = heard_branches(request.user).filter(pk=pk).first()
    if branch is None:
        raise Http404
    count = services.plan_year(branch, by=request.user, on=timezone.localdate())
    words = ngettext("%(count)d talk is planned.", "%(count)d talks are planned.", count) % {"count": count}
    messages.success(request, words if count else _("Nothing more has to be planned."))
    return redirect(f"{reverse('members:help:talk-list')}?organization={branch.pk}")


class TalkCreateView(ServiceFormMixin, FormView):
    """Plan one talk: with somebody of the own branch, or of two people by whoever hears members there."""

    form_class, template_name = TalkForm, "members/help/talk_create.html"
    success_message = gettext_lazy("The talk is planned, and the other has been told.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rights, wanted = rights_of(request.user), request.GET.get("organization", "")
        self.own = not wanted
        branch = None
        if self.own:
            branch = branch_at(rights.organization_path) if rights.standing in PARTY_STANDINGS else None
        elif rights.holds(Duty.HEAR_MEMBERS) and wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
            branch = heard_branches(request.user).filter(pk=int(wanted)).first()
        if branch is None:
            raise Http404
        self.branch: Organization = branch
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "branch": self.branch,
            "own": self.request.user if self.own else None,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = reverse("members:help:my-help" if self.own else "members:help:talk-list")
        return super().get_context_data(**kwargs) | {"branch": self.branch, "own": self.own, "back_url": back}

    def perform(self, **data: Any) -> HeartTalk:
        one, other = data.pop("first", self.request.user), data.pop("second")
        return services.plan_talk(
            one, other, organization=self.branch, by=self.request.user, on=timezone.localdate(), **data
        )


@require_GET
def talk_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show that a talk is planned or was held; to the two also what they wrote down."""
    user = request.user
    talk = fetch(user, "view", HeartTalk, queryset=HeartTalk.objects.without_record(), pk=pk)
    is_mine = user.pk in talk.pair
    is_open = talk.state != TalkState.DROPPED and not talk.is_confirmed
    context: dict[str, Any] = {
        "talk": talk,
        "is_mine": is_mine,
        "record": talk.record if is_mine else "",
        "record_url": reverse("members:help:talk-record", args=[pk]) if is_mine and is_open else "",
        "confirm_form": TalkConfirmForm(initial={"version": talk.version})
        if is_mine and talk.state == TalkState.HELD and not talk.has_confirmed(user.pk)
        else None,
        "arrange_url": reverse("members:help:talk-arrange", args=[pk])
        if talk.state == TalkState.PLANNED and may(user, "arrange", talk)
        else "",
        "drop_url": reverse("members:help:talk-drop", args=[pk])
        if talk.state == TalkState.PLANNED and may(user, "drop", talk)
        else "",
    }
    return render(request, "members/help/talk_detail.html", context)


class _OneTalk(ServiceFormMixin, FormView):
    """A form about one talk."""

    action = "record"
    back: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        self.talk = fetch(request.user, self.action, HeartTalk, queryset=HeartTalk.objects.without_record(), pk=pk)
        return super().dispatch(request, *args, pk=pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"talk": self.talk}

    def get_success_url(self) -> str:
        return self.talk.get_absolute_url()


class TalkArrangeView(_OneTalk):
    """Agree on a day and a place."""

    form_class, template_name, action = TalkArrangeForm, "members/help/talk_arrange.html", "arrange"
    success_message = gettext_lazy("The day is set, and the other has been told.")

    def get_initial(self) -> dict[str, Any]:
        return {"planned_on": self.talk.planned_on, "place": self.talk.place}

    def perform(self, **data: Any) -> HeartTalk:
        return services.arrange_talk(self.talk, by=self.request.user, on=timezone.localdate(), **data)


class TalkRecordView(_OneTalk):
    form_class, template_name = TalkRecordForm, "members/help/talk_record.html"
    success_message = gettext_lazy("The talk is written down. It counts when the other has confirmed it.")

    def get_initial(self) -> dict[str, Any]:
        talk = self.talk
        return {
            "held_on": talk.held_on or timezone.localdate(),
            "place": talk.place,
            "record": talk.record,
            "version": talk.version,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"partner": self.talk.other_of(self.request.user.pk)}

    def perform(self, **data: Any) -> HeartTalk:
        return services.record_talk(self.talk, by=self.request.user, on=timezone.localdate(), **data)


@require_POST
def talk_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm as the other of the two."""
    talk = fetch(request.user, "confirm", HeartTalk, queryset=HeartTalk.objects.without_record(), pk=pk)
    form = TalkConfirmForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    services.confirm_talk(talk, version=version, by=request.user, on=timezone.localdate())
    messages.success(request, _("You have confirmed the talk. It counts for this year."))
    return redirect(talk.get_absolute_url())


class TalkDropView(_OneTalk):
    form_class, template_name, action = TalkDropForm, "members/help/talk_drop.html", "drop"

    def perform(self, **data: Any) -> HeartTalk:
        return services.drop_talk(self.talk, by=self.request.user, on=timezone.localdate(), **data)
