"""Who reads minutes, who writes and confirms them, and who sees to resolutions (domain.md 5.2)."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from members.meetings.models import CAME, Attendance, Capacity
from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser, ancestor_paths, rights_of, under
from portal.organizations.duties import Duty
from portal.organizations.models import Appointment, Standing
from portal.organizations.queries import COMMITTEE_POSTS
from portal.spaces.reach import in_space

from .models import (
    Addendum,
    BoundVolume,
    Chain,
    Disclosure,
    Minutes,
    MinutesState,
    Readers,
    Resolution,
    ResolutionNote,
)

_SEES = (Duty.SEE_MEETINGS, Duty.HOLD_MEETINGS)
MEMBERS = (Standing.PROBATIONARY, Standing.FULL_MEMBER)


def in_office_then(user: AnyUser, prefix: str = "") -> Q:
    """Return the condition that ``user`` sat on the committee of the organization on the day of the minutes."""
    to = f"{prefix}__" if prefix else ""
    posts = Appointment.objects.filter(
        user=user.pk, organization=OuterRef(f"{to}organization_id"), post__in=sorted(COMMITTEE_POSTS)
    )
    held = OuterRef(f"{to}held_on")
    return Q(Exists(posts.filter(Q(until=None) | Q(until__gte=held), since__lte=held)))


def seats_of(user: AnyUser) -> QuerySet[Attendance]:
    """Return where ``user`` was due, or came as an observer: those who were there and those who should have been."""
    return Attendance.objects.filter(Q(capacity=Capacity.DUE) | Q(state__in=CAME), user=user.pk)


def read_by(user: AnyUser, prefix: str = "") -> Q:
    """Return the condition that ``user`` reads the minutes reached by ``prefix``: asked to come, or all members do."""
    to = f"{prefix}__" if prefix else ""
    asked = Q(Exists(seats_of(user).filter(meeting=OuterRef(f"{to}meeting_id"))))
    found = asked & (
        Q(**{f"{to}readers": Readers.CIRCLE})
        | Q(**{f"{to}readers": Readers.COMMITTEE}) & in_office_then(user, prefix)
    )
    rights = rights_of(user)
    if rights.standing in MEMBERS:
        above = ancestor_paths([rights.organization_path])
        found |= Q(**{f"{to}disclosure": Disclosure.FULL, f"{to}organization__path__in": above}) & ~Q(
            **{f"{to}readers": Readers.KEEPERS}
        )
    return Q(**{f"{to}state": MinutesState.SEALED}) & found


def committee_places(user: AnyUser) -> list[str]:
    """Return the paths of the nodes on whose committee ``user`` sits today."""
    posts = rights_of(user).posts
    return sorted({path for post in sorted(COMMITTEE_POSTS) for path in posts.get(post, ())})


def leads(user: AnyUser, prefix: str = "") -> Q:
    to = f"{prefix}__" if prefix else ""
    return Q(**{f"{to}chair": user.pk}) | Q(**{f"{to}recorder": user.pk})


@policy_for(Minutes)
class MinutesPolicy(Policy):
    """Chair, recorder and keepers write; both sides confirm (``rules.seat_of``); the circle reads what is sealed.

    ``told`` is whoever may know that there are sealed minutes: their title and day.
    """

    node = "organization"
    duties = {
        "view": _SEES,
        "told": _SEES,
        "write": Duty.HOLD_MEETINGS,
        "confirm": Duty.HOLD_MEETINGS,
        "add_to": Duty.HOLD_MEETINGS,
        "bind": _SEES,
    }

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated:
            return NOTHING
        if action == "view":
            return leads(user) | read_by(user) | self.own(user, "confirm")
        if action == "told":
            # As far as the space of the organization tells of them: that they are, not what they say.
            told = Q(state=MinutesState.SEALED) & ~Q(disclosure=Disclosure.NONE)
            return self.own(user, "view") | told & in_space(user)
        if action in ("write", "add_to"):
            return leads(user)
        if action == "confirm":
            # Where one person chaired and recorded, somebody else of the committee confirms.
            return leads(user) | Q(chair=F("recorder"), organization__path__in=committee_places(user))
        return NOTHING


@policy_for(Addendum)
class AddendumPolicy(Policy):
    """Read with its minutes."""

    node = "organization"
    duties = {"view": _SEES}

    def own(self, user: AnyUser, action: str) -> Q:
        if action != "view" or not user.is_authenticated:
            return NOTHING
        return leads(user, "minutes") | read_by(user, "minutes")


@policy_for(Chain)
class ChainPolicy(Policy):
    """``view`` opens the page that checks the chain of a branch."""

    node = "organization"
    duties = {"view": _SEES}


@policy_for(BoundVolume)
class BoundVolumePolicy(Policy):
    """Whoever had a volume bound takes it along, as long as the duty lasts."""

    more_actions = ("view",)

    def own(self, user: AnyUser, action: str) -> Q:
        if action != "view" or not user.is_authenticated:
            return NOTHING
        duties = rights_of(user).duties
        paths = sorted({path for duty in _SEES for path in duties.get(str(duty), ())})
        return Q(asked_by=user.pk) & under("organization", paths)


@policy_for(Resolution)
class ResolutionPolicy(Policy):
    """Read with sealed minutes; whoever sees to it notes how it goes on and closes it, and so do the keepers.

    Those who keep the minutes alone ``change`` who sees to it and until when.
    """

    node = "organization"
    duties = {
        "view": _SEES,
        "note": Duty.HOLD_MEETINGS,
        "close": Duty.HOLD_MEETINGS,
        "change": Duty.HOLD_MEETINGS,
    }

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated:
            return NOTHING
        mine = Q(owner=user.pk) | leads(user, "minutes")
        if action == "view":
            return mine | read_by(user, "minutes")
        if action == "change":
            # Whoever sees to it does not give it to somebody else, nor more time to oneself.
            return leads(user, "minutes")
        return mine if action in ("note", "close") else NOTHING


@policy_for(ResolutionNote)
class ResolutionNotePolicy(Policy):
    """Shown on the page of its resolution alone."""
