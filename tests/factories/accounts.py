"""Accounts as the tests need them: rows only, no events, not in the search index."""

from __future__ import annotations

import factory

from access.choices import SegmentCode
from accounts.choices import AccountKind, ContactKind, PaymentMethod
from accounts.models import Account, BusinessAgreement, ContactPerson, ContactPoint


class AccountFactory(factory.django.DjangoModelFactory):
    """A residential person in London."""

    class Meta:
        model = Account

    number = factory.Sequence(lambda n: f"{9_000_000_000 + n}")
    kind = AccountKind.PERSON
    segment = SegmentCode.RESIDENTIAL
    first_name = factory.Faker("first_name")
    last_name = factory.Faker("last_name")
    language = "en"
    street = "Baker Street"
    house_number = factory.Sequence(lambda n: str(1 + n % 300))
    postcode = "NW1 6XE"
    town = "London"
    country = "GB"


class OrganisationFactory(AccountFactory):
    """A corporate customer."""

    kind = AccountKind.ORGANISATION
    segment = SegmentCode.CORPORATE
    first_name = ""
    last_name = ""
    organisation_name = factory.Sequence(lambda n: f"Harbour Works {n} Ltd")


class ContactPointFactory(factory.django.DjangoModelFactory):
    """The primary mobile number of an account."""

    class Meta:
        model = ContactPoint

    account = factory.SubFactory(AccountFactory)
    kind = ContactKind.MOBILE
    value = factory.Sequence(lambda n: f"+4474001{n % 100_000:05d}")
    display = factory.SelfAttribute("value")
    is_primary = True


class EmailFactory(ContactPointFactory):
    """The primary e-mail address of an account."""

    kind = ContactKind.EMAIL
    value = factory.Sequence(lambda n: f"customer{n}@example.com")


class BusinessAgreementFactory(factory.django.DjangoModelFactory):
    """The default agreement of an account, paid by bank transfer."""

    class Meta:
        model = BusinessAgreement

    account = factory.SubFactory(AccountFactory)
    number = factory.Sequence(lambda n: f"{900_000_000_000 + n}")
    payment_method = PaymentMethod.TRANSFER
    is_default = True


class ContactPersonFactory(factory.django.DjangoModelFactory):
    """Who speaks for an organisation."""

    class Meta:
        model = ContactPerson

    account = factory.SubFactory(OrganisationFactory)
    name = factory.Faker("name")
    role = "Facility manager"
