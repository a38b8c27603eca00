"""The schema `ext`: extensions that every tenant uses, kept out of every tenant's own schema."""

from django.db import migrations

EXTENSIONS = ("unaccent", "pg_trgm", "btree_gist", "fuzzystrmatch")


class Migration(migrations.Migration):
    """Make the schema and the extensions; the owner of the database runs this."""

    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.RunSQL("CREATE SCHEMA IF NOT EXISTS ext", migrations.RunSQL.noop),
        *[
            migrations.RunSQL(
                f"CREATE EXTENSION IF NOT EXISTS {name} SCHEMA ext", migrations.RunSQL.noop
            )
            for name in EXTENSIONS
        ],
    ]
