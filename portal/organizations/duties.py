"""The closed vocabulary of duties, and which post carries which: the table a person can read.

A duty held on a node is held on everything below it. Posts and commissioners: domain.md 1.3 and 11.5.
"""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Duty(models.TextChoices):
    """What a post may oblige and allow its holder to do on a node and below."""

    SEE_PEOPLE = "see_people", _("see who belongs here")
    KEEP_RECORDS = "keep_records", _("keep personal archives")
    REVEAL_FIELDS = "reveal_fields", _("reveal masked fields with a reason")
    IMPORT_ROSTERS = "import_rosters", _("import rosters")
    EXPORT_LISTS = "export_lists", _("export lists")
    ANSWER_REPORTS = "answer_reports", _("read and answer thought reports")
    ASSIGN_CONTACTS = "assign_contacts", _("assign cultivation contacts")
    RECRUIT = "recruit", _("keep the recruitment of a branch")
    APPROVE_MEMBERS = "approve_members", _("decide on recruitment for the committee")
    TRANSFER = "transfer", _("transfer organization relations")
    ISSUE_LETTERS = "issue_letters", _("issue and receive transfer letters")
    COLLECT_DUES = "collect_dues", _("keep the dues of a branch")
    APPROVE_REDUCTIONS = "approve_reductions", _("approve reductions of dues")
    HOLD_MEETINGS = "hold_meetings", _("convene meetings and keep their minutes")
    SEE_MEETINGS = "see_meetings", _("see the meetings and minutes below")
    SUPERVISE_LIFE = "supervise_life", _("watch over organizational life and waive what is due")
    APPRAISE_MEMBERS = "appraise_members", _("hold the democratic appraisal")
    HEAR_MEMBERS = "hear_members", _("answer requests for help and plan talks")
    APPROVE_ACTIVITIES = "approve_activities", _("approve activities that members start")
    KEEP_TREE = "keep_tree", _("create and change organizations")
    APPOINT = "appoint", _("appoint to posts and dismiss")
    SEND_NOTICES = "send_notices", _("send notices")
    WRITE_NEWS = "write_news", _("write news")
    PUBLISH_NEWS = "publish_news", _("review and publish news")
    KEEP_BOARDS = "keep_boards", _("open and close boards")
    MODERATE = "moderate", _("moderate discussion")
    KEEP_COURSES = "keep_courses", _("create and change courses")
    SEE_LEARNING = "see_learning", _("see learning records")
    KEEP_ACCOUNTS = "keep_accounts", _("keep accounts")
    KEEP_SETTINGS = "keep_settings", _("keep the settings of the site")
    KEEP_RULES = "keep_rules", _("set rules and keep the calendar")
    READ_AUDIT = "read_audit", _("read the audit trail")


class Post(models.TextChoices):
    """Posts of an organization (domain.md 1.3), of its offices, and of the portal's own service."""

    SECRETARY = "secretary", _("secretary")
    DEPUTY_SECRETARY = "deputy_secretary", _("deputy secretary")
    ORGANIZATION_COMMISSIONER = "organization_commissioner", _("organization commissioner")
    PUBLICITY_COMMISSIONER = "publicity_commissioner", _("publicity commissioner")
    DISCIPLINE_COMMISSIONER = "discipline_commissioner", _("discipline commissioner")
    UNITED_FRONT_COMMISSIONER = "united_front_commissioner", _("united front commissioner")
    YOUTH_COMMISSIONER = "youth_commissioner", _("youth commissioner")
    COMMITTEE_MEMBER = "committee_member", _("committee member")
    GROUP_LEADER = "group_leader", _("group leader")
    ORGANIZER = "organizer", _("organizer")
    COMMITTEE_STAFF = "committee_staff", _("committee staff")
    EDITOR = "editor", _("editor")
    LECTURER = "lecturer", _("lecturer")
    MODERATOR = "moderator", _("moderator")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("system administrator")
    SECURITY_ADMINISTRATOR = "security_administrator", _("security administrator")
    AUDITOR = "auditor", _("auditor")


_D = Duty
_KEEPING = {
    _D.SEE_PEOPLE,
    _D.KEEP_RECORDS,
    _D.REVEAL_FIELDS,
    _D.IMPORT_ROSTERS,
    _D.EXPORT_LISTS,
    _D.ANSWER_REPORTS,
    _D.ASSIGN_CONTACTS,
    _D.TRANSFER,
    _D.SEND_NOTICES,
    _D.SEE_LEARNING,
    _D.HOLD_MEETINGS,
    _D.SEE_MEETINGS,
    _D.HEAR_MEMBERS,
}
_LEADING = (
    _KEEPING
    | {_D.APPRAISE_MEMBERS, _D.APPROVE_ACTIVITIES}
    | {_D.WRITE_NEWS, _D.PUBLISH_NEWS, _D.KEEP_BOARDS, _D.MODERATE}
)

POST_DUTIES: dict[Post, frozenset[Duty]] = {
    Post.SECRETARY: frozenset(_LEADING | {_D.RECRUIT, _D.COLLECT_DUES}),
    Post.DEPUTY_SECRETARY: frozenset(_LEADING | {_D.RECRUIT}),
    Post.ORGANIZATION_COMMISSIONER: frozenset(_KEEPING | {_D.RECRUIT, _D.COLLECT_DUES}),
    Post.PUBLICITY_COMMISSIONER: frozenset(
        {_D.SEE_PEOPLE, _D.WRITE_NEWS, _D.PUBLISH_NEWS, _D.KEEP_BOARDS, _D.MODERATE}
        | {_D.SEE_MEETINGS, _D.APPROVE_ACTIVITIES}
    ),
    Post.DISCIPLINE_COMMISSIONER: frozenset({_D.SEE_PEOPLE, _D.READ_AUDIT, _D.SEE_MEETINGS}),
    Post.UNITED_FRONT_COMMISSIONER: frozenset({_D.SEE_PEOPLE}),
    Post.YOUTH_COMMISSIONER: frozenset({_D.SEE_PEOPLE}),
    Post.COMMITTEE_MEMBER: frozenset({_D.SEE_PEOPLE}),
    # On a group, and nowhere else, its leader convenes and minutes.
    Post.GROUP_LEADER: frozenset({_D.SEE_PEOPLE, _D.HOLD_MEETINGS, _D.SEE_MEETINGS}),
    Post.ORGANIZER: frozenset(_KEEPING | {_D.RECRUIT}),
    Post.COMMITTEE_STAFF: frozenset(
        _LEADING
        | {_D.APPROVE_MEMBERS, _D.COLLECT_DUES, _D.APPROVE_REDUCTIONS, _D.ISSUE_LETTERS}
        | {_D.KEEP_TREE, _D.APPOINT, _D.KEEP_RULES, _D.READ_AUDIT, _D.SUPERVISE_LIFE}
    ),
    Post.EDITOR: frozenset({_D.WRITE_NEWS, _D.PUBLISH_NEWS}),
    Post.LECTURER: frozenset({_D.KEEP_COURSES, _D.SEE_LEARNING}),
    Post.MODERATOR: frozenset({_D.KEEP_BOARDS, _D.MODERATE}),
    # The three offices of graded protection do not hold each other's work, nor rights over content.
    Post.SYSTEM_ADMINISTRATOR: frozenset({_D.KEEP_TREE, _D.KEEP_SETTINGS, _D.KEEP_ACCOUNTS}),
    Post.SECURITY_ADMINISTRATOR: frozenset({_D.KEEP_ACCOUNTS, _D.APPOINT}),
    Post.AUDITOR: frozenset({_D.READ_AUDIT}),
}

# The names of types are those of ``OrganizationType``.
_COMMITTEES = frozenset({"university_committee", "college_committee", "general_branch"})
_BRANCHES = frozenset(
    {"direct_branch", "branch", "joint_branch", "temporary_branch", "functional_branch", "floating_branch"}
)
# On which types of node a post exists (domain.md 1.3, 11.5). The three offices of graded protection serve the portal,
# not an organization: nothing is addressed to them.
POST_TYPES: dict[Post, frozenset[str]] = {
    Post.SECRETARY: _COMMITTEES | _BRANCHES,
    Post.DEPUTY_SECRETARY: _COMMITTEES | _BRANCHES,
    Post.ORGANIZATION_COMMISSIONER: _COMMITTEES | _BRANCHES,
    Post.PUBLICITY_COMMISSIONER: _COMMITTEES | _BRANCHES,
    Post.DISCIPLINE_COMMISSIONER: _COMMITTEES | _BRANCHES,
    Post.UNITED_FRONT_COMMISSIONER: _COMMITTEES | _BRANCHES,
    Post.YOUTH_COMMISSIONER: _COMMITTEES | _BRANCHES,
    Post.COMMITTEE_MEMBER: _COMMITTEES | _BRANCHES,
    Post.GROUP_LEADER: _BRANCHES | {"group"},
    Post.ORGANIZER: _COMMITTEES | _BRANCHES,
    Post.COMMITTEE_STAFF: _COMMITTEES,
    Post.EDITOR: _COMMITTEES | _BRANCHES,
    Post.LECTURER: _COMMITTEES,
    Post.MODERATOR: _COMMITTEES | _BRANCHES,
}


def posts_on(types: Iterable[str]) -> list[Post]:
    """Return the posts that exist on nodes of any of ``types``, in their order."""
    present = frozenset(types)
    return [post for post in Post if POST_TYPES.get(post, frozenset()) & present]
