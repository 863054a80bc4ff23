"""Forms of imports."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.access.policy import scope
from portal.accounts.models import User
from portal.organizations.models import Organization

from .models import ImportRun, Take
from .registry import ImportKind, kinds
from .workbooks import WorkbookError, kind_of

ROWS_FILTERS = [
    ("", _("All rows")), ("new", _("new")), ("changed", _("changed")), ("same", _("unchanged")),
    ("error", _("with errors")),
    ("suspicious", _("to be checked")), ("left", _("left out")), ("kept", _("kept when undoing")),
]  # fmt: skip


def places_of(user: User) -> list[Organization]:
    """Return the topmost organizations for which ``user`` may import."""
    tops: list[Organization] = []
    for node in scope(user, "import", Organization).order_by("path"):
        if not tops or not node.path.startswith(tops[-1].path):
            tops.append(node)
    return tops


class UploadForm(forms.Form):
    """What is imported, for which organization, from which file."""

    kind = forms.ChoiceField(label=_("What the list holds"))
    organization = forms.ModelChoiceField(
        Organization.objects.none(),
        label=_("Organization"),
        help_text=_("Only people of this organization and below it are imported."),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("An Excel workbook (.xlsx, .xls) or a list in CSV. Nothing is written before you confirm."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [kind for kind in kinds if kind.offered_to(user)]
        self.fields["kind"].choices = [(kind.code, kind.label) for kind in offered]
        self.fields["organization"].queryset = scope(user, "import", Organization).order_by("path")
        tops = places_of(user)
        self.fields["organization"].initial = tops[0].pk if tops else None
        self.fields["kind"].initial = next((kind.code for kind in offered), None)

    def clean_kind(self) -> ImportKind | None:
        return kinds.get(self.cleaned_data["kind"])

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        try:
            kind_of(upload)
        except WorkbookError as error:
            raise forms.ValidationError(error.words, code=error.code) from error
        return upload


class ColumnsForm(forms.Form):
    """The meaning of each column of the workbook."""

    def __init__(self, *args: Any, run: ImportRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run = run
        choices = [("", _("(is not imported)")), *((column.code, column.label) for column in run.spec.columns)]
        for index, heading in enumerate(run.headings):
            if heading:
                self.fields[f"column_{index}"] = forms.ChoiceField(
                    label=heading, choices=choices, required=False, initial=run.mapping[index]
                )

    @property
    def mapping(self) -> list[str]:
        return [self.cleaned_data.get(f"column_{index}", "") for index in range(len(self.run.headings))]


class ConfirmForm(forms.Form):
    """Which rows to take, and which branches to create first."""

    take = forms.ChoiceField(label=_("Which rows"), choices=Take.choices, widget=forms.RadioSelect, initial=Take.VALID)
    create = forms.MultipleChoiceField(
        label=_("Create these branches"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Rows whose branch is not created are left out."),
    )

    def __init__(self, *args: Any, run: ImportRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if run.error_count:
            self.fields["take"].choices = [choice for choice in Take.choices if choice[0] != Take.ALL]
        if run.proposals:
            self.fields["create"].choices = [
                (
                    proposal["name"],
                    _("%(name)s under %(parent)s (%(rows)s rows)")
                    % {"name": proposal["name"], "parent": proposal["parent"], "rows": proposal["rows"]},
                )
                for proposal in run.proposals
            ]
            self.fields["create"].initial = [proposal["name"] for proposal in run.proposals]
        else:
            del self.fields["create"]


class RowFilterForm(forms.Form):
    show = forms.ChoiceField(label=_("Show"), choices=ROWS_FILTERS, required=False)
    q = forms.CharField(label=_("Name or number"), required=False, max_length=40)
