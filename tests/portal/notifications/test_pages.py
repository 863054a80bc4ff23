import pytest
from django.urls import reverse

from portal.audiences.services import Circle
from portal.notifications import dispatch, services
from portal.notifications.models import Message, Notice, Preference

pytestmark = pytest.mark.django_db


def give(world, name, count, url="/notices/preferences/"):
    params = {"title": "Meeting", "text": "Room 5", "places": ["branch"], "narrowed": []}
    for number in range(count):
        services.post("announcement", key=f"{name}:{number}", recipients=[world.user(name).pk], params=params, url=url)
    return Notice.objects.filter(recipient=world.user(name)).latest("pk") if count else None


def announce(world, by="secretary"):
    circle = Circle(organizations=[world.branch])
    return dispatch.announce(title="Meeting", text="Room 5", circle=circle, key="k", by=world.user(by))


def page(world, name, route, *args, **data):
    return world.client(name).get(reverse(f"notifications:{route}", args=args), data)


@pytest.mark.parametrize("count", [1, 20])
def test_inbox_queries(world, count, django_assert_num_queries):
    give(world, "author", count)
    client = world.client("author")
    client.get(reverse("notifications:inbox"))
    with django_assert_num_queries(6):
        answer = client.get(reverse("notifications:inbox"))
    assert answer.status_code == 200
    assert len(answer.context["items"]) == min(count, 20)


def test_inbox_pages_reach_every_notice_once(world):
    give(world, "author", 45)
    seen, after = [], ""
    while True:
        answer = page(world, "author", "inbox", after=after)
        seen += [item["notice"].pk for item in answer.context["items"]]
        after = answer.context["page"].after
        if not after:
            break
    assert seen == list(Notice.objects.order_by("-pk").values_list("pk", flat=True))


def test_inbox_filters(world):
    newest = give(world, "author", 3)
    services.mark_read(newest)
    titles = [len(page(world, "author", "inbox", **query).context["items"]) for query in (
        {}, {"state": "unread"}, {"kind": "announcement"}, {"kind": "announcement", "state": "unread"}, {"kind": "no"},
    )]  # fmt: skip
    assert titles == [3, 2, 3, 2, 3]


def test_inbox_empty_and_filtered_empty(world):
    assert page(world, "author", "inbox").status_code == 200
    services.mark_read(give(world, "author", 1))
    assert "filter" in page(world, "author", "inbox", state="unread").content.decode()


def test_looking_marks_nothing_read(world):
    notice = give(world, "author", 1)
    for route, args in (("inbox", []), ("notice", [notice.pk]), ("unread", []), ("preferences", [])):
        assert page(world, "author", route, *args).status_code == 200
    assert services.unread_count(world.user("author")) == 1


def test_open_marks_read_and_leads_on(world):
    notice = give(world, "author", 1)
    answer = world.client("author").post(reverse("notifications:open", args=[notice.pk]))
    assert (answer.status_code, answer["Location"]) == (302, "/notices/preferences/")
    assert services.unread_count(world.user("author")) == 0


def test_open_without_address_shows_the_notice(world):
    notice = give(world, "author", 1, url="")
    answer = world.client("author").post(reverse("notifications:open", args=[notice.pk]))
    assert answer["Location"] == notice.get_absolute_url()


@pytest.mark.parametrize("name", ["peer", "secretary", "committee", "admin", "outsider"])
@pytest.mark.parametrize(("route", "method"), [("notice", "get"), ("open", "post"), ("read", "post")])
def test_notice_of_another_is_unknown(world, name, route, method):
    notice = give(world, "author", 1)
    assert getattr(world.client(name), method)(reverse(f"notifications:{route}", args=[notice.pk])).status_code == 404
    assert services.unread_count(world.user("author")) == 1


@pytest.mark.parametrize("route", ["inbox", "preferences", "unread", "stream", "send", "sent-list"])
def test_visitor_is_led_to_sign_in(world, route):
    answer = page(world, None, route)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("route", ["open", "read", "withdraw"])
def test_changes_are_not_made_by_get(world, route):
    notice = give(world, "author", 1)
    assert page(world, "author", route, notice.pk).status_code in (404, 405)


def test_read_all_leaves_what_came_after_the_page(world):
    seen = give(world, "author", 2)
    services.post(
        "announcement", key="later", recipients=[world.user("author").pk],
        params={"title": "T", "text": "B", "places": [], "narrowed": []},
    )  # fmt: skip
    client = world.client("author")
    client.post(reverse("notifications:read-all"), {"newest": seen.pk})
    assert services.unread_count(world.user("author")) == 1
    client.post(reverse("notifications:read-all"), {"newest": "nonsense"})
    assert services.unread_count(world.user("author")) == 0


@pytest.mark.parametrize("count", [1, 150])
def test_unread_tells_count_and_what_is_new(world, count, django_assert_num_queries):
    newest = give(world, "author", count)
    client = world.client("author")
    client.get(reverse("notifications:unread"))
    with django_assert_num_queries(4):
        told = client.get(reverse("notifications:unread"), {"after": newest.pk - 1}).json()
    assert (told["unread"], told["shown"], told["latest"]) == (count, "1" if count == 1 else "99+", newest.pk)
    assert (told["notice"]["title"], told["notice"]["url"]) == ("Meeting", newest.get_absolute_url())
    assert client.get(reverse("notifications:unread"), {"after": newest.pk}).json()["notice"] is None
    assert client.get(reverse("notifications:unread"), {"after": "x" * 50}).json()["notice"] is None


def test_preferences_are_kept_and_required_kinds_stay(world):
    client = world.client("author")
    assert client.post(reverse("notifications:preferences"), {"email-announcement": ""}).status_code == 302
    wish = Preference.objects.get(user=world.user("author"), kind="announcement")
    assert (wish.in_site, wish.email) == (True, False)


def test_silence_required_kind_is_refused(world):
    answer = world.client("author").post(reverse("notifications:silence", args=["announcement"]))
    assert answer.status_code == 409
    assert Preference.objects.count() == 0
    assert world.client("author").post(reverse("notifications:silence", args=["no"])).status_code == 404


def form_data(client, world, **changes):
    key = client.get(reverse("notifications:send")).context["form"]["key"].value()
    return {"title": "Meeting", "text": "Room 5", "organizations": [world.branch.pk], "key": str(key)} | changes


def test_send_shows_whom_it_reaches_before_anything_is_sent(world):
    client = world.client("secretary")
    data = form_data(client, world, standings=["activist"])
    preview = client.post(reverse("notifications:send"), data)
    assert (preview.context["reach"].people, preview.context["reach"].branches) == (2, 1)
    assert Message.objects.count() == 0
    back = client.post(reverse("notifications:send"), data | {"again": "1"})
    assert back.context["form"]["title"].value() == "Meeting"
    for _click in range(2):
        sent = client.post(reverse("notifications:send"), data | {"confirmed": "1"})
        assert sent.status_code == 302
    assert (Message.objects.count(), Notice.objects.count()) == (1, 2)
    assert client.get(sent["Location"]).context["totals"].people == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"text": ""}, "text"),
        ({"organizations": []}, "organizations"),
        ({"organizations": ["sibling"]}, "organizations"),
        ({"standings": ["king"]}, "standings"),
        ({"posts": ["editor"]}, "organizations"),
        ({"key": "x"}, "key"),
    ],
)
def test_send_bad_input_comes_back_filled(world, change, field):
    client = world.client("secretary")
    if change.get("organizations") == ["sibling"]:
        change = {"organizations": [world.sibling.pk]}
    answer = client.post(reverse("notifications:send"), form_data(client, world, **change))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "status"),
    [("secretary", 200), ("college", 200), ("committee", 200), ("author", 403), ("admin", 403), ("retired", 403)],
)
@pytest.mark.parametrize("route", ["send", "sent-list"])
def test_sending_pages_are_for_those_who_send(world, route, name, status):
    assert page(world, name, route).status_code == status


@pytest.mark.parametrize(
    ("name", "status"),
    [("secretary", 200), ("college", 200), ("committee", 200), ("neighbor", 404), ("author", 404), ("admin", 404)],
)
@pytest.mark.parametrize("route", ["sent", "withdraw"])
def test_sent_notice_is_for_its_sender_and_those_above(world, route, name, status):
    message = announce(world)
    assert page(world, name, route, message.pk).status_code == status


def test_sent_notice_opens_only_nodes_below_its_own(world):
    message = announce(world)
    answers = [page(world, "secretary", "sent", message.pk, node=node).status_code for node in (
        world.branch.pk, world.sibling.pk, world.root.pk, "x", 10**20,
    )]  # fmt: skip
    assert answers == [200, 404, 404, 404, 404]


@pytest.mark.parametrize("count", [1, 12])
def test_sent_list_queries(world, count, django_assert_num_queries):
    for number in range(count):
        dispatch.announce(
            title="T",
            text="B",
            circle=Circle(organizations=[world.branch]),
            key=str(number),
            by=world.user("secretary"),
        )
    client = world.client("secretary")
    client.get(reverse("notifications:sent-list"))
    with django_assert_num_queries(7):
        answer = client.get(reverse("notifications:sent-list"))
    assert len(answer.context["items"]) == count


def test_withdraw_asks_first_and_happens_once(world):
    message = announce(world)
    client, address = world.client("secretary"), reverse("notifications:withdraw", args=[message.pk])
    assert client.get(address).status_code == 200
    assert Message.objects.get().withdrawn_at is None
    assert client.post(address).status_code == 302
    first = Message.objects.get().withdrawn_at
    assert client.post(address).status_code == 302
    assert Message.objects.get().withdrawn_at == first
    assert services.unread_count(world.user("author")) == 0


def test_message_of_a_room_is_not_among_the_sent(world):
    give(world, "author", 1)
    assert page(world, "committee", "sent", Message.objects.get().pk).status_code == 404


def test_failed_mail_is_listed_for_those_who_keep_the_site(world):
    notice = give(world, "author", 1)
    Notice.objects.filter(pk=notice.pk).update(mail_state="failed", mail_due_at=None, mail_error="SMTPException: no")
    address = reverse("admin:notifications_notice_changelist")
    answers = {name: world.client(name).get(address) for name in ("admin", "secretary", "author")}
    assert {name: answer.status_code for name, answer in answers.items()} == {
        "admin": 200, "secretary": 403, "author": 302,
    }  # fmt: skip
    assert list(answers["admin"].context["cl"].result_list) == [notice]
    chosen = {"action": "try_again", "_selected_action": [notice.pk]}
    world.client("admin").post(address, chosen)
    assert Notice.objects.get().mail_state == "pending"
