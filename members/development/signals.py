"""What cultivation tells the other parts of the room."""

from django.dispatch import Signal

# Sent inside the transaction with ``person_id`` (of a Member) when the person's contacts have changed or a thought
# report was accepted. Whoever reckons with these rows reads them where they are and copies none.
cared = Signal()
