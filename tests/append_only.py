"""Let the test runner, and nothing else, empty the table that refuses to be emptied."""

from importlib import import_module

from django.db.backends.base.operations import BaseDatabaseOperations


def lift_for_flush() -> None:
    """Take the triggers of the audit trail away while a transactional test's tables are emptied, and put them back."""
    triggers = import_module("portal.audit.migrations.0002_append_only")
    flush = BaseDatabaseOperations.execute_sql_flush

    def execute(self: BaseDatabaseOperations, statements: list[str]) -> None:
        vendor = self.connection.vendor
        flush(self, [*triggers.REMOVE[vendor], *statements, *triggers.INSTALL[vendor]])

    BaseDatabaseOperations.execute_sql_flush = execute  # type: ignore[method-assign]
