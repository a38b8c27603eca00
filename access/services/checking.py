"""The lines of the check list about people and roles."""

from __future__ import annotations

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from access.choices import Role
from access.models import User
from access.roles import PERMISSIONS
from utilcrm.setting_up import Finding


def look_at_roles() -> Finding:
    """Every role of the table is a group that may do something."""
    able = set(Group.objects.filter(permissions__isnull=False).values_list("name", flat=True))
    missing = [role.label for role in Role if PERMISSIONS[role] and role.value not in able]
    if missing:
        names = ", ".join(map(str, missing))
        return Finding(False, _("Without permissions: %(roles)s.") % {"roles": names})
    return Finding(True, _("%(count)d roles are in place.") % {"count": len(Role)})


def look_at_people() -> Finding:
    """Somebody can log in, and somebody administers."""
    people = User.objects.filter(is_active=True)
    if not people.filter(groups__name=Role.TENANT_ADMIN).exists():
        return Finding(False, _("Nobody is tenant administrator."))
    able = people.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).count()
    if not able:
        return Finding(False, _("Nobody has chosen a password yet."))
    return Finding(True, _("%(count)d people can log in.") % {"count": able})
