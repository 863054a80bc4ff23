"""Verbs on rule sets: set an amount, say beforehand what that would change, keep the calendar of a year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.organizations.models import BRANCH_TYPES, Organization
from portal.organizations.services import lock_open
from portal.web.refusals import RuleError

from . import words
from .calendars import CalendarRow
from .editions import EDITIONS
from .impacts import Change, Impact, impact_of
from .models import CalendarDay, CalendarYear, RuleSetting
from .queries import rules_for
from .values import Edition, Flaw, Value, may_stand_beside

YEARS = (2000, 2100)  # as the database's check


@dataclass(frozen=True, slots=True)
class Preview:
    """What saving an amount would mean: the amount in force before, and what each room says of its cases."""

    before: int
    after: int
    is_habit: bool
    impacts: tuple[Impact, ...]
    value: Value

    @property
    def said(self) -> str:
        """Return both amounts in words."""
        both = {
            "before": words.amount_words(self.value, self.before),
            "after": words.amount_words(self.value, self.after),
        }
        return _("Now %(before)s, then %(after)s.") % both

    @property
    def fingerprint(self) -> str:
        """Tell this preview from that of another amount, or of the same one after someone else's edit."""
        return f"{self.before}-{self.after}"


def _value(edition_code: str, code: str) -> tuple[Edition, Value]:
    edition = EDITIONS.get(edition_code)
    value = edition.value(code) if edition else None
    if edition is None or value is None:
        raise RuleError(_("This edition does not know the rule."))
    return edition, value


def _refuse_loosening(value: Value, amount: int, *, in_force: int, is_habit: bool) -> None:
    if flaw := value.flaw_of(amount):
        raise RuleError({"amount": words.flaw_words(value, amount, flaw)})
    if is_habit and amount != in_force and not may_stand_beside(value, in_force, amount):
        raise RuleError({"amount": words.flaw_words(value, amount, Flaw.LOOSENS, above=in_force)})


def preview_setting(edition_code: str, code: str, *, amount: int, organization: Organization) -> Preview:
    """Say what setting ``amount`` would change; raise ``RuleError`` when it may not be set at all.

    A branch's habit is advice and touches no case.
    """
    edition, value = _value(edition_code, code)
    rule = rules_for(edition_code, organization)[code]
    if not organization.is_root() and organization.org_type not in BRANCH_TYPES:
        raise RuleError({"organization": _("Rules are set for the whole university; habits are kept by branches.")})
    is_habit = not organization.is_root()
    _refuse_loosening(value, amount, in_force=rule.amount, is_habit=is_habit)
    if is_habit:
        return Preview(rule.amount if rule.habit is None else rule.habit, amount, True, (), value)
    change = Change(before=rule.amount, after=amount)
    return Preview(change.before, change.after, False, tuple(impact_of(edition, {code: change})), value)


@transaction.atomic
def set_amount(
    edition_code: str,
    code: str,
    *,
    amount: int,
    organization: Organization,
    reason: str,
    seen: str,
    by: User,
    on: date,
) -> RuleSetting:
    """Set ``amount`` on the university's root or, as a habit, on a branch.

    ``seen`` is the fingerprint of the preview that ``by`` has looked at. Raises ``RuleError`` when the amount would
    loosen what stands above it, when no reason is given, or when the amount in force is no longer the one seen.
    """
    organization = lock_open(organization, on=on)
    found = preview_setting(edition_code, code, amount=amount, organization=organization)
    reason = reason.strip()
    if not reason:
        raise RuleError({"words": _("Say why, and by which decision.")})
    if seen != found.fingerprint:
        raise RuleError(_("Look at what this changes before you save it."))
    setting = RuleSetting.objects.filter(edition=edition_code, code=code, organization=organization).first()
    if setting is None:
        setting = RuleSetting(edition=edition_code, code=code, organization=organization)
    setting.amount, setting.words, setting.by, setting.at = amount, reason, by, timezone.now()
    setting.full_clean()
    setting.save()
    verb = "rulesets.habit_set" if found.is_habit else "rulesets.amount_set"
    audit.record(verb, setting, by=by, changes={f"{edition_code} {code}": [found.before, amount]}, reason=reason)
    return setting


@transaction.atomic
def keep_calendar(year: int, *, rows: Iterable[CalendarRow], is_announced: bool, source: str, by: User) -> CalendarYear:
    """Put ``rows`` (checked by ``calendars.read_rows``) in place of the days kept for ``year``."""
    if not YEARS[0] <= year <= YEARS[1]:
        ends = {"first": YEARS[0], "last": YEARS[1]}
        raise RuleError({"year": _("Calendars are kept from %(first)d to %(last)d.") % ends})
    if is_announced and not source.strip():
        raise RuleError({"source": _("Name the notice in which the days were announced.")})
    root = Organization.objects.select_for_update(no_key=True).filter(depth=1).first()
    rows = list(rows)
    if not rows:
        raise RuleError(_("A year without a single holiday is no calendar."))
    kept = CalendarYear.objects.filter(year=year).first() or CalendarYear(year=year)
    before = {day: (kind, name) for day, kind, name in kept.days.values_list("day", "kind", "name")}
    kept.is_announced, kept.source, kept.by, kept.at = is_announced, source.strip(), by, timezone.now()
    kept.full_clean()
    kept.save()
    kept.days.all().delete()
    CalendarDay.objects.bulk_create(CalendarDay(year=kept, day=row.day, kind=row.kind, name=row.name) for row in rows)
    after = {row.day: (row.kind, row.name) for row in rows}
    changes = {
        f"{day:%Y-%m-%d}": [" ".join(before.get(day, ())), " ".join(after.get(day, ()))]
        for day in sorted(before.keys() | after.keys())
        if before.get(day) != after.get(day)
    }
    audit.record("rulesets.calendar_kept", kept, by=by, changes=changes, reason=kept.source, at=root)
    return kept
