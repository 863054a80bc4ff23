"""The stream: told once by key, seen by whom it is for, read at the same cost after ten years."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.access.policy import may, scope
from portal.audiences.services import Circle, save_audience
from portal.spaces.models import Reach, StreamEntry
from portal.spaces.services import Told, readdress, tell, tell_many, untell

pytestmark = pytest.mark.django_db


def test_telling_again_brings_the_entry_up_to_date_and_adds_none(told):
    first = told(title="Planned")
    second = told(title="Held   on\nFriday", visibility=Reach.PUBLIC)
    assert (second.pk, second.title, second.visibility) == (first.pk, "Held on Friday", Reach.PUBLIC)
    untell(first.key, "unknown:1")
    assert not StreamEntry.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"kind": "unknown.kind"}, LookupError),
        ({"url": "https://elsewhere.example/"}, ValueError),
        ({"url": "//elsewhere.example/"}, ValueError),
        ({"url": "javascript:alert(1)"}, ValueError),
        ({"visibility": Reach.AUDIENCE}, ValueError),
    ],
)
def test_what_no_stream_can_show_is_a_fault_of_the_caller(told, wrong, error):
    with pytest.raises(error):
        told(**wrong)


def test_an_entry_of_a_rolled_back_change_is_not_told(world):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(world.branch, kind="news.article", key="a", title="A", url="/", at=timezone.now())
        _never = 1 / 0
    assert not StreamEntry.objects.exists()


# Who sees an entry on the branch: by reach.
PEOPLE = {"secretary", "author", "peer", "contact", "probationary", "applicant", "target", "member", "retired"}
WATCHING = {"college", "committee", "moderator"}
EVERYBODY = PEOPLE | WATCHING | {"neighbor", "stranger", "lecturer", "editor", "admin", "auditor", "outsider"}
SEEN = {
    Reach.PUBLIC: EVERYBODY | {"visitor"},
    Reach.INTERNAL: EVERYBODY,
    Reach.SPACE: PEOPLE | WATCHING,
    Reach.AUDIENCE: {"stranger", "neighbor"},  # the audience of the content, here the sibling branch
}


@pytest.mark.parametrize("reach", SEEN)
def test_an_entry_is_seen_by_whom_its_reach_names(world, told, reach):
    audience = save_audience(Circle(organizations=[world.sibling])) if reach == Reach.AUDIENCE else None
    entry = told(visibility=reach, audience=audience)
    people = {name: world.user(name) for name in EVERYBODY} | {"visitor": AnonymousUser()}
    assert {name for name, user in people.items() if may(user, "view", entry)} == SEEN[reach]


def test_what_is_told_above_reaches_those_below_and_nobody_beside(world, told):
    entry = told(node=world.unit)
    seeing = {name for name in EVERYBODY if may(world.user(name), "view", entry)}
    assert {"author", "stranger", "secretary", "college"} <= seeing
    assert not {"lecturer", "editor", "outsider", "admin"} & seeing
    below = told("news.article:2", node=world.far_branch)
    assert not may(world.user("college"), "view", below)


def test_a_lost_audience_is_seen_by_nobody(world, told):
    audience = save_audience(Circle(organizations=[world.branch]))
    entry = told(visibility=Reach.AUDIENCE, audience=audience)
    audience.delete()
    assert not may(world.user("author"), "view", entry)


def test_readdressing_follows_the_content(world, told):
    entry = told(visibility=Reach.PUBLIC)
    readdress([entry.key], visibility=Reach.SPACE)
    assert not may(AnonymousUser(), "view", entry)
    with pytest.raises(ValueError, match="audience"):
        readdress([entry.key], visibility=Reach.AUDIENCE)


def test_the_table_refuses_an_audience_without_its_reach(world, told):
    entry = told(visibility=Reach.AUDIENCE, audience=save_audience(Circle(organizations=[world.branch])))
    with pytest.raises(IntegrityError), transaction.atomic():
        StreamEntry.objects.filter(pk=entry.pk).update(visibility=Reach.PUBLIC)
    with pytest.raises(IntegrityError), transaction.atomic():
        StreamEntry.objects.filter(pk=entry.pk).update(visibility="secret", audience=None)


def fill(node, number: int) -> None:
    """Ten years of entries, of several kinds and reaches."""
    now, reaches = timezone.now(), [Reach.PUBLIC, Reach.INTERNAL, Reach.SPACE]
    tell_many(
        Told(
            node, ["news.article", "forum.thread"][count % 2], f"many:{count}", f"Entry {count}", "/news/1/",
            now - timedelta(hours=count * 87_600 / number), visibility=reaches[count % 3],
        )
        for count in range(number)
    )  # fmt: skip


# Session, person, rights, unread notices, node, entries, their number, the kinds among the latest, what lies around.
STATEMENTS = 9


def statements(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_ten_years_of_stream_cost_as_many_statements_as_a_day(world):
    client, url = world.client("author"), reverse("spaces:space-detail", args=[world.branch.pk])
    fill(world.branch, 25)
    assert statements(client, url) == STATEMENTS
    fill(world.branch, 6_000)
    assert statements(client, url) == STATEMENTS


def test_the_first_and_the_last_page_use_the_index(world):
    """The rows of a node come in order from the index: no page sorts ten years."""
    fill(world.branch, 50)
    seen = scope(world.user("author"), "view", StreamEntry).filter(organization=world.branch)
    rows = seen.order_by("-at", "-pk")[:21]
    assert "stream_newest" in rows.explain() or "Seq Scan" in rows.explain()  # few rows: PostgreSQL may read them all


def test_pages_follow_each_other_without_a_gap(world):
    fill(world.branch, 45)
    client, url = world.client("author"), reverse("spaces:space-detail", args=[world.branch.pk])
    seen, query = [], ""
    for _page in range(3):
        page = client.get(url + query).context["page"]
        seen += [entry.title for entry in page]
        query = f"?after={page.after}"
    assert seen == [f"Entry {number}" for number in range(45)]


def test_only_one_kind_is_shown_when_asked_and_an_unknown_one_is_ignored(world):
    fill(world.branch, 4)
    client, url = world.client("author"), reverse("spaces:space-detail", args=[world.branch.pk])
    shown = [entry.title for entry in client.get(f"{url}?kind=forum.thread").context["page"]]
    assert shown == ["Entry 1", "Entry 3"]
    assert len(client.get(f"{url}?kind=<script>").context["page"]) == 4


def test_a_visitor_reads_what_is_public_and_signs_in_for_the_rest(client, world, told):
    url = reverse("spaces:space-detail", args=[world.branch.pk])
    told("news.article:1", title="For the people of the branch")
    assert client.get(url).status_code == 302
    told("news.article:2", title="For everybody", visibility=Reach.PUBLIC)
    page = client.get(url)
    assert [entry.title for entry in page.context["page"]] == ["For everybody"]
    assert "For the people of the branch" not in page.content.decode()
    assert "data-fresh" not in page.content.decode()


@pytest.mark.parametrize("pk", ["0", str(2**63), "99999999"])
def test_a_space_of_nothing_is_not_found(world, pk):
    assert world.client("author").get(f"/spaces/{pk}/").status_code == 404


def test_the_own_space_is_ones_branch_the_place_of_a_post_or_the_tree(world):
    def home(name: str) -> str:
        return world.client(name).get(reverse("spaces:own-space")).url

    assert home("author") == reverse("spaces:space-detail", args=[world.branch.pk])
    assert home("college") == reverse("spaces:space-detail", args=[world.office.pk])
    assert home("auditor") == reverse("spaces:space-detail", args=[world.root.pk])
    assert home("outsider") == reverse("organizations:organization-tree")


def test_fresh_counts_and_shows_what_came_since(world, told):
    client, url = world.client("author"), reverse("spaces:fresh", args=[world.branch.pk])
    old = told("news.article:1")
    assert client.get(f"{url}?after={old.pk}").json() == {"count": 0}
    new = told("news.article:2", title="<b>New</b>")
    told("news.article:3", node=world.sibling)
    told("news.article:4", days=400)  # an old matter told late is no news
    assert client.get(f"{url}?after={old.pk}").json() == {"count": 1}
    shown = client.get(f"{url}?after={old.pk}&show=1").json()
    assert (shown["count"], shown["after"]) == (1, new.pk)
    assert "&lt;b&gt;New&lt;/b&gt;" in shown["html"]
    assert "<b>New" not in shown["html"]


def test_fresh_tells_nobody_of_what_is_not_for_them(world, told):
    told("news.article:1", visibility=Reach.SPACE)
    url = reverse("spaces:fresh", args=[world.branch.pk])
    assert world.client("outsider").get(f"{url}?after=0").json() == {"count": 0}
    assert world.client("author").get(f"{url}?after=0").json() == {"count": 1}


@pytest.mark.parametrize("after", ["", "abc", "-1", "1_2", "²", "9" * 30])
def test_fresh_refuses_a_broken_place(world, after):
    url = reverse("spaces:fresh", args=[world.branch.pk])
    assert world.client("author").get(url, {"after": after}).status_code == 400
