"""The editor of a candidate's letter with its tables, and the branch's answer."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from members.development.forms import ScansField
from portal.reviews.rules import State
from portal.web.forms import DayInput, FilterForm

from ..letters import BOX_MAX, HISTORY_MAX, RELATIVES_MAX, TEXT_MAX, Tables
from ..models import Carrier, LetterKind
from ..papers.people import Period, Relative

WORDS_MAX = 2000
# Empty rows below what is filled in, and the least number of rows a table shows.
SPARE_ROWS, LEAST_ROWS = 2, 3
MONTHS = ["%Y-%m", "%Y.%m", "%Y/%m", "%Y-%m-%d"]


class MonthField(forms.DateField):
    """A month as official forms ask for it; the day is the first."""

    def __init__(self, **kwargs: Any) -> None:
        widget = DayInput({"placeholder": _("YYYY-MM"), "maxlength": "10"})
        widget.format = "%Y-%m"
        super().__init__(input_formats=MONTHS, required=False, localize=False, widget=widget, **kwargs)


class PeriodForm(forms.Form):
    """One line of the résumé; an empty one counts for nothing."""

    since = MonthField(label=_("From"))
    until = MonthField(label=_("To (empty: until now)"))
    words = forms.CharField(label=_("Where and as what"), max_length=200, required=False)
    witness = forms.CharField(label=_("Who can confirm it"), max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if any(data.values()):
            if not data.get("words") and "words" not in self.errors:
                self.add_error("words", _("Say where you were and as what."))
            if since is None and "since" not in self.errors:
                self.add_error("since", _("Say from when."))
        if since and until and until < since:
            self.add_error("until", _("The end cannot come before the beginning."))
        return data

    def row(self) -> Period | None:
        data = self.cleaned_data
        if not any(data.values()):
            return None
        return Period(data.get("since"), data.get("until"), data["words"], data["witness"])


class RelativeForm(forms.Form):
    """One person of the family or of the main social relations; an empty line counts for nothing."""

    relation = forms.CharField(label=_("Relation"), max_length=30, required=False)
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    birth_date = MonthField(label=_("Month of birth"))
    political_status = forms.CharField(label=_("Political status"), max_length=40, required=False)
    unit = forms.CharField(label=_("Place of work and position"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if any(data.values()):
            for name, words in (("relation", _("Say how you are related.")), ("name", _("Give the name."))):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return data

    def row(self) -> Relative | None:
        data = self.cleaned_data
        if not any(data.values()):
            return None
        return Relative(
            data["relation"], data["name"], data.get("birth_date"), data["political_status"], data["unit"]
        )


TABLES = {
    "history": forms.formset_factory(PeriodForm, extra=0, max_num=HISTORY_MAX, validate_max=True),
    "family": forms.formset_factory(RelativeForm, extra=0, max_num=RELATIVES_MAX, validate_max=True),
    "social_relations": forms.formset_factory(RelativeForm, extra=0, max_num=RELATIVES_MAX, validate_max=True),
}
LABELS = {
    "history": _("Résumé"),
    "family": _("Main members of the family"),
    "social_relations": _("Main social relations"),
}


class LetterForm(forms.Form):
    """The text of a letter; only handing in asks that it be whole."""

    body = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=TEXT_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 22, "data-clean-paste": "", "spellcheck": "true"}),
        help_text=_("One paragraph a line. Title, address, closing and signature are added on paper."),
    )
    carrier = forms.ChoiceField(
        label=_("The signed letter itself"),
        required=False,
        choices=Carrier.choices,
        widget=forms.RadioSelect,
        help_text=_("The portal does not replace it: bring it to your branch, or send it."),
    )
    scans = ScansField(
        label=_("Scans or photographs of the signed letter"),
        required=False,
        help_text=_("Pictures or PDF. They are kept beside the text."),
    )
    draft_version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    draft_device = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class AdmissionForm(LetterForm):
    league_joined_on = MonthField(label=_("Joined the Communist Youth League in"))
    prior_application = forms.CharField(
        label=_("Earlier application"),
        max_length=BOX_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Where and when, if you have applied before, for instance at school."),
    )
    field_order: Iterable[str] = ["body", "league_joined_on", "prior_application", "carrier", "scans"]


class ConversionForm(LetterForm):
    faults = forms.CharField(
        label=_("What has become of the shortcomings named at your admission"),
        max_length=BOX_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    explanations = forms.CharField(
        label=_("What you have to explain to the party"),
        max_length=BOX_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Empty boxes are printed as “none”."),
    )
    field_order: Iterable[str] = ["body", "faults", "explanations", "carrier", "scans"]


FORMS: dict[str, type[LetterForm]] = {LetterKind.ADMISSION: AdmissionForm, LetterKind.CONVERSION: ConversionForm}
BESIDE = ("league_joined_on", "prior_application", "faults", "explanations")


class LetterEditor:
    """The form of one kind of letter with its tables, which belong to the application alone.

    The fields are kept flat, ``family-0-name`` and so on, as a draft keeps them.
    """

    def __init__(
        self,
        kind: str,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        self.kind = kind
        self.names = list(TABLES) if kind == LetterKind.ADMISSION else []
        values = values or {}
        self.form = FORMS[kind](data, files, initial=dict(values))
        self.tables = {name: self._table(name, data, values) for name in self.names}

    @classmethod
    def of_kept(cls, kind: str, values: Mapping[str, Any]) -> "LetterEditor":
        """Return the editor as if ``values`` had just been sent: to check what is kept before it is handed in."""
        names = TABLES if kind == LetterKind.ADMISSION else ()
        counts = {f"{name}-TOTAL_FORMS": _rows_in(name, values) for name in names}
        starts = {f"{name}-INITIAL_FORMS": 0 for name in names}
        return cls(kind, {**values, **counts, **starts}, {})

    def _table(self, name: str, data: Mapping[str, Any] | None, values: Mapping[str, Any]) -> Any:
        if data is not None:
            return TABLES[name](data, prefix=name)
        table = TABLES[name]
        rows = [
            {field: values.get(f"{name}-{number}-{field}", "") for field in table.form.base_fields}
            for number in range(_rows_in(name, values))
        ]
        rows = [row for row in rows if any(row.values())]
        spare = max(SPARE_ROWS, LEAST_ROWS - len(rows))
        return table(initial=rows + [{}] * min(spare, table.max_num - len(rows)), prefix=name)

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(table.is_valid() for table in self.tables.values())])

    def shown(self) -> list[dict[str, Any]]:
        """Return the tables as the page draws them: an empty one is folded."""
        return [
            {"name": name, "label": LABELS[name], "table": table, "is_open": _is_begun(table)}
            for name, table in self.tables.items()
        ]

    @property
    def scans(self) -> list[File]:
        found: list[File] = self.form.cleaned_data["scans"]
        return found

    def rows(self) -> Tables:
        """Return what stands beside the text of a valid letter."""
        beside = {name: value for name in BESIDE if (value := self.form.cleaned_data.get(name))}
        return Tables(
            **beside,
            **{name: tuple(row for form in table if (row := form.row())) for name, table in self.tables.items()},
        )


def sent_values(kind: str, data: Mapping[str, Any]) -> dict[str, str]:
    """Return what was typed, as a draft keeps it: the fields of the letter and of its tables, nothing else."""
    names = [name for name in FORMS[kind].base_fields if name not in ("scans", "draft_version", "draft_device")]
    if kind == LetterKind.ADMISSION:
        for name, table in TABLES.items():
            names += [
                f"{name}-{number}-{field}" for number in range(table.max_num) for field in table.form.base_fields
            ]
    return {name: str(data[name]).replace("\x00", "") for name in names if name in data}


def values_of(body: str, carrier: str, tables: Tables) -> dict[str, str]:
    """Return a letter that was handed in as the editor's fields keep it."""
    values = {"body": body, "carrier": carrier}
    values |= {name: _said(getattr(tables, name)) for name in BESIDE}
    for name in TABLES:
        for number, row in enumerate(getattr(tables, name)):
            for field in TABLES[name].form.base_fields:
                values[f"{name}-{number}-{field}"] = _said(getattr(row, field))
    return values


def _is_begun(table: Any) -> bool:
    """Say whether a table holds anything, or something to mend."""
    if table.is_bound:
        return not table.is_valid() or any(any(form.cleaned_data.values()) for form in table)
    return any(any(row.values()) for row in table.initial or ())


def _said(value: Any) -> str:
    return f"{value:%Y-%m}" if isinstance(value, date) else str(value or "")


def _rows_in(name: str, values: Mapping[str, Any]) -> int:
    """Return how many rows of the table ``name`` are among ``values``."""
    numbers = [
        int(part[1])
        for key in values
        if len(part := key.split("-", 2)) == 3 and part[0] == name and part[1].isdecimal() and len(part[1]) < 4
    ]
    return min(max(numbers, default=-1) + 1, TABLES[name].max_num)


class DeclarationForm(forms.Form):
    """What a writer declares with the text that was shown; ``seen`` is that text's fingerprint."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    declared = forms.BooleanField(
        label=_("I apply of my own free will, nobody has urged me, and what I write is true (XZ26 art. 5)."),
        error_messages={
            "required": _("Declare that you apply of your own free will and that what you write is true.")
        },
        widget=forms.CheckboxInput(attrs={"id": "declared"}),
    )


class LetterAnswerForm(forms.Form):
    """The branch's decision on the version that was shown."""

    decision = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect, choices=[])
    is_signed = forms.BooleanField(
        label=_("The signed letter is with the branch"),
        required=False,
        help_text=_("Leave it empty while the signed copy is still to come."),
    )
    words = forms.CharField(
        label=_("Words to the writer"),
        max_length=WORDS_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Needed when you return the letter: say what is to be changed."),
    )
    version = forms.IntegerField(min_value=1, max_value=30_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        receive = (
            _("Receive: the case is opened on the day the letter was handed in")
            if kind == LetterKind.ADMISSION
            else _("Receive: it is recorded in the case on the day it was handed in")
        )
        self.fields["decision"].choices = [("receive", receive), ("return", _("Return for rewriting"))]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("decision") == "return" and not data.get("words", "").strip():
            self.add_error("words", _("Say what should be rewritten."))
        return data


class LetterFilterForm(FilterForm):
    """Filters of the list of letters; they live in the address. An unknown value filters nothing."""

    same_for_all = True

    words = forms.CharField(label=_("Name or number"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *LetterKind.choices])
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("waiting")),
            ("any", _("all")),
            (State.RETURNED.value, State.RETURNED.label),
            (State.ACCEPTED.value, _("received")),
        ],
    )
