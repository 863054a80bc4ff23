"""Verbs of cultivation: contacts, thought reports from writing to answer, reminders, the showcase."""

from .contacts import assign_contact, end_contact
from .reminders import remind_missing, remind_readers, remind_writers, run_daily
from .reports import (
    accept_report,
    attach_scan,
    begin_report,
    comment_on_report,
    draft_key,
    hand_in,
    remove_scan,
    return_report,
    settle_comment,
    take_up_report,
    withdraw_report,
)
from .showcase import (
    consent_to_showcase,
    decline_showcase,
    propose_for_showcase,
    publish_showcase,
    withdraw_showcase,
)

__all__ = [
    "accept_report",
    "assign_contact",
    "attach_scan",
    "begin_report",
    "comment_on_report",
    "consent_to_showcase",
    "decline_showcase",
    "draft_key",
    "end_contact",
    "hand_in",
    "propose_for_showcase",
    "publish_showcase",
    "remind_missing",
    "remind_readers",
    "remind_writers",
    "remove_scan",
    "return_report",
    "run_daily",
    "settle_comment",
    "take_up_report",
    "withdraw_report",
    "withdraw_showcase",
]
