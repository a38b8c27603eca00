"""Visitors are told apart, whatever stands in front of us and whatever they claim."""

from __future__ import annotations

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse

from portals.services import limiting
from utilcrm.middleware import VisitorBehindProxy


@pytest.mark.parametrize(
    ("forwarded", "seen"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("10.0.0.1, 198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("2001:DB8::1", "2001:db8::1"),
        ("203.0.113.9, nonsense", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
def test_behind_a_proxy_the_last_address_counts_that_it_has_added(rf, settings, forwarded, seen):
    settings.BEHIND_TLS_PROXY = True
    request = rf.get("/", headers={"X-Forwarded-For": forwarded})

    VisitorBehindProxy(lambda _request: HttpResponse())(request)

    assert request.META["REMOTE_ADDR"] == seen


def test_without_a_proxy_nobody_says_who_they_are(settings):
    settings.BEHIND_TLS_PROXY = False

    with pytest.raises(MiddlewareNotUsed):
        VisitorBehindProxy(lambda _request: HttpResponse())


def test_without_a_cache_everybody_is_let_through(settings):
    away = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9"}
    settings.CACHES = {"default": away}

    limiting.count_question("203.0.113.9")
    limiting.count_visit("203.0.113.9")
