"""What the acts of this app are called in the trail."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import name_verbs

name_verbs(
    {
        "partyschool.course_created": _("created a course"),
        "partyschool.course_changed": _("changed a course"),
        "partyschool.course_published": _("published a course"),
        "partyschool.course_withdrawn": _("withdrew a course"),
        "partyschool.course_completed": _("completed a course"),
        "partyschool.enrolled": _("began a course"),
        "partyschool.lesson_created": _("added a lesson"),
        "partyschool.lesson_changed": _("changed a lesson"),
        "partyschool.lesson_moved": _("moved a lesson"),
        "partyschool.lesson_removed": _("removed a lesson"),
    }
)
