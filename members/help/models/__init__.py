"""Tables of heart-to-heart talks and of requests for help."""

from .requests import HelpKind, HelpMessage, HelpRequest, Said
from .talks import HeartTalk, TalkState

__all__ = ["HeartTalk", "HelpKind", "HelpMessage", "HelpRequest", "Said", "TalkState"]
