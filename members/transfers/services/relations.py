"""Dated states of a relation: begin, keep in touch, end (DJ art. 24, 32, 34)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from members.models import Member
from portal.accounts.models import User
from portal.audit import services as audit
from portal.web.refusals import RuleError

from ..models import RelationContact, RelationPeriod
from ..rules.checks import needs_letter
from ..rules.clocks import RelationState
from .requests import hold


@transaction.atomic
def begin_relation(
    person: Member,
    state: str,
    *,
    since: date,
    place: str = "",
    host: str = "",
    contact: str = "",
    responsible: Member | None = None,
    reason_code: str = "",
    words: str = "",
    last_contact_on: date | None = None,
    by: User | None,
    on: date,
) -> RelationPeriod:
    """Record that the relation of ``person`` is in ``state`` since a day.

    Kept after graduation counts from graduation when the archive knows it. Raises ``RuleError`` for the future, for
    people without a relation, and for whoever is in such a state already.
    """
    person = hold(person)
    reasons = []
    if since > on:
        reasons.append(_("This cannot begin in the future."))
    if not needs_letter(person.standing):
        reasons.append(_("Only probationary and full members have an organization relation."))
    if state == RelationState.RETAINED and person.graduated_on and since != person.graduated_on:
        since = person.graduated_on
    if responsible is not None and responsible.pk == person.pk:
        reasons.append(_("Someone else must keep in touch with the person."))
    if reasons:
        raise RuleError(reasons)
    relation = RelationPeriod(
        person=person,
        state=state,
        since=since,
        place=place,
        host=host,
        contact=contact,
        responsible=responsible,
        reason_code=reason_code if state == RelationState.LOST else "",
        words=words,
        last_contact_on=last_contact_on,
    )
    relation.full_clean()
    relation.save()
    audit.record(
        "transfers.relation_begun",
        relation,
        by=by,
        about=person.user,
        at=person.organization,
        changes={"state": ["", state], "since": ["", since]},
    )
    return relation


@transaction.atomic
def record_contact(
    relation: RelationPeriod, *, on: date, means: str, is_reached: bool, words: str, by: User | None, today: date
) -> RelationContact:
    """Log an attempt to reach the person; one that succeeded moves the day of the next.

    Raises ``RuleError`` for a day in the future or before the state began, and when the state has ended.
    """
    relation = _current(relation)
    if not relation.since <= on <= today:
        raise RuleError(_("The day must lie between the beginning of this state and today."))
    made = RelationContact(relation=relation, on=on, means=means, is_reached=is_reached, words=words, by=by)
    made.full_clean()
    made.save()
    if is_reached and (relation.last_contact_on is None or on > relation.last_contact_on):
        relation.last_contact_on = on
        relation.save(update_fields=["last_contact_on"])
    audit.record(
        "transfers.contact_recorded",
        relation,
        by=by,
        about=relation.person.user,
        at=relation.person.organization,
        changes={"on": ["", on]},
    )
    return made


@transaction.atomic
def end_relation(relation: RelationPeriod, *, until: date, words: str, by: User | None, on: date) -> RelationPeriod:
    """End a state on its last day: the relation is in place again, or has gone elsewhere."""
    relation = _current(relation)
    if not relation.since <= until <= on:
        raise RuleError(_("The day must lie between the beginning of this state and today."))
    relation.until, relation.end_words = until, words
    relation.save(update_fields=["until", "end_words"])
    audit.record(
        "transfers.relation_ended",
        relation,
        by=by,
        about=relation.person.user,
        at=relation.person.organization,
        changes={"until": ["", until]},
        reason=words,
    )
    return relation


def _current(relation: RelationPeriod) -> RelationPeriod:
    relation = RelationPeriod.objects.select_for_update(of=("self",)).with_person().get(pk=relation.pk)
    if relation.until is not None:
        raise RuleError(_("This state has ended already."))
    return relation
