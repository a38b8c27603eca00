"""The public schema's records: tenants, their domains and profiles."""

from tenants.models.order import TenantOrder
from tenants.models.profile import Profile
from tenants.models.tenant import Domain, Tenant

__all__ = ["Domain", "Profile", "Tenant", "TenantOrder"]
