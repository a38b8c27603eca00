"""The demo's members of staff: the same people in each tenant, under one published password."""

from __future__ import annotations

from dataclasses import dataclass

from access.choices import Role

PASSWORD = "utilcrm-demo-2026"  # noqa: S105 - published on purpose, opens the demo only


@dataclass(frozen=True)
class Person:
    """Somebody who logs in to a demo tenant."""

    username: str
    first_name: str
    last_name: str
    role: Role
    extension: str = ""
    is_staff: bool = False


PEOPLE = (
    Person("alice", "Alice", "Archer", Role.PHONE_SALES_AGENT, extension="201"),
    Person("ben", "Ben", "Okafor", Role.PHONE_SALES_AGENT, extension="202"),
    Person("sarah", "Sarah", "Lindqvist", Role.SALES_SUPERVISOR, extension="210"),
    Person("carl", "Carl", "Brandt", Role.ADMINISTRATION_CLERK),
    Person("rita", "Rita", "Moreno", Role.REGIONAL_SALES_MANAGER),
    Person("conrad", "Conrad", "Weiss", Role.CORPORATE_RELATIONS_MANAGER, extension="220"),
    Person("tess", "Tess", "Nielsen", Role.TENANT_ADMIN, is_staff=True),
)
PLATFORM_ADMIN = "root"
