"""Addresses of the migration_import app."""

app_name = "migration_import"
urlpatterns = []
