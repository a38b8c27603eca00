"""Creating accounts and agreements: what is stored, told, found again, and refused."""

from __future__ import annotations

import pytest

from access.choices import SegmentCode
from accounts.choices import AccountKind, ContactKind, PaymentMethod
from accounts.models import Account, BusinessAgreement
from accounts.services.agreeing import (
    AgreementInput,
    IbanMissing,
    change_agreement,
    create_agreement,
)
from accounts.services.contacting import ContactInput
from accounts.services.creating import AccountInput, DuplicateAccount, create_account
from events.models import Event
from identification.queries import by_phone, identify
from tests.factories.accounts import AccountFactory, OrganisationFactory
from utilcrm.db.models import StaleVersion
from utilcrm.identifiers import InvalidIdentifier

pytestmark = pytest.mark.django_db


def facts(**changes: object) -> AccountInput:
    """Return Ada Lovelace of Marylebone, as typed."""
    values: dict[str, object] = {
        "kind": AccountKind.PERSON,
        "segment": SegmentCode.RESIDENTIAL,
        "first_name": " Ada ",
        "last_name": "Lovelace",
        "street": "Baker Street",
        "house_number": "221b",
        "postcode": "nw16xe",
        "town": "London",
    }
    return AccountInput(**(values | changes))  # type: ignore[arg-type]


def company(**changes: object) -> AccountInput:
    """Return a company with a valid VAT number, as typed."""
    values: dict[str, object] = {
        "kind": AccountKind.ORGANISATION,
        "segment": SegmentCode.CORPORATE,
        "organisation_name": "Harbour Works Ltd",
        "first_name": "",
        "last_name": "",
        "tax_id": "GB 980 7806 84",
    }
    return facts(**(values | changes))


class TestCreatingAnAccount:
    def test_stores_what_was_typed_in_its_one_form(self, agent):
        account = create_account(
            facts=facts(),
            contact_points=[
                ContactInput(ContactKind.PHONE, "07400 123456"),
                ContactInput(ContactKind.EMAIL, "Ada@Example.com"),
            ],
            actor=agent,
        )

        account.refresh_from_db()
        assert (account.first_name, account.postcode) == ("Ada", "NW1 6XE")
        # From the tenant's own range, which its cloning must not have started anew.
        assert len(account.number) == 10
        assert account.number > "1000000000"
        assert not account.is_replicated
        points = account.contact_points.order_by("id")
        assert [(one.kind, one.value, one.is_primary) for one in points] == [
            (ContactKind.MOBILE, "+447400123456", True),
            (ContactKind.EMAIL, "ada@example.com", True),
        ]

    def test_tells_what_happened(self, agent):
        account = create_account(facts=facts(), actor=agent)

        event = Event.objects.get(name="accounts.account.created")
        assert (event.subject_uuid, event.account_uuid) == (account.uuid, account.uuid)
        assert event.actor_id == agent.pk

    def test_can_be_found_at_once_by_name_and_by_a_second_number(self, agent):
        account = create_account(
            facts=facts(),
            contact_points=[
                ContactInput(ContactKind.PHONE, "07400 123456"),
                ContactInput(ContactKind.PHONE, "020 7946 0958"),
            ],
            actor=agent,
        )

        found = identify("lovelace ada", segments={"RESIDENTIAL"}, region="GB")
        assert [hit.subject_uuid for hit in found] == [account.uuid]
        calling = by_phone("+442079460958", segments={"RESIDENTIAL"})
        assert [hit.subject_uuid for hit in calling] == [account.uuid]

    def test_gives_the_first_agreement_a_number_and_makes_it_the_default(self, agent):
        account = create_account(
            facts=facts(),
            agreement=AgreementInput(
                payment_method=PaymentMethod.DIRECT_DEBIT,
                iban="GB82 WEST 1234 5698 7654 32",
                is_default=False,
            ),
            actor=agent,
        )

        agreement = account.agreements.get()
        assert len(agreement.number) == 12
        assert agreement.is_default
        assert agreement.iban == "GB82WEST12345698765432"
        assert agreement.account_holder == "Ada Lovelace"
        found = identify(agreement.number, segments={"RESIDENTIAL"}, region="GB")
        assert [hit.subject_uuid for hit in found] == [account.uuid]

    @pytest.mark.parametrize(
        ("changes", "contact", "agreement"),
        [
            ({"postcode": "1234"}, None, None),
            ({}, ContactInput(ContactKind.PHONE, "01632 960123"), None),
            ({}, ContactInput(ContactKind.EMAIL, "ada@"), None),
            ({}, None, AgreementInput(PaymentMethod.DIRECT_DEBIT, iban="GB82WEST12345698765433")),
        ],
    )
    def test_stores_nothing_when_one_thing_is_wrong(self, agent, changes, contact, agreement):
        with pytest.raises(InvalidIdentifier):
            create_account(
                facts=facts(**changes),
                contact_points=[contact] if contact else [],
                agreement=agreement,
                actor=agent,
            )

        assert not Account.objects.exists()
        assert not BusinessAgreement.objects.exists()
        assert not Event.objects.exists()
        assert not identify("lovelace", segments={"RESIDENTIAL"}, region="GB")

    def test_refuses_direct_debit_without_a_bank_account(self, agent):
        with pytest.raises(IbanMissing):
            create_account(
                facts=facts(), agreement=AgreementInput(PaymentMethod.DIRECT_DEBIT), actor=agent
            )

    def test_keeps_no_bank_account_that_nothing_needs(self, agent):
        account = create_account(
            facts=facts(),
            agreement=AgreementInput(PaymentMethod.TRANSFER, iban="GB82WEST12345698765432"),
            actor=agent,
        )

        assert account.agreements.get().iban == ""


class TestCreatingTheSameAccountAgain:
    def test_is_refused_for_the_same_tax_number_with_the_way_to_the_record(self, agent):
        known = create_account(facts=company(), actor=agent)

        with pytest.raises(DuplicateAccount) as refusal:
            create_account(
                facts=company(organisation_name="Another Name plc"),
                actor=agent,
                is_known_to_differ=True,
            )

        assert refusal.value.is_certain
        assert [match.uuid for match in refusal.value.matches] == [known.uuid]

    @pytest.mark.covers("B-04")
    def test_tells_nothing_but_existence_of_a_record_that_the_agent_may_not_read(
        self, agent, regional_manager
    ):
        create_account(facts=company(), actor=agent)

        with pytest.raises(DuplicateAccount) as refusal:
            create_account(facts=company(), actor=regional_manager)

        (match,) = refusal.value.matches
        assert not match.is_visible
        assert (match.uuid, match.label, match.sublabel) == (None, "", "")


class TestCreatingASimilarAccount:
    @pytest.mark.parametrize(
        ("changes", "phone"),
        [
            ({"first_name": "Charles", "last_name": "Babbage"}, "+44 7400 123456"),
            ({"last_name": "Lovelase"}, "07400 999999"),
        ],
        ids=["the same telephone", "a slip in the name at the same address"],
    )
    def test_waits_until_somebody_has_looked(self, agent, changes, phone):
        mobile = ContactInput(ContactKind.PHONE, "07400 123456")
        known = create_account(facts=facts(), contact_points=[mobile], actor=agent)
        again = {
            "facts": facts(**changes),
            "contact_points": [ContactInput(ContactKind.PHONE, phone)],
            "actor": agent,
        }

        with pytest.raises(DuplicateAccount) as refusal:
            create_account(**again)
        assert not refusal.value.is_certain
        assert known.uuid in [match.uuid for match in refusal.value.matches]

        assert create_account(**again, is_known_to_differ=True).pk != known.pk

    def test_is_no_question_for_somebody_else_in_the_house(self, agent):
        create_account(facts=facts(), actor=agent)

        create_account(facts=facts(first_name="Grace", last_name="Hopper"), actor=agent)

        assert Account.objects.count() == 2


class TestAgreements:
    def test_a_new_default_takes_over_from_the_old_one(self, agent):
        account = AccountFactory()
        first = create_agreement(
            account=account, terms=AgreementInput(PaymentMethod.TRANSFER), actor=agent
        )
        second = create_agreement(
            account=account, terms=AgreementInput(PaymentMethod.CARD), actor=agent
        )

        first.refresh_from_db()
        assert (first.is_default, second.is_default) == (False, True)

    def test_changing_one_tells_which_fields_changed(self, agent):
        account = AccountFactory()
        agreement = create_agreement(
            account=account, terms=AgreementInput(PaymentMethod.TRANSFER), actor=agent
        )

        changed = change_agreement(
            agreement_uuid=agreement.uuid,
            terms=AgreementInput(PaymentMethod.DIRECT_DEBIT, iban="GB82WEST12345698765432"),
            version=agreement.version,
            actor=agent,
        )

        event = Event.objects.get(name="accounts.agreement.changed")
        assert set(event.payload["fields"]) == {"payment_method", "iban", "account_holder"}
        assert changed.version == agreement.version + 1

    def test_a_stale_version_changes_nothing(self, agent):
        agreement = create_agreement(
            account=OrganisationFactory(),
            terms=AgreementInput(PaymentMethod.TRANSFER),
            actor=agent,
        )

        with pytest.raises(StaleVersion):
            change_agreement(
                agreement_uuid=agreement.uuid,
                terms=AgreementInput(PaymentMethod.CARD),
                version=agreement.version + 1,
                actor=agent,
            )
