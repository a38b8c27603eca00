"""
The contract's journey strip: order, signature, CRM, ERP steps, regulator, supplier, first bill.

What only higher floors know, such as whether the ERP answers, comes from the functions that
`settings.JOURNEY_PROVIDERS` names: `provider(contract) -> Iterable[Mapping]`. Each mapping is one
message to the ERP: `item_uuid` (empty for what all items need), `label`, `state` (done, current,
waiting, failed, todo), and optionally `at`, `reason`, `since` (the other side is away), `next_at`,
`owner`, `action_label`, `action_url`, `action_method`.
"""

from contracts.queries.journey.strip import fingerprint, is_over, journey

__all__ = ["fingerprint", "is_over", "journey"]
