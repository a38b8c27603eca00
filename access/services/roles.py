"""Write the table of roles into a tenant."""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from guardian.shortcuts import assign_perm, remove_perm

from access.choices import Role, SegmentCode
from access.models import Segment, User
from access.queries import VIEW_SEGMENT
from access.roles import PERMISSIONS, SEGMENTS


class UnknownPermission(Exception):
    """The table of roles names a permission that no model declares."""


@transaction.atomic
def sync_roles() -> None:
    """
    Make the tenant's groups say what the table of roles says; safe to repeat.

    :raises UnknownPermission: if the table names a permission that does not exist
    """
    for config in apps.get_app_configs():
        create_permissions(config, verbosity=0)
    segments = {code: Segment.objects.get_or_create(code=code)[0] for code in SegmentCode.values}
    for role in Role:
        group, _created = Group.objects.get_or_create(name=role.value)
        group.permissions.set(_permissions(role))
        for code, segment in segments.items():
            grant = assign_perm if code in SEGMENTS[role] else remove_perm
            grant(VIEW_SEGMENT, group, segment)


def _permissions(role: Role) -> list[Permission]:
    found = []
    for name in PERMISSIONS[role]:
        app_label, codename = name.split(".")
        permission = Permission.objects.filter(
            content_type__app_label=app_label, codename=codename
        ).first()
        if permission is None:
            raise UnknownPermission(name)
        found.append(permission)
    return found


@transaction.atomic
def give_role(*, user: User, role: Role) -> None:
    """Make the user a member of the role."""
    user.groups.add(Group.objects.get(name=role.value))
