"""``scope``, ``may`` and ``holders`` say the same of every person, action and row."""

import pytest
from django.utils import timezone

from members.models import ArchiveDocument, CorrectionRequest, Member
from portal.access.policy import holders, may, policy_of, scope
from portal.accounts.models import User
from portal.files.models import StoredFile
from portal.organizations.models import Affiliation, Appointment, Organization, OrganizationLink, OrganizationParent
from portal.rulesets.models import CalendarYear, RuleSetting
from tests.world import CAST

ACTORS = [*CAST, "admin", "auditor", "outsider"]
MODELS = [
    Organization, OrganizationLink, OrganizationParent, Affiliation, Appointment, User, Member, CorrectionRequest,
    ArchiveDocument, RuleSetting, CalendarYear,
]  # fmt: skip


@pytest.fixture
def filled(world):
    """Give every model of the table a row in the branch and one in the sibling branch."""
    for name in ("author", "stranger"):
        member = world.member(name)
        CorrectionRequest.objects.create(member=member, field="title", words="w")
        file = StoredFile.objects.create(kind="scan", file=f"{name}.pdf", name="a.pdf", mime="application/pdf", size=1)
        ArchiveDocument.objects.create(member=member, kind="other", title=name, file=file)
    OrganizationLink.objects.create(
        kind="split", earlier=world.branch, later=world.sibling, on=world.since, reason="r", people=1
    )
    for node in (world.root, world.branch, world.sibling):
        RuleSetting.objects.create(
            edition="recruitment-2026-05", code="cultivation.min", amount=15, organization=node, words="w",
            at=timezone.now(),
        )  # fmt: skip
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
def test_holders_may_and_nobody_else_by_duty(filled, model):
    policy = policy_of(model)
    people = {user.pk: user for user in User.objects.all()}
    for row in model._default_manager.all()[:12]:
        for action in policy.duties:
            told = set(holders(action, row).values_list("pk", flat=True))
            allowed = {pk for pk, user in people.items() if may(user, action, row)}
            by_own = {pk for pk, user in people.items() if type(row)._default_manager.filter(
                policy.own(user, action), pk=row.pk).exists()}  # fmt: skip
            assert told <= allowed, (row, action)
            assert allowed - by_own <= told, (row, action)


def test_unknown_actions_and_visitors_are_allowed_nothing(filled):
    from django.contrib.auth.models import AnonymousUser

    for model in MODELS:
        for action in (*policy_of(model).actions, "invent"):
            assert scope(AnonymousUser(), action, model).count() == 0, (model, action)
        assert scope(filled.user("committee"), "invent", model).count() == 0


# actor: who is seen and kept, by name
REACH = {
    "secretary": ({"branch"}, {"branch"}),
    "neighbor": ({"sibling"}, {"sibling"}),
    "college": ({"branch", "sibling"}, {"branch", "sibling"}),
    "committee": ({"branch", "sibling", "office"}, {"branch", "sibling", "office"}),
    "admin": (set(), set()),
    "auditor": (set(), set()),
    "editor": (set(), set()),
    "lecturer": (set(), set()),
    "moderator": (set(), set()),
    "retired": (set(), set()),
    "disabled": (set(), set()),
    "author": (set(), set()),
}


@pytest.mark.parametrize("name", REACH)
def test_archives_are_seen_and_kept_where_the_duty_rests(world, name):
    def places(action: str) -> set[str]:
        others = scope(world.user(name), action, Member).exclude(user=world.users[name])
        return set(others.values_list("organization__code", flat=True))

    assert (places("view"), places("change")) == REACH[name]
