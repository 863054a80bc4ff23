from django.db import migrations, models

SQLITE = """
CREATE VIRTUAL TABLE search_tokens USING fts5(tokens, content='search_searchentry', content_rowid='id', tokenize='unicode61');
CREATE TRIGGER search_tokens_added AFTER INSERT ON search_searchentry BEGIN
  INSERT INTO search_tokens(rowid, tokens) VALUES (new.id, new.tokens);
END;
CREATE TRIGGER search_tokens_removed AFTER DELETE ON search_searchentry BEGIN
  INSERT INTO search_tokens(search_tokens, rowid, tokens) VALUES ('delete', old.id, old.tokens);
END;
CREATE TRIGGER search_tokens_changed AFTER UPDATE OF tokens ON search_searchentry BEGIN
  INSERT INTO search_tokens(search_tokens, rowid, tokens) VALUES ('delete', old.id, old.tokens);
  INSERT INTO search_tokens(rowid, tokens) VALUES (new.id, new.tokens);
END;
"""
SQLITE_BACK = "DROP TABLE IF EXISTS search_tokens;"
POSTGRESQL = "CREATE INDEX search_entry_tokens ON search_searchentry USING gin (to_tsvector('simple', tokens));"
POSTGRESQL_BACK = "DROP INDEX IF EXISTS search_entry_tokens;"


def lay(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL)
            return
        statement = ""
        for line in SQLITE.strip().splitlines():
            statement += line + "\n"
            if line.startswith("END;") or (line.endswith(";") and statement.startswith("CREATE VIRTUAL")):
                cursor.execute(statement)
                statement = ""


def lift(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK)


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=40, verbose_name="kind")),
                ("object_id", models.BigIntegerField()),
                ("part", models.PositiveSmallIntegerField(default=0)),
                ("at", models.DateTimeField()),
                ("title", models.CharField(max_length=300)),
                ("url", models.CharField(max_length=300)),
                ("text", models.TextField(blank=True)),
                ("tokens", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "search entry",
                "verbose_name_plural": "search entries",
                "indexes": [models.Index(fields=["-at", "-id"], name="search_entry_newest")],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "object_id", "part"), name="search_entry_one_per_part")
                ],
            },
        ),
        migrations.RunPython(lay, lift),
    ]
