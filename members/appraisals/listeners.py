"""What appraisals hear from others: a paper that is about to be taken."""

from typing import Any

from django.dispatch import receiver

from portal.ballots.signals import casting

from .services import refuse_paper


@receiver(casting, dispatch_uid="appraisals.casting")
def on_casting(sender: Any, *, ballot: Any, user: Any, choices: Any, **_kwargs: Any) -> None:
    refuse_paper(ballot, user, choices)
