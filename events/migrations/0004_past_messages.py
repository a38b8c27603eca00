"""Messages that are long done, in monthly partitions; and the functions that make those."""

from django.db import migrations, models

# Partitions are made and dropped by the application, whose role may not make a table: these two
# functions may, for partitioned tables of their own schema and by the month, and nothing else.
# They learn their schema from their own name, because a tenant's schema is a copy of another's.
_FUNCTIONS = """
CREATE FUNCTION make_month_partition(parent text, month date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    story text; home text; part text; next date := (month + interval '1 month')::date;
BEGIN
    GET DIAGNOSTICS story = PG_CONTEXT;
    home := (parse_ident(substring(story from 'function (.*?)\\(')))[1];
    part := parent || to_char(month, '"_"YYYY"_"MM');
    IF month <> date_trunc('month', month)::date OR month < date '1990-01-01'
        OR month > current_date + interval '2 years' THEN
        RAISE EXCEPTION 'there is no partition for %', month;
    END IF;
    IF to_regclass(format('%I.%I', home, part)) IS NOT NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(home || '.' || part, 0));
    IF to_regclass(format('%I.%I', home, part)) IS NOT NULL THEN
        RETURN false;
    END IF;
    -- Made apart and attached, which stops no reader; made in place, it would.
    EXECUTE format('CREATE TABLE %I.%I (LIKE %I.%I INCLUDING DEFAULTS INCLUDING STORAGE,'
        ' CHECK (month >= %L AND month < %L))', home, part, home, parent, month, next);
    EXECUTE format('ALTER TABLE %I.%I ATTACH PARTITION %I.%I FOR VALUES FROM (%L) TO (%L)',
        home, parent, home, part, month, next);
    RETURN true;
END $function$;

CREATE FUNCTION drop_month_partition(parent text, month date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET lock_timeout = '3s' AS $function$
DECLARE
    story text; home text; part text;
BEGIN
    GET DIAGNOSTICS story = PG_CONTEXT;
    home := (parse_ident(substring(story from 'function (.*?)\\(')))[1];
    part := parent || to_char(month, '"_"YYYY"_"MM');
    IF NOT EXISTS (SELECT FROM pg_inherits i
        WHERE i.inhparent = to_regclass(format('%I.%I', home, parent))
            AND i.inhrelid = to_regclass(format('%I.%I', home, part))) THEN
        RETURN false;
    END IF;
    EXECUTE format('ALTER TABLE %I.%I DETACH PARTITION %I.%I', home, parent, home, part);
    EXECUTE format('DROP TABLE %I.%I', home, part);
    RETURN true;
END $function$;
"""
_NO_FUNCTIONS = """
DROP FUNCTION drop_month_partition(text, date);
DROP FUNCTION make_month_partition(text, date);
"""

_TABLE = """
CREATE TABLE events_pastmessage (
    month date NOT NULL,
    uuid uuid NOT NULL,
    destination varchar(40) NOT NULL,
    ordering_key varchar(120) NOT NULL,
    seq bigint NOT NULL,
    kind varchar(80) NOT NULL,
    state varchar(12) NOT NULL,
    label varchar(200) NOT NULL,
    payload_sha256 varchar(64) NOT NULL,
    external_ref varchar(80) NOT NULL,
    refusal_code varchar(40) NOT NULL,
    refusal_text text NOT NULL,
    account_uuid uuid,
    actor_id bigint,
    created_at timestamptz NOT NULL,
    done_at timestamptz,
    tries jsonb NOT NULL,
    CONSTRAINT events_pastmessage_pkey PRIMARY KEY (month, uuid)
) PARTITION BY RANGE (month);
CREATE INDEX events_pastmessage_of ON events_pastmessage (account_uuid)
    WHERE account_uuid IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0003_monitor_and_alarms"),
    ]

    operations = [
        migrations.RunSQL(_FUNCTIONS, _NO_FUNCTIONS),
        migrations.RunSQL(_TABLE, "DROP TABLE events_pastmessage"),
        migrations.CreateModel(
            name="PastMessage",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "month",
                        "uuid",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("month", models.DateField()),
                ("uuid", models.UUIDField()),
                ("destination", models.CharField(max_length=40)),
                ("ordering_key", models.CharField(max_length=120)),
                ("seq", models.BigIntegerField()),
                ("kind", models.CharField(max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PENDING", "Waiting"),
                            ("AWAITING", "Accepted, not yet confirmed"),
                            ("DONE", "Done"),
                            ("PARKED", "Needs a person"),
                            ("CANCELLED", "Cancelled"),
                            ("SUPERSEDED", "Replaced by a new version"),
                        ],
                        max_length=12,
                    ),
                ),
                ("label", models.CharField(max_length=200)),
                ("payload_sha256", models.CharField(max_length=64)),
                ("external_ref", models.CharField(max_length=80)),
                ("refusal_code", models.CharField(max_length=40)),
                ("refusal_text", models.TextField()),
                ("account_uuid", models.UUIDField(null=True)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("tries", models.JSONField()),
            ],
            options={
                "verbose_name": "past message",
                "verbose_name_plural": "past messages",
                "db_table": "events_pastmessage",
                "managed": False,
                "default_permissions": (),
            },
        ),
    ]
