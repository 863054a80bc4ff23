"""Forms of transfers: asking, each step, filters, batches, people away."""

from typing import Any

from django import forms
from django.core.validators import MinLengthValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Member
from portal.access.policy import duty_scope, scope
from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.organizations.duties import Duty
from portal.organizations.models import Organization, Standing
from portal.web.forms import DayInput

from .models import Batch, Transfer
from .models.relations import LostReason
from .queries.facts import dues_known
from .queries.lists import arriving, comrades, receiving_branches
from .rules.checks import needs_letter
from .rules.clocks import RelationState
from .rules.states import Kind, Route, State
from .rules.values import NATIONAL
from .services.letters import last_reaching, usual_days

WORDS_MAX = 500


def _words(label: Any, *, required: bool = False, rows: int = 3, **kwargs: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=WORDS_MAX, widget=area, **kwargs)


class AskForm(forms.Form):
    """Where a relation is to go: to another branch here, or to a committee outside."""

    kind = forms.ChoiceField(
        label=_("Where to?"),
        widget=forms.RadioSelect,
        choices=[
            (Kind.INTERNAL_MOVE.value, _("To another branch of the university")),
            (Kind.TRANSFER_OUT.value, _("Out of the university")),
        ],
    )
    destination = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Branch here"), required=False, help_text=_("For a move within.")
    )
    committee = forms.CharField(
        label=_("Committee outside that receives the letter"),
        max_length=120,
        required=False,
        help_text=_("Its full name, as the receiver gave it to you."),
    )
    unit = forms.CharField(label=_("Unit or branch there"), max_length=120, required=False)
    reason = _words(_("Why"), rows=2)

    def __init__(self, *args: Any, person: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["destination"].queryset = receiving_branches().exclude(pk=person.organization_id)
        self.fields["destination"].label_from_instance = lambda node: node.name
        if not needs_letter(person.standing):
            self.fields["kind"].choices = self.fields["kind"].choices[:1]
            self.initial.setdefault("kind", Kind.INTERNAL_MOVE.value)
            del self.fields["committee"], self.fields["unit"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == Kind.INTERNAL_MOVE and not data.get("destination"):
            self.add_error("destination", _("Choose the branch."))
        if data.get("kind") == Kind.TRANSFER_OUT and not data.get("committee"):
            self.add_error("committee", _("Name the committee."))
        return data


class ArrivalForm(forms.Form):
    """The letter that someone brought from outside."""

    number = forms.CharField(
        label=_("Student or staff number"), max_length=20, help_text=_("The person has an account; enter its number.")
    )
    destination = forms.ModelChoiceField(Organization.objects.none(), label=_("Branch that takes the person in"))
    standing = forms.ChoiceField(
        label=_("Standing by the letter"),
        choices=[(s.value, s.label) for s in (Standing.FULL_MEMBER, Standing.PROBATIONARY)],
    )
    committee = forms.CharField(label=_("Committee that issued the letter"), max_length=120)
    unit = forms.CharField(label=_("Unit the person came from"), max_length=120, required=False)
    letter_number = forms.CharField(label=_("Number of the letter"), max_length=40)
    issued_on = forms.DateField(label=_("Issued on"), widget=DayInput)
    valid_days = forms.IntegerField(label=_("Valid for days"), min_value=1, max_value=NATIONAL.letter_days_max)
    dues_paid_to = forms.DateField(
        label=_("Dues paid up to the month of"), widget=DayInput, help_text=_("Any day of that month.")
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["destination"].queryset = receiving_branches(duty_scope(by, Duty.TRANSFER))
        self.initial.setdefault("valid_days", usual_days(timezone.localdate()))

    def clean_number(self) -> str:
        number = self.cleaned_data["number"].strip()
        self.person = arriving(self.by).filter(user__number=number).first()
        if self.person is None:
            raise forms.ValidationError(
                _("Nobody who could come to you has this number. Take the person in first, then register the letter.")
            )
        return number


class CheckForm(forms.Form):
    """What the branch confirms before the transfer goes on."""

    dues_paid_to = forms.DateField(
        label=_("Dues paid up to the month of"), widget=DayInput, required=False, help_text=_("Any day of that month.")
    )
    file_checked = forms.BooleanField(
        label=_("The file was gone through against the list and is complete."), required=False
    )
    words = _words(_("Remarks"), rows=2)

    def __init__(self, *args: Any, transfer: Transfer, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = dues_known([transfer.person_id], timezone.localdate()).get(transfer.person_id)
        if known:
            self.initial.setdefault("dues_paid_to", known)
            self.fields["dues_paid_to"].disabled = True
            self.fields["dues_paid_to"].help_text = _("As the record of dues says.")
        if transfer.route == Route.IN or not needs_letter(transfer.standing):
            del self.fields["dues_paid_to"]


class LetterForm(forms.Form):
    """How long a letter holds, and how its issuer is reached."""

    valid_days = forms.IntegerField(label=_("Valid for days"), min_value=1, max_value=NATIONAL.letter_days_max)
    handler = forms.CharField(label=_("Handled by"), max_length=60, required=False)
    contact_phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    fax = forms.CharField(label=_("Fax"), max_length=40, required=False)
    address = forms.CharField(label=_("Postal address"), max_length=200, required=False)

    def __init__(self, *args: Any, committee: Organization, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"valid_days": usual_days(timezone.localdate()), **last_reaching(committee), **self.initial}
        if not self.initial["handler"]:
            self.initial["handler"] = by.name


class IssueForm(LetterForm):
    words = _words(_("Remarks"), rows=2)

    def __init__(self, *args: Any, transfer: Transfer, by: User, **kwargs: Any) -> None:
        super().__init__(*args, committee=transfer.sender_committee, by=by, **kwargs)


class ReissueForm(IssueForm):
    words = _words(_("Why did the letter run out?"), required=True, rows=2)


class RenewForm(forms.Form):
    """The new letter of a sender outside."""

    letter_number = forms.CharField(label=_("Number of the new letter"), max_length=40)
    issued_on = forms.DateField(label=_("Issued on"), widget=DayInput)
    valid_days = forms.IntegerField(label=_("Valid for days"), min_value=1, max_value=NATIONAL.letter_days_max)
    words = _words(_("Why did the letter run out?"), rows=2)

    def __init__(self, *args: Any, transfer: Transfer, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("valid_days", usual_days(timezone.localdate()))


class RemarkForm(forms.Form):
    words = _words(_("Remarks"), rows=2)

    def __init__(self, *args: Any, transfer: Transfer, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class ReasonForm(RemarkForm):
    words = _words(
        _("Reason"),
        required=True,
        validators=[MinLengthValidator(4)],
        help_text=_("The person and the other side read it. Nobody refuses without good reason (DJ art. 25)."),
    )


class AcceptForm(RemarkForm):
    """From which day the receiver answers; going out, what the receipt says."""

    accepted_on = forms.DateField(label=_("Accepted on"), widget=DayInput, initial=timezone.localdate)
    receiver = forms.CharField(label=_("Who signed the receipt"), max_length=120)
    field_order = ("accepted_on", "receiver", "words")

    def __init__(self, *args: Any, transfer: Transfer, by: User, **kwargs: Any) -> None:
        super().__init__(*args, transfer=transfer, by=by, **kwargs)
        if transfer.route != Route.OUT:
            del self.fields["receiver"]


class TransferFilterForm(forms.Form):
    """Filters of the list of transfers; they live in the address. An unknown value filters nothing."""

    words = forms.CharField(label=_("Name or number"), max_length=60, required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), ("open", _("all that are under way")), *State.choices],
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *Kind.choices])
    turn = forms.BooleanField(label=_("Only those that wait for me"), required=False)
    late = forms.BooleanField(label=_("Only with a letter that ran out"), required=False)
    direction = forms.ChoiceField(
        required=False, widget=forms.HiddenInput, choices=[("", ""), ("out", "out"), ("in", "in")]
    )
    batch = forms.ModelChoiceField(Batch.objects.none(), required=False, widget=forms.HiddenInput)
    organization = forms.ModelChoiceField(Organization.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["batch"].queryset = scope(by, "view", Batch)
        self.fields["organization"].queryset = scope(by, "view", Organization)

    @property
    def chosen(self) -> dict[str, Any]:
        """Return the filters that are set and valid."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class RelationFilterForm(forms.Form):
    """Filters of the list of people away."""

    words = forms.CharField(label=_("Name or number"), max_length=60, required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *RelationState.choices])
    past = forms.BooleanField(label=_("Those that have ended too"), required=False)

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class RelationForm(forms.Form):
    """A state of a relation that begins."""

    state = forms.ChoiceField(label=_("State"), choices=RelationState.choices)
    since = forms.DateField(
        label=_("Since"), widget=DayInput, help_text=_("Kept after graduation counts from the day of graduation.")
    )
    place = forms.CharField(label=_("Place or country of stay"), max_length=120, required=False)
    host = forms.CharField(label=_("Organization or school there"), max_length=120, required=False)
    contact = forms.CharField(label=_("How to reach the person"), max_length=120, required=False)
    responsible = forms.ModelChoiceField(Member.objects.none(), label=_("Who keeps in touch"), required=False)
    last_contact_on = forms.DateField(label=_("Last contact on"), widget=DayInput, required=False)
    reason_code = forms.ChoiceField(
        label=_("Why contact was lost"),
        required=False,
        choices=[("", _("not lost")), *LostReason.choices],
    )
    words = _words(_("Remarks"), rows=2)

    def __init__(self, *args: Any, person: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"].queryset = comrades(person)
        self.fields["responsible"].label_from_instance = lambda member: f"{member.user.name} · {member.user.number}"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("state") == RelationState.LOST and not data.get("reason_code"):
            self.add_error("reason_code", _("Say why contact was lost."))
        return data


class ContactLogForm(forms.Form):
    """One attempt to reach a person away."""

    on = forms.DateField(label=_("On"), widget=DayInput, initial=timezone.localdate)
    means = forms.CharField(label=_("By telephone, message, visit …"), max_length=60)
    is_reached = forms.BooleanField(label=_("The person was reached"), required=False, initial=True)
    words = _words(_("What was learned"), rows=2)


class RelationEndForm(forms.Form):
    until = forms.DateField(label=_("Last day of this state"), widget=DayInput, initial=timezone.localdate)
    words = forms.CharField(
        label=_("How did it end?"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: has returned; found; transferred to the employer."),
    )  # fmt: skip


class GraduatesForm(forms.Form):
    """Which branch, and who graduates when; lives in the address."""

    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("Branch"))
    since = forms.DateField(label=_("Graduation from"), widget=DayInput, required=False)
    until = forms.DateField(label=_("Graduation until"), widget=DayInput, required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = receiving_branches(duty_scope(by, Duty.TRANSFER))

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class BatchForm(forms.Form):
    """What holds for everyone in a batch; each person's own destination stands in the table."""

    title = forms.CharField(label=_("Name of this batch"), max_length=80)
    to = forms.CharField(
        label=_("Destination for all who have none of their own"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "branches", "autocomplete": "off"}),
        help_text=_("The name of a branch here, or of the committee outside that receives the letters."),
    )
    unit = forms.CharField(label=_("Unit there"), max_length=120, required=False)
    dues_paid_to = forms.DateField(
        label=_("Dues paid up to the month of"),
        widget=DayInput,
        required=False,
        help_text=_("For those of whom no record of dues says it. Any day of that month."),
    )
    file_checked = forms.BooleanField(
        label=_("The files were gone through against the list and are complete."), required=False
    )


class BatchIssueForm(LetterForm):
    """One set of days and of contact for all letters of a batch."""
