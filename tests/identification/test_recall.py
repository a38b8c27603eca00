import random

import pytest

from benchmarks.identification.asking import KINDS, Kind
from benchmarks.identification.customers import Customer, Population
from benchmarks.identification.loading import entries_of
from identification.services.indexing import put_many

COUNT = 1_500
ASKED = 12


@pytest.fixture
def customers(db) -> list[Customer]:
    customers = list(Population(surnames=2_000).customers(COUNT))
    put_many((row for customer in customers for row in entries_of(customer)), batch_size=500)
    return customers


def _misses(kind: Kind, customers: list[Customer], ask) -> list[str]:
    draw = random.Random(kind.name)
    fitting = [each for each in customers if bool(each.organisation) == kind.of_organisation]
    said = [(each, kind.say(each, draw)) for each in draw.sample(fitting, ASKED)]
    return [
        f"{text!r} for {customer.name}, {customer.address}"
        for customer, text in said
        if not any(hit.account_id == customer.number + 1 for hit in ask(text))
    ]


@pytest.mark.covers("B-02")
def test_nine_in_ten_are_found_whatever_the_caller_says_and_however_it_is_mistyped(customers, ask):
    missed = {
        kind.name: misses
        for kind in KINDS
        if kind.is_expected and len(misses := _misses(kind, customers, ask)) > ASKED / 10
    }

    assert not missed
