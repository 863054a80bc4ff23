"""Forms of meetings."""

from .answering import AnswerForm, CancelForm, ConveneForm, LeaveDecisionForm
from .lists import MeetingFilterForm, NodeSearchForm
from .planning import AgendaItemForm, MeetingForm, RemarkForm, TemplateForm

__all__ = [
    "AgendaItemForm",
    "AnswerForm",
    "CancelForm",
    "ConveneForm",
    "LeaveDecisionForm",
    "MeetingFilterForm",
    "MeetingForm",
    "NodeSearchForm",
    "RemarkForm",
    "TemplateForm",
]
