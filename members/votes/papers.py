"""The report of a count on paper: the numbers, what carries, and room for those who counted and the chair to sign.

Papers are Chinese whatever language their reader uses.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.ballots.counts import Result
from portal.ballots.models import PaperCount
from portal.ballots.queries import shown_result
from portal.ballots.vocabulary import BallotKind, Mark
from portal.documents.registry import Paper, papers
from portal.documents.sheets import (
    Cell,
    Column,
    Form,
    Heading,
    Listing,
    Note,
    Paragraphs,
    Sheet,
    Signature,
    day_words,
    label,
    signed,
)
from portal.rulesets.words import article_words

from .models import MeetingVote

COUNT = "votes.count"


@dataclass(frozen=True, slots=True)
class CountSheet:
    """A closed vote as its report states it; ``rows`` are a name and its numbers, in the order of ``columns``."""

    organization: str = ""
    meeting: str = ""
    title: str = ""
    is_election: bool = False
    is_secret: bool = True
    held_on: date | None = None
    seats: int = 0
    due: int = 0
    present: int = 0
    issued: int = 0
    returned: int = 0
    written: int = 0
    valid: int = 0
    void: int = 0
    columns: tuple[str, ...] = ("表决意见", "票数")
    rows: tuple[tuple[str, ...], ...] = ()
    sums: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    verdict: str = ""
    tellers: tuple[str, str] = ("", "")
    chair: str = ""
    digest: str = ""


def sheet_of(vote: MeetingVote, count: PaperCount | None) -> CountSheet:
    """Return what a closed vote says, as far as it may be shown; ``count`` is of its papers, where there were some."""
    with override("zh-hans"):
        result, ballot = shown_result(vote.ballot), vote.ballot
        assert result is not None
        assert ballot.closed_at is not None
        is_election = ballot.kind == BallotKind.ELECTION
        names = [row.title for row in result.rows if row.option in result.elected and row.choice == Mark.YES]
        return CountSheet(
            organization=vote.meeting.organization.name,
            meeting=vote.meeting.title,
            title=ballot.title,
            is_election=is_election,
            is_secret=ballot.is_secret,
            held_on=timezone.localdate(ballot.closed_at),
            seats=ballot.seats if is_election else 0,
            due=result.due,
            present=result.present,
            issued=result.papers.online + result.papers.issued,
            returned=result.papers.online + result.papers.returned,
            written=result.papers.written,
            valid=result.papers.valid,
            void=result.papers.void,
            columns=_ELECTION if is_election else CountSheet().columns,
            rows=_candidates(vote, result) if is_election else _answers(result),
            sums=tuple(line.sentence for line in result.sums),
            articles=tuple(dict.fromkeys(article_words(line.article) for line in result.sums if line.article)),
            verdict=result.outcome_label + (f"：{'、'.join(names)}" if names else ""),
            tellers=(count.first_teller.name, count.second_teller.name) if count else ("", ""),
            chair=vote.meeting.chair.name if vote.meeting.chair else "",
            digest=ballot.digest,
        )


_ELECTION = ("姓名", "赞成", "不赞成", "弃权", "备注")


def _answers(result: Result) -> tuple[tuple[str, ...], ...]:
    return tuple((row.title or row.label, str(row.count)) for row in result.rows)


def _candidates(vote: MeetingVote, result: Result) -> tuple[tuple[str, ...], ...]:
    stand = set(vote.ballot.options.filter(is_candidate=True).values_list("pk", flat=True))
    rows = []
    for row in result.rows:
        if row.choice != Mark.YES:
            continue
        against = result.count(Mark.NO, row.option)
        left = (str(against), str(result.papers.valid - row.count - against)) if row.option in stand else ("—", "—")
        notes = [*(["另选"] if row.option not in stand else []), *(["当选"] if row.option in result.elected else [])]
        rows.append((row.title, str(row.count), *left, "、".join(notes)))
    return tuple(rows)


def draw(facts: CountSheet) -> Sheet:
    """Return the report in the customary layout."""
    head = [
        (label("组织名称"), Cell(facts.organization, span=3)),
        (label("会议"), Cell(facts.meeting, span=3)),
        (label("表决事项"), Cell(facts.title, span=3)),
        (label("日期"), Cell(day_words(facts.held_on)), label("方式"), Cell("无记名" if facts.is_secret else "记名")),
        (label("应到会"), Cell(f"{facts.due}人"), label("实到会"), Cell(f"{facts.present}人")),
        (label("发出选票"), Cell(f"{facts.issued}张"), label("收回选票"), Cell(f"{facts.returned}张")),
        (label("有效票"), Cell(f"{facts.valid}张"), label("无效票"), Cell(f"{facts.void}张")),
    ]
    if facts.seats or facts.written:
        seats, written = f"{facts.seats}名" if facts.seats else "—", f"{facts.written}份"
        head.append((label("应选名额"), Cell(seats), label("书面意见"), Cell(written)))
    widths = (16,) + (9,) * (len(facts.columns) - 1)
    columns = tuple(Column(name, width) for name, width in zip(facts.columns, widths, strict=True))
    return Sheet(
        title="选举结果报告单" if facts.is_election else "表决结果报告单",
        blocks=(
            Form((18, 32, 18, 32), tuple(head)),
            Listing(columns, facts.rows),
            Heading("计算"),
            Paragraphs("\n".join(facts.sums)),
            Heading("结果"),
            Paragraphs(facts.verdict),
            Signature((*(_to_sign("计票人", name) for name in facts.tellers), signed("监票人"))),
            Signature((_to_sign("主持人", facts.chair), day_words(None))),
            Note("在系统中投的票即发即收，计入发出和收回的选票。" + _cited(facts.articles)),
        ),
        foot=f"校验码 {facts.digest[:16]}" if facts.digest else "",
    )


def _to_sign(office: str, name: str) -> str:
    """Return a line to sign on by hand, with the name printed before it where it is known."""
    return signed(f"{office}（{name}）" if name else office)


def _cited(articles: tuple[str, ...]) -> str:
    return f"依据：{'、'.join(articles)}。" if articles else ""


def register() -> None:
    papers.register(Paper(COUNT, _("Report of a count"), CountSheet, "XJ20", draw))
