"""Changing the rules: classes of cases, texts of letters, text modules."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from events.services import recording
from service.models import CalendarDay, CaseClass, LetterText, TextModule
from service.services.lettering import names_in, names_known


class TextNotUsable(ValueError):
    """The text names something that nobody knows; `field` names the field of the form."""

    field = "body"


class RulesContradict(ValueError):
    """The classes would follow one another in a circle; `field` names the field of the form."""

    field = "next_class"


@transaction.atomic
def make_class(*, actor: User, **facts: Any) -> CaseClass:
    """
    Make a class of cases.

    :raises RulesContradict: if following classes would lead back to one another
    """
    made = CaseClass.objects.create(position=CaseClass.objects.count(), **facts)
    recording.record("service.class.made", subject=made, actor=actor)
    return made


@transaction.atomic
def change_class(
    *, case_class: CaseClass, version: int | None, actor: User, **facts: Any
) -> CaseClass:
    """
    Change a class; open cases keep the dates that were set for them.

    :raises utilcrm.db.models.StaleVersion: if somebody else changed it meanwhile
    :raises RulesContradict: if following classes would lead back to one another
    """
    locked = CaseClass.objects.select_for_update().get(pk=case_class.pk).require_version(version)
    _refuse_circle(locked, facts.get("next_class"))
    changed = locked.change(**facts)
    if changed:
        recording.record(
            "service.class.changed", subject=locked, actor=actor, payload={"fields": changed}
        )
    return locked


@transaction.atomic
def change_letter(
    *, text: LetterText, title: str, body: str, version: int | None, actor: User
) -> LetterText:
    """
    Write the text of a letter anew.

    :raises utilcrm.db.models.StaleVersion: if somebody else changed it meanwhile
    :raises TextNotUsable: if it names in braces what nobody knows: no such letter could leave
    """
    unknown = sorted(names_in(title + body) - set(names_known()))
    if unknown:
        raise TextNotUsable(
            _("Nobody knows what this is: %(names)s.")
            % {"names": ", ".join(f"{{{name}}}" for name in unknown)}
        )
    locked = LetterText.objects.select_for_update().get(pk=text.pk).require_version(version)
    locked.change(title=title, body=body)
    recording.record("service.text.changed", subject=locked, actor=actor)
    return locked


@transaction.atomic
def change_module(
    *, module: TextModule, label: str, text: str, version: int | None, actor: User
) -> TextModule:
    """
    Write a text module anew.

    :raises utilcrm.db.models.StaleVersion: if somebody else changed it meanwhile
    """
    locked = TextModule.objects.select_for_update().get(pk=module.pk).require_version(version)
    locked.change(label=label, text=text)
    recording.record("service.module.changed", subject=locked, actor=actor)
    return locked


@transaction.atomic
def add_day(*, day: dt.date, name: str, is_worked: bool, actor: User) -> CalendarDay:
    """Say that the company works on a day against the rule, or not; open cases keep their dates."""
    made = CalendarDay.objects.create(day=day, name=name, is_worked=is_worked)
    recording.record("service.day.added", subject=made, actor=actor)
    return made


@transaction.atomic
def remove_day(*, day: CalendarDay, actor: User) -> None:
    """Let the country's rule count again for a day; open cases keep their dates."""
    recording.record("service.day.removed", subject=day, actor=actor)
    day.delete()


def _refuse_circle(own: CaseClass, following: CaseClass | None) -> None:
    """Refuse a chain of classes that comes back: closing would open cases for ever."""
    seen = {own.pk}
    while following is not None:
        if following.pk in seen:
            raise RulesContradict(_("These classes would follow one another in a circle."))
        seen.add(following.pk)
        following = following.next_class
