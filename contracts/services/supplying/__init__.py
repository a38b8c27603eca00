"""Each contract has one supplier on any day: assigned by its product, or chosen for it."""

from contracts.services.supplying.changing import SupplyRefused, change_agreement_of
from contracts.services.supplying.reconciling import Gained, reconcile
from contracts.services.supplying.stretching import SupplyHandler, ask_for_all
from contracts.services.supplying.volumes import refresh_volumes

__all__ = [
    "Gained",
    "SupplyHandler",
    "SupplyRefused",
    "ask_for_all",
    "change_agreement_of",
    "reconcile",
    "refresh_volumes",
]
