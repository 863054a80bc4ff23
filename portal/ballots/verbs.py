"""What the trail calls the acts around a ballot; casting a vote is none of them."""

from django.utils.translation import gettext_lazy as _

from portal.audit.verbs import name_verbs

name_verbs(
    {
        "ballots.created": _("prepared a ballot"),
        "ballots.opened": _("opened a ballot"),
        "ballots.admitted": _("let latecomers take part in a ballot"),
        "ballots.written_taken": _("put a written opinion into a ballot"),
        "ballots.papers_issued": _("issued papers of a ballot"),
        "ballots.papers_counted": _("entered the count of papers"),
        "ballots.closed": _("closed a ballot"),
        "ballots.annulled": _("annulled a ballot"),
    }
)
