import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import utilcrm.db.models
from utilcrm.db.numbering import CreateSequence


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("correspondence", "0001_initial"),
        ("premises", "0001_initial"),
        ("products", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateSequence("quotation_number", start=1),
        migrations.CreateModel(
            name="Quotation",
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
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.CharField(max_length=10, unique=True, verbose_name="number")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Draft"),
                            ("AWAITING_APPROVAL", "Awaiting approval"),
                            ("SENT", "Sent"),
                            ("ACCEPTED", "Accepted"),
                            ("REJECTED", "Rejected"),
                            ("EXPIRED", "Expired"),
                        ],
                        default="DRAFT",
                        editable=False,
                        max_length=17,
                        verbose_name="status",
                    ),
                ),
                (
                    "binding_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="binding until"),
                ),
                (
                    "discount_reason",
                    models.CharField(
                        blank=True, max_length=255, verbose_name="reason for the discount"
                    ),
                ),
                (
                    "reject_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("PRICE", "Too expensive"),
                            ("TERM", "Term too long"),
                            ("COMPETITOR", "Went to a competitor"),
                            ("STAYS", "Stays with the present supplier"),
                            ("MOVED", "No longer moves there"),
                            ("NO_ANSWER", "Could not be reached again"),
                            ("MISTAKE", "Drawn up by mistake"),
                            ("OTHER", "Other"),
                        ],
                        max_length=10,
                        verbose_name="reason for the rejection",
                    ),
                ),
                (
                    "reject_note",
                    models.CharField(
                        blank=True, max_length=255, verbose_name="note on the rejection"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("EMAIL", "By e-mail"), ("PHONE", "On the phone")],
                        default="EMAIL",
                        max_length=5,
                        verbose_name="channel",
                    ),
                ),
                ("sent_to", models.EmailField(blank=True, max_length=254, verbose_name="sent to")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="closed at"),
                ),
                (
                    "interaction_uuid",
                    models.UUIDField(blank=True, null=True, verbose_name="interaction"),
                ),
                ("pending_input", models.JSONField(blank=True, default=dict, editable=False)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotations",
                        to="accounts.account",
                    ),
                ),
                (
                    "business_agreement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotations",
                        to="accounts.businessagreement",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="correspondence.document",
                    ),
                ),
                (
                    "premise",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotations",
                        to="premises.premise",
                    ),
                ),
            ],
            options={
                "verbose_name": "quotation",
                "verbose_name_plural": "quotations",
                "permissions": [
                    ("create_quotation", "Can draw up quotations"),
                    ("send_quotation", "Can send quotations"),
                    ("accept_quotation", "Can record that a customer accepts a quotation"),
                    ("reject_quotation", "Can record that a customer rejects a quotation"),
                    ("decide_approval", "Can grant or refuse discounts"),
                ],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Approval",
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
                (
                    "percent",
                    models.DecimalField(decimal_places=2, max_digits=5, verbose_name="discount"),
                ),
                (
                    "limit",
                    models.DecimalField(decimal_places=2, max_digits=5, verbose_name="own limit"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PENDING", "Waiting for a decision"),
                            ("GRANTED", "Granted"),
                            ("REFUSED", "Refused"),
                            ("WITHDRAWN", "Withdrawn"),
                        ],
                        default="PENDING",
                        editable=False,
                        max_length=9,
                        verbose_name="status",
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="decided at"),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True, max_length=255, verbose_name="reason of the decision"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "quotation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="approvals",
                        to="quotations.quotation",
                    ),
                ),
            ],
            options={
                "verbose_name": "approval",
                "verbose_name_plural": "approvals",
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="QuotationItem",
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
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                (
                    "division",
                    models.CharField(
                        choices=[("ELECTRICITY", "Electricity"), ("GAS", "Gas")],
                        max_length=11,
                        verbose_name="division",
                    ),
                ),
                (
                    "term_months",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(12, "12 months"), (24, "24 months"), (36, "36 months")],
                        null=True,
                        verbose_name="term",
                    ),
                ),
                (
                    "start_date",
                    models.DateField(blank=True, null=True, verbose_name="start of supply"),
                ),
                ("move_in", models.BooleanField(default=True, verbose_name="customer moves in")),
                (
                    "expected_annual_kwh",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="expected consumption per year"
                    ),
                ),
                (
                    "consumption_source",
                    models.CharField(
                        choices=[
                            ("STATED", "Known from a bill"),
                            ("PERSONS", "Persons in the household"),
                            ("FLOOR_AREA", "Floor area"),
                            ("DWELLING", "Kind of home"),
                        ],
                        default="STATED",
                        max_length=10,
                        verbose_name="basis of the consumption",
                    ),
                ),
                (
                    "persons",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="persons"),
                ),
                (
                    "floor_area",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="floor area in m²"
                    ),
                ),
                (
                    "dwelling",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("FLAT", "Flat"),
                            ("TERRACED", "Terraced house"),
                            ("SEMI_DETACHED", "Semi-detached house"),
                            ("DETACHED", "Detached house"),
                        ],
                        max_length=13,
                        verbose_name="kind of home",
                    ),
                ),
                (
                    "discount_percent",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=5,
                        verbose_name="discount on the energy price",
                    ),
                ),
                (
                    "meter_serial",
                    models.CharField(blank=True, max_length=18, verbose_name="meter number"),
                ),
                (
                    "rate",
                    models.CharField(
                        choices=[("SINGLE", "Single rate"), ("DOUBLE", "Day and night")],
                        default="SINGLE",
                        max_length=6,
                        verbose_name="rate",
                    ),
                ),
                (
                    "pod",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotation_items",
                        to="premises.pointofdelivery",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotation_items",
                        to="products.product",
                    ),
                ),
                (
                    "quotation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="quotations.quotation",
                    ),
                ),
            ],
            options={
                "verbose_name": "quotation item",
                "verbose_name_plural": "quotation items",
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="QuotationItemPrice",
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
                (
                    "component",
                    models.CharField(
                        choices=[
                            ("STANDING_CHARGE", "Standing charge per day"),
                            ("ENERGY", "Energy price per kWh"),
                        ],
                        max_length=15,
                        verbose_name="component",
                    ),
                ),
                (
                    "rate_type",
                    models.CharField(
                        choices=[("ALL_DAY", "All day"), ("DAY", "Day"), ("NIGHT", "Night")],
                        default="ALL_DAY",
                        max_length=7,
                        verbose_name="rate type",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=6, max_digits=12, verbose_name="net list price"
                    ),
                ),
                (
                    "discounted_amount",
                    models.DecimalField(
                        decimal_places=6, max_digits=12, verbose_name="net price agreed"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prices",
                        to="quotations.quotationitem",
                    ),
                ),
            ],
            options={
                "verbose_name": "price of a quotation item",
                "verbose_name_plural": "prices of quotation items",
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="QuotationItemRegister",
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
                ("code", models.CharField(max_length=3, verbose_name="register")),
                (
                    "rate_type",
                    models.CharField(
                        choices=[("ALL_DAY", "All day"), ("DAY", "Day"), ("NIGHT", "Night")],
                        default="ALL_DAY",
                        max_length=7,
                        verbose_name="rate type",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[("KWH", "kWh"), ("M3", "m³")],
                        default="KWH",
                        max_length=3,
                        verbose_name="unit",
                    ),
                ),
                (
                    "digits",
                    models.PositiveSmallIntegerField(
                        default=6, verbose_name="digits before the point"
                    ),
                ),
                (
                    "decimals",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="digits after the point"
                    ),
                ),
                (
                    "factor",
                    models.DecimalField(
                        decimal_places=4, default=1, max_digits=9, verbose_name="factor"
                    ),
                ),
                (
                    "move_in_reading",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=14,
                        null=True,
                        verbose_name="reading at the start",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="registers",
                        to="quotations.quotationitem",
                    ),
                ),
            ],
            options={
                "verbose_name": "register of a quotation item",
                "verbose_name_plural": "registers of quotation items",
                "default_permissions": ("view",),
            },
        ),
        migrations.AddIndex(
            model_name="quotation",
            index=models.Index(fields=["status", "-id"], name="quotations_quotation_status"),
        ),
        migrations.AddIndex(
            model_name="quotation",
            index=models.Index(fields=["account", "-id"], name="quotations_quotation_account"),
        ),
        migrations.AddIndex(
            model_name="quotation",
            index=models.Index(
                condition=models.Q(("status", "SENT")),
                fields=["binding_until"],
                name="quotations_quotation_overdue",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["SENT", "ACCEPTED", "EXPIRED"]), _negated=True),
                    models.Q(("binding_until__isnull", False), ("sent_at__isnull", False)),
                    _connector="OR",
                ),
                name="quotations_quotation_sent_binds",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "REJECTED"), _negated=True),
                    models.Q(("reject_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="quotations_quotation_rejected_with_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="approval",
            index=models.Index(fields=["status", "id"], name="quotations_approval_status"),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "PENDING")),
                fields=("quotation",),
                name="quotations_approval_one_pending",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("requested_by")), _negated=True),
                    _connector="OR",
                ),
                name="quotations_approval_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["GRANTED", "REFUSED"]), _negated=True),
                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="quotations_approval_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotationitem",
            constraint=models.UniqueConstraint(
                fields=("quotation", "position"), name="quotations_item_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="quotationitem",
            constraint=models.UniqueConstraint(
                fields=("quotation", "pod"), name="quotations_item_pod"
            ),
        ),
        migrations.AddConstraint(
            model_name="quotationitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("discount_percent__gte", 0), ("discount_percent__lt", 100)),
                name="quotations_item_discount_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotationitemprice",
            constraint=models.UniqueConstraint(
                fields=("item", "component", "rate_type"), name="quotations_item_price_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="quotationitemregister",
            constraint=models.UniqueConstraint(
                fields=("item", "code"), name="quotations_item_register_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="quotationitemregister",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decimals__range", (0, 3)), ("digits__range", (1, 9)), ("factor__gt", 0)
                ),
                name="quotations_item_register_shape",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotationitemregister",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("move_in_reading__isnull", True), ("move_in_reading__gte", 0), _connector="OR"
                ),
                name="quotations_item_register_reading",
            ),
        ),
    ]
