"""Transfers with their letters and history, batches, and the dated states of a relation."""

from .relations import RelationContact, RelationPeriod
from .transfer import Batch, Event, Letter, Transfer

__all__ = ["Batch", "Event", "Letter", "RelationContact", "RelationPeriod", "Transfer"]
