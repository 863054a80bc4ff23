"""The database refuses to change a recorded payment: a reversal takes it back, the row stays as it was."""

from django.db import migrations

WORDS = "a recorded payment is never changed"


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE FUNCTION dues_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        schema_editor.execute(
            "CREATE TRIGGER dues_payment_immutable BEFORE UPDATE ON dues_duespayment "
            "FOR EACH ROW EXECUTE FUNCTION dues_refuse_change()"
        )
    elif schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE TRIGGER dues_payment_immutable BEFORE UPDATE ON dues_duespayment "
            f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER dues_payment_immutable ON dues_duespayment")
        schema_editor.execute("DROP FUNCTION dues_refuse_change()")
    elif schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER dues_payment_immutable")


class Migration(migrations.Migration):
    dependencies = [("dues", "0001_initial")]
    operations = [migrations.RunPython(create, drop, elidable=False)]
