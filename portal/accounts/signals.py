"""What accounts tell those above them: the audit trail listens, accounts do not know it."""

from django.dispatch import Signal

# Sent with ``verb``, ``user`` (``None`` when the name is nobody's), ``by``, ``outcome`` and ``changes``
# ({field: [before, after]}).
happened = Signal()
