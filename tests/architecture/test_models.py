from __future__ import annotations

import pytest
from django.conf import settings
from django.db import models

from tests.architecture.house import FLOOR_OF, name_of, our_models

PUBLIC_APPS = {app for app in settings.SHARED_APPS if app not in settings.TENANT_APPS}


def _relations(model: type[models.Model]) -> list[models.ForeignKey]:
    return [
        field
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField | models.OneToOneField)
    ]


@pytest.mark.parametrize("model", our_models(), ids=name_of)
def test_foreign_keys_point_to_the_same_app_or_down_a_floor(model: type[models.Model]):
    own = model._meta.app_label
    climbing = [
        f"{field.name} -> {name_of(field.related_model)}"
        for field in _relations(model)
        if field.related_model._meta.app_label in FLOOR_OF
        and field.related_model._meta.app_label != own
        and FLOOR_OF[field.related_model._meta.app_label] >= FLOOR_OF[own]
    ]

    assert climbing == []


@pytest.mark.parametrize("model", our_models(), ids=name_of)
def test_no_foreign_key_crosses_between_a_tenant_and_the_public_schema(model: type[models.Model]):
    is_public = model._meta.app_config.name in PUBLIC_APPS
    crossing = [
        field.name
        for field in _relations(model)
        if (field.related_model._meta.app_config.name in PUBLIC_APPS) != is_public
    ]

    assert crossing == []


@pytest.mark.parametrize("model", our_models(), ids=name_of)
def test_no_model_keeps_money_or_measures_in_floating_point(model: type[models.Model]):
    floating = [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.FloatField) and not field.name.endswith("_seconds")
    ]

    assert floating == []


@pytest.mark.parametrize("model", our_models(), ids=name_of)
def test_no_model_orders_its_rows_behind_the_readers_back(model: type[models.Model]):
    assert not model._meta.ordering or model._meta.label == "access.User"


@pytest.mark.parametrize("model", our_models(), ids=name_of)
def test_every_model_says_what_a_row_is(model: type[models.Model]):
    text = model.__doc__ or ""

    assert text
    assert not text.startswith(f"{model.__name__}(")


def _belongs_to_a_customer(model: type[models.Model], seen: frozenset[str] = frozenset()) -> bool:
    """Tell whether a row leads to a customer's segment over its own foreign keys."""
    names = {field.name for field in model._meta.get_fields()}
    if "segment" in names and model._meta.app_label in {"accounts", "premises"}:
        return True
    return any(
        field.related_model._meta.app_label not in {"access", "products", "tenants"}
        and name_of(field.related_model) not in seen
        and _belongs_to_a_customer(field.related_model, seen | {name_of(model)})
        for field in _relations(model)
        if isinstance(field.related_model, type) and not field.related_model._meta.auto_created
    )


# Rows that no screen loads by themselves: they are read along a row that was loaded visibly.
READ_WITH_THEIR_PARENT = {
    "contracts.ContractItemPrice",
    "contracts.ContractItemRegister",
    "contracts.ProcessItem",
    "contracts.ProcessingStep",
    "contracts.SignatureEvidence",
    "conversations.ChatSession",
    "conversations.Handover",
    "conversations.Message",
    "conversations.ReplyDraft",
    "conversations.ReplyFile",
    "devices.ReportedValue",
    "quotations.QuotationItemPrice",
    "quotations.QuotationItemRegister",
}


@pytest.mark.parametrize("model", our_models(), ids=name_of)
def test_rows_of_customers_have_a_door_that_asks_who_is_looking(model: type[models.Model]):
    if not _belongs_to_a_customer(model) or name_of(model) in READ_WITH_THEIR_PARENT:
        return

    assert hasattr(model._default_manager.all(), "visible_to")
