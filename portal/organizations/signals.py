"""What the tree tells those above it: the audit trail and the rooms listen, the tree does not know them."""

from django.dispatch import Signal

# Sent inside the transaction with ``verb``, ``instance``, ``by``, ``changes`` ({field: [before, after]}) and
# perhaps ``reason``.
changed = Signal()

# Sent inside the transaction once for many: ``verb``, ``rows`` as ``audit.services.record_many`` takes them, ``by``,
# ``reason``.
changed_many = Signal()

# Sent inside the transaction when people were moved in bulk: ``user_ids`` now belong to ``organization`` from ``on``,
# with the standing they had. Whoever repeats the place of a person follows it here.
placed = Signal()
