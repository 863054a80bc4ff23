"""Who keeps a case, who decides on it, and the little of it that the candidate sees.

The branch keeps its cases; the nearest committee above it that can approve members decides. Nobody acts in the own
case by a duty. The candidate sees neither the case's figures nor what was said of them: ``queries.own`` tells the
stage that was decided, and the own papers are read by the own letters' rows.
"""

from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import CharField, Exists, ExpressionWrapper, F, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from members.development.models import CultivationContact
from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser, ancestor_paths, rights_of, under
from portal.accounts.models import User
from portal.organizations.duties import Duty
from portal.organizations.models import Organization, OrganizationUserObjectPermission
from portal.reviews.rules import State

from .engine.people import Role
from .models import (
    Ballot,
    Batch,
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

# What the candidate wrote, or was handed: all of the file that is shown to them.
OWN_KINDS = ("application", "conversion")
# What the branch may see of a letter: handed in and not taken back.
HANDED_IN = (State.SUBMITTED, State.UNDER_REVIEW, State.RETURNED, State.ACCEPTED)
# How long the file itself may be fetched after a look was recorded.
SEALED_MINUTES = 10
CARING = (Role.CONTACT.value, Role.SPONSOR.value)
OWN_PAPERS = ("application_letter", "autobiography", "conversion_application", "training_certificate")


def decided_by(user: AnyUser, lookup: str) -> Q:
    """Return the condition that ``user`` acts for the superior of the branch at ``lookup``.

    Whoever holds the duty on a committee above the branch that can approve members holds it on the nearest such too.
    """
    paths = rights_of(user).duties.get(str(Duty.APPROVE_MEMBERS), ())
    if not paths:
        return NOTHING
    there = ExpressionWrapper(OuterRef(f"{lookup}__path"), output_field=CharField())
    committees = (
        Organization.objects.filter(under("", paths), can_approve_members=True)
        .order_by()
        .alias(branch_path=there)
        .filter(branch_path__startswith=F("path"))
        .exclude(path=F("branch_path"))
    )
    return Q(Exists(committees))


def people_deciding(branch: Organization) -> QuerySet[Any]:
    """Return the keys of those who act for the superior of ``branch``; of nobody where no committee can approve."""
    above = Organization.objects.filter(path__in=ancestor_paths([branch.path]), can_approve_members=True)
    superior = above.exclude(pk=branch.pk).order_by("-path").first()
    return (
        OrganizationUserObjectPermission.objects.filter(
            permission__codename=str(Duty.APPROVE_MEMBERS),
            content_object__path__in=ancestor_paths([superior.path]) if superior else [],
        )
        .exclude(until__lt=timezone.localdate())
        .values("user_id")
    )


def people_keeping(branch: Organization) -> QuerySet[Any]:
    """Return the keys of those who keep the recruitment of ``branch``."""
    return (
        OrganizationUserObjectPermission.objects.filter(
            permission__codename=str(Duty.RECRUIT), content_object__path__in=ancestor_paths([branch.path])
        )
        .exclude(until__lt=timezone.localdate())
        .values("user_id")
    )


def accompanied_by(user: AnyUser, person: str, case: str) -> Q:
    """Return the condition that ``user`` is a present contact of ``person`` or a present sponsor in ``case``."""
    contacts = CultivationContact.objects.current().filter(person=OuterRef(person), contact__user_id=user.pk)
    sponsors = Sponsor.objects.current().filter(case=OuterRef(case), sponsor__user_id=user.pk)
    return Q(Exists(contacts)) | Q(Exists(sponsors))


class _InCase(Policy):
    """What hangs on a case: read by those who keep it and those who decide, never by the candidate."""

    case: ClassVar[str] = "case"

    def condition(self, user: AnyUser, action: str) -> Q:
        found = self.by_duty(user, action) if action in self.actions else None
        if found is None:
            return self.own(user, action) if action in self.actions else NOTHING
        candidate = f"{self.case}__person__user_id" if self.case else "person__user_id"
        return (found & ~Q(**{candidate: user.pk})) | self.own(user, action)

    def holders(self, obj: Model, action: str) -> QuerySet[User]:
        case: Any = obj
        for name in self.case.split("__") if self.case else ():
            case = getattr(case, name)
        return super().holders(obj, action).exclude(pk=case.person.user_id)


@policy_for(Case)
class CasePolicy(_InCase):
    """``record``: as the branch; ``decide`` and ``except``: as the superior; ``train``: as the party school.

    ``accompany`` opens the person's own way and the notes to the present contacts and sponsors as well, who see nothing
    else of the case; whoever may ``view`` it may do that too. ``unseal`` leads to the scans of the political review.
    """

    case = ""
    node = "organization"
    duties = {
        "view": (Duty.RECRUIT, Duty.APPROVE_MEMBERS),
        "add": Duty.RECRUIT,
        "record": Duty.RECRUIT,
        "close": Duty.RECRUIT,
        "decide": Duty.APPROVE_MEMBERS,
        "except": Duty.APPROVE_MEMBERS,
        "correct": (Duty.RECRUIT, Duty.APPROVE_MEMBERS),
        "train": (Duty.KEEP_COURSES, Duty.APPROVE_MEMBERS),
        "accompany": (Duty.RECRUIT, Duty.APPROVE_MEMBERS),
        "unseal": (Duty.RECRUIT, Duty.APPROVE_MEMBERS),
    }
    more_actions = ("apply",)

    def by_duty(self, user: AnyUser, action: str) -> Q | None:
        found = super().by_duty(user, action)
        if found is not None and action in ("decide", "except"):
            found &= decided_by(user, "organization")
        elif found is not None and action == "unseal":
            found = under(self.node, rights_of(user).duties.get(str(Duty.RECRUIT), ()))
            found |= decided_by(user, "organization")
        return found

    def holders(self, obj: Model, action: str) -> QuerySet[User]:
        found = super().holders(obj, action)
        if action not in ("decide", "except", "unseal"):
            return found
        assert isinstance(obj, Case)
        entitled = Q(pk__in=people_deciding(obj.organization))
        if action == "unseal":
            entitled |= Q(pk__in=people_keeping(obj.organization))
        return found.filter(entitled)

    def own(self, user: AnyUser, action: str) -> Q:
        """Let the candidate hand in the conversion application, and contacts and sponsors care for the candidate.

        The figures of the case stay hidden from both.
        """
        if not user.is_authenticated:
            return NOTHING
        if action == "accompany":
            return accompanied_by(user, "person", "pk") & ~Q(person__user_id=user.pk)
        return Q(person__user_id=user.pk) if action == "apply" else NOTHING


@policy_for(StepRecord)
class StepRecordPolicy(_InCase):
    node = "case__organization"
    duties = {
        "view": (Duty.RECRUIT, Duty.APPROVE_MEMBERS),
        "correct": (Duty.RECRUIT, Duty.APPROVE_MEMBERS),
    }

    def own(self, user: AnyUser, action: str) -> Q:
        if action != "view" or not user.is_authenticated:
            return NOTHING
        written = Q(recorded_by_id=user.pk, kind="contact_note", role__in=CARING)
        return Q(case__person__user_id=user.pk, kind__in=OWN_KINDS) | (
            written & accompanied_by(user, "case__person", "case")
        )


@policy_for(Paper)
class PaperPolicy(_InCase):
    case = "record__case"
    node = "record__case__organization"
    duties = {"view": (Duty.RECRUIT, Duty.APPROVE_MEMBERS), "add": (Duty.RECRUIT, Duty.APPROVE_MEMBERS)}

    def own(self, user: AnyUser, action: str) -> Q:
        if action != "view" or not user.is_authenticated:
            return NOTHING
        return Q(record__case__person__user_id=user.pk, kind__in=OWN_PAPERS)


@policy_for(Ballot)
class BallotPolicy(_InCase):
    case = "record__case"
    node = "record__case__organization"
    duties = {"view": (Duty.RECRUIT, Duty.APPROVE_MEMBERS)}


@policy_for(Sponsor)
class SponsorPolicy(_InCase):
    """The sponsors are told by the branch; each sees whom they vouch for."""

    node = "case__organization"
    duties = {"view": (Duty.RECRUIT, Duty.APPROVE_MEMBERS)}

    def own(self, user: AnyUser, action: str) -> Q:
        return Q(sponsor__user_id=user.pk) if action == "view" and user.is_authenticated else NOTHING


@policy_for(ExceptionGrant)
class ExceptionGrantPolicy(_InCase):
    node = "case__organization"
    duties = {"view": (Duty.RECRUIT, Duty.APPROVE_MEMBERS)}


@policy_for(CaseMove)
class CaseMovePolicy(_InCase):
    node = "case__organization"
    duties = {"view": (Duty.RECRUIT, Duty.APPROVE_MEMBERS)}


@policy_for(Batch)
class BatchPolicy(Policy):
    """The party school reads the classes it recorded itself."""

    node = "organization"
    duties = {"view": (Duty.RECRUIT, Duty.APPROVE_MEMBERS), "add": (Duty.RECRUIT, Duty.APPROVE_MEMBERS)}

    def own(self, user: AnyUser, action: str) -> Q:
        return Q(made_by=user.pk) if action == "view" and user.is_authenticated else NOTHING


@policy_for(Quota)
class QuotaPolicy(Policy):
    """The committee plans, the branch reads."""

    node = "organization"
    duties = {
        "view": (Duty.RECRUIT, Duty.APPROVE_MEMBERS),
        "add": Duty.APPROVE_MEMBERS,
        "change": Duty.APPROVE_MEMBERS,
    }


@policy_for(Letter)
class LetterPolicy(_InCase):
    """The writer's own until it is handed in; then the branch reads and answers it.

    What was taken back again is nobody's but the writer's; the committee reads what came into the file.
    """

    case = ""
    node = "person__organization"
    duties = {"view": Duty.RECRUIT, "answer": Duty.RECRUIT}
    more_actions = ("write",)

    def by_duty(self, user: AnyUser, action: str) -> Q | None:
        found = super().by_duty(user, action)
        return None if found is None else found & Q(review__state__in=HANDED_IN)

    def holders(self, obj: Model, action: str) -> QuerySet[User]:
        assert isinstance(obj, Letter)
        return super().holders(obj, action) if obj.review.state in HANDED_IN else User.objects.none()

    def own(self, user: AnyUser, action: str) -> Q:
        mine = action in ("view", "write") and user.is_authenticated
        return Q(person__user_id=user.pk) if mine else NOTHING


@policy_for(LetterTrace)
class LetterTracePolicy(Policy):
    """Read by the comparison alone."""


@policy_for(SealedFile)
class SealedFilePolicy(_InCase):
    """``know``: that it exists; ``open``: record a look; ``view``: fetch the file, for some minutes after a look.

    The branch that keeps the case and the superior that decides on it know of it; nobody else does.
    """

    node = "case__organization"
    duties = {
        "know": (Duty.RECRUIT, Duty.APPROVE_MEMBERS),
        "open": (Duty.RECRUIT, Duty.APPROVE_MEMBERS),
        "view": (Duty.RECRUIT, Duty.APPROVE_MEMBERS),
        "remove": Duty.RECRUIT,
    }

    def by_duty(self, user: AnyUser, action: str) -> Q | None:
        kept = under(self.node, rights_of(user).duties.get(str(Duty.RECRUIT), ()))
        found = kept if action == "remove" else kept | decided_by(user, "case__organization")
        if action == "view":
            since = timezone.now() - timedelta(minutes=SEALED_MINUTES)
            looks = SealedOpening.objects.filter(sealed=OuterRef("pk"), by_id=user.pk, opened_at__gte=since)
            found &= Q(Exists(looks))
        return found

    def holders(self, obj: Model, action: str) -> QuerySet[User]:
        assert isinstance(obj, SealedFile)
        found = super().holders(obj, action)
        branch = obj.case.organization
        entitled = Q(pk__in=people_keeping(branch))
        if action != "remove":
            entitled |= Q(pk__in=people_deciding(branch))
        found = found.filter(entitled)
        if action == "view":
            since = timezone.now() - timedelta(minutes=SEALED_MINUTES)
            found = found.filter(pk__in=obj.openings.filter(opened_at__gte=since).values("by_id"))
        return found


@policy_for(SealedOpening)
class SealedOpeningPolicy(Policy):
    """Read through the trail alone."""
