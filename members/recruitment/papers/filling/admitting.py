"""Stage D and the decisions of stage E: committee, pre-review, congress, superior."""

from datetime import date

from members.recruitment.engine.details import (
    ApprovalFact,
    BallotFact,
    FormFact,
    Minutes,
    NominationFact,
    Outcome,
    PreReviewFact,
    ReviewFact,
    SuperiorTalkFact,
)
from members.recruitment.engine.facts import Fact
from members.recruitment.queries.files import CaseFile
from portal.rulesets.days import add_months

from ..admission import CommitteeMinutes, FormDraft, PreReviewReply
from ..approval import ApprovalNotice, TalkOpinion
from ..congress import BallotSummary, ConversionResolution, Count, Resolution
from .words import DAY, history_of, identity, probation_of

# Step: what the committee dealt with, and what it decided; {name} is the candidate.
_MATTERS = {
    "nominate": ("研究确定入党积极分子", "确定{name}同志为入党积极分子"),
    "propose_target": ("研究确定发展对象人选", "将{name}同志列为发展对象人选，报上级党组织"),
    "committee_review": ("审查发展对象材料", "将{name}同志的入党材料报上级党组织预审"),
    "convert_congress": ("审查预备党员转正材料", "将{name}同志的转正问题提交党员大会讨论"),
}
_AGREED = {Outcome.PASSED: "同意", Outcome.REJECTED: "不同意"}


def committee_minutes(file: CaseFile, record: Fact) -> CommitteeMinutes:
    details = record.details
    assert isinstance(details, NominationFact | ReviewFact)
    outcome = details.outcome if isinstance(details, ReviewFact) else Outcome.PASSED
    matter, decided = _MATTERS[record.step]
    name, minutes = file.person.user.name, details.minutes
    return CommitteeMinutes(
        branch=file.branch(record.on),
        on=record.on,
        due=minutes.due,
        present=minutes.present,
        yes=minutes.yes,
        no=minutes.no,
        abstain=minutes.abstain,
        matter=matter,
        person=name,
        discussion=details.opinion if isinstance(details, ReviewFact) else "",
        outcome=outcome,
        decision=f"{_AGREED[outcome]}{decided.format(name=name)}。" if outcome in _AGREED else "",
    )


def pre_review_reply(file: CaseFile, record: Fact) -> PreReviewReply:
    details = record.details
    assert isinstance(details, PreReviewFact)
    passed = details.outcome is Outcome.PASSED
    return PreReviewReply(
        branch=file.branch(record.on),
        number=details.number,
        people=(file.person.user.name,),
        reviewed_on=record.on,
        outcome=details.outcome,
        congress_by=add_months(record.on, file.rules.amount("congress.after_pre_review")) if passed else None,
        form_numbers=form_numbers(file, record.on) if passed else (),
        issuer=file.superior,
        on=record.on,
    )


def form_numbers(file: CaseFile, since: date) -> tuple[str, ...]:
    """Return the number of the statutory form handed out after the reply, where it is known."""
    found = (fact.details for fact in file.records_of("fill_form", FormFact.kind) if fact.on >= since)
    return tuple(details.number for details in found if isinstance(details, FormFact) and details.number)[:1]


def form_draft(file: CaseFile, _record: Fact | None = None) -> FormDraft:
    """Fill what the archive holds, without the protected fields: ``protected`` adds what a reader may see of them."""
    return FormDraft(
        person=identity(file.person),
        history=history_of(file),
        family=file.letter.family if file.letter else (),
        social_relations=file.letter.social_relations if file.letter else (),
        awards="\n".join(file.awards),
        drafted_on=file.on,
    )


def ballot_summary(file: CaseFile, record: Fact) -> BallotSummary:
    name = file.person.user.name
    matter = f"接收{name}同志为中共预备党员" if record.step == "congress" else f"{name}同志转为中共正式党员"
    return BallotSummary(
        branch=file.branch(record.on), candidate=name, matter=matter, on=record.on, count=_count(record)
    )


def _count(record: Fact) -> Count:
    details = record.details
    assert isinstance(details, BallotFact)
    return Count(
        due=details.due,
        present=details.present,
        issued=details.issued,
        returned=details.returned,
        yes=details.yes,
        no=details.no,
        abstain=details.abstain,
        invalid=details.invalid,
        written=details.written,
    )


def _outcome(record: Fact) -> Outcome:
    assert isinstance(record.details, BallotFact | ApprovalFact)
    return record.details.outcome


def resolution(file: CaseFile, record: Fact) -> Resolution:
    return Resolution(
        branch=file.branch(record.on),
        candidate=file.person.user.name,
        on=record.on,
        count=_count(record),
        outcome=_outcome(record),
    )


def conversion_resolution(file: CaseFile, record: Fact) -> ConversionResolution:
    details = record.details
    assert isinstance(details, BallotFact)
    course = file.course(record.on)
    since, until = probation_of(course)
    extended = details.outcome is Outcome.EXTENDED and course.convert_on
    return ConversionResolution(
        branch=file.branch(record.on),
        candidate=file.person.user.name,
        on=record.on,
        probation_from=since,
        probation_to=until,
        count=_count(record),
        outcome=details.outcome,
        standing_from=course.convert_on if details.outcome is Outcome.PASSED else None,
        months=details.months,
        until=add_months(course.convert_on, details.months) - DAY if extended and course.convert_on else None,
    )


def talk_opinion(file: CaseFile, record: Fact) -> TalkOpinion:
    details = record.details
    assert isinstance(details, SuperiorTalkFact)
    talker = identity(file.people.get(details.talker.key), details.talker)
    return TalkOpinion(
        person=identity(file.person),
        branch=file.branch(record.on),
        congress_on=file.course(record.on).day_of("congress"),
        talker=talker.name,
        talker_post=talker.post,
        on=record.on,
        opinion=details.opinion,
    )


def approval_notice(file: CaseFile, record: Fact) -> ApprovalNotice:
    """The reply of the superior; an extension counts from the day after the probation that ends."""
    details = record.details
    assert isinstance(details, ApprovalFact)
    for_conversion = record.step == "convert_approve"
    months, first, last = 0, details.probation_from, details.probation_to
    if for_conversion and details.outcome is Outcome.EXTENDED:
        before = file.course(record.on - DAY)
        held = before.done.get("convert_congress")
        months = held.details.months if held and isinstance(held.details, BallotFact) else 0
        first = before.convert_on
        last = add_months(first, months) - DAY if first else None
    minutes: Minutes = details.minutes
    return ApprovalNotice(
        branch=file.branch(record.on),
        number=details.number,
        person=file.person.user.name,
        for_conversion=for_conversion,
        met_on=record.on,
        due=minutes.due,
        present=minutes.present,
        yes=minutes.yes,
        outcome=details.outcome,
        probation_from=first,
        probation_to=last,
        standing_from=details.standing_from,
        months=months,
        reasons=details.special_reason,
        issuer=file.superior,
        on=record.on,
    )
