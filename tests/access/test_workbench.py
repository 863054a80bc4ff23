"""The workbench passes over a source only when nothing waits there, for each person and every room."""

from django.utils import timezone

from portal.access.rights import rights_of
from portal.extensions.registry import work_sources
from portal.home.queries import quiet_sources
from tests.world import CAST

ACTORS = [*CAST, "admin", "auditor", "outsider"]
# Of these something waits for somebody on the ground, so that an empty glance would be seen.
WAITING = {"ballots-open", "help-to-answer", "meetings-to-answer", "minutes-to-finish", "transfers-to-handle"}


def test_no_source_in_which_something_waits_is_passed_over(ground):
    today, waiting, spared = timezone.localdate(), set(), set()
    for name in ACTORS:
        user = ground.world.user(name)
        rights = rights_of(user)
        sources = [source for source in work_sources if source.waits and source.applies(rights)]
        quiet = quiet_sources(user, tuple(source.code for source in sources), on=today)
        for source in sources:
            if source.find(user, today).count:
                assert source.code not in quiet, (name, source.code)
                waiting.add(source.code)
        spared |= quiet
    assert waiting >= WAITING
    assert waiting | spared == {source.code for source in work_sources if source.waits}
    assert spared >= {"my-dues", "courses", "recruitment-overdue"}
