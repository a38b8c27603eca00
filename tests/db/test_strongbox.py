"""Many small secrets at rest: each opens in one tenant, for one purpose, at one place."""

from __future__ import annotations

import pytest
from django.db import connection

from utilcrm.strongbox import CannotOpen, Strongbox, digest_of

pytestmark = pytest.mark.django_db

SECRET, PLACE = b"a token that nobody may see", "2026-11:900000012611"


def test_a_secret_opens_where_it_lies_and_never_looks_the_same(tenant) -> None:
    box = Strongbox("tokens")
    one, other = box.seal(SECRET, place=PLACE), box.seal(SECRET, place=PLACE)

    assert one != other
    assert SECRET not in one
    assert Strongbox("tokens").open(one, place=PLACE) == SECRET


def test_it_opens_nowhere_else(tenant, other_tenant, settings) -> None:
    sealed = Strongbox("tokens").seal(SECRET, place=PLACE)
    altered = sealed[:-1] + bytes([sealed[-1] ^ 1])

    for box, what, place in (
        (Strongbox("tokens"), sealed, "2026-11:900000022611"),
        (Strongbox("other"), sealed, PLACE),
        (Strongbox("tokens"), altered, PLACE),
        (Strongbox("tokens"), b"", PLACE),
    ):
        with pytest.raises(CannotOpen):
            box.open(what, place=place)
    connection.set_tenant(other_tenant)
    with pytest.raises(CannotOpen):
        Strongbox("tokens").open(sealed, place=PLACE)
    connection.set_tenant(tenant)


def test_it_opens_after_the_secret_key_was_changed(tenant, settings) -> None:
    sealed = Strongbox("tokens").seal(SECRET, place=PLACE)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret key"

    assert Strongbox("tokens").open(sealed, place=PLACE) == SECRET


def test_a_digest_recognises_a_secret_with_the_key_alone() -> None:
    digest = digest_of(SECRET, key=b"key")

    assert digest == digest_of(SECRET, key=b"key")
    assert digest != digest_of(SECRET, key=b"other key")
    assert len(digest) == 16
