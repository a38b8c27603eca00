"""What every tenant's interaction centre starts with."""

from django.db import transaction

from interactions.choices import REASON_TREE
from interactions.models import Reason


@transaction.atomic
def seed_reasons() -> None:
    """Make the default tree of reasons; leaves alone what an administrator changed."""
    for position, (code, children) in enumerate(REASON_TREE.items()):
        parent, _created = Reason.objects.get_or_create(code=code, defaults={"position": position})
        for child_position, child in enumerate(children):
            Reason.objects.get_or_create(
                code=child, defaults={"parent": parent, "position": child_position}
            )
