"""What transfers tell people: each step, whose turn it is, letters that run out, people away."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NoticeKind, kinds

from .rules.clocks import RelationState
from .rules.states import State


def _in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Turn codes of states into words, and stored days into days as people write them."""
    words = dict(params)
    if "state" in params and params["state"] in State.values:
        words["state"] = State(params["state"]).label
    if "relation" in params:
        words["relation"] = RelationState(params["relation"]).label
    if value := params.get("day"):
        day = value if isinstance(value, date) else date.fromisoformat(value)
        words["day"] = date_format(day, "SHORT_DATE_FORMAT")
    return words


_YOURS = _("The organization relation is yours.")
_DUTY = _("It is your duty to transfer organization relations here.")

STEP = NoticeKind(
    code="transfer_step",
    label=_("my transfer moved on"),
    title=_("Your transfer: %(state)s"),
    body=_("From %(sender)s to %(receiver)s. Until the receiver accepts you, the sender answers for you. %(words)s"),
    reason=_YOURS,
    statutory=True,
    words=_in_words,
)
TURN = NoticeKind(
    code="transfer_turn",
    label=_("transfers that wait for me"),
    title=_("It is your turn: transfer of %(name)s"),
    body=_("From %(sender)s to %(receiver)s, now: %(state)s."),
    reason=_DUTY,
    statutory=True,
    words=_in_words,
)
ENDED = NoticeKind(
    code="transfer_ended",
    label=_("transfers that ended"),
    title=_("Transfer of %(name)s: %(state)s"),
    body=_("From %(sender)s to %(receiver)s. %(words)s"),
    reason=_DUTY,
    words=_in_words,
)
BATCH_TURN = NoticeKind(
    code="transfer_batch_turn",
    label=_("batches of transfers that wait for me"),
    title=_("%(count)d transfers of %(sender)s wait for you"),
    body=_("They were started together: %(title)s."),
    reason=_DUTY,
    statutory=True,
)
BATCH_STEP = NoticeKind(
    code="transfer_batch_step",
    label=_("my transfer in a batch moved on"),
    title=_("Your branch has taken up your transfer"),
    body=_("%(sender)s handles it together with others: %(title)s. You can follow it on the page of your transfer."),
    reason=_YOURS,
    statutory=True,
)
PENDING = NoticeKind(
    code="transfer_pending",
    label=_("letters that run out"),
    title=_("The transfer letter of %(name)s is valid until %(day)s"),
    body=_("From %(sender)s to %(receiver)s. See that it is handed in and that the receipt comes back."),
    reason=_("You are the person it is about, or one of the two sides."),
    statutory=True,
    words=_in_words,
)
LATE = NoticeKind(
    code="transfer_late",
    label=_("letters that have run out"),
    title=_("The transfer letter of %(name)s ran out on %(day)s"),
    body=_("From %(sender)s to %(receiver)s. The sender still answers; the letter must be issued again."),
    reason=_("You are the person it is about, or it is your duty to transfer organization relations."),
    statutory=True,
    words=_in_words,
)
CONTACT_DUE = NoticeKind(
    code="abroad_contact",
    label=_("contact with people away"),
    title=_("Get in touch with %(name)s by %(day)s"),
    body=_("The relation is in the state “%(relation)s”; contact is due every six months."),
    reason=_("You keep in touch with this person, or it is your duty to see to it."),
    words=_in_words,
)
LIMIT = NoticeKind(
    code="relation_limit",
    label=_("limits of relations not in place"),
    title=_("%(name)s: “%(relation)s” should end by %(day)s"),
    body=_("Settle where the relation goes. The regulation sets this limit for the general case (DJ art. 24, 34)."),
    reason=_("You are the person it is about, or it is your duty to see to it."),
    statutory=True,
    words=_in_words,
)
LOST = NoticeKind(
    code="lost_contact",
    label=_("members out of contact"),
    title=_("%(name)s is out of contact"),
    body=_("After six months without contact (on %(day)s) the branch asks its superior to suspend membership."),
    reason=_("It is your duty to see to it (DJ art. 24)."),
    statutory=True,
    words=_in_words,
)

ALL = (STEP, TURN, ENDED, BATCH_TURN, BATCH_STEP, PENDING, LATE, CONTACT_DUE, LIMIT, LOST)


def register() -> None:
    for kind in ALL:
        kinds.register(kind)
