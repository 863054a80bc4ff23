"""Who may take and who keeps courses; a person's learning is seen by the person and those who see learning there."""

from django.db.models import Exists, OuterRef, Q

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser, rights_of, under
from portal.audiences.services import visible_to
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
        if action == "view":
            return Q(state=CourseState.PUBLISHED) & visible_to(user)
        if action == "learn" and user.is_authenticated:
            return Q(state=CourseState.PUBLISHED) & visible_to(user)
        return NOTHING


@policy_for(Lesson)
class LessonPolicy(Policy):
    node = "course__organization"
    duties = {"view": Duty.KEEP_COURSES, "change": Duty.KEEP_COURSES}
    more_actions = ("learn",)

    def own(self, user: AnyUser, action: str) -> Q:
        readable = Q(course__state=CourseState.PUBLISHED) & visible_to(user, prefix="course__")
        if action == "view" or (action == "learn" and user.is_authenticated):
            return readable
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
