"""What a page needs to know of one account."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from access.models import User
from accounts.models import Account, BusinessAgreement, ContactPerson, ContactPoint


@dataclass(frozen=True)
class Overview:
    """An account with everything that belongs to it alone; three queries beside the account's."""

    account: Account
    contact_points: list[ContactPoint]
    agreements: list[BusinessAgreement]
    contact_persons: list[ContactPerson]

    @property
    def phones(self) -> list[ContactPoint]:
        """Telephone numbers, the primary ones first."""
        return [point for point in self.contact_points if not point.is_email]

    @property
    def emails(self) -> list[ContactPoint]:
        """E-mail addresses, the primary one first."""
        return [point for point in self.contact_points if point.is_email]

    @property
    def default_agreement(self) -> BusinessAgreement | None:
        """The agreement proposed when the caller names none: the default, or the only one."""
        chosen = [one for one in self.agreements if one.is_default]
        if chosen:
            return chosen[0]
        return self.agreements[0] if len(self.agreements) == 1 else None


def overview(account: Account) -> Overview:
    """Return what belongs to an account that was loaded through `visible_to`."""
    return Overview(
        account=account,
        contact_points=list(contact_points_of(account)),
        agreements=list(agreements_of(account)),
        contact_persons=list(ContactPerson.objects.filter(account=account).order_by("name", "id")),
    )


def agreements_of(account: Account) -> QuerySet[BusinessAgreement]:
    """Return the account's business agreements, the default first, then the oldest."""
    return BusinessAgreement.objects.filter(account=account).order_by("-is_default", "id")


def contact_points_of(account: Account) -> QuerySet[ContactPoint]:
    """Return how the account is reached, primary ones first."""
    return ContactPoint.objects.filter(account=account).order_by("-is_primary", "id")


def recent_accounts(user: User, *, limit: int = 10) -> QuerySet[Account]:
    """Return the accounts that were made last, among those the user may see."""
    return Account.objects.visible_to(user).order_by("-id")[:limit]


def visible_customers(user: User) -> QuerySet[Account]:
    """Return the customers that the user may see, for apps that lie below this one."""
    return Account.objects.visible_to(user)
