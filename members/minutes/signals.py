"""What minutes tell other rooms; sent inside the transaction."""

from django.dispatch import Signal

# ``minutes``, ``by``
sealed = Signal()
