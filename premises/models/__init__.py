"""Records of the premises app."""

from premises.models.connection_object import ConnectionObject
from premises.models.pod_service import PodService
from premises.models.point_of_delivery import PointOfDelivery
from premises.models.premise import Premise
from premises.models.service_provider import GridArea, ServiceProvider

__all__ = [
    "ConnectionObject",
    "GridArea",
    "PodService",
    "PointOfDelivery",
    "Premise",
    "ServiceProvider",
]
