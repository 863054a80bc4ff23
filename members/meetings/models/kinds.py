"""The kinds of meeting (domain.md 5.1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MeetingKind(models.TextChoices):
    """What a part of a sitting is, each with its own minutes and its own circle of people due (domain.md 5.1)."""

    BRANCH_CONGRESS = "branch_congress", _("branch congress")
    BRANCH_COMMITTEE = "branch_committee", _("committee meeting")
    GROUP_MEETING = "group_meeting", _("party group meeting")
    PARTY_LECTURE = "party_lecture", _("party lecture")
    THEME_PARTY_DAY = "theme_party_day", _("theme party day")
    ORGANIZATIONAL_LIFE_MEETING = "organizational_life_meeting", _("organizational-life meeting")
    DEMOCRATIC_APPRAISAL = "democratic_appraisal", _("democratic appraisal")
    DEMOCRATIC_LIFE_MEETING = "democratic_life_meeting", _("democratic-life meeting")
    SECRETARY_REVIEW = "secretary_review", _("secretary's report review")
