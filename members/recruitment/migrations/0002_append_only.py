"""Let the database itself refuse to change or delete what was recorded, counted or allowed in a case."""

from django.db import migrations

TABLES = ("recruitment_steprecord", "recruitment_ballot", "recruitment_exceptiongrant")
REFUSAL = "records of recruitment are append-only"

INSTALL = {
    "sqlite": [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for table in TABLES
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        f"""CREATE FUNCTION recruitment_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
        *(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION recruitment_refuse()"
            for table in TABLES
        ),
    ],
}
REMOVE = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for table in TABLES for verb in ("update", "delete")],
    "postgresql": ["DROP FUNCTION IF EXISTS recruitment_refuse() CASCADE"],
}


def install(apps, schema_editor) -> None:
    for statement in INSTALL[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor) -> None:
    for statement in REMOVE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("recruitment", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
