"""The invoices of the ERP in monthly partitions, their tokens, and how they come here."""

import django.core.validators
from django.db import migrations, models

import utilcrm.db.models

_TABLES = """
CREATE TABLE billing_sync_invoice (
    month date NOT NULL,
    number varchar(20) NOT NULL,
    agreement_id bigint,
    erp_account varchar(12) NOT NULL,
    run_id bigint NOT NULL,
    issued_on date NOT NULL,
    due_on date NOT NULL,
    amount numeric(14, 4) NOT NULL,
    currency varchar(3) NOT NULL,
    delivery varchar(6) NOT NULL,
    CONSTRAINT billing_sync_invoice_pkey PRIMARY KEY (month, number)
) PARTITION BY RANGE (month);
-- one agreement's invoices, newest first: partition by partition, and no further than asked
CREATE INDEX billing_sync_invoice_of ON billing_sync_invoice (agreement_id, month);
CREATE INDEX billing_sync_invoice_nobodys ON billing_sync_invoice (erp_account)
    WHERE agreement_id IS NULL;
CREATE TABLE billing_sync_invoicetoken (
    month date NOT NULL,
    number varchar(20) NOT NULL,
    version smallint NOT NULL,
    sealed bytea NOT NULL,
    batch_id bigint NOT NULL,
    received_at timestamptz NOT NULL,
    CONSTRAINT billing_sync_invoicetoken_pkey PRIMARY KEY (month, number, version)
) PARTITION BY RANGE (month);
CREATE TABLE billing_sync_tokendigest (
    digest bytea NOT NULL,
    month date NOT NULL,
    number varchar(20) NOT NULL,
    CONSTRAINT billing_sync_tokendigest_pkey PRIMARY KEY (digest)
) PARTITION BY HASH (digest);
-- rows lie in the order of their months: what is over is found without an index of its size
CREATE INDEX billing_sync_tokendigest_old ON billing_sync_tokendigest
    USING brin (month) WITH (autosummarize = on);
"""
_DIGEST_PARTS = 16
_DIGESTS = "".join(
    f"CREATE TABLE billing_sync_tokendigest_{part:02d} PARTITION OF billing_sync_tokendigest"
    f" FOR VALUES WITH (MODULUS {_DIGEST_PARTS}, REMAINDER {part});\n"
    for part in range(_DIGEST_PARTS)
)
_NO_TABLES = """
DROP TABLE billing_sync_tokendigest;
DROP TABLE billing_sync_invoicetoken;
DROP TABLE billing_sync_invoice;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("billing_sync", "0005_installations_come_along"),
        ("events", "0004_past_messages"),
    ]

    operations = [
        migrations.RunSQL(_TABLES + _DIGESTS, _NO_TABLES),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "month",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                ("number", models.CharField(max_length=20, verbose_name="invoice")),
                ("erp_account", models.CharField(max_length=12, verbose_name="contract account")),
                ("run_id", models.BigIntegerField()),
                ("issued_on", models.DateField(verbose_name="date")),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "amount",
                    models.DecimalField(decimal_places=4, max_digits=14, verbose_name="amount"),
                ),
                ("currency", models.CharField(max_length=3)),
                (
                    "delivery",
                    models.CharField(
                        choices=[
                            ("EMAIL", "E-mail"),
                            ("PAPER", "Paper"),
                            ("PORTAL", "Customer portal"),
                        ],
                        max_length=6,
                        verbose_name="sent by",
                    ),
                ),
            ],
            options={
                "verbose_name": "invoice",
                "verbose_name_plural": "invoices",
                "db_table": "billing_sync_invoice",
                "permissions": [("manage_invoices", "Can look after invoicing runs")],
                "managed": False,
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="InvoiceToken",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "month",
                        "number",
                        "version",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("month", models.DateField()),
                ("number", models.CharField(max_length=20)),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("sealed", models.BinaryField()),
                ("batch_id", models.BigIntegerField()),
                ("received_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "invoice token",
                "verbose_name_plural": "invoice tokens",
                "db_table": "billing_sync_invoicetoken",
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="TokenDigest",
            fields=[
                ("digest", models.BinaryField(primary_key=True, serialize=False)),
                ("month", models.DateField()),
                ("number", models.CharField(max_length=20)),
            ],
            options={
                "verbose_name": "token digest",
                "verbose_name_plural": "token digests",
                "db_table": "billing_sync_tokendigest",
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="InvoiceReject",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uuid",
                    models.UUIDField(
                        default=utilcrm.db.models.new_uuid, editable=False, unique=True
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("month", models.DateField(verbose_name="month")),
                ("number", models.CharField(max_length=20, verbose_name="invoice")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("UNKNOWN_INVOICE", "No invoice of this number is in the month's runs"),
                            ("TOKEN_USED", "The token belongs to another invoice"),
                            ("TOKEN_TWICE", "The batch gives one token to two invoices"),
                            ("INVOICE_TWICE", "The batch gives two tokens to one invoice"),
                            (
                                "HAS_TOKEN",
                                "The invoice has a token, and this one is no replacement",
                            ),
                            ("UNREADABLE", "The ERP's line cannot be read"),
                        ],
                        max_length=15,
                        verbose_name="reason",
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=200, verbose_name="detail")),
                ("sealed", models.BinaryField(default=b"")),
                ("digest", models.BinaryField(default=b"")),
                ("is_replacement", models.BooleanField(default=False)),
                ("batch_id", models.BigIntegerField(null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("OPEN", "Open"),
                            ("TAKEN", "Taken since"),
                            ("SET_ASIDE", "Set aside"),
                        ],
                        default="OPEN",
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                ("tries", models.PositiveIntegerField(default=1)),
                ("last_tried_at", models.DateTimeField(verbose_name="last tried at")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
            ],
            options={
                "verbose_name": "rejected invoice line",
                "verbose_name_plural": "rejected invoice lines",
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "OPEN")),
                        fields=["month", "id"],
                        name="invoice_reject_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "number", "digest"), name="invoice_reject_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceRun",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uuid",
                    models.UUIDField(
                        default=utilcrm.db.models.new_uuid, editable=False, unique=True
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("erp_id", models.CharField(max_length=20, unique=True, verbose_name="run")),
                ("month", models.DateField(verbose_name="month")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("REGULAR", "Monthly run"),
                            ("CORRECTION", "Corrections"),
                            ("HISTORY", "Earlier invoices"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("LOADING", "Being read"), ("LOADED", "Read")],
                        default="LOADING",
                        editable=False,
                        max_length=7,
                        verbose_name="status",
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("closed_at", models.DateTimeField(verbose_name="made in the ERP at")),
                ("expected", models.PositiveBigIntegerField(verbose_name="expected")),
                (
                    "expected_amount",
                    models.DecimalField(
                        decimal_places=4, max_digits=18, verbose_name="expected amount"
                    ),
                ),
                ("last_key", models.CharField(blank=True, max_length=20)),
                ("seen", models.PositiveBigIntegerField(default=0)),
                ("loaded", models.PositiveBigIntegerField(default=0, verbose_name="read")),
                (
                    "loaded_amount",
                    models.DecimalField(
                        decimal_places=4, default=0, max_digits=18, verbose_name="amount read"
                    ),
                ),
                (
                    "without_agreement",
                    models.PositiveBigIntegerField(default=0, verbose_name="without agreement"),
                ),
                ("tokens", models.PositiveBigIntegerField(default=0, verbose_name="tokens")),
                ("loads", models.PositiveIntegerField(default=1)),
                ("load_seconds", models.FloatField(default=0)),
                ("loaded_at", models.DateTimeField(null=True, verbose_name="read at")),
                ("last_token_at", models.DateTimeField(null=True, verbose_name="last token")),
                ("sends_mail", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "invoicing run",
                "verbose_name_plural": "invoicing runs",
                "default_permissions": (),
                "indexes": [models.Index(fields=["-month", "-id"], name="invoice_run_newest")],
            },
        ),
        migrations.CreateModel(
            name="PrintEndpoint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uuid",
                    models.UUIDField(
                        default=utilcrm.db.models.new_uuid, editable=False, unique=True
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "inbound_username",
                    models.CharField(
                        max_length=80, verbose_name="user name of the print company here"
                    ),
                ),
                ("inbound_password_hash", models.CharField(editable=False, max_length=64)),
                (
                    "archive_url",
                    models.URLField(max_length=255, verbose_name="address of the archive"),
                ),
                (
                    "archive_username",
                    models.CharField(max_length=80, verbose_name="user name in the archive"),
                ),
                ("archive_password_sealed", models.TextField(blank=True, editable=False)),
                ("digest_key_sealed", models.TextField(blank=True, editable=False)),
                (
                    "connect_timeout",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="seconds to connect",
                    ),
                ),
                (
                    "read_timeout",
                    models.PositiveSmallIntegerField(
                        default=15,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="seconds to answer",
                    ),
                ),
                (
                    "archive_years",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="years in the archive",
                    ),
                ),
                (
                    "keep_months",
                    models.PositiveSmallIntegerField(
                        default=12,
                        validators=[django.core.validators.MaxValueValidator(360)],
                        verbose_name="months on our list after that",
                    ),
                ),
                (
                    "token_days",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[django.core.validators.MaxValueValidator(60)],
                        verbose_name="days the print company may take",
                    ),
                ),
                (
                    "sends_mail",
                    models.BooleanField(
                        default=True, verbose_name="mail invoices to customers who want that"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "asked_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="ERP last asked for runs"
                    ),
                ),
                (
                    "trouble",
                    models.TextField(
                        blank=True, editable=False, verbose_name="what the ERP answered last"
                    ),
                ),
            ],
            options={
                "verbose_name": "print company",
                "verbose_name_plural": "print companies",
                "default_permissions": ("view", "change"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_active", True)),
                        fields=("is_active",),
                        name="print_endpoint_one_active",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TokenBatch",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "uuid",
                    models.UUIDField(
                        default=utilcrm.db.models.new_uuid, editable=False, unique=True
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("message_id", models.UUIDField(unique=True)),
                ("month", models.DateField(verbose_name="month")),
                ("count", models.PositiveIntegerField(verbose_name="lines")),
                ("taken", models.PositiveIntegerField(verbose_name="taken")),
                ("known", models.PositiveIntegerField(verbose_name="known already")),
                ("rejected", models.PositiveIntegerField(verbose_name="rejected")),
                ("answer", models.JSONField(default=list)),
                ("take_seconds", models.FloatField(default=0)),
                ("mails", models.PositiveIntegerField(default=0, verbose_name="mails")),
                (
                    "without_address",
                    models.PositiveIntegerField(default=0, verbose_name="without an address"),
                ),
            ],
            options={
                "verbose_name": "batch of tokens",
                "verbose_name_plural": "batches of tokens",
                "default_permissions": (),
                "indexes": [models.Index(fields=["month", "-id"], name="token_batch_month")],
            },
        ),
    ]
