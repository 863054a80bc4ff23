"""Clear what a database keeps of earlier versions of its rows, once a ballot is over.

An updated row leaves its old version in the files until it is cleared away. Beside the old versions of an elector,
those of the counters would tell a reader of raw files what each vote added (docs/decisions/0010). A ``pg_dump`` never
holds them.
"""

from django.db import connection

from ..models import Elector, Tally


def forget_versions() -> None:
    """Clear old versions of counters and electors; the server leaves out what another such run is at."""
    if connection.in_atomic_block:
        return  # what is not committed has nothing to forget, and neither command runs there
    tables = [connection.ops.quote_name(model._meta.db_table) for model in (Tally, Elector)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in tables:
                cursor.execute(f"VACUUM (FREEZE, SKIP_LOCKED) {table}")
        else:
            # Pages that were overwritten stay in the log beside the database until it is written back.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
