"""What every page knows of the tenant."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from tenants.queries import current_profile
from utilcrm.db.tenancy import current_schema


def tenant(request: HttpRequest) -> dict[str, Any]:
    """Give templates `tenant` and `profile`; nothing on the platform's own host."""
    if current_schema() == "public":
        return {}
    profile = current_profile()
    return {"tenant": profile.tenant, "profile": profile}
