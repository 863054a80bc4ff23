"""The rules that can forbid a record, each with its article and whether a superior may lift it.

``article`` is a number in the Rules on Recruiting Members, or the key of another regulation; empty means
the article of the step. ``value`` names the value of the rule set that carries the article. Liftable are only rules the
text itself calls general or leaves to special cases, and what the university set for itself; no floor of the nation is.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.rulesets.values import RuleSet

from .arithmetic import OPENS, PASSES
from .steps import STEPS, cite
from .verdicts import Refusal


@dataclass(frozen=True, slots=True)
class Ban:
    words: Promise
    article: str = ""
    value: str = ""
    liftable: bool = False


BANS: dict[str, Ban] = {
    # Order, days and people
    "future": Ban(_("%(day)s has not come yet.")),
    "role": Ban(_("This is not recorded in that capacity.")),
    "own_case": Ban(_("Nobody records a decision about themselves.")),
    "ended": Ban(_("The case has ended.")),
    "order": Ban(_("First this step must be complete: %(before)s.")),
    "part": Ban(_("First this must be recorded: %(part)s.")),
    "already": Ban(_("This is recorded already, on %(day)s.")),
    "later": Ban(_("A step that builds on this one is recorded on %(day)s already.")),
    "past": Ban(_("The time for this is over: the person is no longer at that stage.")),
    "dates": Ban(_("The days of this record contradict each other: %(first)s and %(second)s.")),
    "unknown_step": Ban(_("This kind of record does not belong to this step.")),
    # A to B
    "age": Ban(_("The applicant was under %(years)s on %(day)s."), value="person.min_age"),
    "rejoin_bar": Ban(_("A new application is possible only from %(day)s."), article="ZC24"),
    "talker": Ban(_("The candidate cannot lead this talk.")),
    "topics": Ban(_("The talk must go through every item; %(count)s are missing."), article="7"),
    "league": Ban(
        _("A member of the league under %(years)s is nominated by the league."), article="8", liftable=True
    ),
    "nominate_early": Ban(
        _("Nomination is possible %(months)s months after the application, from %(day)s."), article="8", liftable=True
    ),
    "contacts_count": Ban(
        _("There are %(count)s contacts; there must be %(least)s to %(most)s."), value="contacts.max"
    ),
    "contact_twice": Ban(_("The same person is named twice as contact."), article="9"),
    "contact_self": Ban(_("Nobody is their own contact."), article="9"),
    "contact_not_full": Ban(_("%(name)s is not a full member with all rights on that day."), article="9"),
    "author": Ban(_("%(name)s is neither contact nor sponsor of this person on that day.")),
    # C
    "cultivation_short": Ban(
        _("Cultivation since %(since)s must last %(months)s months, until %(day)s."), value="cultivation.min"
    ),
    "inspections": Ban(
        _("%(have)s of %(need)s inspections that were due are recorded."), value="inspection.interval", liftable=True
    ),
    "opinions": Ban(_("Not everybody was heard; %(count)s circles are missing.")),
    "temporary_branch": Ban(_("A temporary branch generally recruits nobody."), article="ZB", liftable=True),
    "publicity_short": Ban(
        _("The notice hangs %(have)s working days; it must hang %(need)s, through %(day)s."), value="publicity.target"
    ),
    "publicity_local": Ban(
        _("The notice hangs %(have)s working days; this university asks for %(need)s, through %(day)s."),
        liftable=True,
    ),
    "publicity_running": Ban(_("The notice hangs through %(day)s; its result comes after that day.")),
    "publicity_purpose": Ban(_("This step takes a notice for another purpose.")),
    "publicity_blocked": Ban(_("Objections to the notice stand in the way.")),
    "publicity_missing": Ban(_("The publicity this university asks for is missing."), liftable=True),
    "sponsors_count": Ban(_("There are %(count)s sponsors; there must be %(need)s."), value="sponsors.count"),
    "sponsor_twice": Ban(_("The same person is named twice as sponsor."), article="14"),
    "sponsor_self": Ban(_("Nobody is their own sponsor."), article="14"),
    "sponsor_not_full": Ban(_("%(name)s is not a full member with all rights on that day."), article="14"),
    "letters_open": Ban(_("%(count)s inquiries of the review are not answered."), article="16"),
    "letters_late": Ban(_("The conclusion of %(day)s comes before the reply of %(replied)s."), article="16"),
    "review_missing": Ban(_("A political review that was passed is missing."), article="16"),
    "review_expired": Ban(
        _("The political review of %(day)s was valid through %(until)s."), article="16", liftable=True
    ),
    "training_short": Ban(
        _("%(hours)s hours on %(days)s days; %(need_hours)s hours or %(need_days)s days are needed."),
        value="training.hours",
        liftable=True,
    ),
    "training_failed": Ban(_("The training was not passed."), value="training.hours"),
    "training_missing": Ban(_("The intensive training is missing."), value="training.hours", liftable=True),
    "training_expired": Ban(_("The training of %(day)s was valid through %(until)s."), article="17", liftable=True),
    # D
    "leaves_soon": Ban(
        _("The person leaves on %(leaves)s, less than %(months)s months after %(day)s."),
        value="leaves_soon.within",
        liftable=True,
    ),
    "congress_late": Ban(
        _("The congress must follow the pre-review of %(since)s by %(due)s."),
        value="congress.after_pre_review",
        liftable=True,
    ),
    "approval_late": Ban(
        _("The decision was due by %(due)s; later it needs a special reason, and none after %(hard)s."),
        value="approval.within",
    ),
    "approval_void": Ban(
        _("No approval came by %(hard)s: admission must begin anew with the committee's review."),
        value="approval.hard",
    ),
    "talker_sponsors": Ban(_("Who talks for the superior cannot be the candidate's sponsor."), liftable=True),
    "probation_dates": Ban(_("The probation runs from %(first)s to %(last)s."), value="probation.months"),
    # E
    "convert_apply_early": Ban(
        _("The conversion application is possible from %(day)s."), article="32", liftable=True
    ),
    "convert_early": Ban(_("The probation lasts until %(last)s; conversion is possible from %(day)s."), article="31"),
    "extension_again": Ban(_("The probation was extended once already."), value="extension.times"),
    "extension_length": Ban(
        _("An extension of %(months)s months; it lasts %(least)s to %(most)s months."), value="extension.min"
    ),
    "approval_differs": Ban(_("The superior can confirm or reject the congress's resolution, not replace it.")),
    "standing_date": Ban(_("The party standing begins on %(day)s."), article="33"),
    # Votes
    "count_missing": Ban(_("The minutes lack a number: due, present, in favor, against or abstained.")),
    "count_sums": Ban(_("The votes do not add up: %(counted)s counted, %(cast)s cast.")),
    "present_over_due": Ban(_("%(present)s took part, but only %(due)s may.")),
    "returned_over_issued": Ban(_("%(returned)s ballots came back of %(issued)s issued: the vote is void.")),
    "issued_over_present": Ban(_("%(issued)s ballots were issued to %(present)s people.")),
    "several_candidates": Ban(_("One ballot was about %(count)s people; each is voted on alone."), article="20"),
    "open_ballot": Ban(_("The vote is by secret ballot."), article="20"),
    "candidate_absent": Ban(_("The candidate was not present: the congress is postponed."), article="20"),
    "sponsors_absent": Ban(
        _("%(present)s of %(need)s sponsors were present: the congress is postponed."), article="20"
    ),
    "quorum": Ban(OPENS, value="congress.quorum"),
    "majority": Ban(PASSES, value="congress.majority"),
    "committee_quorum": Ban(OPENS),
    "committee_majority": Ban(PASSES),
    "outcome": Ban(_("The votes carried the motion, but the record says that it failed.")),
    "outcome_unknown": Ban(_("This step cannot end that way.")),
}  # fmt: skip

LIFTABLE = frozenset(code for code, ban in BANS.items() if ban.liftable)


def article_of(rules: RuleSet, step: str, *, article: str = "", value: str = "") -> str:
    """Return the article of a rule as the edition names it; that of the step where nothing nearer is known."""
    rule = rules.get(value) if value else None
    if rule is not None and rule.article:
        return rule.article
    number = article or STEPS[step].article
    return cite(rules.edition.code, number) if number[0].isdigit() else number


def refuse(rules: RuleSet, step: str, code: str, *, earliest: date | None = None, **params: object) -> Refusal:
    """Return the refusal ``code`` for a record of ``step``."""
    ban = BANS[code]
    article = article_of(rules, step, article=ban.article, value=ban.value)
    return Refusal(ban.words, params, code, step, article, ban.liftable, earliest)
