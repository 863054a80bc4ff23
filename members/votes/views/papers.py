"""The report of a count, to print and sign."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.access.policy import fetch
from portal.audit import services as audit
from portal.ballots.queries import papers_of
from portal.documents.responses import paper_response
from portal.documents.services import Format
from portal.web.refusals import RuleError

from ..models import MeetingVote
from ..papers import COUNT, sheet_of
from .fetching import person_of


@require_POST
def vote_paper(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Send the report of a closed vote as PDF or Word; the trail keeps who took it along."""
    rows = MeetingVote.objects.select_related("ballot", "meeting__organization", "meeting__chair")
    vote = fetch(request.user, "view", MeetingVote, queryset=rows, pk=pk)
    try:
        kind = Format(form)
    except ValueError as error:
        raise Http404 from error
    if not vote.ballot.is_closed:
        raise RuleError(_("This vote is not closed yet."))
    facts = sheet_of(vote, papers_of(vote.ballot, request.user))
    response = paper_response(COUNT, facts, format=kind, name=f"{facts.title} {facts.held_on:%Y-%m-%d}")
    changes = {"format": ["", str(kind)]}
    audit.record("votes.paper.exported", vote, by=person_of(request), at=vote.meeting.organization, changes=changes)
    return response
