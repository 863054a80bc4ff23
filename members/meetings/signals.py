"""What meetings tell other rooms; each is sent inside the transaction of the step, with ``meeting`` and ``by``."""

from django.dispatch import Signal

# The circle is settled and everybody is told.
convened = Signal()
# The chair opened the sitting.
opened = Signal()
# Somebody came in: also ``attendance``.
checked_in = Signal()
# The sitting has ended and everybody's attendance stands.
closed = Signal()
# The list of an ended sitting is about to be changed, with ``meeting`` alone; raising a ``RuleError`` forbids it.
correcting = Signal()
