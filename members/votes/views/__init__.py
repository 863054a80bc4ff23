"""Pages of votes. Members vote on the page of ``portal.ballots``."""

from .leading import ElectionApproveView, VoteStepView
from .papers import vote_paper
from .preparing import VoteCreateView, vote_create
from .reading import vote_detail, vote_figures

__all__ = [
    "ElectionApproveView",
    "VoteCreateView",
    "VoteStepView",
    "vote_create",
    "vote_detail",
    "vote_figures",
    "vote_paper",
]
