"""Planning: what the register must know is derived from the contracts' periods of supply."""

from market.services.planning.running import plan_point

__all__ = ["plan_point"]
