"""What people type about accounts and agreements."""

from accounts.forms.account import AccountForm, NewAccountForm
from accounts.forms.agreement import AgreementForm, SeparateAgreementForm

__all__ = ["AccountForm", "AgreementForm", "NewAccountForm", "SeparateAgreementForm"]
