"""What people type about places of supply."""

from premises.forms.finding import FindForm
from premises.forms.pod import PodForm
from premises.forms.site import SiteForm

__all__ = ["FindForm", "PodForm", "SiteForm"]
