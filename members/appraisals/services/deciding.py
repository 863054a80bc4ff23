"""From the committee's opinions to the archive: decide, report, confirm or return, tell everybody."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.access.policy import holders
from portal.accounts.models import User
from portal.audit import services as audit
from portal.notifications.posting import Posting, post_many
from portal.notifications.services import post
from portal.web.refusals import RuleError

from ..models import Appraisal, AppraisalPerson
from ..rules import Opinion, Stage, flaws_of
from .gathering import tell_minutes
from .holding import hold


@transaction.atomic
def decide(
    appraisal: Appraisal, opinions: Mapping[int, Opinion], *, version: int, by: User, on: date
) -> Appraisal:
    """Write down what the committee decided, by the key of the participant; not everybody need have a grade yet.

    The counts of the ballots bind nobody: they are shown, the committee decides. Raises ``RuleError`` with the
    arithmetic when too many are excellent, for whoever gets no grade, and when somebody wrote since ``version``.
    """
    appraisal = _at(appraisal, Stage.COMMITTEE)
    if appraisal.version != version:
        raise RuleError(_("Somebody has changed the opinions in the meantime. Look at them again."))
    rows = {row.pk: row for row in appraisal.people.select_for_update(of=("self",)).select_related("user")}
    graded = {pk: row.user.name for pk, row in rows.items() if row.is_graded}
    if flaws := flaws_of(opinions, graded=graded, limit=appraisal.limit(), whole=False):
        raise RuleError(flaws)
    changes = {}
    for pk in graded:
        row, opinion = rows[pk], opinions.get(pk, Opinion(""))
        if (row.grade, row.words) != (opinion.grade, opinion.words.strip()):
            changes[f"{row.user.name} ({row.user.number})"] = [row.grade, opinion.grade]
            row.grade, row.words = opinion.grade, opinion.words.strip()
            row.full_clean(validate_unique=False)
    AppraisalPerson.objects.bulk_update([rows[pk] for pk in graded], ["grade", "words"])
    if changes:
        appraisal.version += 1
        appraisal.save(update_fields=["version"])
        audit.record("appraisals.decided", appraisal, by=by, changes=changes)
    return appraisal


@transaction.atomic
def report(appraisal: Appraisal, *, decided_on: date, by: User, on: date) -> Appraisal:
    """Report the committee's opinions to the superior; from now on the branch changes nothing.

    Raises ``RuleError`` listing everybody without a grade or without the words that a low grade asks for.
    """
    appraisal = _at(appraisal, Stage.COMMITTEE)
    rows = list(appraisal.people.select_related("user").order_by("user__name"))
    graded = {row.pk: row.user.name for row in rows if row.is_graded}
    opinions = {row.pk: Opinion(row.grade, row.words) for row in rows if row.grade}
    flaws = flaws_of(opinions, graded=graded, limit=appraisal.limit())
    if not appraisal.announced_on <= decided_on <= on:
        flaws.append(_("The committee decided between the announcement and today."))
    if flaws:
        raise RuleError(flaws)
    appraisal.state, appraisal.decided_on, appraisal.reported_on = Stage.REPORTED, decided_on, on
    appraisal.version += 1
    appraisal.save(update_fields=["state", "decided_on", "reported_on", "version"])
    audit.record("appraisals.reported", appraisal, by=by, changes={"decided_on": [None, decided_on]})
    post(
        "appraisal_reported",
        key=f"appraisal:{appraisal.pk}:reported:{appraisal.version}",
        recipients=holders("confirm", appraisal),
        params={"branch": str(appraisal.organization), "year": appraisal.year},
        url=appraisal.get_absolute_url(),
    )
    return appraisal


@transaction.atomic
def confirm(appraisal: Appraisal, *, by: User, on: date) -> Appraisal:
    """Confirm a report for the superior; the branch then tells everybody."""
    appraisal = _at(appraisal, Stage.REPORTED)
    appraisal.state, appraisal.confirmed_on, appraisal.confirmed_by = Stage.CONFIRMED, on, by
    appraisal.returned_words = ""
    appraisal.version += 1
    appraisal.save(update_fields=["state", "confirmed_on", "confirmed_by", "returned_words", "version"])
    audit.record("appraisals.confirmed", appraisal, by=by)
    _tell_holders(appraisal, "appraisal_confirmed")
    return appraisal


@transaction.atomic
def return_report(appraisal: Appraisal, *, words: str, by: User, on: date) -> Appraisal:
    """Return a report to the committee and say why; the ballots stay as they were counted."""
    appraisal = _at(appraisal, Stage.REPORTED)
    if not words.strip():
        raise RuleError({"words": _("Say why the report is returned.")})
    appraisal.state, appraisal.reported_on = Stage.COMMITTEE, None
    appraisal.returned_words = words.strip()
    appraisal.version += 1
    appraisal.save(update_fields=["state", "reported_on", "returned_words", "version"])
    audit.record("appraisals.returned", appraisal, by=by, reason=words.strip())
    _tell_holders(appraisal, "appraisal_returned", words=words.strip())
    return appraisal


@transaction.atomic
def close(appraisal: Appraisal, *, by: User, on: date) -> Appraisal:
    """Tell everybody the own result; it stands in the archive from now on. Probationary members are told as well."""
    appraisal = _at(appraisal, Stage.CONFIRMED)
    people = list(appraisal.people.select_related("user"))
    appraisal.people.update(told_on=on)
    appraisal.state, appraisal.closed_on = Stage.CLOSED, on
    appraisal.version += 1
    appraisal.save(update_fields=["state", "closed_on", "version"])
    audit.record("appraisals.closed", appraisal, by=by)
    tell_minutes(appraisal, by=by)
    audit.record_many(
        "appraisals.told",
        ((AppraisalPerson, row.pk, str(appraisal), row.user_id, {}, appraisal.organization_id) for row in people),
        by=by,
    )
    address = reverse("members:appraisals:appraisal-detail", args=[appraisal.pk])
    params = {"branch": str(appraisal.organization), "year": appraisal.year}
    post_many(
        Posting(
            "appraisal_result" if row.grade else "appraisal_ungraded",
            key=f"appraisal:{appraisal.pk}:told",
            recipients=frozenset({row.user_id}),
            params=params | ({"grade": row.grade} if row.grade else {}),
            url=address,
        )
        for row in people
    )
    return appraisal


def _at(appraisal: Appraisal, stage: Stage) -> Appraisal:
    """Hold an appraisal that stands at ``stage``; raise ``RuleError`` when it does not."""
    appraisal = hold(appraisal)
    if appraisal.state != stage:
        raise RuleError(
            _("This takes the stage “%(wanted)s”; the appraisal is at “%(stage)s”.")
            % {"wanted": stage.label, "stage": appraisal.get_state_display()}
        )
    return appraisal


def _tell_holders(appraisal: Appraisal, kind: str, **params: str) -> None:
    near = holders("hold", appraisal).filter(appointments__organization=appraisal.organization).distinct()
    post(
        kind,
        key=f"appraisal:{appraisal.pk}:{kind}:{appraisal.version}",
        recipients=near,
        params={"branch": str(appraisal.organization), "year": appraisal.year, **params},
        url=appraisal.get_absolute_url(),
    )
