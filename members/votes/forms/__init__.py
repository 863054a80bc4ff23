"""Forms of votes: one for each purpose, one for each step of the chair."""

from .leading import AnnulForm, ApproveForm, CountForm, HandOutForm, StepForm, WrittenForm
from .preparing import FORMS
from .recording import RECORD_FORMS, record_form_of

__all__ = [
    "FORMS",
    "RECORD_FORMS",
    "AnnulForm",
    "ApproveForm",
    "CountForm",
    "HandOutForm",
    "StepForm",
    "WrittenForm",
    "record_form_of",
]
