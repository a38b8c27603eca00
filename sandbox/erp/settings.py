"""What is set when the ERP starts, and changed by its control API while it runs."""

from dataclasses import dataclass


@dataclass
class Settings:
    """Shared by all clients of one process.

    `step_delay` is the length of one step of work in seconds, give or take half; `callback` the
    base URL of the CRM.
    """

    callback: str
    step_delay: float = 0.6
    user: str = "erp"
    password: str = "erp-secret"  # noqa: S105 - the sandbox guards nothing
    callback_user: str = "crm"
    callback_password: str = "crm-secret"  # noqa: S105
