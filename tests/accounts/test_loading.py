"""Taking over accounts from the ERP: set-based, repeatable, and nothing lost in silence."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import ContactKind, PaymentMethod, Source
from accounts.models import Account, BusinessAgreement, ContactPoint
from accounts.services.indexing import reindex_accounts
from accounts.services.loading import AccountRow, AgreementRow, load_accounts, load_agreements
from identification.queries import by_phone, identify
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory

pytestmark = pytest.mark.django_db

MANY = 4_000


def partner(number: int, **changes: object) -> AccountRow:
    """Return the partner with this number."""
    values: dict[str, object] = {
        "erp_number": f"{number:010d}",
        "kind": "PERSON",
        "segment": "RESIDENTIAL",
        "first_name": "Ada",
        "last_name": f"Lovelace{number}",
        "street": "Baker Street",
        "house_number": str(number % 300),
        "postcode": "NW1 6XE",
        "town": "London",
        "country": "GB",
        "contacts": (
            (ContactKind.MOBILE, f"+4474{number % 100_000_000:08d}"),
            (ContactKind.EMAIL, f"ada{number}@example.com"),
        ),
    }
    return AccountRow(**(values | changes))  # type: ignore[arg-type]


def agreement(number: int, **changes: object) -> AgreementRow:
    """Return the agreement of the partner with this number."""
    values: dict[str, object] = {
        "erp_number": f"{number:012d}",
        "account_erp_number": f"{number:010d}",
        "payment_method": "TRANSFER",
    }
    return AgreementRow(**(values | changes))  # type: ignore[arg-type]


class TestLoadingAccounts:
    def test_gives_each_a_number_of_ours_and_keeps_the_erps(self):
        loaded = load_accounts([partner(1), partner(2)], region="GB")

        assert (loaded.created, loaded.updated, loaded.rejects) == (2, 0, [])
        first = Account.objects.get(erp_number="0000000001")
        assert len(first.number) == 10
        assert first.number != first.erp_number
        assert (first.source, first.is_replicated) == (Source.ERP, True)
        kinds = first.contact_points.values_list("kind", "is_primary")
        assert set(kinds) == {(ContactKind.MOBILE, True), (ContactKind.EMAIL, True)}

    def test_creates_nothing_the_second_time_and_draws_no_number(self):
        rows = [partner(1), partner(2)]
        load_accounts(rows, region="GB")
        with connection.cursor() as cursor:
            cursor.execute("SELECT last_value FROM accounts_account_number")
            before = cursor.fetchone()
            again = load_accounts(rows, region="GB")
            cursor.execute("SELECT last_value FROM accounts_account_number")

            assert (again.created, again.updated) == (0, 0)
            assert cursor.fetchone() == before
        assert ContactPoint.objects.count() == 4

    def test_updates_what_changed_and_raises_its_version(self):
        load_accounts([partner(1), partner(2)], region="GB")

        loaded = load_accounts([partner(1, town="Leeds"), partner(2)], region="GB")

        assert (loaded.created, loaded.updated) == (0, 1)
        account = Account.objects.get(erp_number="0000000001")
        assert (account.town, account.version) == ("Leeds", 2)

    def test_keeps_a_number_that_an_agent_has_added(self):
        load_accounts([partner(1)], region="GB")
        account = Account.objects.get()
        ContactPoint.objects.create(
            account=account, kind=ContactKind.PHONE, value="+442079460958", display="x"
        )

        load_accounts([partner(1)], region="GB")

        assert account.contact_points.count() == 3

    def test_recognises_an_account_that_the_erp_has_from_us(self):
        ours = AccountFactory(erp_number="")

        loaded = load_accounts([partner(7, external_reference=ours.uuid)], region="GB")

        assert (loaded.created, loaded.updated) == (0, 1)
        ours.refresh_from_db()
        assert ours.erp_number == "0000000007"

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"last_name": " "}, "NAME_MISSING"),
            ({"segment": "VIP"}, "CODE_UNKNOWN"),
            ({"kind": "ROBOT"}, "CODE_UNKNOWN"),
            ({"town": "x" * 61}, "TOO_LONG"),
            ({"erp_number": ""}, "NUMBER_MISSING"),
        ],
    )
    def test_rejects_a_row_with_its_reason_and_loads_the_others(self, changes, code):
        loaded = load_accounts([partner(1, **changes), partner(2)], region="GB")

        assert loaded.created == 1
        assert [reject.code for reject in loaded.rejects] == [code]
        assert loaded.rejects[0].reason

    def test_loads_the_account_of_an_impossible_telephone_number(self):
        row = partner(1, contacts=((ContactKind.PHONE, "12"), (ContactKind.EMAIL, "A@Example.com")))

        loaded = load_accounts([row], region="GB")

        assert loaded.created == 1
        assert [reject.code for reject in loaded.rejects] == ["CONTACT_INVALID"]
        assert ContactPoint.objects.get().value == "a@example.com"

    def test_takes_text_that_would_break_a_copy(self):
        row = partner(1, last_name="O'Neill\\N\tthe\nthird", first_name="Zoë")

        load_accounts([row], region="GB")

        account = Account.objects.get()
        assert (account.first_name, account.last_name) == ("Zoë", "O'Neill\\N\tthe\nthird")

    def test_takes_the_last_of_two_rows_with_one_number(self):
        loaded = load_accounts([partner(1, town="A"), partner(1, town="B")], region="GB")

        assert loaded.created == 1
        assert Account.objects.get().town == "B"


class TestLoadingAgreements:
    def test_makes_the_first_of_an_account_its_default(self):
        load_accounts([partner(1)], region="GB")

        loaded = load_agreements([agreement(1), agreement(2, account_erp_number="0000000001")])

        assert (loaded.created, loaded.rejects) == (2, [])
        assert BusinessAgreement.objects.filter(is_default=True).count() == 1
        assert {len(one.number) for one in BusinessAgreement.objects.all()} == {12}

    def test_leaves_the_default_where_an_agent_has_put_it(self):
        load_accounts([partner(1)], region="GB")
        chosen = BusinessAgreementFactory(account=Account.objects.get())

        load_agreements([agreement(1)])

        assert BusinessAgreement.objects.get(is_default=True) == chosen

    def test_rejects_what_has_no_account_here_and_takes_it_once_it_has(self):
        loaded = load_agreements([agreement(1)])
        assert [(one.key, one.code) for one in loaded.rejects] == [
            ("000000000001", "PARENT_MISSING")
        ]

        load_accounts([partner(1)], region="GB")
        assert load_agreements([agreement(1)]).created == 1

    def test_rejects_direct_debit_without_a_bank_account(self):
        load_accounts([partner(1)], region="GB")

        loaded = load_agreements([agreement(1, payment_method=PaymentMethod.DIRECT_DEBIT)])

        assert [reject.code for reject in loaded.rejects] == ["IBAN_MISSING"]


class TestLoadingMany:
    def test_is_set_based(self):
        pages = [range(start, start + 2000) for start in range(1, MANY + 1, 2000)]
        read = [([partner(n) for n in page], [agreement(n) for n in page]) for page in pages]

        with CaptureQueriesContext(connection) as queries:
            for partners, agreements in read:
                load_accounts(partners, region="GB")
                load_agreements(agreements)

        assert Account.objects.count() == BusinessAgreement.objects.count() == MANY
        assert len(queries) <= 32 * len(pages)

    def test_is_found_afterwards(self):
        load_accounts([partner(1), partner(2)], region="GB")
        load_agreements([agreement(1), agreement(2)])

        assert reindex_accounts(erp_numbers=["0000000001", "0000000002"]) == 2

        second = Account.objects.get(erp_number="0000000002")
        number = second.contact_points.get(kind=ContactKind.MOBILE).value
        assert [hit.subject_uuid for hit in by_phone(number, segments={"RESIDENTIAL"})] == [
            second.uuid
        ]
        found = identify("000000000002", segments={"RESIDENTIAL"}, region="GB")
        assert found[0].subject_uuid == second.uuid
