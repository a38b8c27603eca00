"""Enter the tenant that the host name names."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import set_urlconf
from django.utils import timezone, translation
from django_tenants.utils import remove_www

from tenants.queries import current_profile, tenant_of_host
from utilcrm.db.tenancy import enter, leave


class TenantFromHost:
    """
    Route a request to its tenant, and leave the tenant afterwards.

    A host that is nobody's gets a plain 404 that tells nothing. Known hosts are looked up from
    memory: this runs before every answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request inside its tenant."""
        leave()
        hostname = remove_www(request.get_host().split(":")[0])
        tenant = tenant_of_host(hostname)
        if tenant is None:
            return HttpResponseNotFound("Not found", content_type="text/plain")
        request.tenant = tenant  # type: ignore[attr-defined]
        enter(tenant)
        if tenant.schema_name == "public":
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
            set_urlconf(settings.PUBLIC_SCHEMA_URLCONF)
            with translation.override(settings.LANGUAGE_CODE):
                return self._answer(request)
        profile = current_profile()
        with timezone.override(profile.time_zone), translation.override(profile.language):
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except Http404:
            return HttpResponseNotFound("Not found", content_type="text/plain")
        finally:
            leave()
