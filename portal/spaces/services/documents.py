"""Keep papers at hand for the people of a node."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.services import record
from portal.files.models import Kind, StoredFile
from portal.files.services import attach, discard
from portal.organizations.models import Organization
from portal.search.services import touch
from portal.web.refusals import RuleError

from ..models import Reach, SpaceDocument
from ..reach import may_publish
from .stream import tell, untell

DOCUMENT_KIND = "spaces.document"


@transaction.atomic
def keep_document(
    organization: Organization,
    file: StoredFile,
    *,
    title: str,
    category: str = "",
    note: str = "",
    visibility: str = Reach.SPACE,
    by: User,
) -> SpaceDocument:
    """Put a paper among the documents of ``organization`` and tell its stream."""
    if file.kind != Kind.ATTACHMENT:
        raise RuleError(_("This file is of another kind."))
    row = SpaceDocument(organization=organization, file=file, kept_at=timezone.now(), kept_by=by)
    _write(row, title, category, note, visibility, by=by)
    attach(file, row)
    record("spaces.document_kept", row, by=by)
    return row


@transaction.atomic
def change_document(
    document: SpaceDocument, *, title: str, category: str = "", note: str = "", visibility: str, by: User
) -> SpaceDocument:
    """Say anew what a paper is called, where it stands and who may see it."""
    row = SpaceDocument.objects.select_for_update(of=("self",)).select_related("organization").get(pk=document.pk)
    before = {name: getattr(row, name) for name in ("title", "category", "note", "visibility")}
    _write(row, title, category, note, visibility, by=by)
    changes = {name: [old, getattr(row, name)] for name, old in before.items() if old != getattr(row, name)}
    record("spaces.document_changed", row, by=by, changes=changes)
    return row


def _write(row: SpaceDocument, title: str, category: str, note: str, visibility: str, *, by: User) -> None:
    if visibility == Reach.PUBLIC and row.visibility != Reach.PUBLIC and not may_publish(by, row.organization):
        raise RuleError({"visibility": _("Only those who publish news here may show something to everybody.")})
    row.title, row.category, row.note, row.visibility = title.strip(), category.strip(), note.strip(), visibility
    row.full_clean(exclude=["file", "kept_by", "organization"], validate_constraints=False)
    row.save()
    tell(
        row.organization, kind=DOCUMENT_KIND, key=f"{DOCUMENT_KIND}:{row.pk}", title=row.title, words=row.note,
        url=row.get_absolute_url(), at=row.kept_at, by=row.kept_by, visibility=row.visibility,
    )  # fmt: skip
    touch(row)


@transaction.atomic
def remove_document(document: SpaceDocument, *, by: User) -> None:
    """Take a paper away, with its file."""
    row = SpaceDocument.objects.select_for_update(of=("self",)).select_related("file").get(pk=document.pk)
    record("spaces.document_removed", row, by=by, changes={"title": [row.title, ""]})
    untell(f"{DOCUMENT_KIND}:{row.pk}")
    file = row.file
    row.delete()
    discard(file)
