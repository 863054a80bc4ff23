"""``scope``, ``may`` and ``holders`` say the same of every row of a space; practice data are made once."""

from types import SimpleNamespace

import pytest

from portal.access.policy import holders, may, policy_of, scope
from portal.files.services import store
from portal.moderation.models import FlaggedContent
from portal.organizations.models import Organization
from portal.spaces import services
from portal.spaces.models import Reach, SpaceDocument, SpacePost, SpaceReply, StreamEntry
from portal.spaces.practice.posts import POSTS_AT_HOME, make_posts
from portal.spaces.services import Written
from tests.portal.files.samples import upload
from tests.world import CAST

pytestmark = pytest.mark.django_db

ACTORS = [*CAST, "admin", "auditor", "outsider"]
MODELS = [StreamEntry, SpacePost, SpaceReply, SpaceDocument]


@pytest.fixture
def filled(world):
    """A post of every state and reach in two branches, with replies and documents."""
    for node, name, keeper in (("branch", "author", "secretary"), ("sibling", "stranger", "neighbor")):
        by, keeps = world.user(name), world.user(keeper)
        place = Organization.objects.get(pk=world.nodes[node].pk)
        shown = services.write_post(place, Written("Shown"), by=by)
        services.write_post(place, Written("Wide", visibility=Reach.INTERNAL), by=by)
        hidden = services.write_post(place, Written("Hidden"), by=by)
        services.reply(hidden, text="Under it", by=by)
        services.hide_post(hidden, reason="Rude", by=keeps)
        services.remove_post(services.write_post(place, Written("Removed"), by=by), by=by)
        services.reply(shown, text="Heard", by=by)
        services.hide_reply(services.reply(shown, text="Rude", by=by), reason="Rude", by=keeps)
        services.remove_reply(services.reply(shown, text="Gone", by=by), by=by)
        paper = store(upload("a.txt", b"Paper"), kind="attachment", by=keeps)
        services.keep_document(place, paper, title="Paper", by=keeps)
    return world


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_scope_and_may_agree(filled, model):
    rows = list(model._default_manager.all())
    for name in ACTORS:
        actor = filled.user(name)
        for action in policy_of(model).actions:
            scoped = set(scope(actor, action, model).values_list("pk", flat=True))
            assert scoped == {row.pk for row in rows if may(actor, action, row)}, (name, action)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_nobody_does_what_they_may_not_see(filled, model):
    for name in ACTORS:
        actor = filled.user(name)
        seen = set(scope(actor, "view", model).values_list("pk", flat=True))
        for action in policy_of(model).actions:
            assert set(scope(actor, action, model).values_list("pk", flat=True)) <= seen, (name, action)


@pytest.mark.parametrize("model", [SpacePost, SpaceReply, SpaceDocument], ids=lambda model: model.__name__)
def test_holders_may_where_the_row_still_stands(filled, model):
    standing = {"removed_at": None} if model is not SpaceDocument else {}
    for row in model._default_manager.filter(**standing):
        for action in policy_of(model).duties:
            told = set(holders(action, row).values_list("pk", flat=True))
            assert told
            assert told == {filled.users[name].pk for name in ACTORS if may(filled.user(name), action, row)}


def test_practice_data_are_made_once_and_hold_every_kind_of_post(world):
    places = {"root": world.root, "colleges": [world.unit], "branches": [world.branch, world.sibling]}
    accounts = {name: world.user(name) for name in ("secretary", "committee")}
    practice = SimpleNamespace(accounts=accounts, home_branch=world.branch, **places)
    make_posts(practice)
    counts = SpacePost.objects.count(), StreamEntry.objects.count()
    assert counts[0] == POSTS_AT_HOME + 6  # a voice message, one of the sibling, two from above, two that were reported
    assert {row.state for row in FlaggedContent.objects.all()} == {"open", "appealed"}
    assert FlaggedContent.objects.get(state="open").decides == world.branch
    assert SpacePost.objects.filter(voice__kind="voice").exists()
    assert SpacePost.objects.filter(picture_count=3).exists()
    make_posts(practice)
    assert (SpacePost.objects.count(), StreamEntry.objects.count()) == counts
