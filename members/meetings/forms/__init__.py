"""Forms of meetings."""

from .answering import AnswerForm, CancelForm, ConveneForm, LeaveDecisionForm
from .circle import GuestForm, LeadersForm
from .lists import MeetingFilterForm, NodeSearchForm
from .planning import AgendaItemForm, HeldForm, MeetingForm, RemarkForm, TemplateForm

__all__ = [
    "AgendaItemForm",
    "AnswerForm",
    "CancelForm",
    "ConveneForm",
    "GuestForm",
    "HeldForm",
    "LeadersForm",
    "LeaveDecisionForm",
    "MeetingFilterForm",
    "MeetingForm",
    "NodeSearchForm",
    "RemarkForm",
    "TemplateForm",
]
