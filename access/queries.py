"""What a user may see and decide."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from guardian.models import GroupObjectPermission, UserObjectPermission

from access.choices import Role
from access.models import Segment, User
from access.roles import DISCOUNT_LIMIT

VIEW_SEGMENT = "access.view_segment"

# What guardian's tables grant to the user or to a group of theirs, superusers not excepted. Its own
# `get_objects_for_user` builds two queries from parts each time: a third of a search's request.
_SEGMENTS_GRANTED = """
SELECT segment.code
FROM (
  SELECT object_pk, permission_id
  FROM guardian_userobjectpermission WHERE user_id = %(user)s
  UNION
  SELECT given.object_pk, given.permission_id
  FROM access_user_groups AS member
  JOIN guardian_groupobjectpermission AS given ON given.group_id = member.group_id
  WHERE member.user_id = %(user)s
) AS given
JOIN auth_permission AS permission
  ON permission.id = given.permission_id AND permission.codename = %(codename)s
JOIN django_content_type AS subject
  ON subject.id = permission.content_type_id
  AND subject.app_label = %(app_label)s AND subject.model = 'segment'
JOIN access_segment AS segment ON segment.id::text = given.object_pk
"""


def segments_of(user: Any) -> frozenset[str]:
    """
    Return the segment codes whose customers the user may see.

    Read once per user object, so once per request.
    """
    kept = getattr(user, "_utilcrm_segments", None)
    if kept is not None:
        return kept
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    app_label, codename = VIEW_SEGMENT.split(".")
    with connection.cursor() as cursor:
        cursor.execute(
            _SEGMENTS_GRANTED, {"user": user.pk, "app_label": app_label, "codename": codename}
        )
        codes = frozenset(code for (code,) in cursor.fetchall())
    user._utilcrm_segments = codes
    return codes


def roles_of(user: Any) -> frozenset[str]:
    """Return the codes of the user's roles."""
    kept = getattr(user, "_utilcrm_roles", None)
    if kept is None:
        names = frozenset(user.groups.values_list("name", flat=True))
        kept = user._utilcrm_roles = names & frozenset(Role.values)
    return kept


def discount_limit(user: Any) -> Decimal:
    """Return the highest discount, in per cent, that the user may give on their own."""
    limits = [DISCOUNT_LIMIT.get(Role(role), Decimal(0)) for role in roles_of(user)]
    return max(limits, default=Decimal(0))


def people_with(permission: str, *, segment: str = "") -> QuerySet[User]:
    """Return who holds a permission by a role, and may see a segment's customers if given one."""
    people: QuerySet[User] = User.objects.with_perm(
        permission, backend="django.contrib.auth.backends.ModelBackend", include_superusers=False
    )
    if segment:
        grants = {
            "permission__codename": VIEW_SEGMENT.split(".")[1],
            "object_pk__in": [str(one.pk) for one in Segment.objects.filter(code=segment)],
        }
        people = people.filter(
            Q(pk__in=UserObjectPermission.objects.filter(**grants).values("user"))
            | Q(groups__in=GroupObjectPermission.objects.filter(**grants).values("group"))
        )
    return people.distinct().order_by("last_name", "first_name", "username")
