"""Every address inside a tenant."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("allauth.account.urls")),
    path("accounts/", include("accounts.urls")),
    path("premises/", include("premises.urls")),
    path("devices/", include("devices.urls")),
    path("products/", include("products.urls")),
    path("quotations/", include("quotations.urls")),
    path("contracts/", include("contracts.urls")),
    path("documents/", include("correspondence.urls")),
    path("access/", include("access.urls")),
    path("imports/", include("migration_import.urls")),
    path("", include("events.urls")),
    path("", include("billing_sync.urls")),
    path("market/", include("market.urls")),
    path("", include("service.urls")),
    path("conversations/", include("conversations.urls")),
    path("", include("portals.urls")),
    path("", include("interactions.urls")),
]
if settings.STYLEGUIDE:
    urlpatterns.append(path("styleguide/", include("utilcrm.web.urls")))

handler400 = "utilcrm.web.views.bad_request"
handler403 = "utilcrm.web.views.permission_denied"
handler404 = "utilcrm.web.views.page_not_found"
handler500 = "utilcrm.web.views.server_error"
