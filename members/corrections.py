"""Verbs on requests for correction: the person asks, those who keep the archive answer."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.policy import holders
from portal.accounts.models import User
from portal.audit import services as audit
from portal.notifications.services import post
from portal.web.refusals import RuleError

from .models import CorrectionRequest, CorrectionState, Member


@transaction.atomic
def ask_correction(member: Member, *, field: str, words: str, by: User) -> CorrectionRequest:
    """Ask that ``field`` of one's own archive be corrected; raise ``ValidationError`` when that waits already."""
    # The person's row is the lock: of two clicks at once the second finds the first one's request.
    Member.objects.select_for_update().get(pk=member.pk)
    request = CorrectionRequest(member=member, field=field, words=words)
    request.full_clean()
    request.save()
    audit.record("members.correction_asked", request, by=by, about=member.user, at=member.organization)
    post(
        "members.correction_asked",
        key=f"members.correction_asked:{request.pk}",
        recipients=holders("answer", request).exclude(pk=by.pk),
        params={"who": member.name, "field": field, "words": words},
        url=reverse("members:correction-answer", args=[request.pk]),
        by=by,
    )
    return request


@transaction.atomic
def answer_correction(request: CorrectionRequest, *, state: str, answer: str, by: User) -> CorrectionRequest:
    """Close a request as corrected or declined, in words; raise ``RuleError`` when it is closed or one's own."""
    request = (
        CorrectionRequest.objects.select_for_update(of=("self",)).select_related("member__user").get(pk=request.pk)
    )
    if request.state != CorrectionState.OPEN:
        raise RuleError(_("%(who)s has answered this request already.") % {"who": request.answered_by}, code="answered")
    if request.member.user_id == by.pk:
        raise RuleError(_("Someone else must answer your own request."))
    request.state, request.answer = state, answer
    request.answered_at, request.answered_by = timezone.now(), by
    request.full_clean()
    request.save()
    audit.record(
        "members.correction_answered",
        request,
        by=by,
        about=request.member.user,
        at=request.member.organization,
        changes={"state": [CorrectionState.OPEN, state]},
        reason=answer,
    )
    post(
        "members.correction_answered",
        key=f"members.correction_answered:{request.pk}",
        recipients=[request.member.user_id],
        params={"field": request.field, "state": state, "words": answer},
        url=reverse("members:my-record"),
        by=by,
    )
    return request
