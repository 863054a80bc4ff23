"""Templates of meetings, and the meetings that they propose."""

import logging
from datetime import date, datetime, timedelta
from hashlib import blake2b

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.notifications.services import post
from portal.organizations.duties import Post
from portal.organizations.models import Appointment
from portal.web.refusals import RuleError

from .. import notices
from ..models import Meeting, MeetingTemplate
from ..queries.telling import grantors
from ..rules.circles import kinds_for
from ..rules.drafts import draft_for
from ..rules.recurrence import AHEAD_DAYS, occurrence, occurrences
from .planning import Matter, plan
from .telling import about

log = logging.getLogger(__name__)


@transaction.atomic
def save_template(template: MeetingTemplate, *, seen: str | None = None, by: User | None) -> MeetingTemplate:
    """Keep a template, new or changed; what it has proposed already stays as it is.

    Refuses with ``seen`` (``fingerprint_of_template``) when somebody else changed it since the page was opened.
    """
    if seen is not None and template.pk is not None:
        stored = MeetingTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
        if seen != fingerprint_of_template(stored):
            raise RuleError(_("Somebody else has changed this template meanwhile. Look at it again, then change it."))
    held = kinds_for(template.organization.org_type)
    if not template.kinds or any(kind not in held for kind in template.kinds):
        raise RuleError(_("Choose kinds of meeting that this organization holds."))
    is_new = template.pk is None
    template.full_clean()
    march = date(timezone.localdate().year, 3, 1)
    if template.recurrence and occurrence(
        template.recurrence, march, day=template.day, week=template.week, on_weekday=template.weekday
    ) is None:  # fmt: skip
        raise ValidationError({"recurrence": _("Say on which day it comes again.")})
    template.save()
    audit.record("meetings.template_made" if is_new else "meetings.template_changed", template, by=by)
    return template


def fingerprint_of_template(template: MeetingTemplate) -> str:
    """Return what an edit of a template began from: another edit in between changes it."""
    names = [field.attname for field in MeetingTemplate._meta.concrete_fields if field.name != "is_active"]
    facts = [str(getattr(template, name)) for name in names]
    return blake2b(repr(facts).encode(), digest_size=8).hexdigest()


@transaction.atomic
def switch_template(template: MeetingTemplate, *, is_active: bool, by: User | None) -> MeetingTemplate:
    """Take a template out of use, or into use again."""
    template.is_active = is_active
    template.save(update_fields=["is_active"])
    audit.record("meetings.template_changed", template, by=by, changes={"is_active": [not is_active, is_active]})
    return template


def matters_of(template: MeetingTemplate) -> list[Matter]:
    """Return the agenda of a template; one without gives the usual agenda of its kinds."""
    lines = [(line["kind"], line["title"], line.get("minutes")) for line in template.agenda]
    return [Matter(kind, title, minutes) for kind, title, minutes in lines or draft_for(template.kinds)[2]]


def propose(on: date, *, ahead_days: int = AHEAD_DAYS) -> int:
    """Plan what templates bring in the coming weeks, tell those who convene, and return how many are new.

    Each day of a template is proposed once, however often this runs and wherever the meeting is moved afterwards. A
    template whose meeting cannot be planned (a chair who left, nobody due) is passed over and tried again tomorrow.
    """
    until = on + timedelta(days=ahead_days)
    rows = MeetingTemplate.objects.filter(is_active=True, organization__closed_on=None).exclude(recurrence="")
    known = set(
        Meeting.objects.filter(template__in=rows, template_on__gt=on).values_list("template_id", "template_on")
    )
    made = 0
    at = timezone.now()
    for template in rows.select_related("organization", "chair", "recorder").order_by("pk").iterator(200):
        days = occurrences(
            template.recurrence, since=on, until=until, day=template.day, week=template.week,
            on_weekday=template.weekday,
        )  # fmt: skip
        for day in days:
            if (template.pk, day) in known:
                continue
            try:
                _propose(template, day, at=at)
            except ValidationError as error:
                log.info("Template %s proposes nothing for %s: %s", template.pk, day, "; ".join(error.messages))
            else:
                made += 1
    return made


@transaction.atomic
def _propose(template: MeetingTemplate, day: date, *, at: datetime) -> Meeting:
    begins = timezone.make_aware(datetime.combine(day, template.begins))
    chair = template.chair or _secretary(template, day)
    recorder = template.recorder or chair
    if chair is None or recorder is None:
        raise RuleError(_("The template names nobody to chair, and there is no secretary."))
    meeting = plan(
        template.organization,
        kinds=template.kinds,
        title=template.title,
        planned_at=begins,
        planned_until=begins + timedelta(minutes=template.lasts_minutes),
        chair=chair,
        recorder=recorder,
        agenda=matters_of(template),
        words=template.words,
        place=template.place,
        online_url=template.online_url,
        template=template,
        template_on=day,
        by=None,
        at=at,
    )
    post(
        notices.PROPOSED.code,
        key=f"meeting:{meeting.pk}:proposed",
        recipients=grantors(template.organization),
        params=about(meeting),
        url=meeting.get_absolute_url(),
    )
    return meeting


def _secretary(template: MeetingTemplate, day: date) -> User | None:
    posts = Appointment.objects.as_of(day).filter(
        organization=template.organization, post__in=[Post.SECRETARY, Post.DEPUTY_SECRETARY, Post.GROUP_LEADER]
    )
    held = {row.post: row.user for row in posts.select_related("user").order_by("-since", "-pk")}
    return held.get(Post.SECRETARY) or held.get(Post.GROUP_LEADER) or held.get(Post.DEPUTY_SECRETARY)
