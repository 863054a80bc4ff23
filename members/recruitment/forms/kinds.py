"""One form per kind of record: its fields, what is known beforehand, and what the rules ask in plain words."""

from collections.abc import Mapping
from dataclasses import fields as fields_of
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.rulesets.days import add_months

from ..engine import clock
from ..engine.course import DAY
from ..engine.details import (
    ApplicationFact,
    ApprovalFact,
    ArchiveFact,
    AssignmentFact,
    BallotFact,
    ConsentFact,
    ContactNoteFact,
    ContactsFact,
    ConversionFact,
    Details,
    FilingFact,
    FormFact,
    InspectionFact,
    Letter,
    Minutes,
    NominationFact,
    OathFact,
    OpinionsFact,
    Outcome,
    PoliticalReviewFact,
    PreReviewFact,
    PublicityFact,
    PublicityResultFact,
    ReportFact,
    ReviewFact,
    SponsorsFact,
    SuperiorTalkFact,
    TalkFact,
    Topic,
    TrainingFact,
)
from ..engine.gaps import missing_quarters
from ..engine.people import Named, Role
from ..queries.naming import accompanying, full_members, talkers
from .base import Person, RecordForm, choice, day, named, number, several, words
from .words import HEARD_LABELS, OUTCOME_LABELS, TOPIC_LABELS

LETTERS = 12
TWO_WAYS = {outcome: OUTCOME_LABELS[outcome] for outcome in (Outcome.PASSED, Outcome.REJECTED)}


class _Naming:
    """Bring the full members of the branch into the fields that name people."""

    people: tuple[str, ...] = ()

    def narrow(self: Any) -> None:
        asked = self.asked
        for name in self.people:
            also = {self.initial_of(asked.before).get(name)} if asked.before else set()
            self.fields[name].queryset = full_members(asked.branch, but=asked.candidate_id, also=also - {None})
            self.fields[name].branch = asked.branch


class _Counted(RecordForm):
    """The count of a committee's vote."""

    COUNT_HELP = _("All members of the committee; where there is none, the voters of the congress.")

    due = number("due", _("Should attend"), help_text=COUNT_HELP)
    present = number("present", _("Present"))
    yes = number("yes", _("In favor"))
    no = number("no", _("Against"), initial=0)
    abstain = number("abstain", _("Abstained"), initial=0)

    own = ("outcome", "yes", "no", "abstain")
    counts = "committee"

    @classmethod
    def initial_of(cls, details: Details) -> dict[str, Any]:
        found = super().initial_of(details)
        minutes = found.pop("minutes")
        return found | {part.name: getattr(minutes, part.name) for part in fields_of(Minutes)}

    def values(self, data: Mapping[str, Any]) -> dict[str, Any]:
        count = Minutes(**{part.name: data.get(part.name) for part in fields_of(Minutes)})
        return super().values(data) | {"minutes": count}


class ApplicationForm(RecordForm):
    details_type = ApplicationFact
    lead = _("The applicant is at least eighteen on the day of the letter and applies of their own will.")
    on_label = _("Date of the letter")

    received_on = day(_("Received by the branch on"), help_text=_("The month until the first talk runs from here."))


class TalkForm(_Naming, RecordForm):
    details_type = TalkFact
    lead = _("Within one month of receiving the letter the branch sends somebody to talk with the applicant.")
    own = ("opinion",)
    people = ("talker",)

    talker = Person(label=_("Who led the talk"), help_text=_("The secretary or the organization commissioner."))
    topics = several(_("What was talked about"), TOPIC_LABELS, help_text=_("Every item belongs to the talk."))
    opinion = words("opinion", _("Impression and words on the criteria"), rows=5)

    def proposed(self) -> dict[str, Any]:
        return {"topics": [topic.value for topic in Topic]} if self.asked.before else {}


class NominationForm(_Counted):
    details_type = NominationFact
    lead = _(
        "Members recommend or the league nominates; the branch committee decides. Enter the day of that decision."
    )
    on_label = _("Decided on")
    own = ("by_league", "recommended_on", "yes", "no", "abstain")

    by_league = forms.TypedChoiceField(
        label=_("Put forward by"),
        coerce=lambda value: value == "True",
        choices=[("False", _("members of the branch")), ("True", _("the league"))],
        widget=forms.RadioSelect,
        help_text=_("Members of the league under twenty-eight are nominated by the league."),
    )
    recommended_on = day(_("Recommended or nominated on"))
    field_order = ("on", "by_league", "recommended_on")


class FilingForm(RecordForm):
    details_type = FilingFact
    lead = _("The superior enters the filing, with the number of its list.")
    on_label = _("Filed on")

    number = words("number", _("Number of the list"))


class ContactsForm(_Naming, RecordForm):
    details_type = ContactsFact
    lead = _("The branch assigns one or two full members. A later record replaces them; earlier ones stay in the file.")
    on_label = _("Assigned on")
    people = ("contact_1", "contact_2")

    contact_1 = Person(label=_("First contact"))
    contact_2 = Person(label=_("Second contact"), required=False)

    @classmethod
    def initial_of(cls, details: Details) -> dict[str, Any]:
        assert isinstance(details, ContactsFact)
        return _numbered("contact", details.contacts)

    def values(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {"contacts": _people(data, self.people)}


class InspectionForm(RecordForm):
    details_type = InspectionFact
    lead = _("At least every half year the branch looks at motive, study, work, conduct and faults, and advises.")
    own = ("opinion",)

    opinion = words("opinion", _("What the branch found and advises"), rows=6)


class ContactNoteForm(RecordForm):
    details_type = ContactNoteFact
    lead = _("Contacts and sponsors note each quarter how the person is coming along.")

    author = Person(label=_("Written by"))
    note = words("note", _("Note"), rows=6, required=True)

    def narrow(self) -> None:
        if Role.BRANCH not in self.asked.roles and not self.asked.before:
            del self.fields["author"]
            return
        course = self.asked.course
        keys = {person.key for person in (*course.contacts, *course.sponsors)} if course else set()
        if isinstance(self.asked.before, ContactNoteFact):
            keys |= {self.asked.before.author.key}
        self.fields["author"].queryset = accompanying(keys)

    def values(self, data: Mapping[str, Any]) -> dict[str, Any]:
        own = Named(self.asked.by.pk, self.asked.by.name)
        return super().values(data) if "author" in data else super().values(data) | {"author": own}


class ReportForm(RecordForm):
    details_type = ReportFact
    lead = _("A report on paper that was read and accepted. Reports written in the portal come here by themselves.")
    on_label = _("Handed in on")

    year = number("year", _("Written for the year"))
    quarter = number("quarter", _("Quarter"))

    def proposed(self) -> dict[str, Any]:
        asked, found = self.asked, None
        if asked.course:
            found = next(missing_quarters(asked.course, asked.step, asked.today), None)
        if found is None:
            return {"year": asked.today.year, "quarter": (asked.today.month + 2) // 3}
        return {"year": found[0], "quarter": found[1]}


class OpinionsForm(RecordForm):
    details_type = OpinionsFact
    lead = _("Before it decides, the branch hears everybody named here.")
    own = ("opinion",)

    heard = several(
        _("Who was heard"),
        HEARD_LABELS,
        help_text=_("A group only where the branch has groups; contacts are heard before a person becomes a target."),
    )
    opinion = words("opinion", _("What was said"), rows=6)


class ReviewForm(_Counted):
    details_type = ReviewFact
    lead = _("The branch committee decides as a body: more than half of it present, more than half of it in favor.")
    on_label = _("Decided on")
    own = (*_Counted.own, "opinion")

    outcome = choice(_("Decision"), TWO_WAYS)
    opinion = words("opinion", _("Opinion of the committee"), rows=4)
    field_order = ("on", "outcome", "due", "present", "yes", "no", "abstain", "opinion")


class ConsentForm(RecordForm):
    details_type = ConsentFact
    lead = _("The superior agrees before the notice goes up; under the edition of 2014 it only files.")
    on_label = _("Decided on")
    own = ("outcome",)

    outcome = choice(_("Decision"), TWO_WAYS)
    number = words("number", _("Number of the reply"))


class PublicityForm(RecordForm):
    details_type = PublicityFact
    lead = _("The notice hangs for the working days that the rules ask; the day it is put up is not counted.")
    on_label = _("Put up on")

    ends_on = day(_("Hangs through"), required=False)
    place = words("place", _("Where it hangs"), help_text=_("Where the person works, studies or lives."))

    def narrow(self) -> None:
        self.fields["on"].help_text = _("The day the notice was put up.")
        found = self._last(self.asked.today)
        if found is None:
            self.fields["ends_on"].required = True
            return
        last, is_provisional = found
        need = clock.publicity_workdays(self.asked.course, self.asked.step) if self.asked.course else 0
        numbers = {"need": need, "day": date_format(last, "SHORT_DATE_FORMAT")}
        text = gettext(
            "At least %(need)s working days: put up today, through %(day)s. Leave it empty for the first day."
        )
        if is_provisional:
            text += " " + gettext("The holidays of that year are not announced yet; look again.")
        self.fields["ends_on"].help_text = text % numbers

    def _last(self, starts_on: date) -> tuple[date, bool] | None:
        """Return the first lawful last day of a notice put up on ``starts_on``, and whether it is provisional."""
        course = self.asked.course
        need = clock.publicity_workdays(course, self.asked.step) if course else 0
        return clock.publicity_through(starts_on, need, course.calendar) if course and need else None

    def values(self, data: Mapping[str, Any]) -> dict[str, Any]:
        starts_on, ends_on = data["on"], data.get("ends_on")
        if ends_on is None:
            found = self._last(starts_on)
            ends_on = found[0] if found else starts_on
        purpose = clock.PURPOSES[self.asked.step]
        return {"purpose": purpose, "starts_on": starts_on, "ends_on": ends_on, "place": data.get("place", "")}


class PublicityResultForm(RecordForm):
    details_type = PublicityResultFact
    lead = _("After its last day the branch says what came of the notice.")
    on_label = _("Concluded on")
    own = ("objections", "is_blocking", "conclusion")

    objections = number("objections", _("Objections received"), initial=0)
    is_blocking = forms.BooleanField(
        label=_("An objection was found true and stands in the way"),
        required=False,
        help_text=_("The matter then begins again with the decision before the notice."),
    )
    conclusion = words("conclusion", _("What was examined and found"), rows=4)

    def narrow(self) -> None:
        ends = clock.publicity_ends(self.asked.course, self.asked.step) if self.asked.course else None
        if ends:
            text = gettext("The notice hangs through %(day)s; the result comes after that day.")
            self.fields["on"].help_text = text % {"day": date_format(ends, "SHORT_DATE_FORMAT")}

    def values(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return super().values(data) | {"purpose": clock.PURPOSES[self.asked.step]}


class SponsorsForm(_Naming, RecordForm):
    details_type = SponsorsFact
    lead = _("Two full members vouch for the person, usually the cultivation contacts.")
    on_label = _("Named on")
    people = ("sponsor_1", "sponsor_2")

    sponsor_1 = Person(label=_("First sponsor"))
    sponsor_2 = Person(label=_("Second sponsor"))

    def proposed(self) -> dict[str, Any]:
        course = self.asked.course
        known = (course.sponsors or course.contacts) if course else ()
        return _numbered("sponsor", known)

    @classmethod
    def initial_of(cls, details: Details) -> dict[str, Any]:
        assert isinstance(details, SponsorsFact)
        return _numbered("sponsor", details.sponsors)

    def values(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {"sponsors": _people(data, self.people)}


class PoliticalReviewForm(RecordForm):
    details_type = PoliticalReviewFact
    lead = _(
        "A talk with the person, the files, and letters about the close family and main relations. "
        "Without a review that was passed nobody can be admitted. The letters themselves are kept under seal."
    )
    on_label = _("Concluded on")

    outcome = choice(_("Conclusion"), {Outcome.PASSED: _("passed"), Outcome.REJECTED: _("not passed")})
    talked = forms.BooleanField(label=_("The person was talked with"), required=False)
    files_read = forms.BooleanField(label=_("The files were read"), required=False)
    conclusion = words("conclusion", _("Conclusion in words"), rows=6)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(1, LETTERS + 1):
            self.fields |= _letter_fields(place)

    @classmethod
    def initial_of(cls, details: Details) -> dict[str, Any]:
        found = super().initial_of(details)
        letters: list[Letter] = found.pop("letters")
        for place, letter in enumerate(letters, start=1):
            found |= {f"letter_{place}_{part.name}": getattr(letter, part.name) for part in fields_of(Letter)}
        return found

    @classmethod
    def said(cls, details: Details) -> list[tuple[str, str]]:
        assert isinstance(details, PoliticalReviewFact)
        found = super().said(details)
        for letter in details.letters:
            sent, replied = (date_format(on, "SHORT_DATE_FORMAT") if on else "–" for on in _days(letter))
            text = gettext("%(subject)s: sent on %(sent)s, answered on %(replied)s")
            found.append((gettext("Letter"), text % {"subject": letter.subject, "sent": sent, "replied": replied}))
        return found

    def main_fields(self) -> Any:
        return (field for field in super().main_fields() if not field.name.startswith("letter_"))

    def letters(self) -> list[dict[str, Any]]:
        """Return the rows of letters; those after the first empty ones are folded away."""
        rows = []
        for place in range(1, LETTERS + 1):
            parts = [self[f"letter_{place}_{part.name}"] for part in fields_of(Letter)]
            is_filled = any(part.value() for part in parts)
            rows.append({"place": place, "parts": parts, "is_filled": is_filled})
        last = max((row["place"] for row in rows if row["is_filled"]), default=0)
        for row in rows:
            row["is_folded"] = row["place"] > max(last + 1, 3)
        return rows

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for place in range(1, LETTERS + 1):
            subject, sent_on, replied_on = (data.get(f"letter_{place}_{part.name}") for part in fields_of(Letter))
            if (sent_on or replied_on) and not subject:
                self.add_error(f"letter_{place}_subject", _("Say whom the letter is about."))
            if (subject or replied_on) and not sent_on:
                self.add_error(f"letter_{place}_sent_on", _("Say when the letter was sent."))
        return data

    def values(self, data: Mapping[str, Any]) -> dict[str, Any]:
        rows = [
            Letter(**{part.name: data.get(f"letter_{place}_{part.name}") for part in fields_of(Letter)})
            for place in range(1, LETTERS + 1)
        ]
        return super().values(data) | {"letters": tuple(letter for letter in rows if letter.subject)}


class TrainingForm(RecordForm):
    details_type = TrainingFact
    lead = _("At least three days or twenty-four hours of intensive training.")
    on_label = _("Date of the certificate")
    own = ("hours", "days", "has_passed", "certificate")

    starts_on = day(_("Training from"))
    ends_on = day(_("Training to"))
    hours = number("hours", _("Hours"))
    days = number("days", _("Days"))
    has_passed = forms.BooleanField(label=_("Passed"), required=False, initial=True)
    certificate = words("certificate", _("Number of the certificate"))


class PreReviewForm(RecordForm):
    details_type = PreReviewFact
    lead = _("The superior answers in writing; the membership application form is handed out after its agreement.")
    on_label = _("Decided on")
    own = ("outcome",)

    outcome = choice(_("Decision"), TWO_WAYS)
    number = words("number", _("Number of the reply"))


class StatutoryForm(RecordForm):
    details_type = FormFact
    lead = _("The printed form is filled by hand in ink, guided by the sponsors; the portal notes that it is there.")
    on_label = _("Filled on")

    number = words("number", _("Number of the form"))


class BallotForm(RecordForm):
    details_type = BallotFact
    lead = _(
        "More than half of the voters due must be present, and more than half of those due must be in favor. "
        "The ballot is secret and about one person alone."
    )
    on_label = _("Day of the congress")
    own = (
        "outcome", "months", "issued", "returned", "yes", "no", "abstain", "invalid", "written", "candidate_present",
        "sponsors_present",
    )  # fmt: skip
    counts = "congress"

    outcome = choice(_("Resolution"), OUTCOME_LABELS)
    months = number(
        "months", _("Extended by months"), required=False, help_text=_("Only for an extension: six to twelve months.")
    )
    due = number(
        "due", _("Voters due"), help_text=_("Full members with voting right; leave of absence does not change it.")
    )
    present = number("present", _("Voters present"))
    issued = number("issued", _("Ballots issued"))
    returned = number("returned", _("Ballots returned"))
    yes = number("yes", _("In favor"), help_text=_("With the written opinions in favor that came before the meeting."))
    no = number("no", _("Against"), initial=0)
    abstain = number("abstain", _("Abstained"), initial=0)
    invalid = number("invalid", _("Invalid ballots"), initial=0)
    written = number(
        "written", _("Written opinions"), initial=0, help_text=_("Formal, sent before the meeting by absent voters.")
    )
    candidates = number("candidates", _("People on the ballot"), initial=1, help_text=_("Each is voted on alone."))
    is_secret = forms.BooleanField(label=_("The ballot was secret"), required=False)
    candidate_present = forms.BooleanField(label=_("The candidate was present"), required=False)
    sponsors_present = number("sponsors_present", _("Sponsors present"), initial=2)

    def narrow(self) -> None:
        if self.asked.step == "convert_congress":
            self.fields.pop("sponsors_present", None)
            return
        self.fields["outcome"].choices = [(code.value, label) for code, label in TWO_WAYS.items()]  # type: ignore[attr-defined]
        self.fields.pop("months", None)

    def values(self, data: Mapping[str, Any]) -> dict[str, Any]:
        found = super().values(data)
        if "months" in found:
            found["months"] = found["months"] or 0
        return found


class SuperiorTalkForm(RecordForm):
    details_type = SuperiorTalkFact
    lead = _("A member or organizer of the superior committee talks with the person before the approval.")
    on_label = _("Day of the talk")

    talker = Person(label=_("Who led the talk"))
    opinion = words("opinion", _("Opinion, as in the form"), rows=6)

    def narrow(self) -> None:
        asked = self.asked
        also = {asked.before.talker.key} if isinstance(asked.before, SuperiorTalkFact) else set()
        self.fields["talker"].queryset = talkers(asked.branch, but=asked.candidate_id, also=also)
        self.fields["talker"].branch = asked.branch

    def proposed(self) -> dict[str, Any]:
        return {"talker": self.asked.by.pk}


class ApprovalForm(_Counted):
    details_type = ApprovalFact
    lead = _("The superior discusses and votes on each person, within three months of the congress.")
    on_label = _("Decided on")
    own = (*_Counted.own, "probation_from", "probation_to", "standing_from", "special_reason")
    COUNT_HELP = _("All members of the superior committee.")

    outcome = choice(_("Decision"), OUTCOME_LABELS)
    probation_from = day(_("Probation from"), required=False, help_text=_("The day of the congress."))
    probation_to = day(_("Probation to"), required=False, help_text=_("One year later, its last day."))
    standing_from = day(_("Party standing from"), required=False, help_text=_("The day after the probation."))
    special_reason = words("special_reason", _("Special reason"), rows=2)
    number = words("number", _("Number of the approval"))
    field_order = ("on", "outcome", "due", "present", "yes", "no", "abstain")

    def narrow(self) -> None:
        self.fields["due"].help_text = self.COUNT_HELP
        if self.asked.step == "approve":
            self.fields["outcome"].choices = [(code.value, label) for code, label in TWO_WAYS.items()]  # type: ignore[attr-defined]
            del self.fields["standing_from"]
            help_text = _("Only where the decision comes later than three months after the congress.")
            self.fields["special_reason"].help_text = help_text
            return
        for name in ("probation_from", "probation_to", "special_reason"):
            del self.fields[name]

    def proposed(self) -> dict[str, Any]:
        course = self.asked.course
        if course is None:
            return {}
        if self.asked.step == "approve":
            held = course.day_of("congress")
            last = add_months(held, course.rules.amount("probation.months")) - DAY if held else None
            return {"probation_from": held, "probation_to": last}
        held_in = course.done.get("convert_congress")
        outcome = held_in.details.outcome.value if held_in and isinstance(held_in.details, BallotFact) else ""
        return {"standing_from": course.convert_on, "outcome": outcome}

    def values(self, data: Mapping[str, Any]) -> dict[str, Any]:
        found = super().values(data)
        if data.get("outcome") is not Outcome.PASSED:
            found |= {name: None for name in ("probation_from", "probation_to", "standing_from") if name in found}
        return found


class AssignmentForm(RecordForm):
    details_type = AssignmentFact
    lead = _("Once approved, the person belongs to a branch and a party group.")
    own = ("group",)

    branch = words("branch", _("Branch"), required=True)
    group = words("group", _("Party group"), help_text=_("Empty where the branch has no groups."))

    def proposed(self) -> dict[str, Any]:
        return {"branch": self.asked.branch.name}


class OathForm(RecordForm):
    details_type = OathFact
    lead = _("Before the party flag, generally within a month of the approval.")
    on_label = _("Day of the oath")

    place = words("place", _("Place"))
    led_by = words("led_by", _("Led by"))


class ConversionForm(RecordForm):
    details_type = ConversionFact
    lead = _("An application on paper. One written in the portal comes here when the branch receives it.")
    on_label = _("Handed in on")


class ArchiveForm(RecordForm):
    details_type = ArchiveFact
    lead = _("The complete file goes to the committee or the personnel file; the case ends with this record.")
    on_label = _("Archived on")

    place = words("place", _("Where the file is kept"))


FORMS: dict[str, type[RecordForm]] = {
    form.details_type.kind: form
    for form in (
        ApplicationForm, TalkForm, SuperiorTalkForm, NominationForm, FilingForm, ContactsForm, InspectionForm,
        ContactNoteForm, ReportForm, OpinionsForm, ReviewForm, ConsentForm, PublicityForm, PublicityResultForm,
        SponsorsForm, PoliticalReviewForm, TrainingForm, PreReviewForm, StatutoryForm, BallotForm, ApprovalForm,
        AssignmentForm, OathForm, ConversionForm, ArchiveForm,
    )
}  # fmt: skip


def _letter_fields(place: int) -> dict[str, forms.Field]:
    return {
        f"letter_{place}_subject": words("subject", _("About whom")),
        f"letter_{place}_sent_on": day(_("Sent on"), required=False),
        f"letter_{place}_replied_on": day(_("Answered on"), required=False),
    }


def _days(letter: Letter) -> tuple[date | None, date | None]:
    return letter.sent_on, letter.replied_on


def _numbered(name: str, people: tuple[Named, ...]) -> dict[str, Any]:
    return {f"{name}_{place}": person.key for place, person in enumerate(people[:2], start=1)}


def _people(data: Mapping[str, Any], fields: tuple[str, ...]) -> tuple[Named, ...]:
    return tuple(named(data[name]) for name in fields if data.get(name))


