"""Take a paper off a meeting that was put up by mistake."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.access.policy import fetch

from .. import services
from ..models import Meeting
from ..queries.meetings import paper_of


@require_http_methods(["GET", "POST"])
def paper_remove(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Ask whether the paper shall go, and let it go."""
    meeting = fetch(request.user, "lead", Meeting, queryset=Meeting.objects.select_related("organization"), pk=pk)
    paper = paper_of(meeting, file)
    if paper is None:
        raise Http404
    if request.method == "POST":
        services.remove_paper(meeting, paper, by=request.user)
        messages.success(request, _("The paper is taken off: %(name)s") % {"name": paper.name})
        return redirect(meeting)
    return render(request, "members/meetings/paper_remove.html", {"meeting": meeting, "paper": paper})
