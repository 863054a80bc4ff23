"""Who may take and who keeps courses; a person's learning is seen by the person and those who see learning there.

Whoever answers for the learning of a subtree reads the courses that its people have to take, without taking them.
Source: requirements.md F1 (audience by standing and branch), F2 (reports of branches).
"""

from django.db.models import Exists, OuterRef, Q

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser, rights_of, under
from portal.audiences.services import answers_for, visible_to
from portal.organizations.duties import Duty
from portal.organizations.models import Affiliation

from .models import Course, CourseState, Enrolment, Lesson, Progress


@policy_for(Course)
class CoursePolicy(Policy):
    node = "organization"
    duties = {
        "view": Duty.KEEP_COURSES,
        "change": Duty.KEEP_COURSES,
        "add": Duty.KEEP_COURSES,
        "see_learning": Duty.SEE_LEARNING,
    }
    more_actions = ("learn",)

    def own(self, user: AnyUser, action: str) -> Q:
        return _readable(user, action, "")


@policy_for(Lesson)
class LessonPolicy(Policy):
    node = "course__organization"
    duties = {"view": Duty.KEEP_COURSES, "change": Duty.KEEP_COURSES}
    more_actions = ("learn",)

    def own(self, user: AnyUser, action: str) -> Q:
        return _readable(user, action, "course__")


def _readable(user: AnyUser, action: str, prefix: str) -> Q:
    """Return the published courses that ``user`` is to take (``learn``), or reads for those answered for (``view``)."""
    published = Q(**{f"{prefix}state": CourseState.PUBLISHED})
    if action == "view":
        return published & (visible_to(user, prefix=prefix) | answers_for(user, Duty.SEE_LEARNING, prefix=prefix))
    if action == "learn" and user.is_authenticated:
        return published & visible_to(user, prefix=prefix)
    return NOTHING


class LearningPolicy(Policy):
    """Learning records hang on the person's place, not on the course's."""

    more_actions = ("view",)

    def own(self, user: AnyUser, action: str) -> Q:
        if action != "view" or not user.is_authenticated:
            return NOTHING
        here = Affiliation.objects.filter(user=OuterRef("user"), until=None).filter(
            under("organization", rights_of(user).duties.get(Duty.SEE_LEARNING, ()))
        )
        return Q(user_id=user.pk) | Q(Exists(here))


policy_for(Enrolment)(LearningPolicy)
policy_for(Progress)(LearningPolicy)
