"""The platform's own host: its administrators, and nothing of any tenant."""

from django.urls import path

from tenants.admin import platform_site

urlpatterns = [path("admin/", platform_site.urls)]
