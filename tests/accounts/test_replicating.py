"""Numbers that come back from the ERP, and who may see what."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, transaction
from django_tenants.utils import tenant_context

from access.choices import SegmentCode
from accounts.models import Account, BusinessAgreement, ContactPerson, ContactPoint
from accounts.queries import overview
from accounts.services.replicating import (
    record_account_erp_number,
    record_agreement_erp_number,
)
from events.models import Event
from identification.queries import identify
from tests.factories.accounts import (
    AccountFactory,
    BusinessAgreementFactory,
    ContactPersonFactory,
    ContactPointFactory,
    OrganisationFactory,
)

pytestmark = pytest.mark.django_db


class TestTheErpsNumber:
    def test_is_stored_told_and_found(self):
        account = AccountFactory()

        record_account_erp_number(account_uuid=account.uuid, erp_number="0010000001")

        account.refresh_from_db()
        assert account.is_replicated
        event = Event.objects.get(name="accounts.account.erp_number_received")
        assert event.account_uuid == account.uuid
        assert identify("0010000001", segments={"RESIDENTIAL"}, region="GB")

    def test_told_twice_happens_once(self):
        account = AccountFactory()

        for _time in range(2):
            record_account_erp_number(account_uuid=account.uuid, erp_number="0010000001")

        assert Event.objects.filter(name="accounts.account.erp_number_received").count() == 1

    def test_changes_no_version_so_that_nobody_who_types_is_disturbed(self):
        account = AccountFactory()

        record_account_erp_number(account_uuid=account.uuid, erp_number="0010000001")

        account.refresh_from_db()
        assert account.version == 1

    def test_of_another_account_is_refused(self):
        AccountFactory(erp_number="0010000001")
        account = AccountFactory()

        with pytest.raises(IntegrityError), transaction.atomic():
            record_account_erp_number(account_uuid=account.uuid, erp_number="0010000001")

    def test_for_nobody_is_an_error(self):
        with pytest.raises(Account.DoesNotExist):
            record_account_erp_number(account_uuid=uuid.uuid4(), erp_number="1")

    def test_of_an_agreement_leads_to_its_account(self):
        agreement = BusinessAgreementFactory()

        record_agreement_erp_number(agreement_uuid=agreement.uuid, erp_number="200000000001")

        (hit,) = identify("200000000001", segments={"RESIDENTIAL"}, region="GB")
        assert hit.subject_uuid == agreement.account.uuid


class TestVisibility:
    @pytest.mark.parametrize(
        ("model", "factory"),
        [
            (Account, lambda account: account),
            (ContactPoint, lambda account: ContactPointFactory(account=account)),
            (BusinessAgreement, lambda account: BusinessAgreementFactory(account=account)),
            (ContactPerson, lambda account: ContactPersonFactory(account=account)),
        ],
    )
    def test_follows_the_accounts_segment(
        self, agent, corporate_manager, regional_manager, outsider, model, factory
    ):
        home, work = factory(AccountFactory()), factory(OrganisationFactory())

        assert set(model.objects.visible_to(agent)) == {home, work}
        assert set(model.objects.visible_to(corporate_manager)) == {work}
        assert set(model.objects.visible_to(regional_manager)) == {home}
        assert not model.objects.visible_to(outsider).exists()

    def test_ends_at_the_tenant(self, other_tenant, other_tenant_agent):
        AccountFactory(segment=SegmentCode.RESIDENTIAL)

        with tenant_context(other_tenant):
            assert not Account.objects.visible_to(other_tenant_agent).exists()


class TestTheOverview:
    def test_takes_three_queries_however_much_there_is(self, django_assert_num_queries):
        account = AccountFactory()
        for number in range(5):
            ContactPointFactory(account=account, is_primary=number == 3)
            BusinessAgreementFactory(account=account, is_default=number == 2)

        with django_assert_num_queries(3):
            seen = overview(account)

        assert seen.phones[0].is_primary
        assert seen.default_agreement == seen.agreements[0]

    def test_proposes_the_only_agreement_although_it_is_no_default(self):
        agreement = BusinessAgreementFactory(is_default=False)

        assert overview(agreement.account).default_agreement == agreement

    def test_proposes_none_of_several(self):
        agreement = BusinessAgreementFactory(is_default=False)
        BusinessAgreementFactory(account=agreement.account, is_default=False)

        assert overview(agreement.account).default_agreement is None
