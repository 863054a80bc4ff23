"""What votes of meetings tell; sent inside the transaction of the step."""

from django.dispatch import Signal

# A vote has closed: ``vote``, ``result`` (``portal.ballots.counts.Result``), ``by``.
closed = Signal()
