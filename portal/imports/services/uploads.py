"""Take a workbook in."""

from pathlib import PurePath

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.imports.models import ImportRun
from portal.imports.registry import ImportKind
from portal.imports.tasks import work_on_import
from portal.imports.workbooks import WorkbookError, kind_of, sealed
from portal.organizations.models import Organization
from portal.web.refusals import RuleError

AT_ONCE = 5


def start_import(kind: ImportKind, *, organization: Organization, upload: File, by: User) -> ImportRun:
    """Keep the workbook encrypted and have it checked by a worker; raise ``RuleError`` when it cannot be one."""
    try:
        kind_of(upload)
        content = sealed(upload)
    except WorkbookError as error:
        raise RuleError(error.words, code=error.code) from error
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        if ImportRun.objects.filter(by=by, state__in=("uploaded", "checking")).count() >= AT_ONCE:
            raise RuleError(_("Several of your lists are being checked. Wait until they are done."))
        run = ImportRun(
            kind=kind.code, by=by, organization=organization, filename=PurePath(upload.name or "").name[-200:]
        )
        run.file.save("", content, save=False)
        run.save()
        audit.record("imports.uploaded", run, by=by)
        work_on_import.delay_on_commit(run.pk)
    return run
