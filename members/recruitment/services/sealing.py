"""The sealed part of a file: put a scan in, record each look, take a wrong one out."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.files.models import StoredFile
from portal.files.services import attach, discard
from portal.web.refusals import RuleError

from ..models import Case, CaseState, SealedFile, SealedOpening


@transaction.atomic
def seal_file(
    case: Case, file: StoredFile, *, kind: str, subject: str, dated_on: date | None, by: User
) -> SealedFile:
    """Put a scan of the political review under seal.

    Raises ``RuleError`` for a closed case and a day that has not come, ``ValidationError`` by field.
    """
    held = Case.objects.select_for_update(of=("self",)).with_people().get(pk=case.pk)
    if held.state != CaseState.OPEN:
        raise RuleError(_("This case is closed."))
    if dated_on and dated_on > timezone.localdate():
        raise RuleError({"dated_on": [_("This day has not come yet.")]})
    sealed = SealedFile(case=held, file=file, kind=kind, subject=subject.strip(), dated_on=dated_on, filed_by=by)
    sealed.full_clean()
    sealed.save()
    attach(file, sealed)
    _record("filed", sealed, by=by, changes={"kind": ["", kind]})
    return sealed


@transaction.atomic
def open_sealed(sealed: SealedFile, *, reason: str, by: User) -> SealedOpening:
    """Record a look at a sealed file with its reason; for some minutes the reader may fetch the file itself."""
    if not reason.strip():
        raise RuleError({"reason": [_("Say why you need to see it.")]})
    opening = SealedOpening.objects.create(sealed=sealed, by=by, opened_at=timezone.now())
    _record("revealed", sealed, by=by, reason=reason.strip())
    return opening


@transaction.atomic
def remove_sealed(sealed: SealedFile, *, reason: str, by: User) -> None:
    """Take a wrong scan out of the file; the trail keeps that it was there."""
    if not reason.strip():
        raise RuleError({"reason": [_("Give the reason.")]})
    held = SealedFile.objects.select_for_update(of=("self",)).select_related("case__organization", "file")
    sealed = held.get(pk=sealed.pk)
    _record("removed", sealed, by=by, reason=reason.strip(), changes={"kind": [sealed.kind, ""]})
    file = sealed.file
    sealed.delete()
    discard(file)


def _record(verb: str, sealed: SealedFile, *, by: User, **words: object) -> None:
    audit.record(
        f"recruitment.sealed.{verb}", sealed, by=by, about=sealed.case.person.user, at=sealed.case.organization,
        **words,  # type: ignore[arg-type]
    )  # fmt: skip
