import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django_tenants.utils import tenant_context

from identification.choices import EntryKind, IdentifierKind
from identification.models import Entry, Identifier, Word
from identification.services.indexing import put, put_many, remove
from identification.services.recounting import recount_words
from tests.factories.identification import ANNA, row


def test_a_changed_name_and_number_are_found_and_the_old_ones_are_not(found, index):
    entry = index(
        names=("Anna", "Before"),
        identifiers=[
            (IdentifierKind.PHONE, "+447700900123"),
            (IdentifierKind.EMAIL, "a@mail.example"),
        ],
    )
    index(
        names=("Anna", "Afterwards"),
        subject_id=entry.subject_id,
        identifiers=[
            (IdentifierKind.PHONE, "+447700900999"),
            (IdentifierKind.EMAIL, "a@mail.example"),
        ],
    )

    assert found("before") == []
    assert found("07700 900123") == []
    assert found("afterwards") == ["Anna Afterwards"]
    assert found("aftrewards") == ["Anna Afterwards"]
    assert found("07700 900999") == ["Anna Afterwards"]
    assert found("a@mail.example") == ["Anna Afterwards"]
    assert Entry.objects.count() == 1
    assert Identifier.objects.count() == 2


@pytest.mark.django_db
def test_put_takes_everything_by_name_and_belongs_to_the_callers_transaction(found):
    facts = {
        **ANNA,
        "kind": EntryKind.ACCOUNT,
        "subject_id": 1,
        "subject_uuid": uuid.uuid4(),
        "account_id": 1,
        "segment": None,
    }
    with transaction.atomic():
        put(**facts)
        assert found("köhler") == [ANNA["label"]]
        transaction.set_rollback(True)

    assert found("köhler") == []
    assert found("104711") == []

    put(**facts)
    assert found("köhler") == [ANNA["label"]]


def test_a_removed_entry_is_not_found_and_removing_it_twice_is_no_error(found, index):
    entry = index(**ANNA)

    remove(EntryKind.ACCOUNT, entry.subject_id)
    remove(EntryKind.ACCOUNT, entry.subject_id)

    assert found("köhler") == []
    assert found("104711") == []


def test_indexing_the_same_twice_changes_nothing(index):
    entry = index(**ANNA)
    before = list(Entry.objects.values()), Identifier.objects.count(), Word.objects.count()

    put_many([entry, entry])
    put_many([entry])

    assert (
        list(Entry.objects.values()),
        Identifier.objects.count(),
        Word.objects.count(),
    ) == before


@pytest.mark.django_db
def test_many_are_indexed_in_batches_and_all_of_them_are_found(found):
    rows = (row(names=("Anna", f"Name{number:04}")) for number in range(950))

    assert put_many(rows, batch_size=100) == 950
    assert found("name0000")[0] == "Anna Name0000"
    assert found("name0949 anna")[0] == "Anna Name0949"
    assert put_many([]) == 0


@pytest.mark.django_db
def test_an_entry_with_nothing_but_a_label_is_stored(found):
    put_many([row(label="bare", segment=None)])

    assert Entry.objects.get().label == "bare"


def test_the_counts_of_words_are_put_right(index):
    for _ in range(3):
        index(names=("Anna", "Braun"))

    recount_words()

    assert Word.objects.get(text="braun").uses == 3
    assert recount_words() == 0


def test_two_workers_with_the_same_new_words_neither_wait_nor_fail(real_commits, tenant, found):
    """Each sees the other's words only after it has committed; both entries must be found."""
    both_have_written = threading.Barrier(2, timeout=20)

    def work(names: tuple[str, str]) -> None:
        with tenant_context(tenant), transaction.atomic():
            put_many([row(names=names)])
            both_have_written.wait()
            put_many([row(names=tuple(reversed(names)))])
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, [("Neu", "Wort"), ("Wort", "Neu")]))

    assert len(found("neu wort")) == 4
    assert len(found("nue wort")) == 4


def test_two_workers_that_index_the_same_account_leave_one_entry(real_commits, tenant, found):
    subject = row(names=("Anna", "Once"), identifiers=[(IdentifierKind.PHONE, "+447700900123")])

    def work(_number: int) -> None:
        with tenant_context(tenant):
            for _ in range(10):
                put_many([subject])
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))

    assert found("once") == ["Anna Once"]
    assert Entry.objects.count() == 1
    assert Identifier.objects.count() == 1
