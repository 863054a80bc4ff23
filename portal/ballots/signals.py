"""What ballots tell the rooms that hold them."""

from django.dispatch import Signal

# Sent inside the transaction that closes a ballot: ``ballot``, ``result`` (``counts.Result``), ``by``.
closed = Signal()
