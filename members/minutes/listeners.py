"""What minutes do when a meeting is convened or has ended."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from members.meetings import signals
from members.meetings.models import AgendaItem, Meeting
from portal.accounts.models import User
from portal.web.refusals import RuleError

from .models import Minutes, MinutesState
from .queries.resolutions import open_resolutions
from .services import ask_to_write, begin

SHOWN = 20


def put_resolutions_first(sender: Any, meeting: Meeting, by: User | None, **kwargs: Any) -> None:
    """Make open resolutions the first matter of a meeting that is convened."""
    part = meeting.parts.order_by("number").first()
    rows = list(open_resolutions(meeting.organization)[: SHOWN + 1])
    if part is None or not rows or AgendaItem.objects.filter(meeting=meeting, number=0).exists():
        return
    # An agenda is read by everybody: it is written in the language of the university.
    with override("zh-hans"):
        title = _("What became of earlier resolutions")
    lines = [f"{row.words}（{row.owner.name}，{row.due_on:%Y-%m-%d}）" for row in rows[:SHOWN]]
    if len(rows) > SHOWN:
        lines.append("…")
    AgendaItem.objects.create(meeting=meeting, part=part, number=0, title=title, words="\n".join(lines)[:4000])


def begin_minutes(sender: Any, meeting: Meeting, by: User | None, **kwargs: Any) -> None:
    """Draft the minutes of every kind of a sitting as it ends; those begun during the sitting now wait to be done."""
    begun = list(Minutes.objects.filter(meeting=meeting))
    begin(meeting.parts.all(), by=by)
    ask_to_write(begun)


def refuse_when_sealed(sender: Any, meeting: Meeting, **kwargs: Any) -> None:
    """Let the list of a sitting stand once minutes have been sealed that name who was there."""
    if Minutes.objects.filter(meeting=meeting, state=MinutesState.SEALED).exists():
        raise RuleError(
            _("The minutes of this meeting are sealed with its attendance. Correct it by adding to the minutes.")
        )


def listen() -> None:
    signals.convened.connect(put_resolutions_first, dispatch_uid="minutes.resolutions_first")
    signals.closed.connect(begin_minutes, dispatch_uid="minutes.begin")
    signals.correcting.connect(refuse_when_sealed, dispatch_uid="minutes.list_stands")
