"""
The database back end of UtilCRM: django-tenants' search path, and a second wall behind it.

Every tenant schema belongs to a PostgreSQL role of its own, `t_<schema>`. The application logs in
as a role that inherits nothing and may read only the routing tables. Whenever the search path is
set, the tenant's role is set with it, so that a missing schema, a thread without a tenant and raw
SQL across schemas are refused by the database instead of answered from `public`.

Maintenance (migrations, making a tenant) connects as the owner and has no wall:
`settings.DATABASE_SECOND_WALL` is false there.
"""

from __future__ import annotations

from typing import Any

import django.db.utils
import psycopg2
from django.conf import settings
from django.db.backends.postgresql.psycopg_any import sql
from django_tenants.postgresql_backend import base as django_tenants_base

FakeTenant = django_tenants_base.FakeTenant


def role_of(schema_name: str) -> str:
    """Return the PostgreSQL role that owns a tenant's schema."""
    return f"t_{schema_name}"


class DatabaseWrapper(django_tenants_base.DatabaseWrapper):
    """Sets the tenant's role beside its search path."""

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._setting_search_path:
            return
        super()._handle_search_path(cursor)
        if not settings.DATABASE_SECOND_WALL:
            return
        self._setting_search_path = True
        role_cursor = self.connection.cursor() if cursor is None else cursor
        try:
            role_cursor.execute(self._role_statement())
        except (django.db.utils.InternalError, psycopg2.InternalError):
            # Only inside a transaction that has failed already and can do nothing but roll back.
            self.search_path_set_schemas = None
        finally:
            self._setting_search_path = False
            if cursor is None:
                role_cursor.close()

    def _role_statement(self) -> Any:
        """Return `SET ROLE` for the tenant, or `RESET ROLE` where no tenant was entered."""
        if isinstance(self.tenant, FakeTenant) and self.schema_name == "public":
            return "RESET ROLE"
        return sql.SQL("SET ROLE {}").format(sql.Identifier(role_of(self.schema_name)))
