"""
The second wall: one PostgreSQL role per schema, and a log-in role that may only become them.

Everything here runs as the owner of the database.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.psycopg_any import sql

from utilcrm.postgres.base import role_of

ROUTING_TABLES = ("tenants_tenant", "tenants_domain", "tenants_profile")
"""What the log-in role and every tenant may read of `public`: who is reached under which host."""


def build_wall(schema_name: str) -> None:
    """
    Make or complete the role of a schema; safe to repeat.

    The role may use everything in its schema, now and in later migrations, the extensions, and
    the routing tables. The log-in role becomes a member without inheriting anything.
    """
    role = sql.Identifier(role_of(schema_name))
    schema = sql.Identifier(schema_name)
    login = sql.Identifier(settings.DATABASE_LOGIN_ROLE)
    with connection.cursor() as cursor:
        _ensure_role(cursor, role_of(schema_name), "NOLOGIN")
        _ensure_role(cursor, settings.DATABASE_LOGIN_ROLE, "LOGIN NOINHERIT")
        rows = "SELECT, INSERT, UPDATE, DELETE, TRUNCATE"
        defaults = "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT"
        grants = [
            "GRANT USAGE ON SCHEMA {schema} TO {role}",
            f"GRANT {rows} ON ALL TABLES IN SCHEMA {{schema}} TO {{role}}",
            "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
            "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {role}",
            f"{defaults} {rows} ON TABLES TO {{role}}",
            f"{defaults} USAGE, SELECT, UPDATE ON SEQUENCES TO {{role}}",
            f"{defaults} EXECUTE ON FUNCTIONS TO {{role}}",
            "GRANT USAGE ON SCHEMA ext TO {role}",
            "GRANT {role} TO {login}",
        ]
        for statement in grants:
            cursor.execute(sql.SQL(statement).format(schema=schema, role=role, login=login))
        _grant_routing(cursor, role)
        _grant_routing(cursor, login)


def _grant_routing(cursor: Any, grantee: Any) -> None:
    cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(grantee))
    for table in ROUTING_TABLES:
        cursor.execute(
            sql.SQL("GRANT SELECT ON public.{} TO {}").format(sql.Identifier(table), grantee)
        )


def _ensure_role(cursor: Any, name: str, options: str) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    if cursor.fetchone() is None:
        cursor.execute(sql.SQL("CREATE ROLE {} " + options).format(sql.Identifier(name)))
