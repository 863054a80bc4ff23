"""Write minutes, put files to them, confirm them, and add to what is sealed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView

from members.meetings.models import MeetingPart
from portal.access.policy import fetch
from portal.drafts.services import discard
from portal.drafts.views import DraftMixin
from portal.web.refusals import RuleError
from portal.web.views import ServiceFormMixin

from .. import services
from ..forms import AddendumForm, ConfirmForm, FilesForm, MinutesForm, initial_of
from ..models import Minutes
from ..papers import title_of
from ..queries.writers import draft_key, others_writing
from ..services.writing import SPEECHES_MAX
from .single import is_on, read, said


class _MinutesPage(ServiceFormMixin, FormView):
    """A form about one set of minutes, which ends on their page."""

    action = "write"
    minutes: Minutes

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> Any:
        self.minutes = read(request, self.action, pk)
        self.refuse_state()
        return super().dispatch(request, *args, pk=pk, **kwargs)

    def refuse_state(self) -> None:
        if self.minutes.is_sealed:
            raise RuleError(_("These minutes are sealed. Correct them by an addendum."))

    def get_success_url(self) -> str:
        return self.minutes.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, minutes=self.minutes, paper_title=title_of(self.minutes.kind))


class MinutesEditView(DraftMixin, _MinutesPage):
    """The recorder's page: what was drafted stands beside, what is typed is saved while one types."""

    form_class, template_name = MinutesForm, "members/minutes/minutes_edit.html"
    success_message = gettext_lazy("The minutes are saved.")

    def draft_key(self) -> str:
        return draft_key(self.minutes)

    def get_initial(self) -> dict[str, Any]:
        initial = {**initial_of(self.minutes), **super().get_initial()}
        initial["version"] = self.begun_from = version_of(initial["version"], at_most=self.minutes.version)
        return initial

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "minutes": self.minutes}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("then") == "drop":
            discard(request.user, self.draft_key())
            messages.success(request, _("Your draft is dropped. Below stands what the minutes say now."))
            return redirect("members:minutes:minutes-edit", pk=self.minutes.pk)
        return super().post(request, *args, **kwargs)

    def perform(self, **data: Any) -> Minutes:
        try:
            return services.write(self.minutes, by=self.request.user, **data)
        except services.WrittenOver as error:
            self.theirs = error.minutes
            raise

    def form_invalid(self, form: Any) -> HttpResponse:
        theirs = getattr(self, "theirs", None)
        if theirs is not None:
            # What was typed comes back, begun from what stands there now: saving again is a decision.
            form.data = form.data.copy()
            form.data["version"] = theirs.version
        return super().form_invalid(form)

    def get_success_url(self) -> str:
        if self.request.POST.get("then") == "more":
            return reverse("members:minutes:minutes-edit", args=[self.minutes.pk])
        return super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The form reads the draft, which is asked about below.
        kwargs.setdefault("form", self.get_form())
        facts = services.facts_now(self.minutes)
        names = [*facts["present_names"], *facts["observers"]]
        # Somebody saved the minutes after this draft was begun: say so before more is typed.
        overtaken = getattr(self, "draft", None) and getattr(self, "begun_from", 0) not in (0, self.minutes.version)
        theirs = getattr(self, "theirs", None)
        return super().get_context_data(
            **kwargs,
            facts=said(facts),
            names=list(dict.fromkeys(names)),
            theirs=theirs or (self.minutes if overtaken else None),
            refused=theirs is not None,
            rows_most=SPEECHES_MAX,
            is_on=is_on(self.minutes),
            others=others_writing(self.minutes, self.request.user, now=timezone.now()),
            confirmed=self.minutes.chair_confirmed_by or self.minutes.recorder_confirmed_by,
        )


def version_of(sent: Any, *, at_most: int) -> int:
    """Return the version that a draft says it was begun from; of a draft that does not say it, the present one."""
    text = str(sent)
    if text.isascii() and text.isdigit() and len(text) <= 10 and 1 <= int(text) <= at_most:
        return int(text)
    return at_most


@require_GET
@never_cache
def minutes_writers(request: HttpRequest, pk: int) -> HttpResponse:
    """Return who else writes these minutes, for a page that asks again and again; ``version`` is what it began from."""
    minutes = read(request, "write", pk)
    begun = version_of(request.GET.get("version", ""), at_most=minutes.version)
    context = {
        "minutes": minutes,
        "others": others_writing(minutes, request.user, now=timezone.now()),
        "is_newer": begun != minutes.version,
    }
    return render(request, "members/minutes/_writers.html", context)


class FilesAddView(_MinutesPage):
    form_class, template_name = FilesForm, "members/minutes/files_add.html"
    success_message = gettext_lazy("The files are put to the minutes.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}

    def get_success_message(self, data: dict[str, Any]) -> str:
        return str(self.success_message)

    def perform(self, pictures: list[Any], papers: list[Any]) -> Minutes:
        return services.add_files(self.minutes, [*(pictures or []), *(papers or [])], by=self.request.user)


@require_POST
def file_remove(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    minutes = read(request, "write", pk)
    found = minutes.files.filter(pk=file).first() if file < 2**63 else None
    if found is None:
        raise Http404
    services.remove_file(minutes, found, by=request.user)
    messages.success(request, _("The file is taken out."))
    return redirect(minutes)


class MinutesConfirmView(_MinutesPage):
    """Read the whole once more, then confirm exactly that."""

    action = "confirm"
    form_class, template_name = ConfirmForm, "members/minutes/minutes_confirm.html"

    def get_initial(self) -> dict[str, Any]:
        return {"seen": services.shown(self.minutes, self.facts)}

    @property
    def facts(self) -> dict[str, Any]:
        if not hasattr(self, "_facts"):
            self._facts = services.facts_now(self.minutes)
        return self._facts

    def perform(self, seen: str) -> Minutes:
        return services.confirm(self.minutes, seen=seen, by=self.request.user)

    def get_success_message(self, data: dict[str, Any]) -> str:
        if self.result.is_sealed:
            return _("The minutes are sealed with the number %(number)s.") % {"number": self.result.number}
        return _("You have confirmed the minutes; the other side is told.")

    def form_invalid(self, form: Any) -> HttpResponse:
        if services.shown(self.minutes, self.facts) != form.data.get("seen", ""):
            # What has changed is shown with its own sign: it is confirmed only by pressing again.
            form.data = form.data.copy()
            form.data["seen"] = services.shown(self.minutes, self.facts)
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            facts=said(self.facts),
            resolutions=list(self.minutes.resolutions.select_related("owner").order_by("pk")),
            shown_resolutions=set(),
            files=list(self.minutes.files.order_by("pk")),
            seat=services.seat(self.minutes, self.request.user),
            is_last=bool(self.minutes.chair_confirmed_by_id or self.minutes.recorder_confirmed_by_id),
        )


@require_POST
def confirmation_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    minutes = read(request, "confirm", pk)
    services.take_back(minutes, by=request.user)
    messages.success(request, _("Your confirmation is taken back."))
    return redirect(minutes)


class AddendumCreateView(_MinutesPage):
    action = "add_to"
    form_class, template_name = AddendumForm, "members/minutes/addendum_create.html"
    success_message = gettext_lazy("The addendum is sealed below the minutes.")

    def refuse_state(self) -> None:
        if not self.minutes.is_sealed:
            raise RuleError(_("These minutes are not sealed yet: write into them."))

    def get_success_message(self, data: dict[str, Any]) -> str:
        return str(self.success_message)

    def perform(self, words: str, reason: str) -> Any:
        return services.add(self.minutes, words=words, reason=reason, by=self.request.user)


@require_POST
def minutes_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the minutes of one kind of a sitting that is over and has none."""
    parts = MeetingPart.objects.select_related("meeting")
    part = fetch(request.user, "lead", MeetingPart, queryset=parts, pk=pk)
    made = services.begin([part], by=request.user)
    if made:
        return redirect(made[0])
    known = getattr(part, "minutes", None)
    if known is None:
        raise RuleError(_("Minutes are written from the moment the meeting is opened."))
    return redirect(known)
