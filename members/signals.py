"""What the archives tell the other parts of the room."""

from django.dispatch import Signal

# Sent inside the transaction when a person leaves the tree altogether, before any row of the person is held:
# ``person`` (Member), ``kind`` (a ``LeaveKind``), ``on`` (the first day elsewhere), ``by``. What runs here for the
# person is ended by listening.
leaving = Signal()
