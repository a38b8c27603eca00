import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import utilcrm.db.models
import utilcrm.db.ranges


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="LoadProfile",
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
                ("code", models.CharField(max_length=10, unique=True, verbose_name="code")),
                (
                    "division",
                    models.CharField(
                        choices=[("ELECTRICITY", "Electricity"), ("GAS", "Gas")],
                        max_length=11,
                        verbose_name="division",
                    ),
                ),
                (
                    "segment",
                    models.CharField(
                        choices=[("RESIDENTIAL", "Residential"), ("CORPORATE", "Corporate")],
                        max_length=11,
                        verbose_name="segment",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
            ],
            options={
                "verbose_name": "load profile",
                "verbose_name_plural": "load profiles",
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("division", "segment"), name="products_load_profile_one_per_use"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Product",
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
                ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "division",
                    models.CharField(
                        choices=[("ELECTRICITY", "Electricity"), ("GAS", "Gas")],
                        max_length=11,
                        verbose_name="division",
                    ),
                ),
                (
                    "segment",
                    models.CharField(
                        choices=[("RESIDENTIAL", "Residential"), ("CORPORATE", "Corporate")],
                        max_length=11,
                        verbose_name="segment",
                    ),
                ),
                (
                    "description",
                    models.CharField(blank=True, max_length=255, verbose_name="description"),
                ),
                (
                    "master_data_template",
                    models.CharField(
                        blank=True,
                        help_text="Code in the ERP. Contracts cannot be generated without it.",
                        max_length=30,
                        verbose_name="master data template",
                    ),
                ),
                ("green", models.BooleanField(default=False, verbose_name="renewable origin")),
                ("valid_from", models.DateField(verbose_name="on sale from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="on sale until")),
            ],
            options={
                "verbose_name": "product",
                "verbose_name_plural": "products",
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        fields=["division", "segment", "name"], name="products_product_offer"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="products_product_valid_range",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LoadProfileShare",
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
                ("month", models.PositiveSmallIntegerField(verbose_name="month")),
                (
                    "share",
                    models.DecimalField(
                        decimal_places=10, max_digits=11, verbose_name="share of the year"
                    ),
                ),
                (
                    "night_share",
                    models.DecimalField(
                        decimal_places=6,
                        default=0,
                        max_digits=7,
                        verbose_name="share of the month consumed at night",
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
                        to="products.loadprofile",
                    ),
                ),
            ],
            options={
                "verbose_name": "monthly share",
                "verbose_name_plural": "monthly shares",
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("profile", "month"), name="products_load_profile_share_month"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("month__range", (1, 12)),
                            ("share__range", (0, 1)),
                            ("night_share__range", (0, 1)),
                        ),
                        name="products_load_profile_share_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Price",
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
                    "term_months",
                    models.PositiveSmallIntegerField(
                        choices=[(12, "12 months"), (24, "24 months"), (36, "36 months")],
                        verbose_name="term",
                    ),
                ),
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
                    models.DecimalField(decimal_places=6, max_digits=12, verbose_name="net amount"),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prices",
                        to="products.product",
                    ),
                ),
            ],
            options={
                "verbose_name": "price",
                "verbose_name_plural": "prices",
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="products_price_valid_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("component", "STANDING_CHARGE"), _negated=True),
                            ("rate_type", "ALL_DAY"),
                            _connector="OR",
                        ),
                        name="products_price_standing_charge_all_day",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (models.F("product"), "="),
                            (models.F("term_months"), "="),
                            (models.F("component"), "="),
                            (models.F("rate_type"), "="),
                            (
                                utilcrm.db.ranges.DateRange(
                                    "valid_from",
                                    "valid_to",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(
                                        inclusive_lower=True, inclusive_upper=False
                                    ),
                                ),
                                "&&",
                            ),
                        ],
                        name="products_price_no_overlap",
                    ),
                ],
            },
        ),
    ]
