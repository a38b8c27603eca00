"""The tenant's admin of people and roles, and the platform's admin of tenants."""

from access.admin import people, platform

__all__ = ["people", "platform"]
