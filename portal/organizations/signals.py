"""What the tree tells those above it: the audit trail listens, the tree does not know it."""

from django.dispatch import Signal

# Sent inside the transaction with ``verb``, ``instance``, ``by`` and ``changes`` ({field: [before, after]}).
changed = Signal()
