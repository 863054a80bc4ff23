"""A candidate's letter from its first line to the file. Who may is for the policy; here the rules decide."""

from datetime import date

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from members.models import Member
from portal.access.policy import holders
from portal.accounts.models import User
from portal.audit import services as audit
from portal.drafts.services import discard as discard_draft
from portal.files.models import Kind, StoredFile
from portal.files.services import attach, discard, store
from portal.notifications.services import post
from portal.reviews import services as reviews
from portal.reviews.texts import clean_text
from portal.web.refusals import RuleError

from .. import notices
from ..engine.details import ApplicationFact, ConversionFact
from ..letters import SCANS_MAX, TEXT_MAX, TITLES, Tables, draft_key, gaps_before_letter, tables_to_text
from ..models import Carrier, Case, Letter, LetterKind
from ..queries.letters import answer_due, application_refusals, bar_of, open_case_of, writer_of
from .cases import open_case
from .likeness import index_letter
from .recording import Filed, RecordRefused, record

KIND = "recruitment_letter"
# The paper that a letter is in the file.
PAPERS = {LetterKind.ADMISSION: "application_letter", LetterKind.CONVERSION: "conversion_application"}


@transaction.atomic
def begin_letter(person: Member, kind: str, *, on: date) -> Letter:
    """Return the person's letter of ``kind`` that is under way, begun if there is none.

    Raises ``RuleError`` for what makes a letter pointless; the age is asked when it is handed in.
    """
    # The person's row is the lock: two pages that begin at once get the same letter.
    person = Member.objects.select_for_update(of=("self",)).select_related("user", "organization").get(pk=person.pk)
    letter = Letter.objects.open().with_people().filter(person=person, kind=kind).first()
    if gaps := gaps_before_letter(kind, writer_of(person, on=on), is_waiting=False):
        raise RuleError([gap.label for gap in gaps])
    if letter is None:
        letter = Letter(person=person, kind=kind, review=reviews.open_review(KIND, author=person.user))
        letter.full_clean(exclude=["review", "person", "case"])
        letter.save()
    return letter


@transaction.atomic
def hand_in_letter(
    letter: Letter, *, body: str, tables: Tables, carrier: str, is_declared: bool, by: User, on: date
) -> Letter:
    """Hand in the next version, dated ``on``, and tell the branch.

    Handing the same letter in twice (a double click) hands it in once. Raises ``RecordRefused`` for somebody too young
    or barred, ``RuleError`` without the declaration, without a text, or in another state.
    """
    letter = Letter.objects.select_for_update(of=("self",)).with_people().get(pk=letter.pk)
    person = letter.person
    writer = writer_of(person, on=on)
    if gaps := gaps_before_letter(letter.kind, writer, is_waiting=False):
        raise RuleError([gap.label for gap in gaps])
    if letter.kind == LetterKind.ADMISSION and (refusals := application_refusals(person, on=on)):
        raise RecordRefused(refusals)
    if letter.kind == LetterKind.CONVERSION and writer.probation and on < writer.probation.apply_from:
        raise RuleError(
            _("The conversion application is possible from %(day)s (XZ26 art. 32).")
            % {"day": writer.probation.apply_from}
        )
    if not is_declared:
        raise RuleError(_("Declare that you apply of your own free will and that what you write is true."))
    if carrier not in Carrier.values:
        raise RuleError(_("Say how the signed letter is made."))
    body = clean_text(body)
    if len(body) > TEXT_MAX:
        raise RuleError(_("The text is longer than %(limit)d characters.") % {"limit": TEXT_MAX})
    known = letter.review.version_count
    due_on = answer_due(person, letter.kind, on=on, probation=writer.probation)
    version = reviews.submit(letter.review, title=TITLES[LetterKind(letter.kind)], body=body, by=by, due_on=due_on)
    if version.number == known:
        return letter
    letter.submitted_on, letter.carrier, letter.is_declared = on, carrier, True
    letter.tables, letter.likeness = tables_to_text(tables), index_letter(version, author_id=person.user_id)
    letter.full_clean(exclude=["review", "person", "case"], validate_unique=False)
    letter.save(update_fields=["submitted_on", "carrier", "is_declared", "tables", "likeness"])
    discard_draft(person.user, draft_key(letter.kind))
    letter.review.refresh_from_db()
    audit.record(
        "recruitment.letter_handed_in", letter, by=by, about=person.user, at=person.organization,
        changes={"version": [known, version.number], "on": ["", on]},
    )  # fmt: skip
    post(
        notices.LETTER_HANDED_IN.code,
        key=f"recruitment_letter:{letter.pk}:{version.number}",
        recipients=holders("answer", letter),
        params=_about(letter),
        url=letter.get_absolute_url(),
    )
    return letter


@transaction.atomic
def withdraw_letter(letter: Letter, *, by: User) -> Letter:
    """Take a letter back before it is received; its text can be changed and handed in again."""
    letter = Letter.objects.select_for_update(of=("self",)).with_people().get(pk=letter.pk)
    told = list(holders("answer", letter).values_list("pk", flat=True))
    reviews.withdraw(letter.review, by)
    audit.record("recruitment.letter_withdrawn", letter, by=by, about=by, at=letter.person.organization)
    post(
        notices.LETTER_WITHDRAWN.code,
        key=f"recruitment_letter_withdrawn:{letter.pk}:{letter.review.version_count}",
        recipients=told,
        params=_about(letter),
    )
    return letter


@transaction.atomic
def return_letter(letter: Letter, *, words: str, by: User, version: int | None = None) -> Letter:
    """Give a letter back with words on what to rewrite; raise ``RuleError`` without words or as second."""
    letter = Letter.objects.select_for_update(of=("self",)).with_people().get(pk=letter.pk)
    reviews.return_(letter.review, words, by, version=version)
    _answered(letter, notices.LETTER_RETURNED.code, "recruitment.letter_returned", by=by)
    return letter


@transaction.atomic
def receive_letter(
    letter: Letter, *, is_signed: bool, by: User, words: str = "", version: int | None = None
) -> Case:
    """Take a letter into the file: an application opens the case, a conversion application is recorded in it.

    The day of the record is the one on which the letter was handed in, and so is the day of its receipt: what lies
    unread in the portal has reached the branch. ``is_signed`` says that the signed letter itself is with the branch.
    Raises what ``open_case`` and ``record`` raise, and ``RuleError`` for a letter that somebody else has answered.
    """
    letter = Letter.objects.select_for_update(of=("self",)).with_people().get(pk=letter.pk)
    letter.review = reviews.accept(letter.review, words, by, version=version)
    on, person = letter.submitted_on, letter.person
    assert on is not None  # the flow accepts only what was handed in, the database holds its day
    papers = [Filed(PAPERS[LetterKind(letter.kind)], dated_on=on, is_signed=is_signed)]
    if letter.kind == LetterKind.ADMISSION:
        fact = ApplicationFact(received_on=on, likeness=letter.likeness)
        case = open_case(person, on=on, details=fact, by=by, documents=papers, barred_until=bar_of(person))
    else:
        found = open_case_of(person)
        if found is None:
            raise RuleError(_("This person has no open case."))
        case = record(
            found, "convert_apply", on=on, details=ConversionFact(likeness=letter.likeness), by=by, documents=papers
        ).case
    letter.case, letter.received_on = case, on
    letter.save(update_fields=["case", "received_on"])
    _answered(letter, notices.LETTER_RECEIVED.code, "recruitment.letter_received", by=by)
    return case


@transaction.atomic
def attach_letter_scan(letter: Letter, upload: File, *, by: User) -> StoredFile:
    """File a scan or photograph beside the letter: of the handwritten or the signed copy."""
    if letter.files.count() >= SCANS_MAX:
        raise RuleError(_("A letter holds at most %(limit)d files.") % {"limit": SCANS_MAX})
    file = attach(store(upload, kind=Kind.SCAN, by=by), letter)
    audit.record(
        "recruitment.letter_scan_attached", letter, by=by, about=letter.person.user, changes={"file": ["", file.name]}
    )
    return file


@transaction.atomic
def remove_letter_scan(letter: Letter, file: StoredFile, *, by: User) -> None:
    """Take a file away again while the letter is its writer's; raise ``RuleError`` once it is handed in."""
    if not letter.review.is_writable:
        raise RuleError(_("The letter is handed in; its files can no longer be removed."))
    audit.record("recruitment.letter_scan_removed", letter, by=by, about=by, changes={"file": [file.name, ""]})
    discard(file)


def _about(letter: Letter) -> dict[str, object]:
    return {"name": letter.person.name, "kind": letter.kind, "branch": str(letter.person.organization or "")}


def _answered(letter: Letter, kind: str, verb: str, *, by: User) -> None:
    letter.review.refresh_from_db()
    audit.record(verb, letter, by=by, about=letter.person.user, at=letter.person.organization)
    post(
        kind,
        key=f"{kind}:{letter.pk}:{letter.review.version_count}",
        recipients=[letter.person.user_id],
        params=_about(letter),
        url=letter.get_absolute_url(),
    )
