"""What the forms of all kinds of record share: the day, the limits of the column, the papers, the way to the details.

The fields of a form bear the names of the fields of its details. A form checks shape; what is lawful the engine says.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import fields as fields_of
from datetime import date
from enum import Enum
from typing import Any, ClassVar

from django import forms
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.models import Member
from portal.accounts.models import User
from portal.files.forms import KeptFileField, KeptFilesMixin
from portal.files.models import Kind
from portal.organizations.models import Organization
from portal.web.forms import DayInput

from ..engine.course import Course
from ..engine.details import Details
from ..engine.papers import papers_left
from ..engine.people import Named, Role
from ..engine.vocabulary import PAPER_LABELS
from ..queries.naming import others_named
from ..records import COUNT, FIRST_DAY, LAST_DAY, NUMBERS, SHORT, TEXTS
from ..services import Filed

PAPER = "paper_"


@dataclass(frozen=True, slots=True)
class Asked:
    """For what a form is drawn: the record of which case, by whom, and what the rules know of the case.

    A form of many people has neither candidate nor ``course``. ``before`` are the details that a correction replaces.
    """

    step: str
    kind: str
    today: date
    by: User
    branch: Organization
    roles: frozenset[Role] = frozenset()
    candidate_id: int = 0  # the account
    course: Course | None = None
    before: Details | None = None


class Words(forms.CharField):
    """Text whose lines end as the column keeps them."""

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n")


class Person(forms.ModelChoiceField):
    """One of the people who may be named, by the key of the account; the choices come with the form.

    Somebody else of the branch is taken as well: why they cannot be named, the engine says with the article.
    """

    branch: Organization | None = None
    widget = forms.Select(attrs={"data-findable": _("Find by name or number")})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Member.objects.none(), to_field_name="user_id", empty_label=_("choose …"), **kwargs)

    def to_python(self, value: Any) -> Any:
        text = str(value)
        if value not in self.empty_values and not (text.isascii() and text.isdecimal() and len(text) < 19):
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})
        try:
            return super().to_python(value)
        except forms.ValidationError:
            found = others_named(self.branch, int(text)) if self.branch else None
            if found is None:
                raise
            return found

    def label_from_instance(self, member: Any) -> str:
        return f"{member.user.name} · {member.user.number}"


def day(label: Any, *, required: bool = True, **kwargs: Any) -> forms.DateField:
    """Return a field for a day that the column takes."""
    return _Day(label=label, required=required, widget=DayInput, **kwargs)


class _Day(forms.DateField):
    default_error_messages = {"range": _("This day cannot be right.")}

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not FIRST_DAY <= value <= LAST_DAY:
            raise forms.ValidationError(self.error_messages["range"], code="range")


def words(name: str, label: Any, *, rows: int = 0, required: bool = False, **kwargs: Any) -> Words:
    """Return a field for a text; with ``rows`` one of several lines."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"})
    return Words(label=label, required=required, max_length=TEXTS.get(name, SHORT), widget=widget, **kwargs)


def number(name: str, label: Any, *, required: bool = True, **kwargs: Any) -> forms.IntegerField:
    """Return a field for a whole number within the bounds of the column."""
    least, most = NUMBERS.get(name, COUNT)
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(
        label=label, required=required, min_value=least, max_value=most, widget=widget, **kwargs
    )


def choice(label: Any, labels: Mapping[Any, Any], *, required: bool = True, **kwargs: Any) -> forms.TypedChoiceField:
    """Return a field for one of a few codes, each of which is shown."""
    kind = type(next(iter(labels)))
    choices = [(code.value, words_of) for code, words_of in labels.items()]
    return forms.TypedChoiceField(
        label=label, choices=choices, coerce=kind, required=required, widget=forms.RadioSelect, **kwargs
    )


def several(label: Any, labels: Mapping[Any, Any], **kwargs: Any) -> forms.TypedMultipleChoiceField:
    """Return a field for any of a few codes."""
    kind = type(next(iter(labels)))
    choices = [(code.value, words_of) for code, words_of in labels.items()]
    return forms.TypedMultipleChoiceField(
        label=label, choices=choices, coerce=kind, required=False, widget=forms.CheckboxSelectMultiple, **kwargs
    )


class RecordForm(KeptFilesMixin, forms.Form):
    """Base of the forms of all kinds.

    ``own`` names the fields that differ from person to person when a record is made for many; ``lead`` says what the
    rules ask. Subclasses say by ``proposed`` what is known already and by ``narrow`` which choices there are.
    """

    details_type: ClassVar[type[Details]]
    lead: ClassVar[Promise]
    own: ClassVar[tuple[str, ...]] = ()
    on_label: ClassVar[Any] = _("On")

    on = day(_("On"), help_text=_("The day on which it happened, not the day of recording it."))

    def __init__(self, *args: Any, asked: Asked, with_papers: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        self.fields["on"].label = self.on_label
        self.codes = papers_left(asked.step, asked.kind) if with_papers else ()
        for code in self.codes:
            self.fields.update(_paper_fields(code))
        known = self.initial_of(asked.before) if asked.before else {}
        self.narrow()
        proposed = {"on": asked.today, **({} if asked.before else self.proposed()), **known, **self.initial}
        self.initial = {name: _as_sent(self.fields.get(name), value) for name, value in proposed.items()}

    # What the kinds say

    def proposed(self) -> dict[str, Any]:
        """Return what the rules or earlier records tell, by field."""
        return {}

    def narrow(self) -> None:
        """Bring choices and help texts of this case into the fields."""

    @classmethod
    def initial_of(cls, details: Details) -> dict[str, Any]:
        """Return the fields that say ``details``."""
        return {field.name: _plain(getattr(details, field.name)) for field in fields_of(details)}

    def values(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of the details that cleaned ``data`` say."""
        names = {field.name for field in fields_of(self.details_type)}
        return {name: _named(value) for name, value in data.items() if name in names}

    # What the views ask

    def details_from(self, data: Mapping[str, Any]) -> Details:
        """Return the details that cleaned ``data`` say; a correction keeps what no field asks."""
        values = self.values(data)
        return replace(self.asked.before, **values) if self.asked.before else self.details_type(**values)

    def details(self) -> Details:
        return self.details_from(self.cleaned_data)

    def documents(self) -> list[Filed]:
        """Return the papers that are said to be there: dated, signed or scanned."""
        found = []
        for code in self.codes:
            dated_on, is_signed, file = (
                self.cleaned_data.get(f"{PAPER}{code}_{part}") for part in ("on", "signed", "file")
            )
            if dated_on or is_signed or file:
                found.append(Filed(code, dated_on, bool(is_signed), file))
        return found

    def main_fields(self) -> Iterator[forms.BoundField]:
        """Yield the fields of the record, those of its papers left out."""
        return (self[name] for name in self.fields if not name.startswith(PAPER))

    def papers(self) -> Iterator[tuple[Promise, list[forms.BoundField]]]:
        """Yield each paper with its fields."""
        for code in self.codes:
            names = (f"{PAPER}{code}_{part}" for part in ("on", "signed", "file"))
            yield PAPER_LABELS[code], [self[name] for name in names if name in self.fields]

    @classmethod
    def said(cls, details: Details) -> list[tuple[str, str]]:
        """Return the details in words, by the labels of the fields."""
        names = {person.key: person.name for person in _people_in(details)}
        found = []
        for name, value in cls.initial_of(details).items():
            field = cls.base_fields.get(name)
            if field is not None and value not in (None, "", [], ()):
                found.append((str(field.label), _spoken(field, value, names)))
        return found


def _paper_fields(code: str) -> dict[str, forms.Field]:
    return {
        f"{PAPER}{code}_on": day(_("Date on the paper"), required=False),
        f"{PAPER}{code}_signed": forms.BooleanField(label=_("It is signed"), required=False),
        f"{PAPER}{code}_file": KeptFileField(kind=Kind.SCAN, label=_("Scan or photograph"), required=False),
    }


def _plain(value: Any) -> Any:
    """Return a part of the details as the initial value of a field."""
    if isinstance(value, Named):
        return value.key
    if isinstance(value, Enum):
        return value.value
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def _named(value: Any) -> Any:
    """Return a cleaned value as the details hold it."""
    if isinstance(value, Member):
        return named(value)
    return tuple(value) if isinstance(value, list) else value


def named(member: Member) -> Named:
    """Return a person as the details name them; the service looks up how they stood on the day."""
    return Named(member.user_id, member.user.name)


def _as_sent(field: forms.Field | None, value: Any) -> Any:
    """Return an initial value in the shape of its field; a kept draft holds lists of what was ticked."""
    if isinstance(field, forms.BooleanField):
        return bool(value)
    is_one = isinstance(field, forms.Field) and not isinstance(field, forms.MultipleChoiceField)
    return (value[-1] if value else "") if is_one and isinstance(value, list) else value


def _people_in(details: Details) -> Iterator[Named]:
    for field in fields_of(details):
        value = getattr(details, field.name)
        yield from (part for part in (value if isinstance(value, tuple) else (value,)) if isinstance(part, Named))


def _spoken(field: forms.Field, value: Any, names: Mapping[int, str]) -> str:
    if isinstance(field, Person):
        return names.get(value, str(value))
    if isinstance(field, forms.ChoiceField):
        labels = {str(code): str(label) for code, label in field.choices}
        codes: Collection[Any] = value if isinstance(value, list) else [value]
        return " · ".join(labels.get(str(code), str(code)) for code in codes)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    return str(value)

