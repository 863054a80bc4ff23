"""Forms around a case: opening it for a paper letter, its end, its move, an exception, and the sealed part."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import MinLengthValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.files.forms import KeptFileField, KeptFilesMixin
from portal.web.forms import DayInput

from ..engine.bans import LIFTABLE
from ..engine.vocabulary import EXCEPTION_LABELS
from ..models import NOT_BY_HAND, Case, ClosedReason, SealedKind
from ..models.cases import WORDS_MAX
from ..services.cases import BEFORE_ADMISSION


def _words(label: Any, **kwargs: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=WORDS_MAX, validators=[MinLengthValidator(4)], widget=area, **kwargs)


class CaseCreateForm(KeptFilesMixin, forms.Form):
    """What the secretary reads off a letter on paper, and what the rules ask of the person."""

    on = forms.DateField(label=_("Date on the letter"), widget=DayInput)
    received_on = forms.DateField(
        label=_("Received by the branch on"),
        widget=DayInput,
        help_text=_("The month for the first talk runs from this day."),
    )
    is_signed = forms.BooleanField(label=_("The letter is signed by the applicant's own hand"), required=False)
    scan = KeptFileField(kind="scan", label=_("Scan of the letter"), required=False)
    leaves_on = forms.DateField(
        label=_("Leaves the university on"),
        widget=DayInput,
        required=False,
        help_text=_("Expected graduation or departure. The archive's day counts where this is left empty."),
    )
    barred_until = forms.DateField(
        label=_("May not apply before"),
        widget=DayInput,
        required=False,
        help_text=_("Only for somebody whose membership ended less than five years ago."),
    )


class CaseCloseForm(forms.Form):
    reason = forms.ChoiceField(label=_("How does the case end?"), widget=forms.RadioSelect)
    on = forms.DateField(label=_("On"), widget=DayInput, initial=timezone.localdate)
    words = _words(_("Reason in words"), help_text=_("It stays in the file."))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_hand = [reason for reason in ClosedReason if reason not in NOT_BY_HAND]
        if case.standing not in BEFORE_ADMISSION:
            by_hand = [ClosedReason.LEFT]
        self.fields["reason"].choices = [(reason.value, reason.label) for reason in by_hand]


class CaseMoveForm(forms.Form):
    on = forms.DateField(label=_("From"), widget=DayInput, initial=timezone.localdate)
    is_handed_over = forms.TypedChoiceField(
        label=_("The material of the cultivation"),
        widget=forms.RadioSelect,
        choices=[("yes", _("was handed over and checked")), ("no", _("was not handed over"))],
        coerce=lambda value: value == "yes",
        help_text=_("Only material that was handed over lets the time of cultivation go on."),
    )


class ExceptionForm(forms.Form):
    rule = forms.ChoiceField(label=_("What is allowed?"))
    on = forms.DateField(label=_("Decided on"), widget=DayInput, initial=timezone.localdate)
    words = _words(_("Reason"), help_text=_("It stays in the file beside the step that rests on it."))

    def __init__(self, *args: Any, granted: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        granted = frozenset(granted)
        offered = [(code, words) for code, words in EXCEPTION_LABELS.items() if code in LIFTABLE - granted]
        self.fields["rule"].choices = [("", _("Choose")), *offered]


class SealForm(KeptFilesMixin, forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=SealedKind)
    subject = forms.CharField(
        label=_("Whom is it about?"),
        max_length=60,
        help_text=_("The relation is enough, such as “father”; write no more of other people than needed."),
    )
    dated_on = forms.DateField(label=_("Date on the paper"), widget=DayInput, required=False)
    file = KeptFileField(kind="scan", label=_("Scan"))


class SealedReasonForm(forms.Form):
    """The reason without which no sealed file is opened, or taken out."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, validators=[MinLengthValidator(4)],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
