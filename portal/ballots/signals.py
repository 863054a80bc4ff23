"""What ballots tell the rooms that hold them."""

from django.dispatch import Signal

# Sent inside the transaction that closes a ballot: ``ballot``, ``result`` (``counts.Result``), ``by``.
closed = Signal()
# Sent before a vote in the portal is taken: ``ballot``, ``user``, ``choices``. A room refuses it by ``RuleError``
# (nobody grades oneself); it keeps nothing of what it sees.
casting = Signal()
