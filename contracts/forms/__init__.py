"""Forms of contracts."""

from contracts.forms.filters import ContractFilter
from contracts.forms.operations import (
    AmendForm,
    LinkForm,
    NoFieldsForm,
    UploadForm,
    WithdrawForm,
)

__all__ = ["AmendForm", "ContractFilter", "LinkForm", "NoFieldsForm", "UploadForm", "WithdrawForm"]
