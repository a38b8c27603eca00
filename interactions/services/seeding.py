"""What every tenant's interaction centre starts with."""

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interactions.choices import REASON_TREE
from interactions.models import ContactResult, Reason
from interactions.queries.results import defaults
from utilcrm.setting_up import Finding, Part, Row, part_of


@transaction.atomic
def seed_reasons() -> None:
    """Make the default reasons and results; leaves alone what an administrator changed."""
    for position, (code, children) in enumerate(REASON_TREE.items()):
        parent, _created = Reason.objects.get_or_create(code=code, defaults={"position": position})
        for child_position, child in enumerate(children):
            Reason.objects.get_or_create(
                code=child, defaults={"parent": parent, "position": child_position}
            )
    if not ContactResult.objects.exists():
        ContactResult.objects.bulk_create(defaults())


def look_at_reasons() -> Finding:
    """A contact can be closed: there are reasons to choose from."""
    number = Reason.objects.filter(is_active=True, parent__isnull=False).count()
    if not number:
        return Finding(False, _("There is no reason to choose when a contact is closed."))
    return Finding(True, _("%(count)d reasons can be chosen.") % {"count": number})


def parts() -> list[Part]:
    """The tree of reasons, parents before their children, and the results."""
    whole = part_of(
        Reason,
        key="reasons",
        label=gettext_lazy("Reasons for contacts"),
        same=("code",),
        others=("own_label", "parent__code", "position", "is_active"),
    )
    results = part_of(
        ContactResult,
        key="contact-results",
        label=gettext_lazy("Results of contacts"),
        same=("code",),
        others=("own_label", "needs_follow_up", "position", "is_active"),
    )
    return [replace(whole, read=lambda: sorted(whole.read(), key=_parents_first)), results]


def _parents_first(row: Row) -> tuple[bool, str]:
    return row["parent__code"] is not None, row["code"]
