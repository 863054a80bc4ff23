"""Announce, write the own text, go on, decide, report, confirm, return, tell everybody."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from portal.access.policy import fetch
from portal.access.rights import rights_of
from portal.drafts.views import DraftMixin
from portal.organizations.duties import Duty
from portal.web.refusals import RuleError
from portal.web.views import ServiceFormMixin

from .. import services
from ..forms import AdvanceForm, AnnounceForm, EmptyForm, OpinionsForm, ReportForm, ReturnForm, SelfForm
from ..models import Appraisal, AppraisalPerson
from ..queries import count_rows, people_of
from ..rules import Opinion, Stage, flaws_of
from ..stages import advance_words
from .reading import cells

USUAL_DAYS = 14


class AppraisalCreateView(ServiceFormMixin, FormView):
    """Announce the appraisal of a branch and year."""

    form_class, template_name = AnnounceForm, "members/appraisals/appraisal_create.html"
    success_message = gettext_lazy("The appraisal is announced, and every participant has been told.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rights_of(request.user).holds(Duty.APPRAISE_MEMBERS):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        today = timezone.localdate()
        return {
            "year": today.year,
            "organization": rights_of(self.request.user).organization_id,
            "self_until": today + timedelta(days=USUAL_DAYS),
            "ballot_on": today + timedelta(days=USUAL_DAYS + 2),
        }

    def perform(self, **data: Any) -> Appraisal:
        return services.announce(data.pop("organization"), by=self.request.user, on=timezone.localdate(), **data)


class SelfWriteView(DraftMixin, ServiceFormMixin, FormView):
    """Write and hand in the own self-appraisal; it is saved while one types."""

    form_class, template_name = SelfForm, "members/appraisals/self_write.html"
    success_message = gettext_lazy("Your self-appraisal is handed in. You may change it until the ballot opens.")

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        rows = AppraisalPerson.objects.select_related("appraisal__organization", "user")
        self.part = fetch(request.user, "write", AppraisalPerson, queryset=rows, pk=pk)
        if self.part.appraisal.state not in (Stage.SELF, Stage.PEERS):
            raise RuleError(_("Self-appraisals are handed in from the beginning of this step until the ballot."))
        return super().dispatch(request, *args, pk=pk)

    def draft_key(self) -> str:
        return f"appraisal:{self.part.pk}"

    def get_initial(self) -> dict[str, Any]:
        self.initial = {"text": self.part.text}
        return super().get_initial()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"part": self.part, "appraisal": self.part.appraisal}

    def perform(self, **data: Any) -> AppraisalPerson:
        return services.hand_in(self.part, by=self.request.user, on=timezone.localdate(), **data)

    def get_success_url(self) -> str:
        return self.part.appraisal.get_absolute_url()


class OneAppraisal(ServiceFormMixin, FormView):
    """A step of one appraisal."""

    form_class: Any = EmptyForm
    template_name = "members/appraisals/step.html"
    action = "hold"

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        rows = Appraisal.objects.with_places()
        self.appraisal = fetch(request.user, self.action, Appraisal, queryset=rows, pk=pk)
        return super().dispatch(request, *args, pk=pk)

    def words(self) -> tuple[str, str, list[str]]:
        """Return the title, the button, and what the step does."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title, submit, effects = self.words()
        said = {"appraisal": self.appraisal, "title": title, "submit": submit, "effects": effects}
        return super().get_context_data(**kwargs) | said

    def get_success_url(self) -> str:
        return self.appraisal.get_absolute_url()


class AdvanceView(OneAppraisal):
    form_class = AdvanceForm

    def get_initial(self) -> dict[str, Any]:
        return {"stage": self.appraisal.state}

    def words(self) -> tuple[str, str, list[str]]:
        label, effects = advance_words(self.appraisal)
        if not label:
            raise RuleError(_("From here the committee reports and the superior confirms."))
        return label, label, effects

    def perform(self, **data: Any) -> Appraisal:
        return services.advance(self.appraisal, by=self.request.user, on=timezone.localdate(), **data)


class OpinionsView(OneAppraisal):
    """The committee's opinions, beside what the ballots counted."""

    form_class, template_name = OpinionsForm, "members/appraisals/opinions.html"
    success_message = gettext_lazy("The opinions are kept. Report them when everybody has one.")

    def get_form_kwargs(self) -> dict[str, Any]:
        self.people = people_of(self.appraisal)
        return super().get_form_kwargs() | {"people": self.people}

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.appraisal.version}

    def words(self) -> tuple[str, str, list[str]]:
        if self.appraisal.state != Stage.COMMITTEE:
            raise RuleError(_("The committee gives its opinions when the ballot is closed, until it reports."))
        return _("Opinions of the committee"), _("Keep the opinions"), []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        ballots = [self.appraisal.ballot] if self.appraisal.ballot else []
        peers = [peer.ballot for peer in self.appraisal.peer_ballots.select_related("ballot")]
        final, mutual = count_rows(ballots), count_rows(peers)
        context["rows"] = [
            {
                "person": person,
                "grade": grade,
                "words": words,
                "counts": cells(final.get(person.user_id)),
                "peers": cells(mutual.get(person.user_id)) if peers else [],
            }
            for person, grade, words in context["form"].rows()
        ]
        context |= {"limit": self.appraisal.limit(), "has_peers": bool(peers)}
        return context

    def perform(self, *, version: int, **data: Any) -> Appraisal:
        given = {
            row.pk: Opinion(grade, data[f"words_{row.pk}"])
            for row in self.people
            if (grade := data.get(f"grade_{row.pk}"))
        }
        return services.decide(
            self.appraisal, given, version=version, by=self.request.user, on=timezone.localdate()
        )


class ReportView(OneAppraisal):
    form_class = ReportForm
    success_message = gettext_lazy("The report is with the superior.")

    def get_initial(self) -> dict[str, Any]:
        return {"decided_on": timezone.localdate()}

    def words(self) -> tuple[str, str, list[str]]:
        effects = [_("%(superior)s confirms the report or returns it.") % {"superior": self.appraisal.superior}]
        return _("Report to the superior"), _("Report it"), effects

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = people_of(self.appraisal)
        graded = {row.pk: row.user.name for row in people if row.is_graded}
        opinions = {row.pk: Opinion(row.grade, row.words) for row in people if row.grade}
        flaws = flaws_of(opinions, graded=graded, limit=self.appraisal.limit())
        return super().get_context_data(**kwargs) | {"gaps": flaws}

    def perform(self, **data: Any) -> Appraisal:
        return services.report(self.appraisal, by=self.request.user, on=timezone.localdate(), **data)


class ConfirmView(OneAppraisal):
    action = "confirm"
    success_message = gettext_lazy("The report is confirmed. The branch tells its members now.")

    def words(self) -> tuple[str, str, list[str]]:
        return _("Confirm the report"), _("Confirm it"), [_("The branch is told, and tells every member the result.")]

    def perform(self, **data: Any) -> Appraisal:
        return services.confirm(self.appraisal, by=self.request.user, on=timezone.localdate())


class ReturnView(OneAppraisal):
    form_class, action = ReturnForm, "confirm"
    success_message = gettext_lazy("The report is returned to the branch.")

    def words(self) -> tuple[str, str, list[str]]:
        effects = [_("The committee of the branch decides anew; the ballots stay as they were counted.")]
        return _("Return the report"), _("Return it"), effects

    def perform(self, **data: Any) -> Appraisal:
        return services.return_report(self.appraisal, by=self.request.user, on=timezone.localdate(), **data)


class CloseView(OneAppraisal):
    success_message = gettext_lazy("Everybody has been told, and the results stand in the archives.")

    def words(self) -> tuple[str, str, list[str]]:
        effects = [
            _("Every member is told the own result, probationary members that they took part."),
            _("The results stand in the personal archives."),
        ]
        return _("Tell everybody"), _("Tell everybody now"), effects

    def perform(self, **data: Any) -> Appraisal:
        return services.close(self.appraisal, by=self.request.user, on=timezone.localdate())
