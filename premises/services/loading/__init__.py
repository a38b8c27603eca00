"""
Take over buildings, premises and points of delivery from the ERP, set by set.

Each function takes the rows of one page of the download, runs in one transaction, and answers
`(created, updated, rejects)`. A second run with the same rows creates and updates nothing. Rows are
matched by their ERP number; a row whose parent is not here is rejected as PARENT_MISSING. Load
buildings, then premises, then points of delivery; then, once meters are there too, bring the search
index up to date by `devices.services.indexing.reindex_premises_with_meters(erp_numbers=…)`.
"""

from premises.services.loading.buildings import ConnectionObjectRow, load_connection_objects
from premises.services.loading.delivery import PodRow, load_points_of_delivery
from premises.services.loading.occupancy import OccupancyRow, load_occupancy
from premises.services.loading.premises import PremiseRow, load_premises
from premises.services.loading.providing import PodServiceRow

__all__ = [
    "ConnectionObjectRow",
    "OccupancyRow",
    "PodRow",
    "PodServiceRow",
    "PremiseRow",
    "load_connection_objects",
    "load_occupancy",
    "load_points_of_delivery",
    "load_premises",
]
