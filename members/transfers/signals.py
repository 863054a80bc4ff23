"""What transfers tell the other parts of the room."""

from django.dispatch import Signal

# Sent inside the transaction when a receiver accepts, before any row of ``person`` is held: whoever holds rows of a
# running matter together with the person's holds them here, so that all hold in one order.
accepting = Signal()

# Sent inside the transaction when a receiver accepts: ``person`` (Member), ``origin`` and ``destination``
# (Organization, or None where that side is outside the university), ``on`` (the first day there), ``by``, ``transfer``.
# A running case and its clock travel along by listening here.
transferred = Signal()
