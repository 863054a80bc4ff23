"""What can be marked on a ballot: big choices for a phone, one question after the other."""

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .models import Ballot, BallotOption
from .rules import too_many_others
from .vocabulary import ANSWERS, GRADES, BallotKind, Mark

_ANSWERS = {
    Mark.YES: pgettext_lazy("ballot", "In favor"),
    Mark.NO: pgettext_lazy("ballot", "Against"),
    Mark.ABSTAIN: pgettext_lazy("ballot", "Abstain"),
}


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
            answers = [(mark.value, _ANSWERS[mark]) for mark in ANSWERS]
            return {"answer": forms.ChoiceField(label=_("Your vote"), choices=answers, widget=forms.RadioSelect)}
        if self.kind is BallotKind.GRADING:
            grades = [(mark.value, mark.label) for mark in GRADES]
            return {
                f"grade_{option.pk}": forms.ChoiceField(
                    label=option.title, choices=grades, widget=forms.RadioSelect, required=False
                )
                for option in self.options
            }
        if self.kind is BallotKind.ELECTION:
            return self._candidates() | self._others()
        named = [(str(option.pk), option.title) for option in self.options]
        return {
            "marks": forms.MultipleChoiceField(
                label=_("Your marks"), choices=named, widget=forms.CheckboxSelectMultiple, required=False
            )
        }

    def _candidates(self) -> dict[str, forms.Field]:
        answers = [(mark.value, _ANSWERS[mark]) for mark in ANSWERS]
        return {
            f"mark_{option.pk}": forms.ChoiceField(
                label=option.title, choices=answers, widget=forms.RadioSelect, required=False
            )
            for option in self.options
            if option.is_candidate
        }

    def _others(self) -> dict[str, forms.Field]:
        named = [("", _("nobody else")), *((str(row.pk), row.title) for row in self.options if not row.is_candidate)]
        lines = range(1, min(self.ballot.most, len(named) - 1) + 1)
        label = gettext("Who instead, line %(number)s") if len(lines) > 1 else gettext("Who instead")
        return {
            f"other_{number}": forms.ChoiceField(label=label % {"number": number}, choices=named, required=False)
            for number in lines
        }

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """Return what every ballot of this kind asks."""
        return [field for field in self if not field.name.startswith("other_")]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        """Return the lines on which somebody is written in who does not stand as candidate."""
        return [field for field in self if field.name.startswith("other_")]

    @property
    def writes_in(self) -> bool:
        """Say whether such a line is filled, or wrong: then they are shown unfolded."""
        return any(field.value() or field.errors for field in self.other_fields)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.kind is BallotKind.ELECTION and not self.errors:
            self._refuse_invalid(data)
        return data

    def _refuse_invalid(self, data: dict[str, Any]) -> None:
        """Say at once what makes a ballot of an election invalid; ``services.cast`` says it again."""
        marks = [mark for name, mark in data.items() if name.startswith("mark_")]
        others = [key for name, key in data.items() if name.startswith("other_") and key]
        favored = marks.count(Mark.YES) + len(others)
        if len(set(others)) != len(others):
            self.add_error(None, _("Nobody can be marked twice."))
        if favored > self.ballot.most:
            words = _("%(marked)s are marked; a ballot with more than %(most)s is invalid.")
            self.add_error(None, forms.ValidationError(words, params={"marked": favored, "most": self.ballot.most}))
        if too_many_others(len(others), marks.count(Mark.NO)):
            self.add_error(None, _("Somebody else is elected in place of a candidate whom one votes against."))

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
        if self.kind is BallotKind.ELECTION:
            return self._elected(data)
        return [int(mark) for mark in data["marks"]]

    def _elected(self, data: dict[str, Any]) -> dict[int | None, str]:
        found: dict[int | None, str] = {
            option.pk: mark
            for option in self.options
            if (mark := data.get(f"mark_{option.pk}")) in (Mark.YES, Mark.NO)
        }
        others = [int(key) for name, key in data.items() if name.startswith("other_") and key]
        return found | dict.fromkeys(others, Mark.YES.value)

    def said(self) -> list[tuple[str, str]]:
        """Return the cleaned ballot in words, for the last look before it goes into the box."""
        data = self.cleaned_data
        if self.kind is BallotKind.PROPOSAL:
            return [(str(_("Your vote")), str(dict(self.fields["answer"].choices)[data["answer"]]))]  # type: ignore[attr-defined]
        if self.kind is BallotKind.GRADING:
            labels = {mark.value: str(mark.label) for mark in GRADES}
            return [(option.title, labels.get(data.get(f"grade_{option.pk}") or "", "–")) for option in self.options]
        if self.kind is BallotKind.ELECTION:
            return self._election_said(self._elected(data))
        marked = set(data["marks"])
        return [
            (option.title, str(_("marked")) if str(option.pk) in marked else str(_("not marked")))
            for option in self.options
        ]

    def _election_said(self, marks: dict[int | None, str]) -> list[tuple[str, str]]:
        said = []
        for option in self.options:
            mark = Mark(marks.get(option.pk, Mark.ABSTAIN))
            if option.is_candidate:
                said.append((option.title, str(_ANSWERS[mark])))
            elif mark is Mark.YES:
                said.append((option.title, str(_("elected by you, though not a candidate"))))
        return said
