"""Every address inside a tenant."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

# SCAFFOLD (removed when all rooms stand)
urlpatterns = [path("admin/", admin.site.urls), path("", include("allauth.account.urls"))]
for prefix, app in [
    ("accounts/", "accounts"),
    ("premises/", "premises"),
    ("devices/", "devices"),
    ("products/", "products"),
    ("quotations/", "quotations"),
    ("contracts/", "contracts"),
    ("documents/", "correspondence"),
    ("access/", "access"),
    ("", "billing_sync"),
    ("", "portals"),
    ("", "interactions"),
]:
    if (settings.BASE_DIR / app / "urls.py").exists():
        try:
            urlpatterns.append(path(prefix, include(f"{app}.urls")))
        except ImportError as error:
            print("scaffold: left out", app, error)  # noqa: T201
if settings.STYLEGUIDE and (settings.BASE_DIR / "utilcrm/web/urls.py").exists():
    urlpatterns.append(path("styleguide/", include("utilcrm.web.urls")))
if (settings.BASE_DIR / "utilcrm/web/views.py").exists() or (
    settings.BASE_DIR / "utilcrm/web/views"
).exists():
    handler400 = "utilcrm.web.views.bad_request"
    handler403 = "utilcrm.web.views.permission_denied"
    handler404 = "utilcrm.web.views.page_not_found"
    handler500 = "utilcrm.web.views.server_error"
