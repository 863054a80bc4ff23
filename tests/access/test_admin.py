"""T-08: in the administration a secretary reaches the own part of the tree, and nobody makes anybody more."""

import pytest
from django.apps import apps
from django.contrib.admin.utils import quote
from django.db import transaction
from django.urls import reverse

from portal.access.admin import site
from portal.accounts.models import User
from portal.organizations.models import Appointment, OrganizationUserObjectPermission

from .matrix import ADMINISTERED
from .walking import address, row_counts

# Django tells its log of every lookup and every field that it refuses.
pytestmark = pytest.mark.logs_errors

KEEPERS = ["secretary", "neighbor", "college"]
FOREIGN = {"secretary": ("sibling", "far_branch"), "neighbor": ("branch", "far_branch"), "college": ("far_branch",)}
# What everybody signed in may know: the tree and its posts, and the columns of the site.
KNOWN_TO_ALL = {"news_column"}


def url_of(model: str, what: str, *args) -> str:
    return reverse(f"admin:{model}_{what}", args=args)


@pytest.mark.parametrize("name", KEEPERS)
def test_lists_hold_the_own_subtree(ground, clients, name):
    for model, what in ADMINISTERED.items():
        response = clients[name].get(url_of(model, "changelist"))
        if response.status_code != 200 or model in KNOWN_TO_ALL:
            continue
        shown = set(response.context["cl"].queryset.values_list("pk", flat=True))
        for place in FOREIGN[name]:
            row = ground.plots[place][what.removesuffix("_pk")]
            assert row.pk not in shown or model == "partyschool_course", (model, place)


@pytest.mark.parametrize("name", KEEPERS)
@pytest.mark.parametrize("query", ["", "?_popup=1", "?_to_field=id", "?_to_field=number", "?_popup=1&_to_field=pk"])
def test_no_door_beside_the_list_leads_to_a_foreign_row(ground, clients, name, query):
    for model, what in ADMINISTERED.items():
        if model in KNOWN_TO_ALL or model == "partyschool_course":
            continue
        for place in FOREIGN[name]:
            row = ground.plots[place][what.removesuffix("_pk")]
            for view in ("change", "history", "delete"):
                for key in (quote(row.pk), str(row)[:30]):
                    status = clients[name].get(url_of(model, view, key) + query).status_code
                    assert status in (400, 403, 404), (model, view, key, query, status)


@pytest.mark.parametrize("name", KEEPERS)
def test_actions_leave_foreign_rows_alone(ground, clients, name):
    before = row_counts()
    for model, what in ADMINISTERED.items():
        rows = [ground.plots[place][what.removesuffix("_pk")] for place in FOREIGN[name]]
        facts = [type(row)._base_manager.filter(pk=row.pk).values().get() for row in rows]
        admin = site._registry[apps.get_model(model.replace("_", "."))]
        for action in [*_actions(admin), "delete_selected", "no_such_action", ""]:
            data = {"action": action, "_selected_action": [row.pk for row in rows], "post": "yes", "select_across": "1",
                    "confirm": "1", "reason": "x"}  # fmt: skip
            for index in (data, {**data, "select_across": "0"}):
                assert clients[name].post(url_of(model, "changelist"), index).status_code < 500
        assert facts == [type(row)._base_manager.filter(pk=row.pk).values().get() for row in rows], model
    assert {table: count for table, count in row_counts().items() if count < before[table]} == {}


def _actions(admin) -> list[str]:
    found = [*(admin.actions or ()), *getattr(admin, "actions_list", ()), *getattr(admin, "actions_row", ())]
    return [action if isinstance(action, str) else getattr(action, "__name__", "x") for action in found]


BROKEN_KEYS = ["x", "-1", "9" * 30, str(2**63), "\x00", "1;2", "_2F", "😀", "", "1,2", "None", "../../x"]


@pytest.mark.parametrize("key", BROKEN_KEYS)
def test_malformed_keys_are_answered(ground, clients, key):
    for model in ADMINISTERED:
        name = "admin" if clients["secretary"].get(url_of(model, "changelist")).status_code == 403 else "secretary"
        data = {"action": "delete_selected", "_selected_action": [key, key], "post": "yes"}
        assert clients[name].post(url_of(model, "changelist"), data).status_code < 500, model
        for query in (f"?_to_field={key}&q={key}&o={key}", f"?organization__id__exact={key}&_changelist_filters={key}",
                      f"?pk__in={key}", f"?id__in={key},{key}"):  # fmt: skip
            assert clients[name].get(url_of(model, "changelist") + query).status_code < 500, (model, query)
        if key and "\x00" not in key:
            assert clients[name].get(url_of(model, "change", key)).status_code in (400, 403, 404), model


LOOKUPS = [
    "user__password__startswith", "user__is_superuser", "organization__path__startswith", "member__id_no__startswith",
    "id_no__startswith", "mobile__startswith", "user__email__contains", "by__password__regex", "author__user__number",
]  # fmt: skip


@pytest.mark.parametrize("lookup", LOOKUPS)
def test_filters_of_the_address_ask_nothing_secret(ground, clients, lookup):
    """A lookup that no filter offers is refused, so that passwords and numbers cannot be guessed letter by letter."""
    for model in ADMINISTERED:
        response = clients["secretary"].get(url_of(model, "changelist"), {lookup: "1"})
        if response.status_code == 200:
            assert lookup not in response.context["cl"].get_filters_params() or _offered(model, lookup), (model, lookup)
        else:
            assert response.status_code in (302, 400, 403), (model, lookup)


def _offered(model: str, lookup: str) -> bool:
    admin = site._registry[apps.get_model(model.replace("_", "."))]
    return any(lookup.startswith(str(offered)) for offered in admin.list_filter)


@pytest.mark.parametrize("name", KEEPERS)
def test_filter_on_a_foreign_branch_finds_nothing(ground, clients, name):
    for model in ADMINISTERED:
        for place in FOREIGN[name]:
            node = ground.plots[place].node
            for lookup in ("organization__id__exact", "organization", "author__organization__id__exact",
                           "person__organization__id__exact", "member__organization__id__exact"):  # fmt: skip
                response = clients[name].get(url_of(model, "changelist"), {lookup: node.pk})
                if response.status_code != 200 or lookup not in response.context["cl"].get_filters_params():
                    continue
                found = response.context["cl"].queryset
                assert model in ("partyschool_course",) or found.count() == 0, (model, lookup)


@pytest.mark.parametrize("name", [*KEEPERS, "committee", "admin", "auditor"])
def test_autocomplete_offers_the_own_subtree(ground, clients, name):
    foreign = [ground.plots[place]["member"] for place in FOREIGN.get(name, ())]
    for model in ADMINISTERED:
        found = apps.get_model(model.replace("_", "."))
        for field in found._meta.get_fields():
            if not field.is_relation:
                continue
            query = {"app_label": found._meta.app_label, "model_name": found._meta.model_name, "field_name": field.name}
            for term in ("", "author", "Far"):
                response = clients[name].get(reverse("admin:autocomplete"), {**query, "term": term})
                assert response.status_code < 500
                for member in foreign:
                    assert f'"{member.name}"' not in response.content.decode() or response.status_code != 200


RAISING = {
    "is_superuser": "on", "is_staff": "on", "groups": "1", "user_permissions": "1", "number": "20240001",
    "name": "Author",    "email": "author@example.org", "is_active": "on", "password": "pbkdf2$x", "_save": "Save",
}  # fmt: skip


@pytest.mark.parametrize("name", ["secretary", "college", "committee", "admin", "auditor", "author"])
def test_nobody_makes_anybody_superuser(ground, clients, name):
    user, held = ground.plots["branch"]["account"], OrganizationUserObjectPermission.objects.count()
    for target in (user, ground.world.users[name]):
        for url in (url_of("accounts_user", "change", target.pk), url_of("accounts_user", "add")):
            with transaction.atomic():
                clients[name].post(url, RAISING)
                assert not User.objects.filter(is_superuser=True).exists()
                assert not User.objects.exclude(groups=None, user_permissions=None).exists()
                assert OrganizationUserObjectPermission.objects.count() == held
                transaction.set_rollback(True)


@pytest.mark.parametrize("name", ["secretary", "neighbor", "admin", "auditor", "editor"])
def test_those_who_do_not_appoint_give_no_post(ground, clients, name):
    before = Appointment.objects.count()
    data = {"user": ground.world.users[name].pk, "organization": ground.world.root.pk, "post": "committee_staff",
            "since_0": "2024-01-01", "since": "2024-01-01", "_save": "Save"}  # fmt: skip
    clients[name].post(url_of("organizations_appointment", "add"), data)
    clients[name].post(reverse("organizations:appoint", args=[ground.world.root.pk]), data)
    row = ground.plots["branch"]["appointment"]
    clients[name].post(url_of("organizations_appointment", "change", row.pk), data)
    assert Appointment.objects.count() == before
    assert Appointment.objects.get(pk=row.pk).organization == row.organization


def test_staff_of_a_college_appoint_nobody_above_or_beside_it(ground, clients):
    before = Appointment.objects.count()
    for node in (ground.world.root, ground.world.far_unit, ground.world.far_branch):
        data = {"user": ground.world.users["college"].pk, "person": ground.world.users["college"].number,
                "organization": node.pk, "post": "committee_staff", "since": "2024-01-01", "_save": "Save"}  # fmt: skip
        clients["college"].post(url_of("organizations_appointment", "add"), data)
        clients["college"].post(reverse("organizations:appoint", args=[node.pk]), data)
    assert Appointment.objects.count() == before


def test_rows_are_moved_to_no_foreign_branch(ground, clients):
    """A foreign node in a form of the own row is no choice."""
    for model, what in ADMINISTERED.items():
        url = address(f"admin:{model}_change", what, ground.plots["branch"])
        response = clients["secretary"].get(url)
        if response.status_code != 200 or "adminform" not in response.context:
            continue
        for field in response.context["adminform"].form.fields.values():
            queryset = getattr(field, "queryset", None)
            if queryset is not None and hasattr(queryset.model, "path") and queryset.model.__name__ == "Organization":
                assert not queryset.filter(pk=ground.world.sibling.pk).exists(), model


@pytest.mark.parametrize("path", ["admin:index", "admin:members_member_changelist", "admin:news_article_add"])
def test_pages_lead_past_the_menu_to_a_main_part(ground, clients, path):
    text = clients["secretary"].get(reverse(path)).content.decode()
    body = text[text.index("<body") :]
    assert body.index('href="#content"') == body.index('href="')
    assert (body.count('<main id="content"'), body.count("<h1"), body.count('href="#"')) == (1, 1, 0)


def test_the_end_of_a_post_is_offered_to_those_who_may_end_it(ground, clients):
    pk = ground.plots["branch"]["appointment"].pk
    end = reverse("organizations:dismiss", args=[pk])
    for name in ("secretary", "college"):
        offered = end in clients[name].get(url_of("organizations_appointment", "changelist")).content.decode()
        assert offered == (clients[name].get(end).status_code == 200), name
