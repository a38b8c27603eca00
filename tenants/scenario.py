"""
What the tenant's two switches mean.

This is the only module that reads `Profile.contract_model` and `Profile.device_mode`. Whoever
quotes or assembles a contract asks for the roles that a point of delivery has; whoever handles
technical data asks what may be typed. `tests/architecture/test_variants.py` holds that.
"""

from tenants.choices import ContractModel, DeviceMode, ItemRole
from tenants.models import Profile

_ROLES: dict[str, tuple[ItemRole, ...]] = {
    ContractModel.SINGLE: (ItemRole.SUPPLY,),
    ContractModel.DUAL: (ItemRole.SUPPLY, ItemRole.GRID_USAGE),
}


def roles_of(profile: Profile) -> tuple[ItemRole, ...]:
    """Return the items that an order for one point of delivery has, the supply first."""
    return _ROLES[profile.contract_model]


def grid_usage_is_apart(profile: Profile) -> bool:
    """Tell whether the use of the grid is an item of its own, beside the supply."""
    return ItemRole.GRID_USAGE in roles_of(profile)


def typed_meter_data_allowed(profile: Profile) -> bool:
    """Tell whether agents type meter number, registers and readings into a quotation."""
    return profile.device_mode == DeviceMode.INFO_RECORD


def devices_are_installed(profile: Profile) -> bool:
    """Tell whether meters are devices of the house: installed, removed and replaced by order."""
    return profile.device_mode == DeviceMode.DEVICE
