"""The page on which somebody votes, and the figures that pages under way ask for."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from portal.access.policy import fetch
from portal.web.refusals import RuleError
from portal.web.views import add_refusal

from .forms import VoteForm
from .models import Ballot
from .queries import anonymity_label, elector_of, figures_of
from .services import cast
from .vocabulary import BallotState


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def ballot_vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the ballot; a first sending brings the last look, the second puts it into the box."""
    # What is refused here is nobody's business: no row of the trail ties the address to a person.
    request.leave_no_trace = True  # type: ignore[attr-defined]
    ballot = fetch(request.user, "vote", Ballot, pk=pk)
    elector = elector_of(ballot, request.user)
    assert elector is not None  # the policy asks for the row
    may_vote = ballot.is_open and elector.is_present and elector.voted_on is None
    form = VoteForm(request.POST if request.method == "POST" else None, ballot=ballot)
    context: dict[str, Any] = {"ballot": ballot, "elector": elector, "may_vote": may_vote, "form": form}
    if request.method == "POST":
        if "sure" not in request.POST and may_vote:
            if form.is_valid():
                return _page(request, context | {"said": form.said()})
        elif form.is_valid():
            try:
                assert request.user.is_authenticated  # whoever may vote is an elector
                cast(ballot, request.user, form.choices())
            except RuleError as refusal:
                add_refusal(form, refusal)
                ballot.refresh_from_db()
                return _page(request, context | {"may_vote": False, "reasons": refusal.messages}, status=409)
            return redirect("ballots:ballot-vote", pk=ballot.pk)
    return _page(request, context)


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    ballot = context["ballot"]
    context = {"reasons": [], "said": None, "label": anonymity_label(ballot)} | context
    context["figures"] = figures_of([ballot])[ballot.pk]
    return render(request, "portal/ballots/ballot_vote.html", context, status=status)


@never_cache
@require_GET
def ballot_count(request: HttpRequest, pk: int) -> JsonResponse:
    """Answer how many have voted; how the ballot stands nobody is told before the close."""
    request.leave_no_trace = True  # type: ignore[attr-defined]
    ballot = fetch(request.user, "view", Ballot, pk=pk)
    figures = figures_of([ballot])[ballot.pk]
    return JsonResponse(
        {
            "state": ballot.state,
            "label": BallotState(ballot.state).label,
            "present": figures.present,
            "voted": figures.voted,
            "left": figures.left,
        }
    )
