"""What can be marked on a ballot: big choices for a phone, one question after the other."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Ballot, BallotOption
from .vocabulary import ANSWERS, GRADES, BallotKind, Mark


class VoteForm(forms.Form):
    """One ballot. ``choices`` is what ``services.cast`` takes.

    Nothing of it is ever kept: no draft, no session, no autosave.
    """

    def __init__(self, *args: Any, ballot: Ballot, **kwargs: Any) -> None:
        self.ballot, self.kind = ballot, BallotKind(ballot.kind)
        self.options: list[BallotOption] = list(ballot.options.all())
        super().__init__(*args, **kwargs)
        # A browser that remembers what was chosen would tell the next person at this machine.
        self.use_required_attribute = True
        for name, field in self._made().items():
            self.fields[name] = field
            field.widget.attrs["autocomplete"] = "off"

    def _made(self) -> dict[str, forms.Field]:
        if self.kind is BallotKind.PROPOSAL:
            words = {Mark.YES: _("In favor"), Mark.NO: _("Against"), Mark.ABSTAIN: _("Abstained")}
            answers = [(mark.value, words[mark]) for mark in ANSWERS]
            return {"answer": forms.ChoiceField(label=_("Your vote"), choices=answers, widget=forms.RadioSelect)}
        if self.kind is BallotKind.GRADING:
            grades = [(mark.value, mark.label) for mark in GRADES]
            return {
                f"grade_{option.pk}": forms.ChoiceField(
                    label=option.title, choices=grades, widget=forms.RadioSelect, required=False
                )
                for option in self.options
            }
        named = [(str(option.pk), option.title) for option in self.options]
        return {
            "marks": forms.MultipleChoiceField(
                label=_("Your marks"), choices=named, widget=forms.CheckboxSelectMultiple, required=False
            )
        }

    def clean_marks(self) -> list[str]:
        marks: list[str] = self.cleaned_data["marks"]
        if len(marks) > self.ballot.most:
            raise forms.ValidationError(
                _("%(marked)s are marked; a ballot with more than %(most)s is invalid."),
                params={"marked": len(marks), "most": self.ballot.most},
            )
        return marks

    def choices(self) -> dict[int | None, str] | list[int]:
        """Return the cleaned ballot as the service takes it."""
        data = self.cleaned_data
        if self.kind is BallotKind.PROPOSAL:
            return {None: data["answer"]}
        if self.kind is BallotKind.GRADING:
            return {option.pk: mark for option in self.options if (mark := data.get(f"grade_{option.pk}"))}
        return [int(mark) for mark in data["marks"]]

    def said(self) -> list[tuple[str, str]]:
        """Return the cleaned ballot in words, for the last look before it goes into the box."""
        data = self.cleaned_data
        if self.kind is BallotKind.PROPOSAL:
            return [(str(_("Your vote")), str(dict(self.fields["answer"].choices)[data["answer"]]))]  # type: ignore[attr-defined]
        if self.kind is BallotKind.GRADING:
            labels = {mark.value: str(mark.label) for mark in GRADES}
            return [(option.title, labels.get(data.get(f"grade_{option.pk}") or "", "–")) for option in self.options]
        marked = set(data["marks"])
        return [
            (option.title, str(_("marked")) if str(option.pk) in marked else str(_("not marked")))
            for option in self.options
        ]
