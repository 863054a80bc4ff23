"""Heart-to-heart talks: plan one or a year, write down what was said, confirm, drop.

The trail says that a talk was planned and held, never what was said in it.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.notifications.services import post
from portal.organizations.models import Organization
from portal.web.refusals import RuleError

from ..models import HeartTalk, TalkState
from ..queries.places import committee_of, party_members
from ..queries.talks import year_plan
from ..rules.talks import kind_of, pair_of, suggested_pairs

# A talk is planned for the running year and, at its end, for the next.
YEARS_AHEAD = 1


@transaction.atomic
def plan_talk(
    one: User,
    other: User,
    *,
    organization: Organization,
    planned_on: date | None = None,
    place: str = "",
    by: User | None,
    on: date,
) -> HeartTalk:
    """Plan a talk of two party members of one branch; both are told.

    Raises ``RuleError`` for a day that has passed, for one person, and for somebody who is no party member here.
    """
    members = party_members(organization)
    reasons = []
    if one.pk == other.pk:
        raise RuleError(_("A talk takes two people."))
    if not {one.pk, other.pk} <= set(members):
        reasons.append(_("Both must be party members of this branch."))
    if planned_on is not None and planned_on < on:
        reasons.append(_("A talk cannot be planned for a day that has passed."))
    year = planned_on.year if planned_on else on.year
    if year > on.year + YEARS_AHEAD:
        reasons.append(_("Plan at most until the end of next year."))
    if reasons:
        raise RuleError(reasons)
    pair = pair_of(one.pk, other.pk)
    talk = HeartTalk(
        organization=organization,
        year=year,
        kind=kind_of(pair, committee_of(organization, on=on)),
        first=members[pair[0]],
        second=members[pair[1]],
        planned_on=planned_on,
        place=place,
        created_by=by,
    )
    talk.full_clean()
    talk.save()
    audit.record("members_help.talk.planned", talk, by=by, at=organization)
    for person in (talk.first, talk.second):
        if by is None or person.pk != by.pk:
            _tell("heart_talk_planned", f"heart_talk:{talk.pk}:planned", talk, person)
    return talk


@transaction.atomic
def plan_year(organization: Organization, *, by: User | None, on: date) -> int:
    """Plan what the running year of a branch still lacks, one talk for each gap; return how many were planned.

    Running it again plans nothing twice.
    """
    Organization.objects.select_for_update().get(pk=organization.pk)
    plan = year_plan(organization, on.year, on=on)
    pending = [talk.pair for talk in plan.talks if talk.state == TalkState.PLANNED]
    # What one of two has written down waits for the other; it needs no second plan.
    pending += [talk.pair for talk in plan.talks if talk.state == TalkState.HELD and not talk.is_confirmed]
    pairs = suggested_pairs(plan.committee, set(plan.members), plan.missing, pending)
    made = HeartTalk.objects.bulk_create(
        HeartTalk(
            organization=organization,
            year=on.year,
            kind=kind_of(pair, plan.committee),
            first_id=pair[0],
            second_id=pair[1],
            created_by=by,
        )
        for pair in pairs
    )
    if not made:
        return 0
    audit.record(
        "members_help.year.planned", organization, by=by, at=organization, changes={"talks": [0, len(made)]}
    )
    people = {pk for pair in pairs for pk in pair}
    post(
        "heart_talk_year",
        key=f"heart_talk_year:{organization.pk}:{on.year}:{max(talk.pk for talk in made)}",
        recipients=people - ({by.pk} if by else set()),
        params={"branch": str(organization), "year": on.year},
        url=_own_page(),
    )
    return len(made)


def _own_page() -> str:
    from django.urls import reverse  # the URL configuration is loaded after the services

    return reverse("members:help:my-help")


@transaction.atomic
def arrange_talk(talk: HeartTalk, *, planned_on: date, place: str = "", by: User, on: date) -> HeartTalk:
    """Agree on the day and the place of a planned talk, or on others; the two are told.

    Raises ``RuleError`` for a talk that was held or dropped, for a day gone by, and for one of another year.
    """
    talk = _held(talk)
    if talk.state != TalkState.PLANNED:
        raise RuleError(_("Only a planned talk can be given another day."))
    if planned_on < on:
        raise RuleError({"planned_on": _("A talk cannot be planned for a day that has passed.")})
    if planned_on.year != talk.year:
        raise RuleError({"planned_on": _("This talk belongs to the year %(year)d.") % {"year": talk.year}})
    before = (talk.planned_on, talk.place)
    if before == (planned_on, place):
        return talk
    talk.planned_on, talk.place = planned_on, place
    talk.full_clean()
    talk.save(update_fields=["planned_on", "place"])
    audit.record(
        "members_help.talk.arranged", talk, by=by, at=talk.organization,
        changes={"planned_on": [before[0], planned_on], "place": [before[1], place]},
    )  # fmt: skip
    mark = f"{planned_on.isoformat()}:{timezone.now():%Y%m%d%H%M%S%f}"
    for person in (talk.first, talk.second):
        if person.pk != by.pk:
            _tell("heart_talk_arranged", f"heart_talk:{talk.pk}:arranged:{mark}", talk, person, place=place or "–")
    return talk


@transaction.atomic
def record_talk(
    talk: HeartTalk, *, held_on: date, place: str, record: str, version: int, by: User, on: date
) -> HeartTalk:
    """Write down that a talk was held and, for the two alone, what was said; the other is asked to confirm.

    A change takes the other's confirmation back; nothing changes once both have confirmed. Raises ``RuleError`` for
    anybody but the two, for a day to come or of another year, and when the other wrote since ``version``.
    """
    talk = _held(talk)
    _one_of(talk, by)
    if talk.state == TalkState.DROPPED:
        raise RuleError(_("This talk has been dropped; plan another."))
    if talk.is_confirmed:
        raise RuleError(_("Both have confirmed this talk; its record does not change any more."))
    if talk.version != version:
        raise RuleError(_("The other has changed the record in the meantime. Look at it first, then write."))
    if held_on > on:
        raise RuleError({"held_on": _("This day has not come yet.")})
    if held_on.year != talk.year:
        raise RuleError({"held_on": _("This talk belongs to the year %(year)d.") % {"year": talk.year}})
    talk.state, talk.held_on, talk.place, talk.record = TalkState.HELD, held_on, place, record
    talk.version += 1
    talk.first_confirmed_on = on if by.pk == talk.first_id else None
    talk.second_confirmed_on = on if by.pk == talk.second_id else None
    talk.full_clean()
    talk.save()
    audit.record(
        "members_help.talk.held", talk, by=by, at=talk.organization, changes={"held_on": [None, held_on]}
    )
    _tell("heart_talk_confirm", f"heart_talk:{talk.pk}:confirm:{talk.version}", talk, talk.other_of(by.pk))
    return talk


@transaction.atomic
def confirm_talk(talk: HeartTalk, *, version: int, by: User, on: date) -> HeartTalk:
    """Confirm as the other of the two that the talk was held as written; only now it counts."""
    talk = _held(talk)
    _one_of(talk, by)
    if talk.state != TalkState.HELD:
        raise RuleError(_("There is nothing to confirm yet."))
    if talk.version != version:
        raise RuleError(_("The record has changed in the meantime. Read it once more."))
    if talk.has_confirmed(by.pk):
        raise RuleError(_("You have confirmed this talk already."))
    if by.pk == talk.first_id:
        talk.first_confirmed_on = on
    else:
        talk.second_confirmed_on = on
    talk.save(update_fields=["first_confirmed_on", "second_confirmed_on"])
    audit.record("members_help.talk.confirmed", talk, by=by, at=talk.organization)
    return talk


@transaction.atomic
def drop_talk(talk: HeartTalk, *, words: str, by: User, on: date) -> HeartTalk:
    """Drop a planned talk and say why; one that was held stays."""
    talk = _held(talk)
    if talk.state != TalkState.PLANNED:
        raise RuleError(_("Only a planned talk can be dropped."))
    talk.state, talk.dropped_words = TalkState.DROPPED, words
    talk.full_clean()
    talk.save(update_fields=["state", "dropped_words"])
    audit.record("members_help.talk.dropped", talk, by=by, at=talk.organization, reason=words)
    for person in (talk.first, talk.second):
        if person.pk != by.pk:
            _tell("heart_talk_dropped", f"heart_talk:{talk.pk}:dropped", talk, person, words=words)
    return talk


def _held(talk: HeartTalk) -> HeartTalk:
    rows = HeartTalk.objects.select_for_update(of=("self",)).select_related("first", "second", "organization")
    return rows.get(pk=talk.pk)


def _one_of(talk: HeartTalk, by: User) -> None:
    if by.pk not in talk.pair:
        raise RuleError(_("Only the two themselves write down and confirm their talk."))


def _tell(kind: str, key: str, talk: HeartTalk, person: User, **params: str) -> None:
    post(
        kind,
        key=key,
        recipients=[person.pk],
        params={"name": talk.other_of(person.pk).name, "day": talk.held_on or talk.planned_on, **params},
        url=talk.get_absolute_url(),
    )
