"""A file field that keeps what was uploaded when the form comes back, without JavaScript."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from portal.access.policy import scope
from portal.access.rights import AnyUser
from portal.web.refusals import RuleError

from .models import StoredFile
from .rules import accepted_extensions
from .services import store

KEPT_SECONDS = 24 * 3600
_SALT = "portal.files.kept"
_DOOR = "portal.files.door"


@dataclass
class Submission:
    """What one file field sent: new uploads, files kept from an earlier try, and those to leave out."""

    uploads: list[UploadedFile] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)
    # Filled by the field's ``clean``: shown again when the form comes back.
    files: list[StoredFile] = field(default_factory=list)


class KeptFileInput(forms.ClearableFileInput):
    """A file input above which the files already stored are listed, each with a box to leave it out."""

    template_name = "portal/files/kept_file_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, multiple: bool = False) -> None:
        self.allow_multiple_selected = multiple
        # Signed by the field when it is drawn: what the script shows to send a file before the form (``open_door``).
        self.door = ""
        super().__init__(attrs)
        self._sent: dict[str, Submission] = {}

    def __deepcopy__(self, memo: dict[int, Any]) -> "KeptFileInput":
        """Give each form a widget that remembers nothing of another's; Django copies the attributes only."""
        copied: KeptFileInput = super().__deepcopy__(memo)
        copied._sent = {}
        return copied

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Submission:
        """Return the same object each time, so that what ``clean`` stored is still there when the form is drawn."""
        if name not in self._sent:
            uploads = files.getlist(name) if hasattr(files, "getlist") else [files[name]] if name in files else []
            if not self.allow_multiple_selected:
                uploads = uploads[-1:]
            self._sent[name] = Submission(
                uploads=[upload for upload in uploads if upload],
                kept=_listed(data, f"{name}-kept"),
                dropped=set(_listed(data, f"{name}-drop")),
            )
        return self._sent[name]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files and f"{name}-kept" not in data

    def use_required_attribute(self, initial: Any) -> bool:
        return super().use_required_attribute(initial) and not any(sent.files for sent in self._sent.values())

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        stored = value.files if isinstance(value, Submission) else _as_list(value)
        context["stored"] = [entry_for(file) for file in stored]
        context["door"], context["multiple"] = self.door, self.allow_multiple_selected
        return context


class KeptFileField(forms.Field):
    """Store uploads while the form is cleaned and carry them by signed tickets until it is accepted.

    Cleans to a ``StoredFile`` or ``None``, or to a list when ``multiple``. The uploader is the form's ``by``
    (``KeptFilesMixin``).
    """

    widget = KeptFileInput
    default_error_messages = {
        "required": _("Choose a file."),
        "gone": _("A file kept from before is no longer there. Choose it again."),
        "many": _("At most %(limit)s files."),
    }

    def __init__(self, *, kind: str, multiple: bool = False, limit: int = 20, **kwargs: Any) -> None:
        self.kind, self.multiple, self.limit = kind, multiple, limit
        self.by: AnyUser | None = None
        kwargs.setdefault("widget", KeptFileInput(multiple=multiple))
        super().__init__(**kwargs)

    def get_bound_field(self, form: Any, field_name: str) -> forms.BoundField:
        self.by = getattr(form, "by", None)
        if self.by is not None and self.by.is_authenticated:
            self.widget.door = door_for(self.kind, self.by)
        return super().get_bound_field(form, field_name)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"accept": ",".join(accepted_extensions(self.kind))}

    def clean(self, value: Submission | None) -> Any:
        sent = value or Submission()
        if not sent.files:
            sent.files = self._kept(sent)
        errors: list[ValidationError] = []
        while sent.uploads:
            upload = sent.uploads.pop(0)
            try:
                stored = store(upload, kind=self.kind, by=self._uploader())
            except ValidationError as error:
                errors += [_naming(upload, problem) for problem in error.error_list]
            else:
                sent.files = [*sent.files, stored] if self.multiple else [stored]
        if errors:
            raise ValidationError(errors)
        if len(sent.files) > self.limit:
            raise ValidationError(self.error_messages["many"], code="many", params={"limit": self.limit})
        if self.required and not sent.files:
            raise ValidationError(self.error_messages["required"], code="required")
        if self.multiple:
            return list(sent.files)
        return sent.files[0] if sent.files else None

    def _uploader(self) -> Any:
        return self.by if self.by is not None and self.by.is_authenticated else None

    def _kept(self, sent: Submission) -> list[StoredFile]:
        wanted = [ticket for ticket in sent.kept if ticket not in sent.dropped][: self.limit + 1]
        try:
            tokens = [UUID(signing.loads(ticket, salt=_SALT, max_age=KEPT_SECONDS)) for ticket in wanted]
        except (signing.BadSignature, ValueError) as error:
            raise ValidationError(self.error_messages["gone"], code="gone") from error
        readable = scope(self.by, "view", StoredFile) if self.by is not None else StoredFile.objects.none()
        found = {file.token: file for file in readable.filter(token__in=tokens)}
        if len(found) != len(set(tokens)):
            raise ValidationError(self.error_messages["gone"], code="gone")
        return [found[token] for token in dict.fromkeys(tokens)]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return isinstance(data, Submission) and bool(data.uploads or data.kept or data.dropped)


class KeptFilesMixin:
    """Tell every ``KeptFileField`` of a form who uploads: ``MyForm(data, files, by=request.user)``."""

    def __init__(self, *args: Any, by: AnyUser | None = None, **kwargs: Any) -> None:
        self.by: AnyUser | None = by if by is not None else getattr(self, "by", None)
        super().__init__(*args, **kwargs)


def ticket_for(file: StoredFile) -> str:
    """Return the signed ticket by which a form carries ``file``; worth something only to those who may view it."""
    return signing.dumps(str(file.token), salt=_SALT)


def entry_for(file: StoredFile) -> dict[str, Any]:
    """Return what a kept file is drawn from: itself, and the ticket by which the form carries it."""
    return {"file": file, "ticket": ticket_for(file)}


def door_for(kind: str, by: AnyUser) -> str:
    """Return what lets ``by`` send files of ``kind`` before the form on which it stands; for a day."""
    return signing.dumps([kind, by.pk], salt=_DOOR)


def open_door(door: str, by: AnyUser) -> str:
    """Return the kind of file that ``door`` takes from ``by``; raise ``RuleError`` for any other door."""
    try:
        kind, owner = signing.loads(door, salt=_DOOR, max_age=KEPT_SECONDS)
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise RuleError(_("This page is too old to send files from. Open it again.")) from error
    if owner != by.pk:
        raise RuleError(_("This page is too old to send files from. Open it again."))
    return str(kind)


def _listed(data: Any, name: str) -> list[str]:
    found = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
    return [found] if isinstance(found, str) else list(found)


def _as_list(value: Any) -> list[StoredFile]:
    if not value:
        return []
    return [value] if isinstance(value, StoredFile) else list(value)


def _naming(upload: UploadedFile, problem: ValidationError) -> ValidationError:
    """Say which of several files an error is about."""
    words = problem.message % problem.params if problem.params else problem.message
    return ValidationError(_("%(name)s: %(problem)s"), params={"name": upload.name, "problem": words})
