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
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql.psycopg_any import sql
from django_tenants.postgresql_backend import base as django_tenants_base

FakeTenant = django_tenants_base.FakeTenant


def role_of(schema_name: str) -> str:
    """Return the PostgreSQL role that owns a tenant's schema."""
    return f"t_{schema_name}"


class DatabaseWrapper(django_tenants_base.DatabaseWrapper):
    """
    Sets the tenant's search path and role together, in one round trip, before a cursor needs them.

    They are sent again when another tenant is entered, on a new connection, and after each rollback
    of a transaction or savepoint: PostgreSQL takes back a `SET` with what it was sent in.
    """

    search_path_set_schemas: Any
    _setting_search_path: bool
    _routed: Any = None
    """The driver's connection that search path and role were last sent to."""

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._setting_search_path:
            return
        if self.search_path_set_schemas is not None and self._routed is self.connection:
            return
        if not self.schema_name:
            raise ImproperlyConfigured("No schema is set.")
        search_paths = self._get_cursor_search_paths()
        statement = sql.SQL("SET search_path = {}").format(
            sql.SQL(", ").join(map(sql.Identifier, search_paths))
        )
        if settings.DATABASE_SECOND_WALL:
            statement = sql.SQL("; ").join([statement, self._role_statement()])
        self._setting_search_path = True
        try:
            # The driver's own cursor: routing is no query of the page that is being counted.
            with self.connection.cursor() as raw, self.wrap_database_errors:
                raw.execute(statement)
        except django.db.utils.InternalError:
            # Only inside a transaction that has failed already and can do nothing but roll back.
            self.search_path_set_schemas = None
        else:
            self.search_path_set_schemas = search_paths
            self._routed = self.connection
        finally:
            self._setting_search_path = False

    def _role_statement(self) -> Any:
        """Return `SET ROLE` for the tenant, or `RESET ROLE` where no tenant was entered."""
        if isinstance(self.tenant, FakeTenant) and self.schema_name == "public":
            return sql.SQL("RESET ROLE")
        return sql.SQL("SET ROLE {}").format(sql.Identifier(role_of(self.schema_name)))
