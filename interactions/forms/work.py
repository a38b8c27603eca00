"""Forms about work, and about the people who do it."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from access.models import User
from interactions.models import Presence, Skill
from interactions.queries.work import Colleague
from utilcrm.web.forms import Form

_AT_ONCE = ("calls_at_once", "chats_at_once", "writing_at_once", "tasks_at_once")


class _ForSomebody(Form):
    """A colleague or a queue."""

    colleague = forms.ChoiceField(label=_("Colleague"), required=False)
    queue = forms.ChoiceField(label=_("Or any colleague of a queue"), required=False)

    def __init__(
        self, *args: Any, people: list[Colleague], queues: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._people = {str(one.user.pk): one.user for one in people}
        self._choose("colleague", [(str(o.user.pk), f"{o.user} ({o.label})") for o in people])
        self._choose("queue", [(name, name) for name in queues])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = cast("forms.ChoiceField", self.fields[name])
        field.choices = [("", "–"), *choices]

    def clean_colleague(self) -> User | None:
        """Return the person."""
        return self._people.get(self.cleaned_data["colleague"])


class HandOverForm(_ForSomebody):
    """To whom a contact goes, and what they should know."""

    note = forms.CharField(
        label=_("What your colleague should know"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TaskForm(_ForSomebody):
    """Something that somebody should do."""

    title = forms.CharField(label=_("What is to be done"), max_length=120)
    note = forms.CharField(
        label=_("What your colleague should know"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("title", "colleague", "queue", "note")


class AbilitiesForm(Form):
    """What a person can do, and how much at once."""

    skills = forms.ModelMultipleChoiceField(
        label=_("Skills"),
        queryset=Skill.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    calls_at_once = forms.IntegerField(label=_("Calls at once"), min_value=0, max_value=20)
    chats_at_once = forms.IntegerField(label=_("Chats at once"), min_value=0, max_value=20)
    writing_at_once = forms.IntegerField(
        label=_("E-mails and letters at once"), min_value=0, max_value=20
    )
    tasks_at_once = forms.IntegerField(label=_("Tasks at once"), min_value=0, max_value=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelMultipleChoiceField", self.fields["skills"])
        field.queryset = Skill.objects.filter(is_active=True).order_by("name")

    @staticmethod
    def initial_of(presence: Presence, skills: list[Skill]) -> dict[str, Any]:
        """Return what the form shows first."""
        return {"skills": skills, **{name: getattr(presence, name) for name in _AT_ONCE}}

    @property
    def at_once(self) -> dict[str, int]:
        """Return the capacity, by the name of the presence's column."""
        return {name: self.cleaned_data[name] for name in _AT_ONCE}
