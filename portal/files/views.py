"""The only way out for an uploaded file: by its address, after its owner's policy was asked."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.access.policy import fetch
from portal.web.refusals import RuleError

from .forms import entry_for, open_door
from .models import StoredFile
from .rules import INLINE_TYPES, RENDITIONS
from .services import store
from .serving import send


@login_not_required
@require_safe
def download(request: HttpRequest, token: UUID, name: str) -> HttpResponseBase:
    """Send a file; the name in the address is for people and not checked."""
    file = fetch(request.user, "view", StoredFile, token=token)
    return send(
        request,
        path=file.file.name,
        name=file.name,
        mime=_typed(file.mime),
        etag=file.sha256[:32],
        inline=file.mime in INLINE_TYPES,
    )


@login_not_required
@require_safe
def rendition(request: HttpRequest, token: UUID, size: str) -> HttpResponseBase:
    """Send a smaller form of a picture."""
    file = fetch(request.user, "view", StoredFile, token=token)
    if size not in RENDITIONS or not file.is_picture:
        raise Http404
    return send(
        request,
        path=file.rendition_name(size),
        name=f"{file.name.rpartition('.')[0]}.webp",
        mime="image/webp",
        etag=f"{file.sha256[:32]}-{size}",
        inline=True,
    )


@require_POST
def keep(request: HttpRequest) -> JsonResponse:
    """Take one file ahead of its form, so that a page can show how far it is; the form then carries its ticket."""
    upload = request.FILES.get("file")
    try:
        kind = open_door(request.POST.get("door", ""), request.user)
        if upload is None:
            raise RuleError(_("Choose a file."))
        file = store(upload, kind=kind, by=request.user)
    except RuleError as refusal:
        return JsonResponse({"error": " ".join(refusal.messages)}, status=422)
    name = request.POST.get("name", "")
    context = {"entry": entry_for(file), "name": name}
    return JsonResponse({"html": render_to_string("portal/files/_kept.html", context, request)}, status=201)


def _typed(mime: str) -> str:
    return "text/plain; charset=utf-8" if mime == "text/plain" else mime
