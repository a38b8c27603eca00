"""
Go back to whoever sent the person here.

A page that creates something for another page takes `?next=/there/`. When the work is done it
returns there and adds what was made, such as `account=<uuid>`.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def next_url(request: HttpRequest) -> str:
    """Return the address to go back to, "" if none was given or it leaves this host."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours else ""


def with_params(url: str, **params: object) -> str:
    """Return a URL with query parameters set; those of the same name are replaced."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name not in params]
    query += [(name, str(value)) for name, value in params.items()]
    return urlunsplit(parts._replace(query=urlencode(query)))


def page_before(request: HttpRequest, otherwise: str) -> str:
    """Return the page of ours from which this was posted, or another address if it is unknown."""
    before = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        before, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return before if is_ours and urlsplit(before).path != request.path else otherwise
