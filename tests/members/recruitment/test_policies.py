"""``scope``, ``may`` and ``holders`` say the same of every person, action and row of recruitment."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from members.recruitment.models import (
    Ballot,
    Case,
    CaseMove,
    ExceptionGrant,
    Letter,
    LetterTrace,
    Paper,
    Quota,
    SealedFile,
    SealedOpening,
    Sponsor,
    StepRecord,
)
from members.recruitment.models import Batch as RecordBatch
from portal.access.policy import holders, may, policy_of, scope
from portal.accounts.models import User
from portal.files.models import StoredFile
from portal.reviews.models import Review, Version
from tests.world import CAST

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
ACTORS = [*CAST, "admin", "auditor", "outsider"]


@pytest.fixture
def filled(world):
    """Give every table a row in the branch, and in the sibling branch a case with a record."""
    by = world.user("secretary")
    for name in ("author", "stranger"):
        person = world.member(name)
        case = Case.objects.create(person=person, organization=person.organization, edition="e", opened_on=DAY)
        values = {"case": case, "on": DAY, "role": "branch", "recorded_by": by}
        record = StepRecord.objects.create(step="congress", kind="ballot", **values)
        letter = StepRecord.objects.create(step="apply", kind="application", **values)
        Paper.objects.create(record=letter, kind="application_letter")
        Paper.objects.create(record=record, kind="resolution")
        Ballot.objects.create(
            record=record, due=3, present=3, issued=3, returned=3, yes=3, no=0, abstain=0, invalid=0, written=0
        )
        Sponsor.objects.create(
            case=case, person=person, sponsor=world.member("contact"), place=1, record=record, since=DAY
        )
        ExceptionGrant.objects.create(case=case, rule="league", node=world.unit, by=by, on=DAY, words="w")
        CaseMove.objects.create(
            case=case, on=DAY, from_branch=world.far_branch, to_branch=person.organization, is_handed_over=True
        )
        Quota.objects.create(organization=person.organization, year=2026, planned=1)
        RecordBatch.objects.create(kind="meeting", organization=person.organization, on=DAY, step="talk", made_by=by)
        _letters(person)
        _sealed(case, by=by, once=world.user("committee"))
    return world


def _letters(person):
    """Give a person a letter that waits for the branch, with its trace, and one that is still being written."""
    made = {"kind": "recruitment.letter", "author": person.user}
    waiting = Review.objects.create(state="submitted", version_count=1, submitted_at=timezone.now(), **made)
    Letter.objects.create(
        kind="admission", person=person, review=waiting, submitted_on=DAY, carrier="handwritten", is_declared=True
    )
    version = Version.objects.create(review=waiting, number=1, title="t", body="b")
    LetterTrace.objects.create(version=version, hash=person.pk)
    Letter.objects.create(kind="conversion", person=person, review=Review.objects.create(**made))


def _sealed(case, *, by, once):
    """Seal a scan that ``by`` has just looked at, and ``once`` too long ago to fetch it still."""
    scan = StoredFile.objects.create(
        kind="scan", file=f"{case.pk}.pdf", name="s.pdf", mime="application/pdf", size=1, sha256="0" * 64
    )
    sealed = SealedFile.objects.create(case=case, kind="reply", subject="father", file=scan, filed_by=by)
    now = timezone.now()
    SealedOpening.objects.create(sealed=sealed, by=by, opened_at=now)
    SealedOpening.objects.create(sealed=sealed, by=once, opened_at=now - timedelta(days=1))


@pytest.mark.parametrize("model", list(apps.get_app_config("recruitment").get_models()), ids=lambda m: m.__name__)
def test_scope_may_and_holders_agree(filled, model):
    rows = list(model._default_manager.all())
    assert len(rows) >= 2
    actors = {user.pk: user for user in User.objects.all()}
    for action in policy_of(model).actions:
        allowed = {pk: set(scope(user, action, model).values_list("pk", flat=True)) for pk, user in actors.items()}
        for name in ACTORS:
            actor = filled.users[name]
            assert allowed[actor.pk] == {row.pk for row in rows if may(filled.user(name), action, row)}, (name, action)
        for row in rows:
            told = set(holders(action, row).values_list("pk", flat=True))
            assert told <= {pk for pk in actors if row.pk in allowed[pk]}, (action, row)


# Who sees the case of the branch's author, and who may do what with it.
POWERS = {
    "view": {"secretary", "college", "committee"},
    "record": {"secretary"},
    "decide": {"college", "committee"},
    "except": {"college", "committee"},
    "train": {"college", "committee", "lecturer"},
    "close": {"secretary"},
    "apply": {"author"},
}


@pytest.mark.parametrize("action", POWERS)
def test_who_may_what_with_a_case(filled, action):
    case = Case.objects.get(person__user=filled.users["author"])
    assert {name for name in ACTORS if may(filled.user(name), action, case)} == POWERS[action]
