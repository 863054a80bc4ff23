"""Every model is guarded, every migration points one way."""

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from portal.access.policy import policies

OURS = ("portal.", "members", "news", "forum", "partyschool")
# Rows that nobody asks for by themselves: reached only through the model named beside them.
REACHED_THROUGH = {
    "audiences.Audience": "the record that carries it",
    "audiences.AudienceRule": "its audience",
    "organizations.OrganizationUserObjectPermission": "Rights, read by rights_of",
    "search.SearchEntry": "the policy of the model it indexes",
}


def our_models() -> list[type]:
    return [
        model
        for config in apps.get_app_configs()
        if config.name.startswith(OURS)
        for model in config.get_models()
        if not model._meta.auto_created
    ]


def test_every_model_has_a_policy() -> None:
    missing = [
        model._meta.label
        for model in our_models()
        if model not in policies() and model._meta.label not in REACHED_THROUGH
    ]
    assert missing == []


def test_migrations_of_two_apps_never_depend_on_each_other_both_ways() -> None:
    graph = MigrationLoader(None, ignore_no_migrations=True).graph
    pairs = {
        (child[0], parent[0])
        for child, node in graph.node_map.items()
        for parent in (entry.key for entry in node.parents)
        if child[0] != parent[0]
    }
    assert sorted(pair for pair in pairs if (pair[1], pair[0]) in pairs) == []
