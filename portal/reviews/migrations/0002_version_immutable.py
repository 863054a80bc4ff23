"""The database refuses to change a version: what was handed in stays as it was."""

from django.db import migrations

WORDS = "a version of a text is never changed"


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE FUNCTION reviews_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        schema_editor.execute(
            "CREATE TRIGGER reviews_version_immutable BEFORE UPDATE ON reviews_version "
            "FOR EACH ROW EXECUTE FUNCTION reviews_refuse_change()"
        )
    elif schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE TRIGGER reviews_version_immutable BEFORE UPDATE ON reviews_version "
            f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER reviews_version_immutable ON reviews_version")
        schema_editor.execute("DROP FUNCTION reviews_refuse_change()")
    elif schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER reviews_version_immutable")


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial")]
    operations = [migrations.RunPython(create, drop, elidable=False)]
