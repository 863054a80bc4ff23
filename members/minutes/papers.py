"""Minutes on paper in the customary layout, one paper for each kind of meeting, and the bound volume of a year.

Papers are Chinese whatever language their reader uses.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from members.meetings.models import MeetingKind
from portal.documents.registry import Paper, papers
from portal.documents.sheets import (
    Block,
    Cell,
    Contents,
    Form,
    Heading,
    Listing,
    NewPage,
    Note,
    Paragraphs,
    Sheet,
    Style,
    Title,
    box,
    day_words,
    fact,
    label,
    signed,
)
from portal.documents.sheets import Column as ListColumn

from .models import Addendum, Minutes

TITLES = {
    MeetingKind.BRANCH_CONGRESS: "党支部党员大会会议记录",
    MeetingKind.BRANCH_COMMITTEE: "党支部委员会会议记录",
    MeetingKind.GROUP_MEETING: "党小组会会议记录",
    MeetingKind.PARTY_LECTURE: "党课记录",
    MeetingKind.THEME_PARTY_DAY: "主题党日活动记录",
    MeetingKind.ORGANIZATIONAL_LIFE_MEETING: "组织生活会会议记录",
    MeetingKind.DEMOCRATIC_APPRAISAL: "民主评议党员会议记录",
    MeetingKind.DEMOCRATIC_LIFE_MEETING: "民主生活会会议记录",
    MeetingKind.SECRETARY_REVIEW: "述职评议会议记录",
}
STATES = {"leave": "请假", "exempt": "可不参加", "made_up": "已补课", "absent": "缺席"}
VOLUME = "minutes.volume"
_VERDICTS: dict[bool | None, str] = {
    True: "校验结果：全部记录与校验码一致，前后相连。",
    False: "校验结果：发现不一致，请核查！",
    None: "",
}


def code_of(kind: str) -> str:
    """Return the code of the paper for minutes of ``kind``."""
    return f"minutes.{kind}"


def title_of(kind: str) -> str:
    return TITLES[MeetingKind(kind)]


@dataclass(frozen=True, slots=True)
class AddendumSheet:
    words: str = ""
    reason: str = ""
    by: str = ""
    on: date | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class MinutesSheet:
    """What minutes say on paper, every word as it was sealed."""

    kind: str = MeetingKind.BRANCH_CONGRESS
    organization: str = ""
    title: str = ""
    began: datetime | None = None
    ended: datetime | None = None
    place: str = ""
    chair: str = ""
    recorder: str = ""
    due: int | None = None
    present: int | None = None
    present_names: tuple[str, ...] = ()
    probationary: tuple[str, ...] = ()
    absent: str = ""
    observers: tuple[str, ...] = ()
    agenda: str = ""
    earlier: str = ""
    speeches: str = ""
    votes: str = ""
    decisions: str = ""
    resolutions: str = ""
    dissent: str = ""
    remarks: str = ""
    files: str = ""
    chair_confirmed: tuple[str, date | None] = ("", None)
    recorder_confirmed: tuple[str, date | None] = ("", None)
    number: int | None = None
    digest: str = ""
    addenda: tuple[AddendumSheet, ...] = ()


@dataclass(frozen=True, slots=True)
class Volume:
    """A year's minutes of one branch, bound together; ``holds`` says what checking the chain found on the day."""

    organization: str = ""
    year: int = 0
    sheets: tuple[MinutesSheet, ...] = ()
    bound_on: date | None = None
    holds: bool | None = None
    links: int = 0
    head: str = ""
    open_words: tuple[str, ...] = field(default=())


def sheet_of(minutes: Minutes, facts: dict[str, Any], addenda: tuple[Addendum, ...] = ()) -> MinutesSheet:
    """Return what goes on paper: ``facts`` are those sealed, or of a draft those of the moment."""
    confirmed = facts.get("confirmed", {})
    return MinutesSheet(
        kind=minutes.kind,
        organization=facts.get("organization", ""),
        title=minutes.title,
        began=_at(facts.get("started_at") or facts.get("planned_at")),
        ended=_at(facts.get("ended_at")),
        place=facts.get("place") or ("线上会议" if facts.get("online") else ""),
        chair=facts.get("chair", ""),
        recorder=facts.get("recorder", ""),
        due=facts.get("due"),
        present=facts.get("present"),
        present_names=_present(facts),
        probationary=tuple(facts.get("probationary_present", ())),
        absent=_absent(facts),
        observers=tuple(facts.get("observers", ())),
        agenda="\n".join(
            f"{row['number']}. {row['title']}" + (f"（{row['presenter']}）" if row.get("presenter") else "")
            for row in facts.get("agenda", ())
        ),
        earlier=_resolved(facts.get("earlier", ())),
        speeches="\n".join(f"{row['person']}：{row['gist']}" for row in minutes.speeches),
        votes="\n".join(_vote(row) for row in facts.get("votes", ())),
        decisions=minutes.decisions,
        resolutions=_resolved(facts.get("resolutions", ())),
        dissent=minutes.dissent,
        remarks=minutes.remarks,
        files="\n".join(row["name"] for row in facts.get("files", ())),
        chair_confirmed=(confirmed.get("chair", ""), _local_day(minutes.chair_confirmed_at)),
        recorder_confirmed=(confirmed.get("recorder", ""), _local_day(minutes.recorder_confirmed_at)),
        number=minutes.number,
        digest=minutes.digest,
        addenda=tuple(
            AddendumSheet(row.words, row.reason, row.by_name, _local_day(row.at), row.digest) for row in addenda
        ),
    )


def _at(text: str | None) -> datetime | None:
    at = parse_datetime(text) if text else None
    return timezone.localtime(at) if at else None


def _local_day(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None


def _present(facts: dict[str, Any]) -> tuple[str, ...]:
    late = {row["name"] for row in facts.get("late", ())}
    return tuple(f"{name}（迟到）" if name in late else name for name in facts.get("present_names", ()))


def _absent(facts: dict[str, Any]) -> str:
    lines = []
    for row in facts.get("absent", ()):
        reason = f"：{row['reason']}" if row.get("reason") else ""
        granted = f"（{row['granted_by']}批准）" if row.get("granted_by") else ""
        lines.append(f"{row['name']}　{STATES.get(row['state'], '')}{reason}{granted}")
    lines += [f"{row['name']}　不计入应到：{row['reason']}" for row in facts.get("excluded", ())]
    return "\n".join(lines)


def _resolved(rows: Any) -> str:
    return "\n".join(
        f"{place}. {row['words']}（责任人：{row['owner']}，完成时限：{day_words(parse_date(row['due_on']))}）"
        for place, row in enumerate(rows, start=1)
    )


def _vote(row: dict[str, Any]) -> str:
    way = "无记名投票" if row.get("is_secret") else "举手或记名表决"
    counts = f"应到{row['due']}人，实到{row['present']}人"
    if row.get("cast"):
        counts += f"，收回选票{row['cast']}张" + (f"，其中无效{row['void']}张" if row["void"] else "")
    if not row.get("counts"):
        counts += f"；赞成{row['yes']}票，反对{row['no']}票，弃权{row['abstain']}票"
    if row.get("written"):
        counts += f"，其中书面意见{row['written']}票"
    lines = [*row.get("counts", ()), *row.get("arithmetic", ())]
    result = {True: "通过", False: "未通过", None: ""}[row.get("passed")]
    if not result and row.get("verdict"):
        result = f"{row['verdict']}。"
    return f"{row['title']}（{way}）：{counts}。{result}" + "".join(f"\n{line}" for line in lines)


def _span(facts: MinutesSheet) -> str:
    if facts.began is None:
        return ""
    said = f"{day_words(facts.began.date())} {facts.began:%H:%M}"
    if facts.ended is None:
        return said
    until = f"{facts.ended:%H:%M}"
    if facts.ended.date() != facts.began.date():
        until = f"{day_words(facts.ended.date())} {until}"
    return f"{said}—{until}"


def _there(facts: MinutesSheet) -> str:
    names = "、".join(facts.present_names)
    return f"{names}\n其中预备党员：{'、'.join(facts.probationary)}" if facts.probationary else names


def _blocks(facts: MinutesSheet) -> tuple[Block, ...]:
    """Return the form itself, as it stands alone or in a volume."""
    rows: list[tuple[Cell, ...]] = [
        (label("会议名称"), fact(facts.title, span=3)),
        (label("时　间"), fact(_span(facts)), label("地　点"), fact(facts.place)),
        (label("主持人"), fact(facts.chair), label("记录人"), fact(facts.recorder)),
        (
            label("应到人数"),
            fact("" if facts.due is None else f"{facts.due}人"),
            label("实到人数"),
            fact("" if facts.present is None else f"{facts.present}人"),
        ),
        box("出席人员", _there(facts), span=3, height=12),
        box("缺席人员\n及原因", facts.absent, span=3, height=12),
        box("列席人员", "、".join(facts.observers), span=3, height=10),
        *([box("上次决议\n落实情况", facts.earlier, span=3, height=12)] if facts.earlier else []),
        box("会议议题", facts.agenda, span=3, height=16),
        box("讨论发言\n要　点", facts.speeches, span=3, height=50),
        *([box("表决情况", facts.votes, span=3, height=16)] if facts.votes else []),
        box("会议决议\n（决定）", facts.decisions, span=3, height=30),
        *([box("任务分工", facts.resolutions, span=3, height=12)] if facts.resolutions else []),
        box("不同意见", facts.dissent, span=3, height=12),
        *([box("备　注", facts.remarks, span=3, height=10)] if facts.remarks else []),
        *([box("附　件", facts.files, span=3, height=8)] if facts.files else []),
        (
            label("主持人\n签　名"),
            fact_signed(*facts.chair_confirmed),
            label("记录人\n签　名"),
            fact_signed(*facts.recorder_confirmed),
        ),
    ]
    found: list[Block] = [Form((16, 34, 16, 34), tuple(rows))]
    for place, addendum in enumerate(facts.addenda, start=1):
        found += [
            Heading(f"补记之{place}"),
            Paragraphs(addendum.words),
            Note(
                f"补记原因：{addendum.reason}　{signed('补记人', addendum.by)}　{day_words(addendum.on)}\n"
                f"校验码：{addendum.digest}"
            ),
        ]
    if facts.digest:
        found.append(Note(f"本记录已封存，编号{facts.number}，封存后不作修改，更正另作补记。\n校验码（SHA-256）：{facts.digest}"))
    else:
        found.append(Note("本记录尚未封存，仅供核对。"))
    return tuple(found)


def fact_signed(name: str, on: date | None) -> Cell:
    """Return the box of a signature: who confirmed and when, or room for the pen."""
    return Cell(f"{name}\n{day_words(on)}" if name else "\n")


def draw_minutes(facts: MinutesSheet, *, title: str) -> Sheet:
    return Sheet(title, _blocks(facts), style=Style.FORM, number=facts.organization)


def draw_volume(facts: Volume) -> Sheet:
    """Bind a year: cover with contents, the minutes in their order, and the digests at the end."""
    names = [
        f"{listed.began.month}月{listed.began.day}日　{title_of(listed.kind)}　{listed.title}"
        if listed.began
        else listed.title
        for listed in facts.sheets
    ]
    blocks: list[Block] = [
        Paragraphs(f"共收录会议记录{len(facts.sheets)}份，装订日期：{day_words(facts.bound_on)}", indent=False),
        Heading("目　录"),
        Contents(tuple((f"{place}. {name}", f"minutes-{place}") for place, name in enumerate(names, start=1))),
    ]
    if facts.open_words:
        blocks += [Heading("尚未封存，未收录"), Paragraphs("\n".join(facts.open_words), indent=False)]
    for place, sheet in enumerate(facts.sheets, start=1):
        blocks += [NewPage(), Title(title_of(sheet.kind), anchor=f"minutes-{place}"), *_blocks(sheet)]
    columns = (
        ListColumn("编号", 8),
        ListColumn("日期", 14),
        ListColumn("会议", 30, left=True),
        ListColumn("校验码（SHA-256）", 48, left=True),
    )
    rows = [
        (str(sheet.number or ""), f"{sheet.began:%Y.%m.%d}" if sheet.began else "", sheet.title, sheet.digest)
        for sheet in facts.sheets
    ]
    verdict = _VERDICTS[facts.holds]
    blocks += [
        NewPage(),
        Title("校验码", anchor="digests"),
        Listing(columns, tuple(rows)),
        Note(f"{verdict}本支部记录链共{facts.links}环，末环校验码：{facts.head}"),
    ]
    return Sheet(
        f"{facts.year}年会议记录汇编", tuple(blocks), style=Style.FORM, number=facts.organization,
        foot=f"{facts.organization} {facts.year}年",
    )  # fmt: skip


def declare() -> None:
    """Register the papers; called once, when the room is ready."""
    for order, (kind, title) in enumerate(TITLES.items(), start=1):
        papers.register(
            Paper(
                code_of(kind), MeetingKind(kind).label, MinutesSheet, "ZB", partial(draw_minutes, title=title), order
            )
        )
    papers.register(Paper(VOLUME, _("Bound volume of minutes"), Volume, "ZB", draw_volume, 100))
