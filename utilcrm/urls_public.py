"""The platform's own host: its administrators, and nothing of any tenant."""

from django.urls import path
from django.views.generic import RedirectView

from events.views import health
from tenants.admin import platform_site

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", platform_site.urls),
    path("health/", health.Health.as_view(), name="health"),
]
