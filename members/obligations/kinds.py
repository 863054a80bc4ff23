"""The duties of organizational life: whose they are, how often they come, which meeting meets them (domain.md 5.1)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.meetings.models import MeetingKind
from portal.organizations.models import OrganizationType

from .engine.periods import Span

_T = OrganizationType
# Branches to which people belong with their relations.
REGULAR = frozenset({_T.DIRECT_BRANCH, _T.BRANCH, _T.JOINT_BRANCH})
# The others study and care for their people; they neither recruit nor elect (domain.md 1.2).
EVERY_BRANCH = REGULAR | {_T.TEMPORARY_BRANCH, _T.FUNCTIONAL_BRANCH, _T.FLOATING_BRANCH}
GROUPS = frozenset({_T.GROUP})
COMMITTEES = frozenset({_T.COLLEGE_COMMITTEE, _T.UNIVERSITY_COMMITTEE})


class DutyKind(models.TextChoices):
    """What a node owes in a period."""

    BRANCH_CONGRESS = "branch_congress", _("branch congress")
    BRANCH_COMMITTEE = "branch_committee", _("committee meeting")
    GROUP_MEETING = "group_meeting", _("party group meeting")
    THEME_PARTY_DAY = "theme_party_day", _("theme party day")
    PARTY_LECTURE = "party_lecture", _("party lecture")
    LEADER_LECTURE = "leader_lecture", _("lecture by a secretary")
    INTEGRITY_LECTURE = "integrity_lecture", _("lecture on integrity")
    ORGANIZATIONAL_LIFE_MEETING = "organizational_life_meeting", _("organizational-life meeting")
    DEMOCRATIC_APPRAISAL = "democratic_appraisal", _("democratic appraisal")
    SECRETARY_REVIEW = "secretary_review", _("secretary's report review")
    DEMOCRATIC_LIFE_MEETING = "democratic_life_meeting", _("democratic-life meeting")
    HEART_TALKS = "heart_talks", _("heart-to-heart talks")


@dataclass(frozen=True, slots=True)
class Duty:
    """How a duty comes: the rule that says how often in each ``span``, the types that owe it, the meeting that counts.

    A ``named`` one is not told by the kind of the meeting alone: somebody says that a lecture was such a one. Without a
    meeting talks count: so many as the pairs and people of the branch ask for.
    """

    rule: str
    span: Span
    owed_by: frozenset[str]
    meeting: MeetingKind | None = None
    named: bool = False
    by_groups: bool = False  # one in each group counts as one of the branch


_K, _M = DutyKind, MeetingKind
DUTIES: Mapping[str, Duty] = {
    _K.BRANCH_CONGRESS: Duty("life.congress_per_quarter", Span.QUARTER, REGULAR, _M.BRANCH_CONGRESS),
    _K.BRANCH_COMMITTEE: Duty("life.committee_per_month", Span.MONTH, REGULAR, _M.BRANCH_COMMITTEE),
    _K.GROUP_MEETING: Duty("life.group_per_month", Span.MONTH, GROUPS, _M.GROUP_MEETING),
    _K.THEME_PARTY_DAY: Duty("life.theme_day_per_month", Span.MONTH, EVERY_BRANCH, _M.THEME_PARTY_DAY),
    _K.PARTY_LECTURE: Duty("life.lecture_per_quarter", Span.QUARTER, EVERY_BRANCH, _M.PARTY_LECTURE),
    _K.LEADER_LECTURE: Duty("life.leader_lecture_per_year", Span.YEAR, REGULAR, _M.PARTY_LECTURE, named=True),
    _K.INTEGRITY_LECTURE: Duty("life.integrity_lecture_per_year", Span.YEAR, REGULAR, _M.PARTY_LECTURE, named=True),
    _K.ORGANIZATIONAL_LIFE_MEETING: Duty(
        "life.meeting_per_year", Span.YEAR, REGULAR, _M.ORGANIZATIONAL_LIFE_MEETING, by_groups=True
    ),
    _K.DEMOCRATIC_APPRAISAL: Duty("life.appraisal_per_year", Span.YEAR, REGULAR, _M.DEMOCRATIC_APPRAISAL),
    _K.SECRETARY_REVIEW: Duty("life.secretary_review_per_year", Span.YEAR, REGULAR, _M.SECRETARY_REVIEW),
    _K.DEMOCRATIC_LIFE_MEETING: Duty(
        "life.democratic_meeting_per_year", Span.YEAR, COMMITTEES, _M.DEMOCRATIC_LIFE_MEETING
    ),
    # Its rules stand with those of care: there are three, by who talks with whom.
    _K.HEART_TALKS: Duty("", Span.YEAR, REGULAR),
}
# The duty that a part of a sitting meets by its kind alone.
MET_BY: Mapping[str, DutyKind] = {
    duty.meeting: DutyKind(kind) for kind, duty in DUTIES.items() if duty.meeting and not duty.named
}
# What sittings meet; the others are met by talks.
SITTINGS = tuple(DutyKind(kind) for kind, duty in DUTIES.items() if duty.meeting)
NAMED = frozenset(DutyKind(kind) for kind, duty in DUTIES.items() if duty.named)
OWING_TYPES = frozenset().union(*(duty.owed_by for duty in DUTIES.values()))
