"""Let the database itself refuse to change what is sealed, and every addendum; a chain only grows."""

from django.db import migrations

REFUSAL = "sealed minutes are never changed"
ADDENDUM = "an addendum to minutes is never changed"
SHRUNK = "a chain of minutes only grows"

INSTALL = {
    "sqlite": [
        f"""CREATE TRIGGER minutes_no_update BEFORE UPDATE ON minutes_minutes WHEN OLD.state = 'sealed'
            BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
        f"""CREATE TRIGGER minutes_no_delete BEFORE DELETE ON minutes_minutes WHEN OLD.state = 'sealed'
            BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
        # INSERT OR REPLACE deletes without asking the trigger above.
        f"""CREATE TRIGGER minutes_no_replace BEFORE INSERT ON minutes_minutes
            WHEN EXISTS (SELECT 1 FROM minutes_minutes WHERE state = 'sealed' AND (id = NEW.id OR part_id = NEW.part_id
                OR (organization_id = NEW.organization_id AND number = NEW.number)))
            BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
        f"""CREATE TRIGGER minutes_addendum_no_update BEFORE UPDATE ON minutes_addendum
            BEGIN SELECT RAISE(ABORT, '{ADDENDUM}'); END""",
        f"""CREATE TRIGGER minutes_addendum_no_delete BEFORE DELETE ON minutes_addendum
            BEGIN SELECT RAISE(ABORT, '{ADDENDUM}'); END""",
        f"""CREATE TRIGGER minutes_addendum_no_replace BEFORE INSERT ON minutes_addendum
            WHEN EXISTS (SELECT 1 FROM minutes_addendum WHERE id = NEW.id
                OR (organization_id = NEW.organization_id AND number = NEW.number))
            BEGIN SELECT RAISE(ABORT, '{ADDENDUM}'); END""",
        f"""CREATE TRIGGER minutes_chain_no_shrink BEFORE UPDATE ON minutes_chain WHEN NEW.number <= OLD.number
            BEGIN SELECT RAISE(ABORT, '{SHRUNK}'); END""",
        f"""CREATE TRIGGER minutes_chain_no_delete BEFORE DELETE ON minutes_chain WHEN OLD.number > 0
            BEGIN SELECT RAISE(ABORT, '{SHRUNK}'); END""",
    ],
    "postgresql": [
        """CREATE FUNCTION minutes_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$""",
        f"""CREATE TRIGGER minutes_sealed BEFORE UPDATE OR DELETE ON minutes_minutes FOR EACH ROW
            WHEN (OLD.state = 'sealed') EXECUTE FUNCTION minutes_refuse('{REFUSAL}')""",
        f"""CREATE TRIGGER minutes_no_truncate BEFORE TRUNCATE ON minutes_minutes FOR EACH STATEMENT
            EXECUTE FUNCTION minutes_refuse('{REFUSAL}')""",
        f"""CREATE TRIGGER minutes_addendum_only BEFORE UPDATE OR DELETE ON minutes_addendum FOR EACH ROW
            EXECUTE FUNCTION minutes_refuse('{ADDENDUM}')""",
        f"""CREATE TRIGGER minutes_addendum_no_truncate BEFORE TRUNCATE ON minutes_addendum FOR EACH STATEMENT
            EXECUTE FUNCTION minutes_refuse('{ADDENDUM}')""",
        f"""CREATE TRIGGER minutes_chain_no_shrink BEFORE UPDATE ON minutes_chain FOR EACH ROW
            WHEN (NEW.number <= OLD.number) EXECUTE FUNCTION minutes_refuse('{SHRUNK}')""",
        f"""CREATE TRIGGER minutes_chain_no_delete BEFORE DELETE ON minutes_chain FOR EACH ROW
            WHEN (OLD.number > 0) EXECUTE FUNCTION minutes_refuse('{SHRUNK}')""",
    ],
}
REMOVE = {
    "sqlite": [
        f"DROP TRIGGER IF EXISTS {name}"
        for name in (
            "minutes_no_update",
            "minutes_no_delete",
            "minutes_no_replace",
            "minutes_addendum_no_update",
            "minutes_addendum_no_delete",
            "minutes_addendum_no_replace",
            "minutes_chain_no_shrink",
            "minutes_chain_no_delete",
        )
    ],
    "postgresql": ["DROP FUNCTION IF EXISTS minutes_refuse() CASCADE"],
}


def install(apps, schema_editor) -> None:
    for statement in INSTALL[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor) -> None:
    for statement in REMOVE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("minutes", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
