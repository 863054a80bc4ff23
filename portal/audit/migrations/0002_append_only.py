"""Let the database itself refuse what nobody may do to the trail: change or delete a row."""

from django.db import migrations

COLUMNS = (
    "id", "at", "by_id", "by_label", "verb", "outcome", "model", "object_pk", "object_label", "about_id", "organization_id",
    "changes", "reason", "request_id", "address",
)
REFUSAL = "the audit trail is append-only"

_CHANGED_SQLITE = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in COLUMNS)
_CHANGED_POSTGRESQL = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in COLUMNS)

INSTALL = {
    "sqlite": [
        f"""CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_auditentry
            WHEN OLD.hash IS NOT NULL OR {_CHANGED_SQLITE}
            BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
        f"""CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_auditentry
            BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
        # INSERT OR REPLACE deletes without asking the trigger above.
        f"""CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit_auditentry
            WHEN EXISTS (SELECT 1 FROM audit_auditentry WHERE id = NEW.id OR sequence = NEW.sequence)
            BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    ],
    "postgresql": [
        f"""CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
        f"""CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_auditentry FOR EACH ROW
            WHEN (OLD.hash IS NOT NULL OR {_CHANGED_POSTGRESQL}) EXECUTE FUNCTION audit_refuse()""",
        "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_auditentry FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
        "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_auditentry FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    ],
}
REMOVE = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {name}" for name in ("audit_no_update", "audit_no_delete", "audit_no_replace")],
    "postgresql": ["DROP FUNCTION IF EXISTS audit_refuse() CASCADE"],
}


def install(apps, schema_editor) -> None:
    for statement in INSTALL[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor) -> None:
    for statement in REMOVE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
