"""What every page knows of the tenant."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.http import HttpRequest

from tenants.queries import current_profile


def tenant(request: HttpRequest) -> dict[str, Any]:
    """Give templates `tenant` and `profile`; nothing on the platform's own host."""
    if connection.schema_name == "public":
        return {}
    profile = current_profile()
    return {"tenant": profile.tenant, "profile": profile}
