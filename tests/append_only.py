"""Let the test runner, and nothing else, empty the tables that refuse to be emptied."""

from importlib import import_module

from django.db.backends.base.operations import BaseDatabaseOperations

GUARDS = (
    "portal.audit.migrations.0002_append_only",
    "members.recruitment.migrations.0002_append_only",
    "members.minutes.migrations.0002_sealed",
)


def lift_for_flush() -> None:
    """Take the triggers of append-only tables away while a transactional test's tables are emptied, and back."""
    guards = [import_module(name) for name in GUARDS]
    flush = BaseDatabaseOperations.execute_sql_flush

    def execute(self: BaseDatabaseOperations, statements: list[str]) -> None:
        vendor = self.connection.vendor
        lifted = [statement for guard in guards for statement in guard.REMOVE[vendor]]
        put_back = [statement for guard in guards for statement in guard.INSTALL[vendor]]
        flush(self, [*lifted, *statements, *put_back])

    BaseDatabaseOperations.execute_sql_flush = execute  # type: ignore[method-assign]
