"""The platform administrators' own site; what is registered on it stands in `access.admin`."""

from unfold.sites import UnfoldAdminSite


class PlatformSite(UnfoldAdminSite):
    """An admin of its own: the tenants' admin knows nothing of other tenants."""

    site_title = "UtilCRM platform"
    site_header = "UtilCRM platform"


platform_site = PlatformSite(name="platform")
