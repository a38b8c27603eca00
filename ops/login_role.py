"""
Make the log-in role on a PostgreSQL server of the caller's, with a password of this checkout.

Run by the project's Python (`python -m ops.login_role`), because it needs the database driver.
"""

from __future__ import annotations

import os
from urllib.parse import unquote, urlsplit

import psycopg2
from psycopg2 import sql


class PasswordMissing(Exception):
    """A role without a password could not log in over TCP, or worse, could."""


def make_login_role(owner_url: str, login_url: str) -> None:
    """
    Make the role of the log-in URL where it is missing, and set its password.

    :raises PasswordMissing: when the URL carries none
    """
    parts = urlsplit(login_url)
    if not parts.password:
        raise PasswordMissing("DATABASE_URL carries no password")
    role = sql.Identifier(unquote(parts.username or ""))
    password = sql.Literal(unquote(parts.password or ""))
    connection = psycopg2.connect(owner_url)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [parts.username])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE ROLE {} LOGIN NOINHERIT").format(role))
        cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, password))
    connection.close()


if __name__ == "__main__":
    make_login_role(os.environ["DATABASE_OWNER_URL"], os.environ["DATABASE_URL"])
